"""Pages of the register of enterprises, service organisations and associations."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chuan.ledger.errors import Superseded
from chuan.lib import clock
from chuan.organisations import forms, policies, queries, services
from chuan.organisations.errors import OrganisationError
from chuan.organisations.middleware import actor_of
from chuan.organisations.models import OrganisationUnit, PartyFacts, UnitVersion
from chuan.organisations.rules import PARTIES, check_digit_holds
from chuan.organisations.views.party_history import tell
from chuan.web.idempotency import once

FORM = "organisations/party_form.html"
#: Digits of a key that both engines can compare.
MAX_DIGITS = 18


def _key(raw: str) -> int:
    """A primary key as sent; 0, which no row has, where it is none."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= MAX_DIGITS else 0


@login_required
@require_GET
def parties(request: HttpRequest) -> HttpResponse:
    """The register in order of name, found by name without diacritics or by tax code."""
    actor = actor_of(request)
    if not policies.can_list_parties(actor):
        raise PermissionDenied
    form = forms.PartyFilterForm(request.GET)
    form.is_valid()
    data = {name: form.cleaned_data.get(name, "") for name in ("q", "kind", "ownership", "state")}
    after = UnitVersion.objects.filter(pk=_key(request.GET.get("after", ""))).first()
    chosen = {"query": data["q"], "kind": data["kind"], "ownership": data["ownership"]}
    found = queries.find_parties(actor, on=clock.today(), **chosen, ended=data["state"] == "ended", after=after)
    rows = list(found[: queries.PARTY_PAGE + 1])
    shown = rows[: queries.PARTY_PAGE]
    facts = queries.facts_of(actor, [v.unit_id for v in shown])
    context = {
        "form": form,
        "rows": [(v, facts.get(v.unit_id)) for v in shown],
        "names": queries.unit_names(of=[v.parent_id for v in shown if v.parent_id]),
        "more": shown[-1].pk if len(rows) > queries.PARTY_PAGE else "",
        "paged": after is not None,
        "filtered": any(data.values()),
        "ended": data["state"] == "ended",
        "can_manage": policies.can_manage_parties(actor),
    }
    return render(request, "organisations/parties.html", context)


def _party(request: HttpRequest, code: str, *, manage: bool = False) -> tuple[OrganisationUnit, PartyFacts | None]:
    """A party that the actor sees, with its facts in force: unseen is 404, seen but not theirs to change 403."""
    actor = actor_of(request)
    unit = get_object_or_404(OrganisationUnit, code=code, kind__in=PARTIES)
    if not policies.can_open_party(actor, unit):
        raise Http404
    facts = queries.facts_of(actor, [unit.pk]).get(unit.pk)
    if manage and not policies.can_manage_parties(actor):
        raise PermissionDenied
    return unit, facts


@login_required
@require_GET
def party(request: HttpRequest, code: str) -> HttpResponse:
    """One party: what is said of it, its names and places, and who said so."""
    unit, facts = _party(request, code)
    return render(request, "organisations/party.html", _context(request, unit, facts))


def _context(request: HttpRequest, unit: OrganisationUnit, facts: PartyFacts | None, **more: Any) -> dict[str, Any]:
    actor, names, version = actor_of(request), queries.unit_names(), queries.last_version(unit)
    today = clock.today()
    return {
        "unit": unit,
        "facts": facts,
        "version": version,
        "ended": version.valid_to if version and version.valid_to and version.valid_to <= today else None,
        "names": names,
        "doubtful": bool(facts and facts.tax_code and not check_digit_holds(facts.tax_code)),
        "branches": queries.branches_of(actor, facts) if facts else [],
        "history": tell(queries.history_of(unit), names),
        "can_manage": policies.can_manage_parties(actor),
        "can_list": policies.can_list_parties(actor),
        "today": today,
        **more,
    }


@login_required
@require_http_methods(["GET", "POST"])
def new_party(request: HttpRequest) -> HttpResponse:
    """Enter a party."""
    if not policies.can_manage_parties(actor_of(request)):
        raise PermissionDenied
    form = forms.PartyForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})

    def effect() -> tuple[str, str]:
        data = form.cleaned_data
        made = services.register_party(
            actor=actor_of(request),
            place=forms.unit_of(data["place"]),
            entry=form.entry(),
            **{name: data[name] for name in ("kind", "name", "short_name", "valid_from")},
        )
        return reverse("organisations:party", args=[made.code]), _("Đã ghi vào sổ.")

    return _answer(request, form, effect, {})


