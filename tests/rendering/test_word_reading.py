"""An edited Word file taken back: refused with a reason, or unchanged whatever programs did to it by themselves."""

import contextlib
import hashlib
import io
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuan.rendering.blocks import FigureInline, Paragraph
from chuan.rendering.errors import UnreadableDocument
from chuan.rendering.word import render_docx
from chuan.rendering.word_reading import Original, read_original, take_back
from tests.rendering.returned import ORIGINAL, PRINTED, RESULTS, back, documents
from tests.rendering.samples import report
from tests.rendering.word_hands import W, control, decomposed, edited, new_paragraph, split_runs, typed, without_tags

FILES = Path(__file__).parent / "files"


# ---- refusals ---------------------------------------------------------------------------------------------------


def zipped(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "còn nguyên vẹn"),
        (PRINTED[:3000], "còn nguyên vẹn"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "kiểu cũ"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (b"{\\rtf1 x}", "RTF"),
        (b"%PDF-1.7", "PDF"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.text"), "OpenDocument"),
        (zipped(**{"a.txt": b"x"}), "còn nguyên vẹn"),
        (PRINTED.ljust(60_000_001), "quá lớn"),
    ],
)
def test_refuses_what_is_no_word_file_and_says_what_it_is(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        take_back(ORIGINAL, data)


def test_refuses_a_workbook_in_words_clothing_and_a_file_without_a_main_part() -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    one = f'<Relationship Id="a" Type="{kind}" Target="x.xml"{{}}/>'
    for relation, reason in (
        ("", "nguyên vẹn"),
        (one.format(' TargetMode="External"'), "nguyên vẹn"),
        (one.format(""), "Lưu thành"),
    ):
        data = zipped(**{"_rels__.rels": rels.format(relation).encode(), "x.xml": b"<workbook/>"})
        with pytest.raises(UnreadableDocument, match=reason):
            take_back(ORIGINAL, data)


def test_refuses_another_dialect_of_word_and_says_how_to_save() -> None:
    def strict(root: Any) -> None:
        for element in root.iter():
            element.tag = element.tag.replace(W, "{http://purl.oclc.org/ooxml/wordprocessingml/main}")

    with pytest.raises(UnreadableDocument, match="Lưu thành"):
        back(strict)


def test_refuses_another_document() -> None:
    other = report(body=(Paragraph((FigureInline("X-1", "9"),)),), place="Long An", kind="TỜ TRÌNH", annexes=())
    with pytest.raises(UnreadableDocument, match="không phải là bản đã sửa"):
        take_back(ORIGINAL, render_docx(other))


def test_refuses_more_text_than_any_report_has() -> None:
    long = " ".join(hashlib.sha256(bytes([n % 256, n // 256])).hexdigest() for n in range(50_000))
    with pytest.raises(UnreadableDocument, match="quá nhiều chữ"):
        back(lambda root: control(root, "loi:chi-dao.1").append(new_paragraph(long)))


def test_a_monotonous_flood_of_lines_is_answered_in_bearable_time() -> None:
    def flood(root: Any) -> None:
        place = control(root, "loi:chi-dao.1")
        for number in range(8_000):
            place.append(new_paragraph(f"Sở đã {number % 7}"))

    data = edited(PRINTED, flood)
    started = time.monotonic()
    assert len(take_back(ORIGINAL, data).added) == 8_000
    assert time.monotonic() - started < 5


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_a_file_whose_parts_are_lost_or_misplaced_is_answered_or_refused(dice: Any) -> None:
    def shuffle(root: Any) -> None:
        for _ in range(5):
            elements = [e for e in root.iter() if e.getparent() is not None]
            moved, place = dice.choice(elements), dice.choice(elements)
            if place not in list(moved.iter()):
                place.append(moved) if dice.random() < 0.5 else moved.getparent().remove(moved)

    with contextlib.suppress(UnreadableDocument):
        back(shuffle)


# ---- nothing changed --------------------------------------------------------------------------------------------


def test_the_original_says_its_wordings_and_figures() -> None:
    assert ORIGINAL.paragraphs == {
        "chi-dao.1": "Sở đã ban hành văn bản “hướng dẫn” – đúng hạn.",
        "dao-tao.1": RESULTS.format("03\u00a0lớp", "50\u00a0người"),
    }
    assert ORIGINAL.figures == {"DT-01": "03\u00a0lớp", "DT-02": "50\u00a0người", "K-1": "1.234", "K-2": "0,5\u00a0%"}


@settings(max_examples=30)
@given(documents(), st.integers(0, 999))
def test_an_unedited_file_reads_back_as_unchanged_however_word_cut_its_runs(document: Any, seed: int) -> None:
    data = render_docx(document)
    original = read_original(data)
    assert take_back(original, data).is_unchanged
    assert take_back(original, edited(data, split_runs(seed), decomposed, split_runs(seed + 1))).is_unchanged


@pytest.mark.parametrize("edit", [split_runs(1), decomposed, without_tags], ids=["runs", "nfd", "tags"])
def test_what_programs_do_by_themselves_is_no_change(edit: Any) -> None:
    assert back(edit).is_unchanged


def test_quotation_marks_dashes_and_spaces_set_by_word_are_no_change() -> None:
    assert back(typed("“hướng dẫn” – đúng", '"hướng  dẫn" - đúng'), typed("\u00a0", " ")).is_unchanged


def test_a_file_saved_by_libreoffice_is_unchanged() -> None:
    original = read_original((FILES / "printed.docx").read_bytes())
    assert take_back(original, (FILES / "saved-by-libreoffice.docx").read_bytes()).is_unchanged


def test_a_file_that_lost_its_controls_on_the_way_through_another_format_still_says_its_numbers() -> None:
    original = read_original((FILES / "printed.docx").read_bytes())
    told = take_back(original, (FILES / "passed-through-odt.docx").read_bytes())
    assert {lost.code for lost in told.lost} == set(original.figures)
    assert all(lost.standing == lost.frozen for lost in told.lost)
    assert (told.changed, told.added, told.removed, told.figures, told.fixed) == ((), (), (), (), ())


def test_an_original_without_lines_takes_back_anything_as_added() -> None:
    assert len(take_back(Original(()), PRINTED).added) == len(ORIGINAL.lines)
