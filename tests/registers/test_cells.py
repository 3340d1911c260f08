"""Single cells of a sheet that comes in: numbers, days and codes are read as they are shown, and never guessed."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from chuan.assurance.register import VERSIONS
from chuan.instruments.register import INTERVALS
from chuan.laboratories.register import RECOGNITIONS
from chuan.registers.importing import check
from chuan.registers.rules import Verdict
from tests.cast import Cast
from tests.instruments.builders import kind
from tests.registers.books import book
from tests.registers.test_excel_in import GIVEN, PAPER, VERSION_HEADS

pytestmark = pytest.mark.django_db


def _months(cast: Cast, months: Any, number_format: str = "General") -> list[Any]:
    heads = ("Loại", "Chu kỳ kiểm định (tháng)", "Văn bản quy định", "Áp dụng cho lần kiểm định từ ngày")
    content = book(heads, (kind(cast).code, months, "TT 03/2024", None), formats={"B2": number_format})
    return list(check(cast.specialist.actor, INTERVALS, content).rows)


@pytest.mark.parametrize("months", [1.234, "1,5", "mười hai", -12, 0, 601])
def test_a_count_that_is_none_is_refused(cast: Cast, months: Any) -> None:
    row = _months(cast, months)[0]
    assert row.verdict == Verdict.WRONG
    assert row.problems[0][0] == "B2"


@pytest.mark.parametrize("months", [12, 12.0, "12", " 12 "])
def test_a_count_is_read_as_number_or_text(cast: Cast, months: Any) -> None:
    assert _months(cast, months)[0].planned.facts["months"] == 12


def _share(cast: Cast, share: Any, number_format: str = "General") -> Any:
    heads = (*VERSION_HEADS, "Tỷ lệ vốn nhà nước (%)")
    term = (date(2026, 1, 1), date(2026, 12, 31))
    row = ("dn-a", 1, "Chương trình", *term, "Có", "Có vốn nhà nước", share)
    return check(cast.specialist.actor, VERSIONS, book(heads, row, formats={"H2": number_format})).rows[0]


@pytest.mark.parametrize(
    ("share", "number_format", "said"),
    [
        ("1.234", "General", "có thể đọc theo hai cách"),
        (0.51, "0%", "“51%” không phải là số"),
        (1.234, "General", "tối đa hai chữ số thập phân"),
        ("=51", "General", "ô có công thức"),
    ],
)
def test_a_number_with_two_readings_is_asked_about(cast: Cast, share: Any, number_format: str, said: str) -> None:
    row = _share(cast, share, number_format)
    assert row.verdict == Verdict.WRONG
    assert row.problems[0][0] == "H2"
    assert said in row.problems[0][1]


@pytest.mark.parametrize(("share", "read"), [("36,5", "36.5"), (36.5, "36.5"), (51, "51"), (0.1 + 0.2, "0.3")])
def test_a_share_is_read_as_it_is_shown(cast: Cast, share: Any, read: str) -> None:
    assert _share(cast, share).planned.facts["state_share"] == Decimal(read)


@pytest.mark.parametrize(
    ("day", "read"),
    [
        ("01/02/2026", date(2026, 2, 1)),
        (datetime.combine(date(2026, 2, 1), time()), date(2026, 2, 1)),
        ("2026-02-01", date(2026, 2, 1)),
        ("02/13/2026", None),
        ("1/2/26", None),
        (46054, None),
        (datetime.combine(date(2026, 2, 1), time(8, 30)), None),
    ],
)
def test_01_02_2026_is_the_first_of_february_and_what_is_no_day_is_refused(
    cast: Cast, day: Any, read: date | None
) -> None:
    row = check(cast.specialist.actor, RECOGNITIONS, book(GIVEN, (*PAPER[:4], day, PAPER[5]))).rows[0]
    if read is None:
        assert row.verdict == Verdict.WRONG
        assert row.problems[0][0] == "E2"
    else:
        assert row.planned is not None
        assert row.planned.facts["valid_from"] == read


@pytest.mark.parametrize(
    ("number", "number_format", "kept"),
    [("0186-01", "General", "0186-01"), ("0186", "@", "0186"), (186, "0000", "0186"), (3961, "General", "3961")],
)
def test_a_code_keeps_the_zeros_that_its_reader_sees(cast: Cast, number: Any, number_format: str, kept: str) -> None:
    content = book(GIVEN, (*PAPER[:2], number, *PAPER[3:]), formats={"C2": number_format})
    row = check(cast.specialist.actor, RECOGNITIONS, content).rows[0]
    assert row.planned is not None
    assert row.planned.facts["number"] == kept
