"""What an edited Word file is told to say otherwise: each changed number, each wording, and nothing else."""

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from chuan.rendering.blocks import Column, FigureInline, Footnote, Heading, Paragraph, Table, Text
from chuan.rendering.word import render_docx
from chuan.rendering.word_reading import read_original, take_back
from chuan.rendering.word_xml import node, run
from tests.rendering.returned import ORIGINAL, PRINTED, back, documents
from tests.rendering.samples import report
from tests.rendering.word_hands import (
    W,
    control,
    edited,
    new_paragraph,
    split_runs,
    track,
    typed,
    unwrap,
    with_part,
    without_tags,
)

# ---- numbers changed by hand ------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [without_tags, unwrap, split_runs(3)], ids=["name", "bare", "runs"])
def test_every_number_changed_by_hand_is_named(first: Any) -> None:
    def other(root: Any) -> None:
        for old, new in (
            ("03\u00a0lớp", "05\u00a0lớp"),
            ("50\u00a0người", "52\u00a0người"),
            ("1.234", "1.235"),
            ("0,5", "0,9"),
        ):
            typed(old, new)(root)

    told = take_back(ORIGINAL, edited(PRINTED, other, first))
    assert [(f.code, f.found.replace("\u00a0", " "), f.place) for f in told.figures] == [
        ("DT-01", "05 lớp", "mục II.3"),
        ("DT-02", "52 người", "mục II.3"),
        ("DT-02", "52 người", "mục II.3"),
        ("K-1", "1.235", "Phụ lục I, trong bảng"),
        ("K-2", "0,9 %", "Phụ lục I, trong bảng"),
    ]
    assert str(told.figures[1]) == "52\u00a0người ≠ 50\u00a0người đã chốt, mục II.3"
    assert (told.changed, told.added, told.removed, told.fixed) == ((), (), (), ())


@settings(max_examples=20)
@given(documents())
def test_every_figure_altered_anywhere_is_named(document: Any) -> None:
    data = render_docx(document)
    original = read_original(data)

    def add_one(root: Any) -> None:
        for found in root.iter(f"{W}sdt"):
            if not found.find(f"{W}sdtPr/{W}tag").get(f"{W}val").startswith("loi:"):
                next(found.iter(f"{W}t")).text += "7"

    told = take_back(original, edited(data, add_one))
    printed = [spot.code for line in original.lines for spot in line.spots]
    assert sorted(f.code for f in told.figures) == sorted(printed)
    assert (told.changed, told.fixed) == ((), ())


def test_a_number_changed_in_one_of_two_places_is_named_once() -> None:
    assert [f.found for f in back(typed("50\u00a0người", "52\u00a0người", times=1)).figures] == ["52\u00a0người"]


def test_a_number_that_was_deleted_is_named_and_so_is_the_wording() -> None:
    def cut(root: Any) -> None:
        gone = control(root, "DT-01").getparent()
        gone.getparent().remove(gone)

    told = back(cut)
    assert [(lost.code, lost.standing, lost.place) for lost in told.lost] == [("DT-01", "", "mục II.3")]
    assert told.figures == ()
    assert [c.new for c in told.changed] == ["Trong kỳ đã mở  với 50\u00a0người; các đơn vị phối hợp chặt chẽ."]


def test_a_number_in_a_copied_control_is_held_against_the_frozen_one() -> None:
    def copy_it(root: Any) -> None:
        made = new_paragraph("Nhắc lại: ")
        made.append(node("w:sdt", node("w:sdtPr", node("w:tag", val="DT-02")), node("w:sdtContent", run("60 người"))))
        control(root, "loi:dao-tao.1").append(made)

    told = back(copy_it)
    assert [(f.code, f.found) for f in told.figures] == [("DT-02", "60 người")]
    assert [a.after for a in told.added] == ["dao-tao.1"]


# ---- wordings -----------------------------------------------------------------------------------------------------


