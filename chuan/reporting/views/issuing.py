"""Who issues the report to the Ministry, who signs while the director is away, numbers of papers beside the report."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chuan.accounts.models import User
from chuan.files import store
from chuan.files.kinds import MAX_BYTES, RefusedUpload
from chuan.ledger.errors import Superseded
from chuan.lib import clock
from chuan.organisations.errors import OrganisationError
from chuan.organisations.middleware import actor_of
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.queries import drafting_rooms, drafting_symbol
from chuan.organisations.rules import DEPARTMENT
from chuan.organisations.services import end_drafting_room, set_drafting_room
from chuan.programme.models import Plan
from chuan.programme.queries import plan_on
from chuan.rendering.blocks import filed
from chuan.reporting import issuing, policies
from chuan.reporting.errors import ReportingError
from chuan.reporting.forms import DelegationForm, IssuerForm, PaperNumberForm, ReasonForm, RoomForm
from chuan.reporting.models import IssuerRule, SigningDelegation
from chuan.reporting.rules import AUTHORITY, PaperForm
from chuan.reporting.services import issuing as services
from chuan.reporting.views import posted
from chuan.reporting.views.heads import report_of
from chuan.reporting.views.reports import page_of
from chuan.web.idempotency import once

Effect = Callable[[], tuple[str, str]]


def _plan(request: HttpRequest) -> Plan:
    """The plan in force, for who works with its reports."""
    plan = plan_on(clock.today())
    if not policies.is_of_department(actor_of(request)):
        raise PermissionDenied
    if plan is None:
        raise Http404
    return plan


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The dated issuers and delegations, and who would sign today."""
    return _page(request, _plan(request))


def _page(request: HttpRequest, plan: Plan, *, status: int = 200, **more: Any) -> HttpResponse:
    actor, today = actor_of(request), clock.today()
    signer = issuing.signer_on(today)
    context = {
        "plan": plan,
        "today": today,
        "signer": signer,
        "authority": AUTHORITY[signer.signs_as],
        "rules": issuing.issuer_rules(plan),
        "delegations": SigningDelegation.objects.live(),
        "rooms": drafting_rooms(),
        "filed": filed(drafting_symbol(today)),
        "room_form": RoomForm(initial={"valid_from": today}),
        "issuer_form": IssuerForm(initial={"valid_from": today}),
        "delegation_form": DelegationForm(deputies=_deputies(), initial={"first": today}),
        "reason_form": ReasonForm(),
        "may_write": policies.may_write_report(actor),
        "may_delegate": policies.may_delegate(actor),
        **more,
    }
    return render(request, "reporting/issuing.html", context, status=status)


def _deputies() -> list[tuple[str, str]]:
    return [(str(held.user_id), held.user.full_name) for held in issuing.deputies_on(clock.today())]


def _done(request: HttpRequest, plan: Plan, effect: Effect, **forms: Any) -> HttpResponse:
    """Have the effect once; what is refused is told above the page, with what was typed."""
    try:
        return once(request, effect)
    except (ReportingError, OrganisationError) as error:
        return _page(request, plan, status=409, error=str(error), **forms)
    except Superseded:
        return _page(request, plan, status=409, error=_("Dòng này đã được kết thúc."))


@login_required
@require_POST
def set_issuer(request: HttpRequest) -> HttpResponse:
    """Enter who issues the report to the Ministry."""
    plan, actor = _plan(request), actor_of(request)
    if not policies.may_write_report(actor):
        raise PermissionDenied
    form = IssuerForm(request.POST)
    if not form.is_valid():
        return _page(request, plan, status=422, issuer_form=form)

    def effect() -> tuple[str, str]:
        services.set_issuer(actor=actor, plan=plan, **form.cleaned_data)
        return reverse("reporting:issuing"), _("Đã ghi cơ quan ban hành.")

    return _done(request, plan, effect, issuer_form=form)


