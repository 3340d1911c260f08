"""Numbers: what is refused, what is asked about, what is read, and how each is printed."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuan.lib.numbers import (
    MAX_NUMBER_LENGTH,
    AmbiguousNumber,
    NotANumber,
    NumberReason,
    NumberRefused,
    format_count,
    format_decimal,
    format_dong,
    format_trieu,
    format_two_digits,
    parse_count,
    parse_decimal,
)

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4)


def first_reading(text: str) -> Decimal:
    try:
        return parse_decimal(text)
    except AmbiguousNumber as asked:
        return asked.readings[0]


# What is refused


@pytest.mark.parametrize("text", ["", "  ", "\u00a0"])
def test_nothing_is_not_zero(text: str) -> None:
    with pytest.raises(NotANumber) as refused:
        parse_decimal(text)
    assert refused.value.reason is NumberReason.EMPTY


@pytest.mark.parametrize(
    "text",
    [
        *["12a", "5 kg", "50%", "--3", "- 3", "3-", "+", "-", ".", ",", ",5", "5,", "1e309", "1E3", "1_000"],
        *[
            "NaN",
            "Infinity",
            "-inf",
            "0x1F",
            "١٢",
            "１２",
            "½",
            "1/2",
            "8,5,5",
            "12.34.56",
            "1.2.3",
            "1..234",
        ],
        *[
            "1,,5",
            "12 34",
            "1  234",
            "1234 567",
            "1.234 567",
            "1 234.567,8",
            "1.234,567.8",
            "1.23.456,7",
            "0 123",
        ],
        *[
            "0.123.456",
            "0.123,4",
            "1.234.56",
            "1234.567,8",
            "1.234.567.8",
            "=1+1",
            "9**9**9",
            "3\n4",
            "__class__",
        ],
    ],
)
def test_what_is_no_number_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(NotANumber) as refused:
        parse_decimal(text)
    assert refused.value.reason is NumberReason.MALFORMED
    assert refused.value.text == text
    with pytest.raises(NotANumber):
        parse_count(text)


@pytest.mark.parametrize("text", ["1" * (MAX_NUMBER_LENGTH + 1), "1" * 100_000, "1.234" * 20_000, "9 " * 50_000])
def test_a_text_too_long_for_a_number_is_refused_and_not_carried_along(text: str) -> None:
    for parse in (parse_decimal, parse_count):
        with pytest.raises(NotANumber) as refused:
            parse(text)
        assert refused.value.reason is NumberReason.TOO_LONG
        assert len(refused.value.text) == MAX_NUMBER_LENGTH + 1
        assert len(str(refused.value)) < 100


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1.234", ("1234", "1.234")),
        ("1,234", ("1234", "1.234")),
        ("-12.345", ("-12345", "-12.345")),
        ("999,000", ("999000", "999.000")),
        ("1.234,5", ("1234.5", "1.2345")),
        ("1,234.5", ("1234.5", "1.2345")),
        ("−123.456,78", ("-123456.78", "-123.45678")),
        ("1.234,567", ("1234.567", "1.234567")),
    ],
)
def test_a_number_of_two_readings_is_asked_about(text: str, readings: tuple[str, str]) -> None:
    with pytest.raises(AmbiguousNumber) as asked:
        parse_decimal(text)
    assert tuple(map(str, asked.value.readings)) == readings
    assert asked.value.text == text
    assert all(reading in str(asked.value) for reading in readings)


@pytest.mark.parametrize("text", ["8,5", "8.5", "45,0", "1.234,5", "1,234.5", "0.123", "1234,567", "1 234,5", "-8,5"])
def test_a_count_with_decimals_is_refused(text: str) -> None:
    with pytest.raises(NotANumber) as refused:
        parse_count(text)
    assert refused.value.reason is NumberReason.FRACTION


@pytest.mark.parametrize("text", ["-3", "−3", "–1.234"])
def test_a_negative_count_is_refused(text: str) -> None:
    with pytest.raises(NotANumber) as refused:
        parse_count(text)
    assert refused.value.reason is NumberReason.NEGATIVE


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_not_finite_is_never_printed(value: str) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        format_decimal(Decimal(value))


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="'fr'"):
        format_count(1, "fr")


def test_a_negative_count_has_no_official_form() -> None:
    with pytest.raises(ValueError, match="negative"):
        format_two_digits(-1)


# What is read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8,5", "8.5"),
        ("8.5", "8.5"),
        ("8,50", "8.50"),  # the resolution typed is kept
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("012,345", "12.345"),
        ("1234,567", "1234.567"),
        ("1.2345", "1.2345"),
        ("1 234", "1234"),
        ("1 234,5", "1234.5"),
        ("1 234.567", "1234.567"),
        ("1\u00a0234\u202f567,891", "1234567.891"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("1,234,567.8", "1234567.8"),
        ("-3", "-3"),
        ("−3", "-3"),
        ("–0,5", "-0.5"),
        ("+0,5", "0.5"),
        ("  42 ", "42"),
        ("-0,0", "0.0"),
        ("9" * MAX_NUMBER_LENGTH, "9" * MAX_NUMBER_LENGTH),
    ],
)
def test_a_number_is_read_exactly_as_typed(text: str, value: str) -> None:
    assert str(parse_decimal(text)) == value


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", 0),
        ("45", 45),
        ("007", 7),
        ("1 234", 1234),
        ("1.234", 1234),
        ("1,234", 1234),
        ("1.234.567", 1234567),
    ],
)
def test_a_count_is_read_with_any_grouping(text: str, count: int) -> None:
    assert parse_count(text) == count


@given(st.text(max_size=60) | st.text(alphabet="0123456789., -−+", max_size=14))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    with suppress(NumberRefused):
        assert parse_decimal(text).is_finite()
    with suppress(NumberRefused):
        assert parse_count(text) >= 0


@given(st.text(alphabet="0123456789.,", max_size=12))
def test_no_digit_is_lost(text: str) -> None:
    with suppress(NotANumber):
        digits = "".join(map(str, first_reading(text).as_tuple().digits))
        assert digits.lstrip("0") == "".join(filter(str.isdigit, text)).lstrip("0")


# What is printed


@pytest.mark.parametrize(
    ("value", "places", "lang", "text"),
    [
        ("1234567.8", None, "vi", "1.234.567,8"),
        ("1234567.8", None, "en", "1,234,567.8"),
        ("8.50", None, "vi", "8,50"),
        ("0.125", 2, "vi", "0,13"),
        ("2.5", 0, "vi", "3"),
        ("-2.5", 0, "vi", "-3"),
        ("-0.04", 1, "vi", "0,0"),
        ("999.95", 1, "vi", "1.000,0"),
        ("7", 2, "vi", "7,00"),
        ("1E+3", None, "vi", "1.000"),
        ("1E-9", None, "vi", "0,000000001"),
        (
            "12345678901234567890123456789012345678.5",
            0,
            "en",
            "12,345,678,901,234,567,890,123,456,789,012,345,679",
        ),
    ],
)
def test_a_number_is_printed_in_the_language_of_the_page(value: str, places: int | None, lang: str, text: str) -> None:
    assert format_decimal(Decimal(value), places, lang) == text


@given(DECIMALS, st.sampled_from(["vi", "en"]))
def test_what_is_printed_is_read_back_or_asked_about_with_the_right_reading_first(value: Decimal, lang: str) -> None:
    assert first_reading(format_decimal(value, lang=lang)) == value


@given(st.integers(min_value=0, max_value=10**25), st.sampled_from(["vi", "en"]))
def test_a_printed_count_is_read_back(n: int, lang: str) -> None:
    assert parse_count(format_count(n, lang)) == n


@pytest.mark.parametrize(("n", "text"), [(0, "0"), (3, "03"), (9, "09"), (10, "10"), (1234, "1.234")])
def test_small_counts_in_letters_take_a_leading_zero(n: int, text: str) -> None:
    assert format_two_digits(n) == text


def test_money_carries_its_unit_on_the_same_line() -> None:
    assert format_dong(1_500_000) == "1.500.000\u00a0đồng"
    assert format_dong(-20_000, unit=False) == "-20.000"


@pytest.mark.parametrize(
    ("dong", "text"),
    [
        (0, "0"),
        (1, "0,000001"),
        (1_000_000, "1"),
        (1_500_000, "1,5"),
        (1_234_500, "1,2345"),
        (-500_000, "-0,5"),
        (10_000_000, "10"),
        (1_234_567_000_000, "1.234.567"),
    ],
)
def test_millions_are_exact(dong: int, text: str) -> None:
    assert format_trieu(dong, unit=False) == text
    assert format_trieu(dong) == f"{text}\u00a0triệu\u00a0đồng"
