"""S6 an indicator, S7 the origin of an issued figure."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chuan.files.responses import attachment
from chuan.ledger.models import known_q
from chuan.lib import canonical, clock
from chuan.lib.dates import Window
from chuan.organisations.middleware import actor_of
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.queries import unit_names
from chuan.organisations.rules import Role
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan
from chuan.programme.queries import plan_on
from chuan.rendering.sheets import Column, write_sheet
from chuan.reporting import adjustments, members, policies, queries, snapshots
from chuan.reporting.forms import FigureForm
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.scope import Scope
from chuan.reporting.indicators.texts import REASONS, SENTENCES, TITLES
from chuan.reporting.models import FrozenFigure
from chuan.reporting.queries import Figure
from chuan.reporting.services.figures import approve_definition, propose_definition
from chuan.web.idempotency import once

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 50


def _plan(request: HttpRequest) -> Plan:
    """The plan in force, for those who may see figures before they are issued."""
    if not policies.can_see_live_figures(actor_of(request)):
        raise PermissionDenied
    plan = plan_on(clock.today())
    if plan is None:
        raise Http404
    return plan


def _asked(request: HttpRequest, plan: Plan) -> tuple[FigureForm, Frame, Window, date]:
    """Form, frame, window and day of the page's query; a wrong query falls back to the headline and says so."""
    today = clock.today()
    form = FigureForm(request.GET, years=list(range(today.year, plan.signed.year, -1)))
    data = form.cleaned_data if form.is_valid() else {}
    at = data.get("at") or today
    year = data.get("year")
    window = plan.year_window(year) if year else plan.cumulative_window(max(at, plan.signed))
    return form, Frame(data.get("frame") or Frame.COMPARABLE), window, at


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every indicator with its headline value."""
    plan = _plan(request)
    today = clock.today()
    rows = []
    for code in INDICATORS:
        window = plan.cumulative_window(today)
        figure = queries.compute(plan, code, Frame.COMPARABLE, window, at=today, known=clock.now())
        rows.append((code, TITLES[code], figure))
    return render(request, "reporting/figures.html", {"rows": rows, "plan": plan, "today": today})


@login_required
@require_GET
def figure(request: HttpRequest, indicator: str) -> HttpResponse:
    """S6: the value against its targets in every reading, and tabs of what stands behind it."""
    plan = _plan(request)
    if indicator not in INDICATORS:
        raise Http404
    form, frame, window, at = _asked(request, plan)
    computed = queries.compute(plan, indicator, frame, window, at=at, known=clock.now())
    tab = request.GET.get("tab", "counted")
    context = {
        "plan": plan,
        "indicator": indicator,
        "title": TITLES[indicator],
        "sentence": SENTENCES[indicator],
        "form": form,
        "figure": computed,
        "window": window,
        "at": at,
        "tab": tab,
        "first_time": queries.first_time(plan, indicator, computed.scope) if form.data.get("year") else None,
        "unit_codes": _names_by_code(),
        "reasons": REASONS,
        "strip": _year_strip(plan, indicator, frame, at),
        "frozen": FrozenFigure.objects.filter(indicator=indicator).order_by("-pk")[:SHOWN],
        "steps": queries.definition_steps(computed.indicator),
        "definition_sha256": computed.indicator.definition_sha256(),
        "definition_approved": queries.definition_approved(computed.indicator),
        "may_propose": actor_of(request).role == Role.SPECIALIST,
        "may_approve": actor_of(request).role == Role.DEPARTMENT_LEADER,
        **_tab(tab, computed),
    }
    return render(request, "reporting/figure.html", context)


def _tab(tab: str, computed: Figure) -> dict[str, Any]:
    """The rows of the open tab only."""
    indicator, scope = computed.indicator, computed.scope
    if tab == "excluded":
        rows = [(row, [REASONS[code] for code in why]) for row, why in islice(indicator.why_not(scope), SHOWN)]
        ids = [row.person_id for row, _why in rows if row.person_id]
        doubles = list(indicator.duplicates(scope).select_related("attendance__course")[:SHOWN])
        ids += [row.person_id for row in doubles]
        return {"excluded_rows": rows, "duplicate_rows": doubles, "people": queries.people_names(ids)}
    if tab == "counted":
        rows_in = list(
            indicator.members(scope).select_related("attendance__course").order_by("ended", "attendance_id")[:SHOWN]
        )
        return {"member_rows": rows_in, "people": queries.people_names([r.person_id for r in rows_in if r.person_id])}
    return {}


def _year_strip(plan: Plan, indicator: str, frame: Frame, at: date) -> list[tuple[int, int, bool]]:
    """(year, value, still open) of each report year since the plan."""
    known = clock.now()
    ground = queries.scope_for(plan, frame, plan.cumulative_window(at), at=at, known=known).ground
    strip = []
    for year in range(plan.signed.year, at.year + 1):
        window = plan.year_window(year)
        scope = Scope(window, at, known, ground)
        strip.append((year, INDICATORS[indicator].value(scope), at <= window.end))
    return strip


def _names_by_code() -> dict[str, str]:
    names = unit_names()
    return {code: names.get(pk, code) for pk, code in OrganisationUnit.objects.values_list("pk", "code")}


@login_required
@require_GET
def members_sheet(request: HttpRequest, indicator: str) -> HttpResponse:
    """The records that the figure stands for, as Excel."""
    plan = _plan(request)
    if indicator not in INDICATORS:
        raise Http404
    _form, frame, window, at = _asked(request, plan)
    scope = queries.scope_for(plan, frame, window, at=at, known=clock.now())
    rows = list(INDICATORS[indicator].members(scope).select_related("attendance__course", "person"))
    people, units = queries.people_names([r.person_id for r in rows if r.person_id]), unit_names()

    def cells() -> Iterator[tuple[Any, ...]]:
        for r in rows:
            course, person = r.attendance.course.code, r.person.code if r.person else ""
            yield (
                r.attendance.code,
                person,
                people.get(r.person_id, ""),
                units.get(r.employer_id, ""),
                course,
                r.ended,
                r.headcount,
            )

    columns = [Column(_("Mã dòng"), 12), Column(_("Mã người"), 12), Column(_("Họ và tên"), 28)]
    columns += [Column(_("Đơn vị công tác"), 30), Column(_("Lớp"), 10), Column(_("Kết thúc"), 12, "date")]
    columns.append(Column(_("Số lượt"), 8, "count"))
    content = write_sheet(str(TITLES[indicator]), columns, cells())
    return attachment(content, f"{indicator}-{at:%Y%m%d}.xlsx", XLSX)


@login_required
@require_POST
def propose(request: HttpRequest, indicator: str) -> HttpResponse:
    """A specialist proposes the definition in the code."""
    _plan(request)

    def effect() -> tuple[str, str]:
        propose_definition(actor=actor_of(request), indicator_id=indicator, note=request.POST.get("note", "")[:300])
        return reverse("reporting:figure", args=[indicator]) + "?tab=definition", _("Đã đề xuất định nghĩa.")

    return once(request, effect)


@login_required
@require_POST
def approve(request: HttpRequest, indicator: str) -> HttpResponse:
    """A leader of Sở approves it."""
    _plan(request)

    def effect() -> tuple[str, str]:
        approve_definition(actor=actor_of(request), indicator_id=indicator, note=request.POST.get("note", "")[:300])
        return reverse("reporting:figure", args=[indicator]) + "?tab=definition", _("Đã phê duyệt định nghĩa.")

    return once(request, effect)


def _frozen(request: HttpRequest, code: str) -> FrozenFigure:
    frozen = policies.visible_figures(actor_of(request)).filter(code=code).first()
    if frozen is None:
        raise Http404
    return frozen


@require_GET
def origin(request: HttpRequest, code: str) -> HttpResponse:
    """S7: a printed figure, its definition then, the records one may see, and for Sở what changed since."""
    frozen = _frozen(request, code)
    actor = actor_of(request)
    ids = members.unpack(frozen.members)
    visible = list(
        policies.visible_lines(actor, ids)
        .filter(known_q(frozen.known))
        .select_related("attendance__course", "person")
        .order_by("attendance_id")
    )
    context = {
        "frozen": frozen,
        "title": TITLES[frozen.indicator],
        "sentence": SENTENCES[frozen.indicator],
        "lines": visible[:SHOWN],
        "visible_count": len(visible),
        "hidden_count": len(ids) - len(visible),
        "people": queries.people_names([line.person_id for line in visible[:SHOWN] if line.person_id]),
        "adjustment": adjustments.explain(frozen) if policies.can_see_live_figures(actor) else None,
        "reasons": REASONS,
        "whole": frozen.sealed_sha256() == frozen.sha256 and members.sha256(ids) == frozen.members_sha256,
        "unit_codes": _names_by_code(),
    }
    return render(request, "reporting/origin.html", context)


@require_GET
def origin_json(request: HttpRequest, code: str) -> HttpResponse:
    """The same figure for machines; no member is named."""
    frozen = _frozen(request, code)
    return JsonResponse(canonical.plain(snapshots.figure_of(frozen)), json_dumps_params={"ensure_ascii": False})