def test_a_wording_that_changed_is_told_with_its_frozen_figures_in_it() -> None:
    told = back(
        typed("Trong kỳ đã mở ", "Năm 2026, Sở tổ chức được 04 đợt, "), typed("50\u00a0người", "52\u00a0người", 1)
    )
    (changed,) = told.changed
    assert (changed.key, changed.old, changed.place) == ("dao-tao.1", ORIGINAL.paragraphs["dao-tao.1"], "mục II.3")
    assert changed.pieces == (
        Text("Năm 2026, Sở tổ chức được 04 đợt, "),
        FigureInline("DT-01", "03\u00a0lớp"),
        Text(" với "),
        FigureInline("DT-02", "50\u00a0người"),
        Text("; các đơn vị phối hợp chặt chẽ."),
    )
    assert changed.new.startswith("Năm 2026, Sở tổ chức được 04 đợt, 03\u00a0lớp với 50\u00a0người;")
    assert changed.typed_numbers == ("2026", "04")
    assert [f.found for f in told.figures] == ["52\u00a0người"]


@settings(max_examples=30)
@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1, max_size=60))
def test_whatever_is_typed_into_a_wording_is_told_of_that_wording_alone(typing: str) -> None:
    told = back(typed("Sở đã ban hành văn bản", f"Sở đã {typing} ban hành văn bản"))
    assert {c.key for c in told.changed} <= {"chi-dao.1"}
    assert (told.added, told.removed, told.figures, told.lost, told.fixed) == ((), (), (), (), ())


def test_a_wording_is_found_again_without_its_control() -> None:
    told = back(typed("đúng hạn", "trước hạn"), unwrap)
    assert [(c.key, c.new) for c in told.changed] == [("chi-dao.1", "Sở đã ban hành văn bản “hướng dẫn” – trước hạn.")]


def test_enter_inside_a_wording_adds_a_paragraph_before_or_after_it() -> None:
    def enter(root: Any) -> None:
        place = control(root, "loi:dao-tao.1")
        place.insert(0, new_paragraph("Đoạn mở đầu."))
        place.append(new_paragraph("Đã cấp 45 giấy chứng nhận."))

    told = back(enter)
    assert [(a.after, a.text, a.place) for a in told.added] == [
        ("chi-dao.1", "Đoạn mở đầu.", "mục II.3"),
        ("dao-tao.1", "Đã cấp 45 giấy chứng nhận.", "mục II.3"),
    ]
    assert told.added[1].typed_numbers == ("45",)
    assert (told.changed, told.removed, told.fixed) == ((), (), ())


def test_a_removed_wording_is_told_with_its_figures() -> None:
    def cut(root: Any) -> None:
        gone = control(root, "loi:dao-tao.1").getparent()
        gone.getparent().remove(gone)

    told = back(cut)
    assert [(r.key, r.place) for r in told.removed] == [("dao-tao.1", "mục II.3")]
    assert [(lost.code, lost.standing) for lost in told.lost] == [("DT-01", ""), ("DT-02", "")]
    emptied = back(lambda root: [p.clear() for p in control(root, "loi:chi-dao.1").iter(f"{W}p")])
    assert [r.key for r in emptied.removed] == ["chi-dao.1"]


def test_words_that_word_shows_in_an_emptied_control_are_nobodys_wording() -> None:
    def empty(root: Any) -> None:
        for tag, shown in (
            ("loi:chi-dao.1", new_paragraph("Bấm vào đây để nhập văn bản.")),
            ("K-1", run("Bấm vào đây.")),
        ):
            place = control(root, tag)
            place.getparent().find(f"{W}sdtPr").append(node("w:showingPlcHdr"))
            for old in list(place):
                place.remove(old)
            place.append(shown)

    told = back(empty)
    assert [r.key for r in told.removed] == ["chi-dao.1"]
    assert [(lost.code, lost.standing) for lost in told.lost] == [("K-1", "")]
    assert (told.added, told.changed, told.figures) == ((), (), ())


def test_text_that_nobody_words_freely_is_told_where_it_changed() -> None:
    told = back(typed("3. Đào tạo", "3. Đào tạo, bồi dưỡng"), typed("Công tơ", "Công tơ điện"))
    assert [(f.new, f.place) for f in told.fixed] == [
        ("3. Đào tạo, bồi dưỡng", "mục II.3"),
        ("Công tơ điện | 0,5\u00a0%", "Phụ lục I, trong bảng"),
    ]


def test_a_row_and_a_text_box_that_were_added_are_told() -> None:
    def grow(root: Any) -> None:
        table = root.findall(f".//{W}tbl")[-1]
        table.append(node("w:tr", node("w:tc", new_paragraph("Taximet")), node("w:tc", new_paragraph("12"))))
        box = node("w:pict", node("w:txbxContent", new_paragraph("Ghi trong hộp chữ")))
        control(root, "loi:chi-dao.1")[0].append(node("w:r", box))

    assert [(a.after, a.text) for a in back(grow).added] == [
        ("chi-dao.1", "Ghi trong hộp chữ"),
        ("dao-tao.1", "Taximet | 12"),
    ]


