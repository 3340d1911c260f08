"""Who owes a report, where it stands, and what the unit's page is filled with beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from chuan.audit import memory
from chuan.lib import clock
from chuan.lib.dates import Window, day_of
from chuan.organisations.queries import unit_names
from chuan.organisations.rules import authority_name, list_order
from chuan.organisations.territory import Atlas, Frame
from chuan.programme.models import Plan
from chuan.reporting import confirmed, queries
from chuan.reporting.collecting import HeirDuty, Outcome, Part, PeriodKind
from chuan.reporting.confirmed import Prefilled
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.scope import Scope
from chuan.reporting.indicators.texts import TITLES
from chuan.reporting.models import (
    DisputeOutcome,
    Heir,
    IncomingLetter,
    Obligation,
    ReportingPeriod,
    SignedLetter,
    Submission,
    SubmissionContent,
    Waiver,
)
from chuan.reporting.rules import TURNED_IN, SubmissionState


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
    #: The unit's opinion of a figure still stands: nobody has settled it, or it was settled by words alone.
    disputed: bool
    #: Disputes that nobody has settled.
    disputes_open: int = 0
    waiver: Waiver | None = None
    #: A replacement that is under way while the accepted report stands.
    replacement: Submission | None = None
    #: Signed letters of the period by content, read when the first of them is asked for.
    signed: Mapping[int, IncomingLetter] = field(default_factory=dict)

    @property
    def authority(self) -> str:
        """The body that owes the report, as papers name it: of a place, its People's Committee."""
        return authority_name(self.obligation.unit.kind, self.unit_name)

    @property
    def is_in(self) -> bool:
        """The report has arrived and was not returned."""
        return self.state in TURNED_IN

    @property
    def waits(self) -> bool:
        """The report has arrived and Sở has not accepted it yet."""
        return self.state == SubmissionState.SENT

    @property
    def is_missing(self) -> bool:
        """The report is owed and has not arrived."""
        return not self.is_in and self.waiver is None

    @property
    def content(self) -> SubmissionContent | None:
        """What arrived."""
        return self.submission.content if self.submission and self.is_in else None

    @property
    def counted_on(self) -> date | None:
        """The day of sending that counts: of sending here, or on which the letter arrived."""
        return self.content.counted_on if self.content else None

    @property
    def late(self) -> bool:
        """It arrived after the deadline."""
        return self.counted_on is not None and self.counted_on > self.obligation.period.deadline

    @property
    def letter(self) -> IncomingLetter | None:
        """The unit's own letter: the one that it was typed from, or the signed one recorded after the sending."""
        if self.submission is None or self.submission.letter is not None:
            return self.submission.letter if self.submission else None
        return self.signed.get(self.submission.content_id) if self.submission.content_id else None

    @property
    def lacks_letter(self) -> bool:
        """It was sent here and accepted or waits, but the signed letter has not been recorded with its file."""
        return self.is_in and not self.on_behalf and (self.letter is None or self.letter.file_id is None)

    @property
    def on_behalf(self) -> bool:
        """It was typed in from a letter, or is being."""
        return self.submission is not None and self.submission.letter_id is not None

    @property
    def proposals(self) -> str:
        """How many proposals for the next year; "none" where the unit says so, "" where it says nothing."""
        return self._part(Part.PROPOSALS)

    @property
    def difficulties(self) -> str:
        """How many difficulties, in the same way."""
        return self._part(Part.DIFFICULTIES)

    def _part(self, part: Part) -> str:
        parts = self.content.parts if self.content else {}
        lines = len(parts.get(part.value, []))
        return str(lines) if lines else "none" if part.value in parts.get("none", []) else ""


def tracking(period: ReportingPeriod, *, today: date, among: QuerySet[Obligation] | None = None) -> list[Row]:
    """Every obliged unit of a period, or those `among` some, with where its report stands; at most six queries."""
    obligations = Obligation.objects.all() if among is None else among
    return _rows(obligations.filter(period=period), today)


def owed(unit_id: int, *, today: date) -> list[Row]:
    """What a unit owes: the year's report, and those asked for besides that have not arrived or are not due yet."""
    inherited = Heir.objects.live().filter(unit_id=unit_id, duty=HeirDuty.ACCOUNTABLE).values("obligation")
    own = Q(unit_id=unit_id) | Q(pk__in=inherited)
    rows = _rows(Obligation.objects.filter(own, period__first__lte=today, period__year__gte=today.year - 1), today)
    annual = [row for row in rows if row.obligation.period.kind == PeriodKind.ANNUAL]
    latest = max((row.obligation.period.year for row in annual), default=0)
    return [
        row
        for row in sorted(rows, key=lambda one: one.obligation.period.deadline)
        if (row.obligation.period.year == latest if row in annual else row.is_missing or _is_ahead(row, today))
    ]


