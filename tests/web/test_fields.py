"""Form fields read what people here type, and ask where it could mean two things."""

import contextlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from chuan.web.forms import CountField, DateField, DecimalField, LineField, ParagraphField


def refused(field: forms.Field, typed: str) -> str:
    with pytest.raises(forms.ValidationError) as caught:
        field.clean(typed)
    return " ".join(caught.value.messages)


@pytest.mark.parametrize("typed", ["12/31/2026", "31/04/2026", "29/02/2026", "1/2/26", "Feb 1, 2026", "0", "abc"])
def test_a_us_an_impossible_or_a_short_date_is_refused_with_an_example(typed: str) -> None:
    said = refused(DateField(), typed)
    assert typed in said
    assert "05/12/2026" in said


@pytest.mark.parametrize("typed", ["1.234,5", "1.234", "1,234", "1,234.5"])
def test_an_ambiguous_decimal_is_asked_about_never_guessed(typed: str) -> None:
    assert "hai cách" in refused(DecimalField(), typed)


@pytest.mark.parametrize("typed", ["8,5,1", "abc", "1e5", "0x10", "NaN", "Infinity", "8,5 kg", "=1+1"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    assert typed in refused(DecimalField(), typed)


@pytest.mark.parametrize("typed", ["-1", "1,5", "abc", "10000000000", "1e3"])
def test_what_is_no_count_is_refused(typed: str) -> None:
    assert refused(CountField(), typed)


@pytest.mark.parametrize("field", [DateField(), CountField(), DecimalField(), LineField(), ParagraphField()])
def test_an_empty_required_field_is_refused(field: forms.Field) -> None:
    assert refused(field, "")


def test_invisible_characters_are_dropped() -> None:
    assert LineField().clean("a\x00b\u202e\u200bc") == "abc"


@pytest.mark.parametrize("typed", ["01/02/2026", "1/2/2026", "1-2-2026", "2026-02-01", " 01/02/2026 "])
def test_the_day_comes_first(typed: str) -> None:
    assert DateField().clean(typed) == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("typed", "value"), [("8,5", "8.5"), ("8.5", "8.5"), ("-0,25", "-0.25"), ("1 234,5", "1234.5")]
)
def test_a_comma_or_a_dot_marks_the_decimals(typed: str, value: str) -> None:
    assert DecimalField().clean(typed) == Decimal(value)


def test_the_decimals_that_were_typed_are_kept() -> None:
    assert str(DecimalField().clean("8,50")) == "8.50"


@pytest.mark.parametrize(("typed", "value"), [("1.234", 1234), ("45", 45), ("1 234 567", 1234567)])
def test_a_count_may_be_grouped(typed: str, value: int) -> None:
    assert CountField().clean(typed) == value


def test_text_is_composed_and_its_spaces_collapsed() -> None:
    assert LineField().clean("  Hoa\u0300   Bi\u0300nh\u200b ") == "Hoà Bình"
    assert ParagraphField().clean("một\r\n\r\n hai  ba ") == "một\n\nhai ba"


@pytest.mark.parametrize(
    ("field", "value"), [(DateField(), date(2026, 2, 1)), (DecimalField(), Decimal("1234.50"))], ids=["date", "decimal"]
)
def test_what_is_shown_is_read_back_the_same(field: Any, value: object) -> None:
    shown = field.prepare_value(value)
    assert shown in {"01/02/2026", "1234,50"}
    assert field.clean(shown) == value


@given(st.text(max_size=60))
def test_no_text_breaks_a_field(typed: str) -> None:
    for field in (DateField(), CountField(), DecimalField(), LineField(), ParagraphField()):
        with contextlib.suppress(forms.ValidationError):
            field.clean(typed)
