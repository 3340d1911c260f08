"""The pages of claims: what another unit keeps is one's own unit's work too, said and taken back."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from chuan.audit.actor import Actor
from chuan.organisations.middleware import actor_of
from chuan.registers import forms, queries, services
from chuan.registers.policies import can_withdraw
from chuan.registers.register import Register
from chuan.registers.saving import save
from chuan.registers.sources import unit_name

FORM = "registers/form.html"


class ClaimPages(ABC):
    """What the pages of a register do about claims."""

    register: Register
    template: str

    @abstractmethod
    def address(self, page: str, *args: Any) -> str:
        """Where a page of the register lies."""

    @abstractmethod
    def frame(self, request: HttpRequest) -> dict[str, Any]:
        """What each page of the register knows."""

    @abstractmethod
    def said(self, request: HttpRequest, code: str) -> Any:
        """A record's statement in force that the actor sees."""

    @abstractmethod
    def shown(self, request: HttpRequest, said: Any, **more: Any) -> dict[str, Any]:
        """What a record's page shows."""

    def claim_routes(self) -> list[tuple[str, str, Callable[..., HttpResponse]]]:
        """(name, address, view) of what is posted of claims, where several units record."""
        if not self.register.claimable:
            return []
        return [
            ("claim", "claim/", self.claim),
            ("claim-record", "<str:code>/claim/", self.claim_record),
            ("withdraw", "<str:code>/claims/<int:pk>/withdraw/", self.withdraw),
        ]

    def offer(self, actor: Actor, form: forms.RecordForm) -> dict[str, Any]:
        """The form of a claim, where what was refused is another unit's record that one's own may claim."""
        facts = form.facts()
        if not self.register.can_claim(actor, facts):
            return {}
        other = queries.claimable(self.register, facts, actor.unit_id)
        return {"claim_form": forms.ClaimForm(prefix="claim")} if other else {}

    def claim(self, request: HttpRequest) -> HttpResponse:
        """Claim what another unit keeps and the form names: nothing of a record that one may not see is asked for."""
        actor, register = actor_of(request), self.register
        if not register.can_record(actor):
            raise PermissionDenied
        form = register.form(request.POST, shelf=forms.Shelf(actor))
        why = forms.ClaimForm(request.POST, prefix="claim")
        context = {**self.frame(request), "form": form, "claim_form": why}
        if form.is_valid() and why.is_valid():
            return self._claimed(request, form.facts(), why, FORM, lambda: context)
        return render(request, FORM, context, status=422)

    def claim_record(self, request: HttpRequest, code: str) -> HttpResponse:
        """Claim a record that one sees."""
        said, actor = self.said(request, code), actor_of(request)
        facts, why = self.register.facts_of(said), forms.ClaimForm(request.POST, prefix="claim")
        if said.voided_at or said.owner_id == actor.unit_id or not self.register.can_claim(actor, facts):
            raise PermissionDenied
        if not why.is_valid():
            return render(request, self.template, self.shown(request, said, claim_form=why), status=422)
        return self._claimed(
            request, facts, why, self.template, lambda: self.shown(request, self.said(request, code), claim_form=why)
        )

    def _claimed(
        self,
        request: HttpRequest,
        facts: dict[str, Any],
        why: forms.ClaimForm,
        page: str,
        context: Callable[[], dict[str, Any]],
    ) -> HttpResponse:
        def effect() -> tuple[str, str]:
            said = {name: why.cleaned_data[name] for name in ("document", "note")}
            made = services.claim_record(actor=actor_of(request), register=self.register, facts=facts, **said)
            words = _("Đã ghi nhận cùng %(code)s: tỉnh tính một lần, số liệu của đơn vị bạn được tính thêm.")
            return self.address("record", made.code), words % {"code": made.code}

        return save(request, why, effect, page, context, name="claim_form")

    def withdraw(self, request: HttpRequest, code: str, pk: int) -> HttpResponse:
        """Take a claim back, with the reason; afterwards one may not see the record any more."""
        said, form, actor = self.said(request, code), forms.ReasonForm(request.POST), actor_of(request)
        claim = get_object_or_404(queries.claims(self.register, said.identity), pk=pk)
        if not can_withdraw(actor, claim):
            raise PermissionDenied
        if not form.is_valid():
            return render(request, self.template, self.shown(request, said, reason_form=form), status=422)

        def effect() -> tuple[str, str]:
            why = form.cleaned_data["reason"]
            services.withdraw_claim(actor=actor, register=self.register, claim=claim, reason=why)
            return self.address("list"), _("Đã rút ghi nhận cùng %(code)s.") % {"code": code}

        return save(
            request,
            form,
            effect,
            self.template,
            lambda: self.shown(request, self.said(request, code)),
            name="reason_form",
        )

    def claims_of(self, actor: Actor, said: Any, shelf: forms.Shelf) -> dict[str, Any]:
        """Who claims the record, and whether the actor's unit may."""
        register = self.register
        if not register.claimable:
            return {}
        found = list(queries.claims(register, said.identity))
        mine = {said.owner_id, *(claim.unit_id for claim in found)}
        rows = [
            {
                "said": claim,
                "unit": unit_name(shelf, claim.unit_id),
                "withdraw": self.address("withdraw", said.identity.code, claim.pk),
                "mine": can_withdraw(actor, claim),
            }
            for claim in found
        ]
        may = said.voided_at is None and actor.unit_id not in mine
        offered = may and register.can_claim(actor, register.facts_of(said))
        form = forms.ClaimForm(prefix="claim") if offered else None
        return {"claims": rows, "claim_form": form, "claim_url": self.address("claim-record", said.identity.code)}