@pytest.mark.parametrize("first", [lambda root: None, unwrap], ids=["whole", "bare"])
def test_a_wording_that_was_moved_is_still_that_wording_and_hides_no_change_around_it(first: Any) -> None:
    def move(root: Any) -> None:
        moved = control(root, "loi:chi-dao.1").getparent()
        control(root, "loi:dao-tao.1").getparent().addnext(moved)

    told = back(move, typed("3. Đào tạo", "3. Đào tạo, bồi dưỡng"), first)
    assert (told.changed, told.removed, told.figures) == ((), (), ())
    assert [f.old for f in told.fixed if f.new] == ["3. Đào tạo"]


def test_a_table_that_lost_its_controls_and_changed_in_every_row_is_told_row_by_row() -> None:
    rows = tuple((f"Đơn vị {n}", (FigureInline(f"U-{n}", f"{n}", "người"),)) for n in range(1, 351))
    data = render_docx(report(body=(Table((Column("a"), Column("b")), rows),), annexes=()))
    told = take_back(read_original(data), edited(data, typed("\u00a0người", "9 người"), unwrap))
    assert [(f.code, f.found) for f in told.figures] == [(f"U-{n}", f"{n}9 người") for n in range(1, 351)]


def test_a_place_is_named_by_number_or_by_words() -> None:
    blocks = (
        Heading(1, "KIẾN NGHỊ"),
        Heading(2, "1.2. Kinh phí"),
        Heading(3, "a) Chi"),
        Paragraph((Text("Cũ kỹ lắm"),), "k"),
    )
    data = render_docx(report(body=blocks, annexes=()))
    told = take_back(read_original(data), edited(data, typed("Cũ kỹ", "Mới mẻ")))
    assert [c.place for c in told.changed] == ["mục “KIẾN NGHỊ”.1.2.a"]


def test_a_control_around_a_whole_paragraph_and_one_of_somebody_else_are_read() -> None:
    def wrap(root: Any) -> None:
        line = control(root, "DT-01").getparent()
        foreign = node("w:sdt", node("w:sdtPr", node("w:tag", val="X")), node("w:sdtContent", run("của người khác ")))
        line.getparent().insert(0, foreign)
        whole = new_paragraph("50 người")
        tag = node("w:sdtPr", node("w:tag", val="DT-02"))
        control(root, "loi:dao-tao.1").append(node("w:sdt", tag, node("w:sdtContent", whole)))

    told = back(wrap)
    assert (told.figures, told.lost) == ((), ())
    assert [c.new[:15] for c in told.changed] == ["của người khác "]
    assert [(a.after, a.text) for a in told.added] == [("dao-tao.1", "50 người")]


def test_tabs_breaks_hyphens_signs_and_equations_are_read_as_what_they_look_like() -> None:
    def marks(root: Any) -> None:
        text = control(root, "loi:chi-dao.1").find(f".//{W}r")
        parts = [node("w:tab"), node("w:noBreakHyphen"), node("w:br"), node("w:br", type="page"), node("w:t", text="x")]
        text.extend([*parts, node("w:sym", char="F0B3"), node("w:instrText", text="PAGE")])
        math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
        text.addnext(etree.fromstring(f'<m:oMath xmlns:m="{math}"><m:r><m:t>a+b</m:t></m:r></m:oMath>'))

    assert [c.new for c in back(marks).changed] == [f"{ORIGINAL.paragraphs['chi-dao.1']} -\nx□a+b"]


# ---- tracked changes and comments ---------------------------------------------------------------------------------


def test_tracked_changes_are_read_as_accepted_and_their_authors_named() -> None:
    def tracked(root: Any) -> None:
        first = control(root, "loi:chi-dao.1")[0].find(f"{W}r")
        first.addprevious(track("ins", run("Sở KH&CN đã trình; ")))
        first.addnext(track("del", run("chữ bị xóa", bold=True), author="Nguyễn Văn Phòng"))

    told = back(tracked)
    assert [c.new for c in told.changed] == ["Sở KH&CN đã trình; Sở đã ban hành văn bản “hướng dẫn” – đúng hạn."]
    assert [(t.author, t.insertions, t.deletions) for t in told.tracked] == [
        ("Nguyễn Văn Phòng", 0, 1),
        ("Trần Thị Lãnh Đạo", 1, 0),
    ]
    assert not told.is_unchanged


