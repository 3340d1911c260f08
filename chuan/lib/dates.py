"""Dates as people in Việt Nam type and print them, and the windows of days that reports cover.

A day is a Vietnamese calendar day. A `datetime` is refused where a day is asked for: which day it falls on
depends on the zone, so the caller says it with `day_of`.
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from chuan.lib.clock import VN

MAX_DATE_LENGTH = 20
"""Longest text, in characters, that is read as a date."""

FIRST_YEAR, LAST_YEAR = 1900, 2099
"""Years of a typed date: no `ddmmyyyy` in them is also a `yyyymmdd`, so eight digits are never two dates."""

_DAY_FIRST = re.compile(r"(?P<d>[0-9]{1,2})(?P<mark>[/.-])(?P<m>[0-9]{1,2})(?P=mark)(?P<y>[0-9]{4})")
_YEAR_FIRST = re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})")
_EIGHT_DIGITS = re.compile(r"(?P<d>[0-9]{2})(?P<m>[0-9]{2})(?P<y>[0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2}|[0-9]{6}")

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_BLANK = "\u00a0" * 6  # room for a pen; plain spaces would shrink to one on a page


class DateReason(StrEnum):
    """Why a text is not a date."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    MALFORMED = "malformed"
    TWO_DIGIT_YEAR = "two_digit_year"
    YEAR_OUT_OF_RANGE = "year_out_of_range"
    NO_SUCH_MONTH = "no_such_month"
    NO_SUCH_DAY = "no_such_day"


class NotADate(ValueError):
    """A text that is no date of the calendar.

    `text` is what was typed, shortened if very long; `parts` is (day, month, year) where these could be read;
    `days_in_month` is the length of the month where the day is what does not exist.
    """

    def __init__(self, text: str, reason: DateReason, parts: tuple[int, int, int] | None = None) -> None:
        self.text = text if len(text) <= MAX_DATE_LENGTH else f"{text[:MAX_DATE_LENGTH]}…"
        self.reason = reason
        self.parts = parts
        self.days_in_month: int | None = None
        message = _MESSAGES[reason]
        if parts is not None:
            day, month, year = parts
            if reason is DateReason.NO_SUCH_DAY:
                self.days_in_month = calendar.monthrange(year, month)[1]
            message = message.format(day=day, month=month, year=year, days=self.days_in_month)
        super().__init__(f"{self.text!r}: {message}")


_MESSAGES: Mapping[DateReason, str] = MappingProxyType(
    {
        DateReason.EMPTY: "nothing was typed",
        DateReason.TOO_LONG: f"longer than {MAX_DATE_LENGTH} characters",
        DateReason.MALFORMED: "not written as a date; write day/month/year, as in 31/12/2026",
        DateReason.TWO_DIGIT_YEAR: "the year has two digits; write all four, as in 31/12/2026",
        DateReason.YEAR_OUT_OF_RANGE: f"year {{year}} is not between {FIRST_YEAR} and {LAST_YEAR}",
        DateReason.NO_SUCH_MONTH: "there is no month {month}; the day comes first, then the month",
        DateReason.NO_SUCH_DAY: "there is no day {day}; month {month}/{year} has {days} days",
    }
)


def parse_date(text: str) -> date:
    """The day typed, always day first, or ISO 8601 `yyyy-mm-dd`; raises `NotADate`.

    Reads `d/m/yyyy` with one or two digits and `/`, `-` or `.`, and `ddmmyyyy`; never month before day.
    """
    typed = text.strip()
    if not typed:
        raise NotADate(text, DateReason.EMPTY)
    if len(typed) > MAX_DATE_LENGTH:
        raise NotADate(typed, DateReason.TOO_LONG)
    for pattern in (_DAY_FIRST, _YEAR_FIRST, _EIGHT_DIGITS):
        if match := pattern.fullmatch(typed):
            return _checked(typed, int(match["d"]), int(match["m"]), int(match["y"]))
    raise NotADate(typed, DateReason.TWO_DIGIT_YEAR if _SHORT_YEAR.fullmatch(typed) else DateReason.MALFORMED)


def format_date(d: date) -> str:
    """The day as `01/02/2026`."""
    _refuse_instants(d)
    return f"{d.day:02}/{d.month:02}/{d.year:04}"


def format_official(place: str, d: date) -> str:
    """Place and day of an official document: "Tây Ninh, ngày 05 tháng 12 năm 2026".

    Days below 10 and the months 1 and 2 take a leading zero, other months none (Nghị định 30/2020/NĐ-CP,
    Phụ lục I).
    """
    _refuse_instants(d)
    month = f"{d.month:02}" if d.month < 3 else f"{d.month}"
    return f"{place}, ngày {d.day:02} tháng {month} năm {d.year}"


def format_official_blank(place: str, year: int) -> str:
    """Place and year of an official document whose day and month will be filled in by hand."""
    return f"{place}, ngày{_BLANK}tháng{_BLANK}năm {year}"


def weekday_name(d: date) -> str:
    """The Vietnamese name of the weekday, as written inside a sentence: "thứ Năm", "Chủ nhật"."""
    _refuse_instants(d)
    return _WEEKDAYS[d.weekday()]


def day_of(instant: datetime) -> date:
    """The Vietnamese calendar day on which an aware instant falls; a naive one is refused."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant} names no time zone, so no day")
    return instant.astimezone(VN).date()


def start_of_day(d: date) -> datetime:
    """The first instant of a Vietnamese day."""
    _refuse_instants(d)
    return datetime.combine(d, time.min, tzinfo=VN)


def end_of_day(d: date) -> datetime:
    """The instant at which a Vietnamese day is over: the first one that no longer belongs to it."""
    return start_of_day(d + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive Vietnamese days from `start` to `end`, both included; never empty."""

    start: date
    end: date

    def __post_init__(self) -> None:
        _refuse_instants(self.start)
        _refuse_instants(self.end)
        if self.end < self.start:
            raise ValueError(f"a window cannot end on {self.end}, before its start on {self.start}")

    @classmethod
    def annual(cls, year: int, *, closes: tuple[int, int]) -> Self:
        """The year of a report that ends on `closes` (month, day), from the day after the year before ended.

        With (12, 14), year 2026 runs from 15/12/2025 to 14/12/2026. Raises `ValueError` where either calendar
        year lacks that day, as 29 February.
        """
        month, day = closes
        return cls(date(year - 1, month, day) + timedelta(days=1), date(year, month, day))

    def contains(self, d: date) -> bool:
        """Whether the day is one of the window's."""
        _refuse_instants(d)
        return self.start <= d <= self.end

    def instants(self) -> tuple[datetime, datetime]:
        """The first instant of the window and the first one after it, both aware."""
        return start_of_day(self.start), end_of_day(self.end)


def _checked(typed: str, day: int, month: int, year: int) -> date:
    parts = (day, month, year)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotADate(typed, DateReason.YEAR_OUT_OF_RANGE, parts)
    if not 1 <= month <= 12:
        raise NotADate(typed, DateReason.NO_SUCH_MONTH, parts)
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise NotADate(typed, DateReason.NO_SUCH_DAY, parts)
    return date(year, month, day)


def _refuse_instants(d: date) -> None:
    if isinstance(d, datetime):
        raise TypeError(f"{d!r} is an instant, not a day: say which day by day_of()")
