"""What a figure is asked for: the days it counts, the day it is read on, what was known, and whose ground."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chuan.lib.dates import Window
from chuan.organisations.territory import Ground


@dataclass(frozen=True)
class Scope:
    """The four coordinates of a figure's value; no user, clock or setting is among them.

    `at` (T): events up to the end of that day. `known` (K): records recorded by that instant and not voided by it.
    """

    window: Window
    at: date
    known: datetime
    ground: Ground
    #: Day on which the plan was signed: what was there before it is told apart.
    since: date
    #: What was looked up once for this instant; shared by the scopes that are made of one another.
    looked_up: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    def over(self, window: Window) -> "Scope":
        """The same question over other days."""
        return replace(self, window=window)

    def since_plan(self) -> "Scope":
        """The same question over all days from the plan's signature to the day it is read on."""
        return self.over(Window(self.since, max(self.at, self.since)))

    @property
    def first(self) -> date:
        """First day counted."""
        return self.window.start

    @property
    def last(self) -> date:
        """Last day counted; before `first` where nothing is."""
        return min(self.window.end, self.at)
