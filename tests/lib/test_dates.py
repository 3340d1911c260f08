"""Dates: what is refused and why, what is read, how it is printed, and which days a window holds."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuan.lib.clock import VN
from chuan.lib.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    MAX_DATE_LENGTH,
    DateReason,
    NotADate,
    Window,
    day_of,
    end_of_day,
    format_date,
    format_official,
    format_official_blank,
    parse_date,
    start_of_day,
    weekday_name,
)

DAYS = st.dates(min_value=date(FIRST_YEAR, 1, 1), max_value=date(LAST_YEAR, 12, 31))
RECENT_DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))

# What is refused


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", DateReason.EMPTY),
        (" \u00a0 ", DateReason.EMPTY),
        ("1/2/26", DateReason.TWO_DIGIT_YEAR),
        ("01-02-26", DateReason.TWO_DIGIT_YEAR),
        ("01.02.26", DateReason.TWO_DIGIT_YEAR),
        ("26-02-01", DateReason.TWO_DIGIT_YEAR),
        ("010226", DateReason.TWO_DIGIT_YEAR),
        ("31/02/2026", DateReason.NO_SUCH_DAY),
        ("29/02/2026", DateReason.NO_SUCH_DAY),
        ("31.4.2026", DateReason.NO_SUCH_DAY),
        ("2026-02-30", DateReason.NO_SUCH_DAY),
        ("00/01/2026", DateReason.NO_SUCH_DAY),
        ("13/13/2026", DateReason.NO_SUCH_MONTH),
        ("12/31/2026", DateReason.NO_SUCH_MONTH),  # month first
        ("2026-31-12", DateReason.NO_SUCH_MONTH),
        ("01/00/2026", DateReason.NO_SUCH_MONTH),
        ("20261231", DateReason.YEAR_OUT_OF_RANGE),  # yyyymmdd
        ("01/01/0000", DateReason.YEAR_OUT_OF_RANGE),
        ("01/01/20226", DateReason.MALFORMED),
        ("2026/12/31", DateReason.MALFORMED),
        ("31/12-2026", DateReason.MALFORMED),
        ("31 12 2026", DateReason.MALFORMED),
        ("31/12", DateReason.MALFORMED),
        ("12/2026", DateReason.MALFORMED),
        ("2026", DateReason.MALFORMED),
        ("46022", DateReason.MALFORMED),  # a day number of Excel
        ("hôm nay", DateReason.MALFORMED),
        ("31/12/2026\x00", DateReason.MALFORMED),
        ("٣١/١٢/٢٠٢٦", DateReason.MALFORMED),
        ("31/12/2026 00:00:00", DateReason.MALFORMED),
        ("2026-12-31T00:00:00Z", DateReason.MALFORMED),
        ("0" * (MAX_DATE_LENGTH + 1), DateReason.TOO_LONG),
        ("1/" * 50_000, DateReason.TOO_LONG),
    ],
)
def test_what_is_no_date_is_refused_for_its_own_reason(text: str, reason: DateReason) -> None:
    with pytest.raises(NotADate) as refused:
        parse_date(text)
    assert refused.value.reason is reason
    assert refused.value.text.startswith(text[:MAX_DATE_LENGTH])
    assert len(str(refused.value)) < 120


def test_an_impossible_day_is_named_with_the_length_of_its_month() -> None:
    with pytest.raises(NotADate, match="there is no day 31; month 2/2026 has 28 days") as refused:
        parse_date("31/02/2026")
    assert refused.value.parts == (31, 2, 2026)
    assert refused.value.days_in_month == 28


def test_an_impossible_month_is_named_and_the_order_recalled() -> None:
    with pytest.raises(NotADate, match="there is no month 31; the day comes first") as refused:
        parse_date("12/31/2026")
    assert refused.value.parts == (12, 31, 2026)
    assert refused.value.days_in_month is None


def test_a_two_digit_year_is_told_the_remedy() -> None:
    with pytest.raises(NotADate, match="write all four"):
        parse_date("1/2/26")


def test_an_instant_is_no_day() -> None:
    instant = datetime(2026, 12, 14, 20, tzinfo=UTC)
    window = Window.annual(2026, closes=(12, 14))
    for misuse in (
        lambda: format_date(instant),
        lambda: format_official("Tây Ninh", instant),
        lambda: weekday_name(instant),
        lambda: start_of_day(instant),
        lambda: end_of_day(instant),
        lambda: window.contains(instant),
        lambda: Window(instant, instant),
    ):
        with pytest.raises(TypeError, match="day_of"):
            misuse()


def test_an_instant_without_a_zone_falls_on_no_day() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        day_of(datetime(2026, 12, 14))  # noqa: DTZ001 - the naive instant is the point


def test_a_window_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before its start"):
        Window(date(2026, 1, 2), date(2026, 1, 1))


def test_a_reporting_year_cannot_close_on_a_day_that_a_year_lacks() -> None:
    with pytest.raises(ValueError, match="day"):
        Window.annual(2028, closes=(2, 29))


# What is read


@pytest.mark.parametrize(
    "text",
    [
        "01/02/2026",
        "1/2/2026",
        "01-02-2026",
        "1.2.2026",
        "01.02.2026",
        "2026-02-01",
        "01022026",
        " 01/2/2026\u00a0",
    ],
)
def test_a_date_is_read_day_first(text: str) -> None:
    assert parse_date(text) == date(2026, 2, 1)


def test_a_leap_day_is_a_day() -> None:
    assert parse_date("29/02/2028") == date(2028, 2, 29)


@given(DAYS)
def test_what_is_printed_is_read_back(d: date) -> None:
    assert parse_date(format_date(d)) == d
    assert parse_date(d.isoformat()) == d
    assert parse_date(format_date(d).replace("/", "")) == d
    assert parse_date(f"{d.day}.{d.month}.{d.year}") == d


@given(DAYS)
def test_eight_digits_are_never_two_dates(d: date) -> None:
    with pytest.raises(NotADate):
        parse_date(d.isoformat().replace("-", ""))


@given(st.text(alphabet="0123456789/-. ", max_size=12))
def test_any_text_is_read_day_first_or_refused(text: str) -> None:
    with suppress(NotADate):
        read = parse_date(text)
        assert text.strip().startswith((f"{read.day}", f"{read.day:02}", f"{read.year}-"))


# What is printed


@pytest.mark.parametrize(
    ("d", "text"),
    [
        (date(2026, 12, 5), "Tây Ninh, ngày 05 tháng 12 năm 2026"),
        (date(2026, 1, 31), "Tây Ninh, ngày 31 tháng 01 năm 2026"),
        (date(2026, 2, 10), "Tây Ninh, ngày 10 tháng 02 năm 2026"),
        (date(2026, 3, 9), "Tây Ninh, ngày 09 tháng 3 năm 2026"),
    ],
)
def test_an_official_date_takes_zeros_where_the_decree_says(d: date, text: str) -> None:
    assert format_official("Tây Ninh", d) == text


def test_a_date_left_for_the_pen_keeps_its_room_on_any_page() -> None:
    text = format_official_blank("Tây Ninh", 2026)
    assert text.replace("\u00a0", " ") == "Tây Ninh, ngày      tháng      năm 2026"
    assert "  " not in text


def test_weekdays_have_their_names() -> None:
    names = [weekday_name(date(2026, 12, 7) + timedelta(days=n)) for n in range(7)]
    assert names == ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"]
    assert weekday_name(date(2026, 12, 10)) == "thứ Năm"


# Windows


def test_a_reporting_year_runs_from_the_day_after_the_last_close() -> None:
    assert Window.annual(2026, closes=(12, 14)) == Window(date(2025, 12, 15), date(2026, 12, 14))
    assert Window.annual(2026, closes=(12, 31)) == Window(date(2026, 1, 1), date(2026, 12, 31))


def test_both_ends_of_a_window_belong_to_it() -> None:
    window = Window.annual(2026, closes=(12, 14))
    inside = [date(2025, 12, 15), date(2026, 6, 1), date(2026, 12, 14)]
    assert all(map(window.contains, inside))
    assert not any(map(window.contains, [date(2025, 12, 14), date(2026, 12, 15)]))


def test_a_window_holds_its_last_day_to_the_last_moment_in_vietnam() -> None:
    begins, over = Window(date(2026, 12, 14), date(2026, 12, 14)).instants()
    assert begins == datetime(2026, 12, 13, 17, tzinfo=UTC)
    assert over == datetime(2026, 12, 14, 17, tzinfo=UTC)
    assert over == end_of_day(date(2026, 12, 14)) == start_of_day(date(2026, 12, 15))
    assert begins.tzinfo is VN


def test_a_late_evening_in_london_is_the_next_day_in_vietnam() -> None:
    assert day_of(datetime(2026, 12, 14, 16, 59, 59, tzinfo=UTC)) == date(2026, 12, 14)
    assert day_of(datetime(2026, 12, 14, 17, tzinfo=UTC)) == date(2026, 12, 15)


@given(st.integers(1950, 2090), st.dates(date(2025, 1, 1), date(2025, 12, 31)))
def test_reporting_years_neither_gap_nor_overlap(year: int, closing: date) -> None:
    closes = (closing.month, closing.day)
    this, following = Window.annual(year, closes=closes), Window.annual(year + 1, closes=closes)
    assert this.end + timedelta(days=1) == following.start
    assert this.instants()[1] == following.instants()[0]


@given(RECENT_DAYS, st.integers(0, 400), RECENT_DAYS, st.integers(0, 86_399))
def test_a_window_holds_a_day_exactly_when_it_holds_the_moments_of_that_day(
    start: date, length: int, d: date, second: int
) -> None:
    window = Window(start, start + timedelta(days=length))
    moment = start_of_day(d).astimezone(UTC) + timedelta(seconds=second)
    begins, over = window.instants()
    assert day_of(moment) == d
    assert window.contains(d) == (begins <= moment < over)