def _is_ahead(row: Row, today: date) -> bool:
    return row.obligation.period.deadline >= today


def _rows(obligations: QuerySet[Obligation], today: date) -> list[Row]:
    found = list(obligations.select_related("unit", "period__plan"))
    keys = [obligation.pk for obligation in found]
    attempts: dict[int, list[Submission]] = {}
    rows = Submission.objects.filter(obligation__in=keys)
    for submission in rows.select_related("content", "letter").order_by("-attempt"):
        attempts.setdefault(submission.obligation_id, []).append(submission)
    outcomes = _outcomes([one.content for held in attempts.values() for one in held if one.content])
    signed: Any = SimpleLazyObject(lambda: _signed(keys))
    waivers = {w.obligation_id: w for w in Waiver.objects.live().filter(obligation__in=keys)}
    names = unit_names(today)
    made = [
        _row(
            obligation,
            names.get(obligation.unit_id, obligation.unit.code),
            attempts.get(obligation.pk, []),
            outcomes,
            signed,
            waivers.get(obligation.pk),
            today,
        )
        for obligation in found
    ]
    return sorted(made, key=lambda row: list_order(row.obligation.unit.kind, row.unit_name))


def _outcomes(contents: Sequence[SubmissionContent]) -> dict[int, dict[str, str]]:
    """How disputes were settled, by content and figure; a query only where something is disputed."""
    keys = [content.pk for content in contents if disputed(content)]
    found: dict[int, dict[str, str]] = {}
    if keys:
        settled = DisputeOutcome.objects.live().filter(content__in=keys)
        for content, figure, outcome in settled.values_list("content_id", "figure", "outcome"):
            found.setdefault(content, {})[figure] = outcome
    return found


def _signed(keys: Sequence[int]) -> dict[int, IncomingLetter]:
    """The signed letters of what was sent for obligations, by content; one query."""
    live = SignedLetter.objects.live().filter(letter__obligation__in=keys)
    return {one.content_id: one.letter for one in live.select_related("letter")}


def letter_of(submission: Submission | None) -> IncomingLetter | None:
    """The unit's letter of an attempt: the one it was typed from, else the signed one recorded after the sending."""
    if submission is None or submission.letter is not None:
        return submission.letter if submission else None
    live = SignedLetter.objects.live().filter(content_id=submission.content_id).select_related("letter__file")
    found = live.first() if submission.content_id else None
    return found.letter if found else None


def _row(
    obligation: Obligation,
    name: str,
    attempts: Sequence[Submission],
    outcomes: Mapping[int, Mapping[str, str]],
    signed: Mapping[int, IncomingLetter],
    waiver: Waiver | None,
    today: date,
) -> Row:
    latest = attempts[0] if attempts else None
    standing = standing_of(attempts)
    content = standing.content if standing else None
    turned_in = standing is not None and standing.state in TURNED_IN
    state, label = _state(standing, waiver, turned_in=turned_in, returned=_is_returned(attempts))
    disputes = disputed(content) if content and turned_in else []
    settled = outcomes.get(content.pk, {}) if content else {}
    return Row(
        obligation=obligation,
        unit_name=name,
        submission=standing,
        state=state,
        state_label=label,
        sent_at=content.sent_at if content and turned_in else None,
        overdue_days=0 if turned_in or waiver else max(0, (today - obligation.period.deadline).days),
        disputed=any(settled.get(figure) != Outcome.RECORD_ADDED for figure in disputes),
        disputes_open=sum(figure not in settled for figure in disputes),
        waiver=waiver,
        replacement=latest if latest is not standing else None,
        signed=signed,
    )


def _is_returned(attempts: Sequence[Submission]) -> bool:
    """What is being written, the latest attempt, mends one that was sent back."""
    latest, before = (*attempts, None, None)[:2]
    return (
        latest is not None
        and before is not None
        and (latest.state, before.state) == (SubmissionState.DRAFT, SubmissionState.RETURNED)
    )


def _state(standing: Submission | None, waiver: Waiver | None, *, turned_in: bool, returned: bool) -> tuple[str, str]:
    """The state's code and words in Vietnamese, as papers keep them; a draft that mends a returned one is returned."""
    if waiver is not None and not turned_in:
        return "waived", _("Được miễn")
    if standing is None:
        return "not_opened", _("Chưa mở")
    if standing.letter_id is not None and standing.state == SubmissionState.DRAFT:
        return standing.state, _("Sở đang nhập từ văn bản")
    if returned and not turned_in:
        return SubmissionState.RETURNED, str(SubmissionState.RETURNED.label)
    return standing.state, str(SubmissionState(standing.state).label)


