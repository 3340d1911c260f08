"""The plan's dated rules of reporting: when a deadline falls, what nobody has entered, the calendar of offices."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chuan.lib.dates import format_date
from chuan.programme.models import Plan
from chuan.reporting.collecting import DayOff, Due, RuleTopic, due
from chuan.reporting.models import CalendarDayFacts, CutOff, RegimeRule, ReportingPeriod, RequestingDocument

#: What the calendar says, by day.
Calendar = Mapping[date, CalendarDayFacts]


def rules_of(plan: Plan) -> list[RegimeRule]:
    """The rules in force, by topic and day; one query."""
    return list(RegimeRule.objects.live().filter(plan=plan))


def calendar_of(year: int) -> dict[date, CalendarDayFacts]:
    """What is said of the days of a year and of the weeks before and after it; one query."""
    around = (date(year - 1, 12, 1), date(year + 1, 1, 31))
    return {said.on: said for said in CalendarDayFacts.objects.live().filter(on__range=around).select_related("day")}


def cut_off_of(period: ReportingPeriod) -> date | None:
    """The day after whose end Sở closes the period's figures; None where nobody has said it."""
    if period.cut_off is not None:
        return period.cut_off
    return CutOff.objects.live().filter(period=period).values_list("on", flat=True).first()


def request_of(period: ReportingPeriod) -> RequestingDocument | None:
    """The document that asked for an ad hoc report; None where nobody has recorded it, and for a year's."""
    return RequestingDocument.objects.live().filter(period=period).first() if period.is_ad_hoc else None


@dataclass(frozen=True)
class Falls:
    """A deadline of a year: its rule, the rule of days off where that moved it, what the calendar says on the way."""

    rule: RegimeRule
    due: Due
    day_off: RegimeRule | None
    days: Sequence[CalendarDayFacts] = ()
    #: The calendar says something of the deadline's year, so that no holiday was overlooked for want of data.
    calendar_known: bool = False

    @property
    def checked(self) -> bool:
        """Every rule and every day of the calendar that it rests on was read in its document."""
        if not self.due.moved:
            return self.rule.checked and all(said.checked for said in self.days)
        rules = [self.rule, *([self.day_off] if self.day_off else [])]
        return all(rule.checked for rule in rules) and all(said.checked for said in self.days)

    @property
    def basis(self) -> str:
        """Where the deadline comes from, as the period keeps it."""
        words = self.rule.document
        if self.due.moved and self.day_off is not None:
            named = next((f" ({said.name})" for said in self.days if said.on == self.due.printed), "")
            words += f"; {format_date(self.due.printed)} là ngày nghỉ{named}: {self.day_off.document}"
        return words if self.checked else f"{words} (chưa đối chiếu)"


def falls(rules: Iterable[RegimeRule], topic: str, year: int, calendar: Calendar | None = None) -> Falls | None:
    """A year's deadline of a topic; None where nobody has entered the rule. A day that the year lacks is none."""
    rules = list(rules)
    for rule in rules:
        if rule.topic != topic or rule.month is None or rule.day is None:
            continue
        try:
            printed = date(year, rule.month, rule.day)
        except ValueError:
            continue
        if rule.holds_on(printed):
            off = next((r for r in rules if r.topic == RuleTopic.DAY_OFF and r.holds_on(printed)), None)
            return _falls(rule, printed, off, calendar_of(year) if calendar is None else calendar)
    return None


def _falls(rule: RegimeRule, printed: date, off: RegimeRule | None, calendar: Calendar) -> Falls:
    found = due(printed, off.day_off if off else DayOff.SAME, {on: said.kind for on, said in calendar.items()})
    first, last = sorted((found.printed, found.falls))
    passed = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    known = any(on.year == printed.year for on in calendar)
    return Falls(rule, found, off, [calendar[on] for on in passed if on in calendar], known)