@login_required
@require_http_methods(["GET", "POST"])
def correct_party(request: HttpRequest, code: str) -> HttpResponse:
    """Say a party's facts anew, or for the first time."""
    unit, facts = _party(request, code, manage=True)
    kind = forms.CorrectFactsForm if facts else forms.FactsForm
    form = kind(request.POST or None, initial=forms.FactsForm.initial_of(facts))

    def effect() -> tuple[str, str]:
        actor, entry = actor_of(request), form.entry()
        if facts is None:
            services.describe_party(actor=actor, unit=unit, entry=entry)
        else:
            seen = get_object_or_404(PartyFacts, pk=_key(request.POST.get("seen", "")), unit=unit)
            services.correct_party(actor=actor, seen=seen, entry=entry, reason=form.cleaned_data["reason"])
        return reverse("organisations:party", args=[code]), _("Đã lưu. Nội dung cũ còn trong lịch sử.")

    return _answer(request, form, effect, {"unit": unit, "facts": facts, "current": facts})


@login_required
@require_http_methods(["GET", "POST"])
def rename_party(request: HttpRequest, code: str) -> HttpResponse:
    """Correct a party's name and place, or record new ones from a day on."""
    unit, _facts = _party(request, code, manage=True)
    version = queries.last_version(unit)
    if version is None:
        raise Http404
    form = forms.NameForm(request.POST or None, version=version)

    def effect() -> tuple[str, str]:
        seen = get_object_or_404(
            UnitVersion.objects.select_related("unit"), pk=_key(request.POST.get("seen", "")), unit=unit
        )
        actor, since, why = actor_of(request), form.cleaned_data["since"], form.cleaned_data["reason"]
        if since:
            services.move_party(actor=actor, seen=seen, since=since, document=why, **form.said())
        else:
            services.correct_party_name(actor=actor, seen=seen, reason=why, **form.said())
        return reverse("organisations:party", args=[code]), _("Đã lưu. Tên, trụ sở cũ còn trong lịch sử.")

    return _answer(request, form, effect, {"unit": unit, "renaming": True, "current": version})


@login_required
@require_http_methods(["GET", "POST"])
def end_party(request: HttpRequest, code: str) -> HttpResponse:
    """Record that a party exists no more."""
    unit, _facts = _party(request, code, manage=True)
    form = forms.EndForm(request.POST or None)

    def effect() -> tuple[str, str]:
        services.end_party(actor=actor_of(request), unit=unit, **form.cleaned_data)
        return reverse("organisations:party", args=[code]), _("Đã ghi kết thúc hoạt động. Việc đã làm vẫn được tính.")

    return _answer(request, form, effect, {"unit": unit, "ending": True})


def _answer(
    request: HttpRequest, form: Form, effect: Callable[[], tuple[str, str]], context: dict[str, Any]
) -> HttpResponse:
    """The form, or its effect once; what refuses it comes back with what was typed."""
    unit = context.get("unit")
    current = context.get("current")
    shown = {"form": form, "name": queries.unit_name(unit) if unit else "", **context}
    shown["seen"] = _key(request.POST.get("seen", "")) or (current.pk if current else 0)
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, shown, status=422 if form.errors else 200)
    try:
        return once(request, effect)
    except OrganisationError as error:
        form.add_error(None, str(error))
        return render(request, FORM, shown, status=409)
    except (IntegrityError, Superseded):
        form.add_error(
            None, _("Người khác vừa sửa bản ghi này. Nội dung bạn gõ vẫn còn; so với hiện trạng rồi gửi lại.")
        )
        # After the refusal the page shows what is in force, so that is what has now been seen.
        now = _current(context)
        shown |= {"conflict": True, "current": now, "seen": now.pk if now else 0}
        return render(request, FORM, shown, status=409)


def _current(context: dict[str, Any]) -> PartyFacts | UnitVersion | None:
    """What is in force of the record that the form speaks of."""
    unit = context.get("unit")
    if unit is None:
        return None
    if context.get("renaming"):
        return queries.last_version(unit)
    return PartyFacts.objects.live().filter(unit=unit).first()