@login_required
@require_POST
def end_issuer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rule back, with the reason."""
    plan = _plan(request)
    rule = get_object_or_404(IssuerRule.objects.filter(plan=plan), pk=pk)
    note = _note(request)

    def effect() -> tuple[str, str]:
        services.end_issuer(actor=actor_of(request), rule=rule, reason=note)
        return reverse("reporting:issuing"), _("Đã bỏ quy tắc.")

    return _done(request, plan, effect)


@login_required
@require_POST
def delegate(request: HttpRequest) -> HttpResponse:
    """Record that a deputy signs in the director's place."""
    plan, actor = _plan(request), actor_of(request)
    if not policies.may_delegate(actor):
        raise PermissionDenied
    form = DelegationForm(request.POST, deputies=_deputies())
    if not form.is_valid():
        return _page(request, plan, status=422, delegation_form=form)
    data = dict(form.cleaned_data)
    deputy = User.objects.get(pk=data.pop("deputy"))

    def effect() -> tuple[str, str]:
        services.delegate_signing(actor=actor, deputy=deputy, **data)
        return reverse("reporting:issuing"), _("Đã ghi ủy quyền ký.")

    return _done(request, plan, effect, delegation_form=form)


@login_required
@require_POST
def end_delegation(request: HttpRequest, pk: int) -> HttpResponse:
    """The director signs again, with the reason."""
    plan = _plan(request)
    delegation = get_object_or_404(SigningDelegation, pk=pk)
    note = _note(request)

    def effect() -> tuple[str, str]:
        services.end_delegation(actor=actor_of(request), delegation=delegation, reason=note)
        return reverse("reporting:issuing"), _("Đã kết thúc ủy quyền.")

    return _done(request, plan, effect)


@login_required
@require_POST
def set_room(request: HttpRequest) -> HttpResponse:
    """Enter which room drafts Sở's papers, whose symbol they print."""
    plan, actor = _plan(request), actor_of(request)
    if not policies.may_write_report(actor):
        raise PermissionDenied
    form = RoomForm(request.POST)
    if not form.is_valid():
        return _page(request, plan, status=422, room_form=form)
    unit = OrganisationUnit.objects.get(code=DEPARTMENT)

    def effect() -> tuple[str, str]:
        set_drafting_room(actor=actor, unit=unit, **form.cleaned_data)
        return reverse("reporting:issuing"), _("Đã ghi phòng soạn thảo.")

    return _done(request, plan, effect, room_form=form)


@login_required
@require_POST
def end_room(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a room back, with the reason."""
    plan = _plan(request)
    room = get_object_or_404(drafting_rooms(), pk=pk)
    note = _note(request)

    def effect() -> tuple[str, str]:
        end_drafting_room(actor=actor_of(request), room=room, reason=note)
        return reverse("reporting:issuing"), _("Đã bỏ phòng soạn thảo.")

    return _done(request, plan, effect)


def _note(request: HttpRequest) -> str:
    form = ReasonForm(request.POST)
    return str(form.cleaned_data["note"]) if form.is_valid() else ""


@login_required
@require_POST
def number_paper(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Record number and day of the tờ trình, or of the report that the Committee issued."""
    found = report_of(request, code)
    if not policies.is_department_clerk(actor_of(request)):
        raise PermissionDenied
    if form not in PaperForm.values:
        raise Http404
    filled = PaperNumberForm(request.POST, request.FILES, of=form)
    if not filled.is_valid() or not _kept(filled):
        return page_of(request, found, status=422, paper_forms={form: filled})
    data = {**filled.cleaned_data, "form": form, "seen": posted.number(request, "seen")}
    step = partial(services.number_paper, actor=actor_of(request), report=found, **data)

    def effect() -> tuple[str, str]:
        step()
        return reverse("reporting:report", args=[code]), _("Đã ghi số văn bản.")

    try:
        return once(request, effect)
    except ReportingError as error:
        return page_of(request, report_of(request, code), error=str(error), status=409, paper_forms={form: filled})


def _kept(form: PaperNumberForm) -> bool:
    """The signed file is kept and named by its hash; False, with the reason on the form, where it is refused."""
    upload = form.cleaned_data["signed"]
    if upload:
        content = upload.read(MAX_BYTES + 1)
        try:
            digest, kind = store.receive(upload.name, content)
        except RefusedUpload as error:
            form.add_error("signed", str(error))
            return False
        form.cleaned_data["signed"] = (digest, upload.name, kind.media_type, len(content))
    return True
