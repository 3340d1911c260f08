"""S6 an indicator, S7 the origin of an issued figure."""

import zlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, QuerySet, Subquery, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chuan.audit.actor import Actor
from chuan.files.responses import attachment
from chuan.ledger.models import known_q
from chuan.lib import canonical, clock
from chuan.lib.dates import Window
from chuan.organisations.middleware import actor_of
from chuan.organisations.models import PersonFacts, UnitVersion
from chuan.organisations.policies import sees_own_unit
from chuan.organisations.rules import Role
from chuan.organisations.territory import Atlas, Frame
from chuan.programme.models import Plan
from chuan.programme.queries import plan_on
from chuan.rendering.sheets import Column, write_sheet
from chuan.reporting import adjustments, members, policies, queries, snapshots
from chuan.reporting.errors import ReportingError
from chuan.reporting.forms import FigureForm, ReasonForm
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.texts import REASONS, SENTENCES, TITLES
from chuan.reporting.models import FrozenFigure, Report, ReportContent
from chuan.reporting.queries import Figure
from chuan.reporting.services.figures import approve_definition, propose_definition
from chuan.training.models import Attendance, AttendanceFacts, CourseFacts
from chuan.web.idempotency import once

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 50
TABS = ("counted", "excluded", "breakdown", "definition", "issued")


def _plan(request: HttpRequest) -> Plan:
    """The plan in force, for those who may see figures before they are issued."""
    if not policies.can_see_live_figures(actor_of(request)):
        raise PermissionDenied
    plan = plan_on(clock.today())
    if plan is None:
        raise Http404
    return plan


def _known(indicator: str) -> str:
    if indicator not in INDICATORS:
        raise Http404
    return indicator


@dataclass(frozen=True)
class _Question:
    """What the page's query asks; a wrong query falls back to the headline and says so."""

    form: FigureForm
    frame: Frame
    window: Window
    at: date
    known: datetime
    year: int | None


def _asked(request: HttpRequest, plan: Plan) -> _Question:
    today = clock.today()
    form = FigureForm(request.GET, years=list(range(_year_of(plan, today), plan.signed.year - 1, -1)))
    data = form.cleaned_data if form.is_valid() else {}
    at = data.get("at") or today
    year = data.get("year")
    window = plan.year_window(year) if year else plan.cumulative_window(at)
    return _Question(form, Frame(data.get("frame") or Frame.COMPARABLE), window, at, clock.now(), year)


def _year_of(plan: Plan, day: date) -> int:
    """The report year whose window holds the day."""
    return day.year + (day > plan.year_window(day.year).end)


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every indicator with its headline value; without a plan in force, what to do about it."""
    if not policies.can_see_live_figures(actor_of(request)):
        raise PermissionDenied
    today, known = clock.today(), clock.now()
    plan = plan_on(today)
    if plan is None:
        return render(request, "reporting/figures.html", {"rows": [], "plan": None})
    prefetch_related_objects([plan], "targets")
    window, atlas = plan.cumulative_window(today), Atlas(known)
    rows = [
        (code, TITLES[code], queries.compute(plan, code, Frame.COMPARABLE, window, at=today, known=known, atlas=atlas))
        for code in INDICATORS
    ]
    return render(request, "reporting/figures.html", {"rows": rows, "plan": plan, "today": today})


@login_required
@require_GET
def figure(request: HttpRequest, indicator: str) -> HttpResponse:
    """S6: the value against its targets in every reading, and tabs of what stands behind it."""
    return _page(request, indicator, request.GET.get("tab", "counted"))


def _page(request: HttpRequest, indicator: str, tab: str, *, error: str = "", status: int = 200) -> HttpResponse:
    plan = _plan(request)
    asked = _asked(request, plan)
    computed = queries.compute(plan, _known(indicator), asked.frame, asked.window, at=asked.at, known=asked.known)
    frozen = FrozenFigure.objects.filter(plan=plan, indicator=indicator).order_by("-pk")
    context = {
        "plan": plan,
        "indicator": indicator,
        "title": TITLES[indicator],
        "sentence": SENTENCES[indicator],
        "asked": asked,
        "figure": computed,
        "first_time": queries.first_time(plan, indicator, computed.scope) if asked.year else None,
        "strip": _year_strip(plan, computed),
        "tab": tab if tab in TABS else TABS[0],
        "error": error,
        "frozen": list(frozen[:SHOWN]),
        "reasons": REASONS,
        "unit_names": _names_by_code() if tab == "breakdown" else {},
        **_definition(request, computed),
        **_tab(tab, computed),
    }
    return render(request, "reporting/figure.html", context, status=status)


def _definition(request: HttpRequest, computed: Figure) -> dict[str, Any]:
    """The definition's life, and who may take its next step."""
    sha256, actor = computed.indicator.definition_sha256(), actor_of(request)
    steps = queries.definition_steps(computed.indicator)
    taken = {step.step for step in steps if step.definition_sha256 == sha256}
    mine = any(step.by_id == actor.user_id for step in steps if step.definition_sha256 == sha256)
    return {
        "steps": steps,
        "definition_sha256": sha256,
        "definition_approved": "approved" in taken,
        "may_propose": actor.role == Role.SPECIALIST and not taken,
        "may_approve": actor.role == Role.DEPARTMENT_LEADER and taken == {"proposed"} and not mine,
    }


