"""The plan's dated rules of reporting: when a deadline falls, and which rules nobody has entered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chuan.lib.dates import format_date
from chuan.programme.models import Plan
from chuan.reporting.collecting import DayOff, Due, RuleTopic, due
from chuan.reporting.models import RegimeRule


def rules_of(plan: Plan) -> list[RegimeRule]:
    """The rules in force, by topic and day; one query."""
    return list(RegimeRule.objects.live().filter(plan=plan))


@dataclass(frozen=True)
class Falls:
    """A deadline of a year: its rule, and the rule of days off where that moved it."""

    rule: RegimeRule
    due: Due
    day_off: RegimeRule | None

    @property
    def checked(self) -> bool:
        """Every rule that it rests on was read in its document."""
        return self.rule.checked and (not self.due.moved or self.day_off is None or self.day_off.checked)

    @property
    def basis(self) -> str:
        """Where the deadline comes from, as the period keeps it."""
        words = self.rule.document
        if self.due.moved and self.day_off is not None:
            words += f"; {format_date(self.due.printed)} là ngày nghỉ: {self.day_off.document}"
        return words if self.checked else f"{words} (chưa đối chiếu)"


def falls(rules: Iterable[RegimeRule], topic: str, year: int) -> Falls | None:
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
            return Falls(rule, due(printed, off.day_off if off else DayOff.SAME), off)
    return None