def standing_of(attempts: Sequence[Submission]) -> Submission | None:
    """Of attempts, the latest first, the one that counts: an accepted one until its replacement has arrived."""
    for attempt in attempts:
        if attempt.replaces_id is None or attempt.state in TURNED_IN:
            return attempt
    return None


def outcomes_of(submission: Submission | None) -> dict[str, DisputeOutcome]:
    """How the disputed figures of what was sent were settled, by figure; a query only where one is disputed."""
    content = submission.content if submission else None
    if content is None or not disputed(content):
        return {}
    return {outcome.figure: outcome for outcome in DisputeOutcome.objects.live().filter(content=content)}


def disputed(content: SubmissionContent) -> list[str]:
    """Figures that the unit did not confirm; one of which its letter says nothing is not disputed."""
    return [code for code, said in content.figures.items() if said["right"] is False]


def unit_scope(obligation: Obligation, known: datetime, atlas: Atlas | None = None) -> Scope:
    """What a unit's figures are asked for, on the day of `known`; `atlas` where one of then was read."""
    period = obligation.period
    window = Window(period.first, period.last)
    return queries.scope_for(period.plan, Frame.AS_IT_WAS, window, at=day_of(known), known=known, atlas=atlas)


def values_of_units(obligation: Obligation) -> dict[str, dict[int, int]]:
    """The figures of every unit in the period of an obligation, now: figure → unit → value."""
    return confirmed.of_units(unit_scope(obligation, clock.now(), Atlas.now()))


def prefilled(
    obligation: Obligation,
    draft: Mapping[str, Any],
    *,
    known: datetime | None = None,
    values: Mapping[str, Mapping[int, int]] | None = None,
) -> list[Prefilled]:
    """The figures of the unit's own records in the period's window, with what the draft says of them.

    `values`: those of every unit, where many units are asked about at once.
    """
    unit_id = obligation.unit_id
    if values is None:
        scope = unit_scope(obligation, known) if known else unit_scope(obligation, clock.now(), Atlas.now())
        shares = confirmed.of_unit(scope, unit_id)
    else:
        shares = confirmed.among(values, unit_id)
    said = draft.get("figures", {})
    return [
        Prefilled(
            id=code,
            title=str(TITLES[code]),
            unit=INDICATORS[code].spec.unit,
            value=share.value,
            records=share.records,
            right=said.get(code, {}).get("right"),
            missing=said.get(code, {}).get("missing", ""),
            seen=said.get(code, {}).get("seen"),
        )
        for code, share in shares.items()
    ]


def current_submission(obligation: Obligation) -> Submission | None:
    """The latest attempt."""
    return obligation.submissions.select_related("content").order_by("-attempt").first()


def open_period(today: date) -> ReportingPeriod | None:
    """The year whose report is due or being consolidated: the latest that has begun."""
    annual = ReportingPeriod.objects.filter(kind=PeriodKind.ANNUAL, first__lte=today)
    return annual.select_related("plan").order_by("-year").first()


def to_consolidate(today: date) -> list[ReportingPeriod]:
    """Periods whose reports Sở puts together: the year's that is due, and those asked for besides; one query."""
    begun = periods_on(today)
    annual = [period for period in begun if not period.is_ad_hoc][:1]
    return [*annual, *(period for period in begun if period.is_ad_hoc)]


_ad_hoc: memory.Memory[list[ReportingPeriod]] = memory.Memory(size=4)


def ad_hoc_of(plan_id: int, log: memory.Log) -> list[ReportingPeriod]:
    """Periods of a plan that were asked for besides the years', the latest first; remembered."""
    asked = ReportingPeriod.objects.filter(plan_id=plan_id, kind=PeriodKind.AD_HOC)
    return _ad_hoc.ask(plan_id, lambda: list(asked[:24]), log)


def ad_hoc_of_code(plan: Plan, code: str) -> ReportingPeriod | None:
    """The plan's ad hoc period of that code; one query."""
    return ReportingPeriod.objects.filter(plan=plan, kind=PeriodKind.AD_HOC, code=code).first()


def periods_on(today: date) -> list[ReportingPeriod]:
    """The last twelve periods that have begun, the latest first, and the year's whatever else was asked for."""
    found = list(ReportingPeriod.objects.filter(first__lte=today).select_related("plan")[:12])
    annual = open_period(today) if found and all(period.is_ad_hoc for period in found) else None
    return [*found, annual] if annual else found