def test_a_tracked_deletion_of_a_paragraphs_end_joins_it_to_the_next() -> None:
    def join(root: Any) -> None:
        place = control(root, "loi:chi-dao.1")
        first, second = new_paragraph("Sở đã ban hành văn "), new_paragraph("bản “hướng dẫn” – đúng hạn.")
        mark = node("w:del", id="1", author="A")
        first.insert(0, node("w:pPr", node("w:rPr", mark)))
        place.clear()
        place.extend([first, second])

    told = back(join)
    assert (told.changed, told.added, told.removed) == ((), (), ())
    assert [t.author for t in told.tracked] == ["A"]


def test_a_change_of_looks_alone_changes_no_wording_and_is_named() -> None:
    def embolden(root: Any) -> None:
        old = control(root, "loi:chi-dao.1").find(f".//{W}r")
        old.insert(0, node("w:rPr", node("w:b"), node("w:rPrChange", id="3", author="B")))

    told = back(embolden)
    assert told.changed == ()
    assert [(t.author, t.others) for t in told.tracked] == [("B", 1)]


def test_a_row_deleted_with_changes_tracked_is_gone() -> None:
    def delete_row(root: Any) -> None:
        row = root.findall(f".//{W}tr")[-1]
        row.find(f"{W}trPr").append(node("w:del", id="1", author="A"))

    told = back(delete_row)
    assert [f.old for f in told.fixed] == ["Công tơ | 0,5\u00a0%"]
    assert [lost.code for lost in told.lost] == ["K-2"]


def test_comments_are_named_with_their_authors() -> None:
    xml = (
        f'<w:comments xmlns:w="{W[1:-1]}"><w:comment w:id="0" w:author="Lê Văn Lãnh Đạo"><w:p><w:r><w:t>Xem lại số '
        "này</w:t></w:r></w:p></w:comment><w:comment w:id='1'><w:p/></w:comment></w:comments>"
    )
    told = take_back(ORIGINAL, with_part(PRINTED, "comments.xml", xml, "comments"))
    assert [(c.author, c.text) for c in told.comments] == [("Lê Văn Lãnh Đạo", "Xem lại số này"), ("không rõ tên", "")]


def test_a_footnote_that_changed_is_told() -> None:
    data = render_docx(report())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "mẫu B ghi 15" in archive.read("word/footnotes.xml").decode()
    original = read_original(data)
    other = render_docx(
        report(
            body=tuple(
                Paragraph(tuple(Footnote("Chú thích khác hẳn.") if isinstance(i, Footnote) else i for i in b.inlines))
                if isinstance(b, Paragraph)
                else b
                for b in report().body
            )
        )
    )
    told = take_back(original, other)
    assert [(f.old[:20], f.place) for f in told.fixed] == [("Văn bản mẫu A ghi 10", "chú thích")]
    assert [a.text for a in told.added] == ["Chú thích khác hẳn."]


# ---- a wording with a note at its end ---------------------------------------------------------------------------

OF_A_UNIT = Paragraph((Text("Đã kiểm tra 12 cơ sở."), Footnote("Theo báo cáo của Sở Y tế.")), "doan.p1")


def test_the_mark_of_a_note_at_the_end_stands_behind_the_wording_in_one_paragraph() -> None:
    held: list[Any] = []
    edited(render_docx(report(body=(OF_A_UNIT,), annexes=())), held.append)
    content = control(held[0], "loi:doan.p1")
    assert [run_.tag for run_ in content] == [f"{W}r"]
    assert [child.tag for child in content.getparent().getparent()] == [f"{W}pPr", f"{W}sdt", f"{W}r"]
    assert content.getparent().getnext().find(f"{W}footnoteReference") is not None


def test_a_wording_with_a_note_at_its_end_is_taken_back() -> None:
    data = render_docx(report(body=(OF_A_UNIT,), annexes=()))
    told = take_back(read_original(data), edited(data, typed("12 cơ sở", "12 cơ sở kinh doanh xăng dầu")))
    assert [(one.key, one.new) for one in told.changed] == [("doan.p1", "Đã kiểm tra 12 cơ sở kinh doanh xăng dầu.")]
    assert told.fixed == ()
    assert take_back(read_original(data), data).is_unchanged
