"""A sheet that goes out: text never a formula, the reader's own rows alone, and unchanged when it comes back."""

from typing import Any

import pytest

from chuan.audit.service import head
from chuan.instruments.models import KindFacts
from chuan.instruments.register import KINDS
from chuan.laboratories import register as laboratories
from chuan.laboratories.models import LaboratoryFacts
from chuan.lib import text
from chuan.registers.forms import Shelf
from chuan.registers.importing import check, heading_of_code
from chuan.registers.register import Words
from chuan.registers.rules import Verdict
from chuan.registers.services import correct_record, void_record
from chuan.registers.sheets import write
from tests.cast import Cast
from tests.instruments.builders import kind, said
from tests.laboratories.builders import criteria, laboratory, recognition, scope_line
from tests.registers.books import cells_of, edited, kinds_of
from tests.registers.samples import SAMPLES, Sample
from tests.registers.test_excel_in import apply, send

pytestmark = pytest.mark.django_db
EACH = pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.register.name)


def sheet(browser: Any, sample: Sample) -> bytes:
    """The register as it is downloaded."""
    answer = browser.get(sample.url("sheet"))
    assert answer.status_code == 200
    return bytes(answer.content)


@EACH
def test_headings_name_one_column_each(sample: Sample) -> None:
    labels = [text.search_key(str(f.label)) for f in sample.register.form.base_fields.values()]
    labels.append(text.search_key(heading_of_code()))
    assert len(labels) == len(set(labels))


@EACH
def test_what_went_out_comes_back_unchanged(cast: Cast, sign_in: Any, sample: Sample) -> None:
    sample.make(cast)
    browser = sign_in(cast.specialist)
    browser.post(sample.url("new"), sample.typed(cast))
    content, before = sheet(browser, sample), head()
    found = check(cast.specialist.actor, sample.register, content)
    assert found.rows
    assert {row.verdict for row in found.rows} == {Verdict.SAME}
    assert 'name="token"' not in send(browser, sample.register, content).content.decode()
    assert head() == before


@EACH
def test_every_cell_that_went_out_is_read_as_it_was_meant(cast: Cast, sign_in: Any, sample: Sample) -> None:
    """Without the code each row is read cell by cell, and comes to the record that it went out of."""
    made, browser = sample.make(cast), sign_in(cast.specialist)
    content = sheet(browser, sample)
    row = next(n for n, cells in enumerate(cells_of(content), 1) if cells[0] == made.code)
    found = check(cast.specialist.actor, sample.register, edited(content, {f"A{row}": None}))
    assert [(r.verdict, r.code, r.problems) for r in found.rows] == [(Verdict.SAME, made.code, ())]


@EACH
def test_an_empty_register_goes_out_as_a_form_to_fill_in(cast: Cast, sign_in: Any, sample: Sample) -> None:
    heads = cells_of(sheet(sign_in(cast.specialist), sample))[-1]
    assert heads == [heading_of_code(), *(str(f.label) for f in sample.register.form.base_fields.values())]


@pytest.mark.parametrize("words", ["=1+1", "+84 276", "-cmd", "@SUM(A1)", "'trích", '=HYPERLINK("http://a")', "|x|"])
def test_text_is_never_a_formula_and_comes_back_as_it_was(cast: Cast, sign_in: Any, words: str) -> None:
    made, browser = kind(cast, words, note=words), sign_in(cast.specialist)
    content = sheet(browser, SAMPLES[0])
    assert "f" not in kinds_of(content)
    row = next(n for n, cells in enumerate(cells_of(content), 1) if cells[0] == made.code)
    found = check(cast.specialist.actor, KINDS, edited(content, {f"C{row}": "Nhóm 1"}))
    assert [(r.verdict, len(r.changes)) for r in found.rows] == [(Verdict.CHANGED, 1)]


def test_a_long_text_is_not_cut(cast: Cast) -> None:
    long = "\n".join(f"{n}. Yêu cầu thứ {n} của bộ tiêu chí" for n in range(1, 400))
    criteria(cast, requirements=long)
    register = laboratories.CRITERIA
    rows = register.rows(cast.specialist.actor)
    content = write(register, rows, Words(register, Shelf(cast.specialist.actor)))
    assert [r.verdict for r in check(cast.specialist.actor, register, content).rows] == [Verdict.SAME]


def test_a_record_that_names_what_can_no_longer_be_chosen_comes_back_unchanged(cast: Cast, sign_in: Any) -> None:
    lab = laboratory(cast)
    scope_line(cast, lab, kind(cast))
    named = LaboratoryFacts.objects.live().get(laboratory=lab)
    void_record(actor=cast.specialist.actor, register=laboratories.LABORATORIES, seen=named, reason="Nhầm")
    sample = next(s for s in SAMPLES if s.register is laboratories.LINES)
    content = sheet(sign_in(cast.specialist), sample)
    assert [r.verdict for r in check(cast.specialist.actor, sample.register, content).rows] == [Verdict.SAME]


def test_a_sheet_holds_the_readers_own_rows_alone(cast: Cast, sign_in: Any) -> None:
    recognition(cast, "ĐK 416")
    recognition(cast, "N900", by=cast.specialist, unit=cast.unit("dn-hcm"))
    sample = next(s for s in SAMPLES if s.register is laboratories.RECOGNITIONS)
    held = str(cells_of(sheet(sign_in(cast.laboratory), sample)))
    assert "ĐK 416" in held
    assert "N900" not in held


def test_the_sheet_holds_the_rows_of_the_filtered_page(cast: Cast, sign_in: Any) -> None:
    kind(cast, "Taximet")
    kind(cast, "Cân bàn", kind_list="own")
    browser = sign_in(cast.specialist)
    held = str(cells_of(browser.get(SAMPLES[0].url("sheet"), {"kind_list": "own"}).content))
    assert "Cân bàn" in held
    assert "Taximet" not in held


def test_an_edited_sheet_corrects_the_record_of_its_code(cast: Cast, sign_in: Any) -> None:
    made, browser = kind(cast, "Taximet"), sign_in(cast.specialist)
    content = sheet(browser, SAMPLES[0])
    row = next(n for n, cells in enumerate(cells_of(content), 1) if cells[0] == made.code)
    changed = edited(content, {f"B{row}": "Đồng hồ taximet"})
    page = send(browser, KINDS, changed)
    assert "Đồng hồ taximet" in page.content.decode()
    assert apply(browser, KINDS, page).status_code == 302
    assert said(made).name == "Đồng hồ taximet"
    assert KindFacts.objects.count() == 2


def test_an_old_sheet_does_not_undo_what_was_corrected_since_unseen(cast: Cast, sign_in: Any) -> None:
    """The page shows each change before it is pressed: what the file would take back is named."""
    made, browser = kind(cast, "Taximet"), sign_in(cast.specialist)
    content = sheet(browser, SAMPLES[0])
    correct_record(
        actor=cast.specialist.actor, register=KINDS, seen=said(made), facts={"row_number": "2"}, reason="Theo bảng"
    )
    page = send(browser, KINDS, content).content.decode()
    assert "<s>2</s>" in page
    assert said(made).row_number == "2"
