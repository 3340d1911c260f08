"""The pace that an open target needs, beside the pace of the last years: plain arithmetic on counts and days."""

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

#: Days of a year.
YEAR = Fraction(1461, 4)
#: Years over which the pace so far is told.
BACK = 3


@dataclass(frozen=True)
class Pace:
    """What is still lacking, how many a year that is, and how many a year it has been."""

    missing: int
    #: None with less than a year to go: all that is missing is needed by the horizon.
    yearly: int | None
    #: Over the last years; None where the reading does not reach so far back.
    average: Fraction | None = None


def pace(value: int, target: int, *, horizon: date, at: date, past: int | None = None) -> Pace | None:
    """(target − value) over the years left, rounded up; None where the number is reached or the time is over.

    `past` is the same count `BACK` years before `at`: a sum grew by the difference, a level rose or fell by it.
    """
    missing, days = target - value, (horizon - at).days
    if missing <= 0 or days <= 0:
        return None
    years = days / YEAR
    yearly = -(-missing // years) if years > 1 else None
    return Pace(missing, yearly, None if past is None else Fraction(value - past, BACK))


def years_before(day: date) -> date:
    """The same day `BACK` years before; of 29 February the 28th."""
    year = day.year - BACK
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) and not isleap(year) else day.replace(year=year)
