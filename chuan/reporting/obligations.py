"""Who owes a report, where it stands, and what the unit's page is filled with beforehand."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chuan.lib import clock
from chuan.lib.dates import Window, day_of
from chuan.organisations.queries import unit_names
from chuan.organisations.territory import Frame
from chuan.reporting import queries
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.scope import Scope
from chuan.reporting.indicators.texts import TITLES
from chuan.reporting.models import Obligation, ReportingPeriod, Submission
from chuan.reporting.rules import SubmissionState

#: Figures that a unit confirms.
CONFIRMED = ("CT2", "CT2-L")

_TURNED_IN = {SubmissionState.SENT, SubmissionState.ACCEPTED}


@dataclass(frozen=True)
class Row:
    """One obliged unit on the tracking page."""

    obligation: Obligation
    unit_name: str
    submission: Submission | None
    state: str
    state_label: str
    sent_at: datetime | None
    overdue_days: int
    disputed: bool

    @property
    def is_in(self) -> bool:
        """The report has arrived and was not returned."""
        return self.state in _TURNED_IN

    @property
    def late(self) -> bool:
        """It arrived after the deadline (by the server's time of sending)."""
        return self.sent_at is not None and day_of(self.sent_at) > self.obligation.period.deadline


def tracking(period: ReportingPeriod, *, today: date) -> list[Row]:
    """Every obliged unit of a period with where its report stands; three queries."""
    latest: dict[int, Submission] = {}
    for submission in (
        Submission.objects.filter(obligation__period=period).select_related("content").order_by("attempt")
    ):
        latest[submission.obligation_id] = submission
    names = unit_names(today)
    obligations = Obligation.objects.filter(period=period).select_related("unit", "period")
    rows = [_row(o, latest.get(o.pk), names.get(o.unit_id, o.unit.code), today) for o in obligations]
    return sorted(rows, key=lambda row: row.unit_name)


def _row(obligation: Obligation, submission: Submission | None, name: str, today: date) -> Row:
    state = submission.state if submission else "not_opened"
    label = SubmissionState(state).label if submission else "Chưa mở"
    content = submission.content if submission else None
    turned_in = state in _TURNED_IN
    overdue = 0 if turned_in else max(0, (today - obligation.period.deadline).days)
    figures: dict[str, Any] = content.figures if content else {}
    return Row(
        obligation=obligation,
        unit_name=name,
        submission=submission,
        state=state,
        state_label=str(label),
        sent_at=content.sent_at if content and turned_in else None,
        overdue_days=overdue,
        disputed=any(not line["right"] for line in figures.values()),
    )


@dataclass(frozen=True)
class Prefilled:
    """One figure as the unit's page shows it: the value from the unit's own records."""

    id: str
    title: str
    unit: str
    value: int
    right: bool | None
    missing: str
    #: The value that the unit had before its eyes when it judged; None where it has not yet.
    seen: int | None = None

    @property
    def changed(self) -> bool:
        """The records changed since the unit judged the figure."""
        return self.seen is not None and self.seen != self.value


def unit_scope(obligation: Obligation, known: datetime) -> Scope:
    """What a unit's figures are asked for, on the day of `known`."""
    period = obligation.period
    window = Window(period.first, period.last)
    return queries.scope_for(period.plan, Frame.AS_IT_WAS, window, at=day_of(known), known=known)


def prefilled(obligation: Obligation, draft: dict[str, Any], *, known: datetime | None = None) -> list[Prefilled]:
    """The figures of the unit's own records in the period's window, with what the draft says of them."""
    scope = unit_scope(obligation, known or clock.now())
    said = draft.get("figures", {})
    return [
        Prefilled(
            id=code,
            title=str(TITLES[code]),
            unit=INDICATORS[code].spec.unit,
            value=queries.of_unit(code, scope, obligation.unit_id),
            right=said.get(code, {}).get("right"),
            missing=said.get(code, {}).get("missing", ""),
            seen=said.get(code, {}).get("seen"),
        )
        for code in CONFIRMED
    ]


def current_submission(obligation: Obligation) -> Submission | None:
    """The latest attempt."""
    return obligation.submissions.select_related("content").order_by("-attempt").first()


def open_period(today: date) -> ReportingPeriod | None:
    """The period whose report is due or being consolidated: the latest that has begun."""
    return ReportingPeriod.objects.filter(first__lte=today).select_related("plan").order_by("-year").first()