def _tab(tab: str, computed: Figure) -> dict[str, Any]:
    """The rows of the open tab only."""
    indicator, scope = computed.indicator, computed.scope
    if tab in {"breakdown", "definition", "issued"}:
        return {}
    if tab != "excluded":
        return {"member_rows": list(_named(indicator.members(scope)).order_by("ended", "attendance_id")[:SHOWN])}
    codes = [condition.code for condition in indicator.conditions(scope)]
    excluded = list(_named(indicator.excluded(scope)).order_by("attendance_id")[:SHOWN])
    doubles = list(_named(indicator.duplicates(scope)).order_by("attendance_id")[:SHOWN]) if computed.duplicates else []
    counted_in = Attendance.objects.filter(pk__in=[row.counted_in for row in doubles]).select_related("course")
    return {
        "excluded_rows": [(r, [REASONS[c] for c in codes if getattr(r, f"fails_{c}")]) for r in excluded],
        "duplicate_rows": doubles,
        "counted_in": {line.pk: line for line in counted_in},
    }


def _named(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Lines with the names that a reader knows them by: person, employer, course."""
    person = PersonFacts.objects.live().filter(person=OuterRef("person_id"))
    employer = UnitVersion.objects.live().filter(unit=OuterRef("employer_id")).order_by("-valid_from")
    named: QuerySet[Any] = rows.select_related("attendance__course", "person").annotate(
        full_name=Subquery(person.values("full_name")[:1]),
        employer_name=Subquery(employer.values("short_name")[:1]),
        title=F("said__title"),
    )
    return named


def _year_strip(plan: Plan, computed: Figure) -> list[tuple[int, int, bool]]:
    """(year, value, still open) of each report year since the plan."""
    at = computed.scope.at
    years = range(plan.signed.year, _year_of(plan, at) + 1)
    windows = [plan.year_window(year) for year in years]
    values = queries.in_windows(computed.indicator, computed.scope, windows)
    return [(y, n, at < window.end) for y, n, window in zip(years, values, windows, strict=True)]


def _names_by_code() -> dict[str, str]:
    """Code → short name in force, or the last one of a unit that has ended."""
    rows = UnitVersion.objects.live().filter(valid_from__lte=clock.today()).order_by("valid_from")
    return dict(rows.values_list("unit__code", "short_name"))


@login_required
@require_GET
def members_sheet(request: HttpRequest, indicator: str) -> HttpResponse:
    """The records that the figure stands for, as Excel."""
    plan = _plan(request)
    asked = _asked(request, plan)
    scope = queries.scope_for(plan, asked.frame, asked.window, at=asked.at, known=asked.known)
    rows = _named(INDICATORS[_known(indicator)].members(scope)).order_by("ended", "attendance_id")
    columns = [Column(_("Mã dòng"), 12), Column(_("Mã người"), 12), Column(_("Họ và tên"), 28)]
    columns += [Column(_("Đơn vị công tác"), 30), Column(_("Lớp"), 40), Column(_("Mã lớp"), 10)]
    columns += [Column(_("Kết thúc"), 12, "date"), Column(_("Số lượt"), 8, "count")]
    content = write_sheet(str(TITLES[indicator]), columns, map(_cells, rows))
    return attachment(content, f"{indicator}-{asked.at:%Y%m%d}.xlsx", XLSX)


def _cells(row: Any) -> tuple[Any, ...]:
    person = row.person.code if row.person else ""
    course = row.attendance.course.code
    names = (row.full_name or "", row.employer_name or "", row.title)
    return (row.attendance.code, person, *names, course, row.ended, row.headcount)


@login_required
@require_POST
def propose(request: HttpRequest, indicator: str) -> HttpResponse:
    """A specialist proposes the definition in the code."""
    return _definition_step(request, indicator, propose_definition, _("Đã đề xuất định nghĩa."))


@login_required
@require_POST
def approve(request: HttpRequest, indicator: str) -> HttpResponse:
    """A leader of Sở, who did not propose it, approves it."""
    return _definition_step(request, indicator, approve_definition, _("Đã phê duyệt định nghĩa."))


def _definition_step(request: HttpRequest, indicator: str, service: Any, said: str) -> HttpResponse:
    _plan(request)
    _known(indicator)
    form = ReasonForm(request.POST, longest=300)
    if not form.is_valid():
        return _page(request, indicator, "definition", error=" ".join(map(str, form.errors["note"])), status=422)

    def effect() -> tuple[str, str]:
        service(actor=actor_of(request), indicator_id=indicator, note=form.cleaned_data["note"])
        return reverse("reporting:figure", args=[indicator]) + "?tab=definition", said

    try:
        return once(request, effect)
    except ReportingError as error:
        return _page(request, indicator, "definition", error=str(error), status=409)


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
    report = _report_of(actor, frozen)
    title, sentence = snapshots.frozen_words(frozen, report.content if report else _content_of(frozen))
    ids, whole = _kept(frozen)
    lines = policies.visible_lines(actor, ids).filter(known_q(frozen.known))
    visible = lines.count()
    context = {
        "frozen": frozen,
        "title": title,
        "sentence": sentence,
        "report": report,
        "whole": whole,
        "record_count": len(ids),
        "visible_count": visible,
        "hidden_count": len(ids) - visible,
        "own_unit": sees_own_unit(actor),
        "adjustment": adjustments.explain(frozen) if whole and policies.can_see_live_figures(actor) else None,
        "reasons": REASONS,
        **(_records(frozen, lines) if visible else {}),
    }
    return render(request, "reporting/origin.html", context)


def _kept(frozen: FrozenFigure) -> tuple[list[int], bool]:
    """The member records stored with the figure, and whether figure and list are what was sealed."""
    try:
        ids = members.unpack(frozen.members)
    except (ValueError, zlib.error):
        return [], False
    return ids, frozen.sealed_sha256() == frozen.sha256 and members.sha256(ids) == frozen.members_sha256


def _report_of(actor: Actor, frozen: FrozenFigure) -> Report | None:
    """The report that the figure was frozen for, where the reader may see it and it still prints this figure."""
    report = policies.visible_reports(actor).filter(code=frozen.purpose).first()
    prints = report is not None and report.content is not None and frozen.code in report.content.figures
    return report if prints else None


def _content_of(frozen: FrozenFigure) -> ReportContent | None:
    """The content that the figure was frozen with, also one that was never issued."""
    contents = ReportContent.objects.filter(report__code=frozen.purpose)
    return next((content for content in contents if frozen.code in content.figures), None)


def _records(frozen: FrozenFigure, lines: QuerySet[AttendanceFacts]) -> dict[str, Any]:
    """The first records and their names as they read when the figure was frozen."""
    shown = list(lines.select_related("attendance__course", "person").order_by("attendance_id")[:SHOWN])
    courses = CourseFacts.objects.known(frozen.known).filter(course__in=[r.attendance.course_id for r in shown])
    return {
        "lines": shown,
        "courses": {said.course_id: said for said in courses},
        "people": queries.people_names([r.person_id for r in shown if r.person_id], frozen.known),
        "employers": queries.unit_names(
            [r.employer_id for r in shown if r.employer_id], on=frozen.at, known=frozen.known
        ),
    }


@require_GET
def origin_json(request: HttpRequest, code: str) -> HttpResponse:
    """The same figure for machines; no member is named."""
    frozen = _frozen(request, code)
    title, definition = snapshots.frozen_words(frozen, _content_of(frozen))
    said = {**snapshots.figure_of(frozen), "title": title, "definition": definition}
    return JsonResponse(canonical.plain(said), json_dumps_params={"ensure_ascii": False})
