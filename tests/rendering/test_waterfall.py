"""The waterfall: refuses impossible changes, says all in words, draws true lengths, is the same on page and paper."""

import io
import re
from decimal import Decimal

import docx
import pytest
from django.utils import translation
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chuan.rendering.drawings import check_svg, svg_to_png
from chuan.rendering.pdf import render_pdf
from chuan.rendering.waterfall import Step, Waterfall, waterfall
from chuan.rendering.word import render_docx
from tests.rendering.samples import HOSTILE, report

SVG = "{http://www.w3.org/2000/svg}"
STEPS = (
    Step("Bản ghi bị hủy sau ngày chốt", -3),
    Step("Bản ghi ghi sau ngày chốt", 5),
    Step("Người trùng được gộp với người đã tính ở đơn vị khác trên địa bàn của Kế hoạch", -2),
)


def drawn(**changes: object) -> Waterfall:
    given_: dict[str, object] = {"issued": ("Đã phát hành", 20), "steps": STEPS, "today": "Hôm nay", "unit": "người"}
    return waterfall("Từ số đã phát hành đến hôm nay", **(given_ | changes))  # type: ignore[arg-type]


def bars(made: Waterfall) -> list[tuple[str, float, float]]:
    root = etree.fromstring(str(made.svg))
    return [(r.get("class"), float(r.get("x")), float(r.get("width"))) for r in root.iter(f"{SVG}rect")]


def test_refuses_a_value_that_would_fall_below_nothing() -> None:
    with pytest.raises(ValueError, match="below 0"):
        drawn(issued=("a", 2))
    with pytest.raises(ValueError, match="below 0"):
        drawn(issued=("a", -1), steps=())


def test_all_is_said_in_words() -> None:
    assert drawn().words == (
        "Từ số đã phát hành đến hôm nay. Đã phát hành: 20 người; Bản ghi bị hủy sau ngày chốt: −3; Bản ghi ghi sau "
        f"ngày chốt: +5; {STEPS[2].label}: −2; Hôm nay: 20 người"
    )
    root = etree.fromstring(str(drawn().svg))
    assert root.findtext(f"{SVG}desc") in drawn().words
    assert root.get("role") == "img"


def test_bars_begin_where_the_last_ended_and_are_as_long_as_their_numbers() -> None:
    kinds, lefts, widths = zip(*bars(drawn()), strict=True)
    assert kinds == ("chart-bar", "chart-removed", "chart-added", "chart-removed", "chart-bar")
    unit = 440 / 22
    assert lefts[0] == lefts[4] == 0
    assert widths[0] == widths[4] == pytest.approx(20 * unit, abs=0.1)
    assert (lefts[1], widths[1]) == (pytest.approx(17 * unit + 1, abs=0.1), pytest.approx(3 * unit - 2, abs=0.1))
    assert (lefts[2], widths[2]) == (pytest.approx(17 * unit, abs=0.1), pytest.approx(5 * unit, abs=0.1))


def test_small_changes_of_a_large_value_are_seen_and_the_cut_scale_is_said() -> None:
    made = drawn(issued=("Đã phát hành", 823_374))
    assert "Thang đo không bắt đầu từ 0." in made.words
    assert "chart-cut" in made.svg
    assert min(width for _, _, width in bars(made)) > 20
    assert "chart-cut" not in drawn().svg
    with translation.override("en"):
        assert "The scale does not begin at 0." in drawn(issued=("Issued", 823_374), lang="en").words


def test_decimals_and_nothing_changed() -> None:
    made = drawn(issued=("a", Decimal("12.5")), steps=(Step("b", Decimal("-0.5")),), unit="")
    assert "a: 12,5; b: −0,5; Hôm nay: 12" in made.words
    assert [width for _, _, width in bars(drawn(steps=()))] == [440, 440]
    assert len(bars(drawn(issued=("a", 0), steps=()))) == 2


@given(st.lists(st.integers(-50, 80), max_size=8), st.text(max_size=80))
def test_no_bar_leaves_the_drawing_and_any_label_is_text(changes: list[int], label: str) -> None:
    made = drawn(issued=("a", 400), steps=[Step(label, change) for change in changes])
    assert all(left >= 0 and left + width <= 440.2 for _, left, width in bars(made))
    check_svg(str(made.svg))
    assert len(bars(made)) == len(changes) + 2


def test_a_hostile_label_stays_text_and_a_long_one_is_kept_whole_in_lines() -> None:
    made = drawn(steps=(Step(HOSTILE, 1), Step("W" * 200, 1)))
    said = "".join(etree.fromstring(str(made.svg)).itertext())
    assert "".join(HOSTILE.split()) in "".join(said.split())
    root = etree.fromstring(str(made.svg))
    lines = [t.text for t in root.iter(f"{SVG}text") if re.fullmatch("W+", t.text or "")]
    assert "".join(lines) == "W" * 200
    assert max(map(len, lines)) < 40


def test_the_same_drawing_goes_into_word_and_pdf_with_its_words() -> None:
    made = drawn()
    doc = report(body=(made.block(0.9),), annexes=())
    assert render_pdf(doc).startswith(b"%PDF")
    root = docx.Document(io.BytesIO(render_docx(doc))).element
    assert [o.get("descr") for o in root.iter(qn("wp:docPr"))] == [made.words]
    assert svg_to_png(str(made.svg), width_mm=140).startswith(b"\x89PNG")
