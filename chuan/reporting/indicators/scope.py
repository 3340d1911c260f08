"""What a figure is asked for: the days it counts, the day it is read on, what was known, and whose ground."""

from dataclasses import dataclass
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

    @property
    def first(self) -> date:
        """First day counted."""
        return self.window.start

    @property
    def last(self) -> date:
        """Last day counted; before `first` where nothing is."""
        return min(self.window.end, self.at)
