"""S6: an indicator, its value now and the records behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chuan.files.responses import attachment
from chuan.lib import clock
from chuan.lib.dates import Window
from chuan.organisations.middleware import actor_of
from chuan.organisations.models import UnitVersion
from chuan.organisations.rules import Role
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan
from chuan.programme.queries import plan_on
from chuan.rendering.sheets import write_sheet
from chuan.reporting import beside, obligations, overview, policies, queries, states
from chuan.reporting.errors import ReportingError
from chuan.reporting.evidence import evidence_of
from chuan.reporting.forms import FigureForm, ReasonForm
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.texts import REASONS, SENTENCES, TITLES
from chuan.reporting.models import FrozenFigure, ReportingPeriod
from chuan.reporting.queries import Figure, Listing
from chuan.reporting.register import HISTORICAL
from chuan.reporting.services.figures import approve_definition, propose_definition
from chuan.web.idempotency import once

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 20


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
    #: The ad hoc period whose days are asked about; it goes before the year.
    period: ReportingPeriod | None = None

    def of(self, indicator: str) -> states.Question:
        """What is asked of an indicator."""
        if self.period is not None:
            return states.Question(indicator, self.frame, days=self.window)
        return states.Question(indicator, self.frame, self.year or states.SINCE_PLAN)


def _asked(request: HttpRequest, plan: Plan) -> _Question:
    today = clock.today()
    code = request.GET.get("period", "")
    named = obligations.ad_hoc_of_code(plan, code) if code else None
    form = FigureForm(
        request.GET,
        years=list(reversed(queries.year_windows(plan, today))),
        signed=plan.signed,
        periods=[(named.code, named.name)] if named else (),
    )
    data = form.cleaned_data if form.is_valid() else {}
    at = data.get("at") or today
    period = named if data.get("period") else None
    year = None if period else data.get("year")
    window = period.window if period else plan.year_window(year) if year else plan.cumulative_window(at)
    return _Question(form, Frame(data.get("frame") or Frame.COMPARABLE), window, at, clock.now(), year, period)


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every indicator with its headline value; without a plan in force, what to do about it."""
    if not policies.can_see_live_figures(actor_of(request)):
        raise PermissionDenied
    today = clock.today()
    plan = plan_on(today)
    if plan is None:
        return render(request, "reporting/figures.html", {"rows": [], "plan": None})
    rows = [(glance.indicator, TITLES[glance.indicator], glance) for glance in overview.of_plan(plan, today)]
    return render(request, "reporting/figures.html", {"rows": rows, "plan": plan, "today": today})


@login_required
@require_GET
def figure(request: HttpRequest, indicator: str) -> HttpResponse:
    """S6: the value against its targets in every reading, and tabs of what stands behind it."""
    return _page(request, indicator, request.GET.get("tab", ""))


def _page(request: HttpRequest, indicator: str, tab: str, *, error: str = "", status: int = 200) -> HttpResponse:
    plan = _plan(request)
    asked = _asked(request, plan)
    tab = tab if tab in TABS else TABS[0]
    computed = states.current(plan, asked.of(_known(indicator)), at=asked.at, known=asked.known)
    at = computed.scope.at
    firsts = queries.first_time_windows(plan, computed.scope.window, at)
    years = queries.year_windows(plan, at)
    context = {
        "plan": plan,
        "indicator": indicator,
        "title": TITLES[indicator],
        "sentence": SENTENCES[indicator],
        "asked": asked,
        "figure": computed,
        "first_time": queries.first_time(computed, firsts) if asked.year or asked.period else None,
        "strip": [(year, computed.in_windows[window], at < window.end) for year, window in years.items()],
        "reasons": REASONS,
        **TAB_CONTENT[tab](request, computed, plan),
    }
    return render(request, "reporting/figure.html", {**context, "tab": tab, "error": error}, status=status)


def _definition(request: HttpRequest, computed: Figure, plan: Plan) -> dict[str, Any]:
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


def _counted(request: HttpRequest, computed: Figure, plan: Plan) -> dict[str, Any]:
    """The first members."""
    evidence = evidence_of(computed.indicator.spec.id)
    rows = computed.page(Listing.COUNTED, evidence.named, 0, SHOWN)
    weighted = bool(computed.indicator.spec.weight)
    return {"table": evidence.table(rows, weighted=weighted), "register": evidence.register()}


def _excluded(request: HttpRequest, computed: Figure, plan: Plan) -> dict[str, Any]:
    """A page of what is not counted, each with every reason."""
    indicator, scope = computed.indicator, computed.scope
    evidence = evidence_of(indicator.spec.id)
    number = _page_number(request, computed.not_counted)
    start = (number - 1) * SHOWN
    rows = computed.page(Listing.EXCLUDED, evidence.named, start, start + SHOWN)
    why = {getattr(row, evidence.member): indicator.reasons(scope, row) for row in rows}
    through = evidence.through(indicator.instead(scope, why))
    return {
        "table": evidence.table(rows, weighted=False, remarks=_why(why, through)),
        "pages": range(1, -(-computed.not_counted // SHOWN) + 1),
        "page_number": number,
    }


def _why(reasons: Mapping[int, Sequence[str]], through: Mapping[tuple[int, str], str]) -> list[str]:
    """Every reason of each row in words, with the code of the record through which it is counted."""
    return [
        "; ".join(" ".join((str(REASONS[code]), through.get((pk, code), ""))).rstrip() for code in codes)
        for pk, codes in reasons.items()
    ]


def _page_number(request: HttpRequest, rows: int) -> int:
    """The page asked for, or the nearest there is."""
    asked = request.GET.get("page", "")
    last = max(1, -(-rows // SHOWN))
    return min(max(1, int(asked)), last) if asked.isdecimal() and len(asked) < 9 else 1


def _doubles(request: HttpRequest, computed: Figure, plan: Plan) -> dict[str, Any]:
    """The first rows whose identity is counted through another record, and that record."""
    evidence = evidence_of(computed.indicator.spec.id)
    rows = computed.page(Listing.DOUBLES, evidence.named, 0, SHOWN)
    others = evidence.histories({row.counted_in for row in rows})
    counted = [_("bản ghi {code}").format(code=evidence.record(others[row.counted_in][-1]).code) for row in rows]
    return {"table": evidence.table(rows, weighted=False, remarks=counted)}


def _breakdown(request: HttpRequest, computed: Figure, plan: Plan) -> dict[str, Any]:
    """Short names of units, in force or the last ones, and the figure of each that keeps records."""
    rows = UnitVersion.objects.live().filter(valid_from__lte=clock.today()).order_by("valid_from")
    units = {pk: (code, name) for pk, code, name in rows.values_list("unit", "unit__code", "short_name")}
    by_unit = sorted(
        ((units[pk][1], n) for pk, n in computed.keepers.items() if pk in units), key=lambda row: (-row[1], row[0])
    )
    return {"unit_names": dict(units.values()), "by_unit": by_unit}


def _issued(request: HttpRequest, computed: Figure, plan: Plan) -> dict[str, Any]:
    """What was frozen, newest first, and what earlier letters said."""
    frozen = FrozenFigure.objects.filter(plan=plan, indicator=computed.indicator.spec.id).order_by("-pk")
    return {
        "frozen": list(frozen[:SHOWN]),
        "historical": list(beside.historical(plan, computed.indicator.spec.id)[:SHOWN]),
        "may_record": HISTORICAL.can_record(actor_of(request)),
    }


TAB_CONTENT: dict[str, Callable[[HttpRequest, Figure, Plan], dict[str, Any]]] = {
    "counted": _counted,
    "excluded": _excluded,
    "doubles": _doubles,
    "breakdown": _breakdown,
    "definition": _definition,
    "issued": _issued,
}
TABS = tuple(TAB_CONTENT)


@login_required
@require_GET
def members_sheet(request: HttpRequest, indicator: str) -> HttpResponse:
    """The records that the figure stands for, as Excel."""
    plan = _plan(request)
    asked = _asked(request, plan)
    _known(indicator)
    scope = queries.scope_for(plan, asked.frame, asked.window, at=asked.at, known=asked.known)
    definition, evidence = INDICATORS[indicator], evidence_of(indicator)
    rows = evidence.named(definition.members(scope)).order_by(*definition.order())
    content = write_sheet(str(TITLES[indicator]), evidence.sheet(), map(evidence.cells, rows))
    return attachment(content, f"{indicator}-{asked.at:%Y%m%d}.xlsx", XLSX)


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
