"""The Word file: refusals of what comes back, locked figures, styles, sections, notes, sameness of bytes."""

import contextlib
import io
import time
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from chuan.rendering.blocks import (
    Block,
    Bullets,
    Column,
    FigureInline,
    Footnote,
    GroupRow,
    Heading,
    PageBreak,
    Paragraph,
    QrBlock,
    Signature,
    Table,
    Text,
)
from chuan.rendering.errors import UnreadableDocument
from chuan.rendering.word import read_figures, render_docx
from tests.rendering.samples import DASHES, HOSTILE, LONG_NAME, report

SAMPLE = render_docx(report(watermark="DỰ THẢO"))


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def changed(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            content = source.read(entry)
            target.writestr(entry, change(content) if entry == name else content)
    return out.getvalue()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.7", SAMPLE[:2000], SAMPLE[: len(SAMPLE) // 2]])
def test_refuses_what_is_not_a_whole_word_file(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="Word"):
        read_figures(data)


def test_refuses_a_zip_without_a_document() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(UnreadableDocument):
        read_figures(out.getvalue())


def test_refuses_a_zip_bomb_before_unpacking_it() -> None:
    bomb = changed(SAMPLE, "word/styles.xml", lambda _: b" " * 150_000_000)
    started = time.monotonic()
    with pytest.raises(UnreadableDocument, match="nén bất thường"):
        read_figures(bomb)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]>',
        f'<!--{" " * 9000}--><!DOCTYPE a SYSTEM "http://a.example/">',
    ],
)
def test_refuses_xml_with_entities(prolog: str) -> None:
    with pytest.raises(UnreadableDocument, match="DOCTYPE"):
        read_figures(
            changed(
                SAMPLE,
                "word/document.xml",
                lambda xml: xml.replace(b"<w:document", prolog.encode() + b"<w:document", 1),
            )
        )
    wide = f'<?xml version="1.0" encoding="UTF-16"?>{prolog}<a/>'.encode("utf-16")
    with pytest.raises(UnreadableDocument, match="DOCTYPE"):
        read_figures(changed(SAMPLE, "word/document.xml", lambda _: wide))


@settings(max_examples=150)
@given(st.integers(0, len(SAMPLE) - 1), st.integers(1, 255))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(place: int, flip: int) -> None:
    damaged = bytearray(SAMPLE)
    damaged[place] ^= flip
    with contextlib.suppress(UnreadableDocument):
        read_figures(bytes(damaged))


def test_figures_are_read_back_as_printed() -> None:
    found = read_figures(SAMPLE)
    assert found["DT-01"] == FigureInline("DT-01", "03", "lớp").printed
    assert found["CT-02"] == "1.234,5\u00a0m³/h"
    assert len(found) == 6 + 18


def test_a_number_changed_by_hand_is_seen() -> None:
    by_hand = changed(
        SAMPLE, "word/document.xml", lambda xml: xml.replace("112\u00a0lượt".encode(), "113\u00a0lượt".encode())
    )
    assert read_figures(by_hand)["DT-02"] == "113\u00a0lượt người"


def test_a_figure_changed_in_one_of_two_places_equals_neither() -> None:
    twice = report(body=(Paragraph((FigureInline("A", "12"), Text(" và "), FigureInline("A", "12"))),), annexes=())
    data = render_docx(twice)
    assert read_figures(data) == {"A": "12"}
    assert read_figures(changed(data, "word/document.xml", lambda xml: xml.replace(b">12<", b">13<", 1))) == {
        "A": "13 ≠ 12"
    }


def test_every_figure_is_locked_tagged_and_uniquely_numbered() -> None:
    root = docx.Document(io.BytesIO(SAMPLE)).element
    controls = list(root.iter(qn("w:sdt")))
    assert len(controls) == 24
    properties = [control.find(qn("w:sdtPr")) for control in controls]
    assert {p.find(qn("w:lock")).get(qn("w:val")) for p in properties} == {"sdtContentLocked"}
    assert len({p.find(qn("w:id")).get(qn("w:val")) for p in properties}) == 24
    assert properties[0].find(qn("w:alias")).get(qn("w:val")) == "Số liệu DT-01"


def test_a_free_wording_is_an_open_control_tagged_with_its_key_and_its_figures_stay_locked() -> None:
    words = Paragraph((Text("Đã mở "), FigureInline("DT-01", "03", "lớp")), "ket-qua.1")
    data = render_docx(report(body=(Heading(1, "I. KẾT QUẢ"), words), annexes=()))
    root = docx.Document(io.BytesIO(data)).element
    outer = root.body.find(qn("w:sdt"))
    assert outer.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")) == "loi:ket-qua.1"
    assert outer.find(f"{qn('w:sdtPr')}/{qn('w:alias')}").get(qn("w:val")) == "Lời văn ket-qua.1"
    assert outer.find(f"{qn('w:sdtPr')}/{qn('w:lock')}") is None
    inside = outer.find(qn("w:sdtContent"))
    assert [p.tag for p in inside] == [qn("w:p")]
    assert inside.find(f"{qn('w:p')}/{qn('w:pPr')}/{qn('w:keepNext')}") is not None  # the signature is kept with it
    assert inside.find(f"{qn('w:p')}/{qn('w:sdt')}/{qn('w:sdtPr')}/{qn('w:lock')}") is not None
    assert len({e.get(qn("w:val")) for e in root.iter(qn("w:id"))}) == 2
    assert read_figures(data) == {"DT-01": "03\u00a0lớp"}


def test_headings_are_real_and_every_style_proofs_vietnamese_in_times() -> None:
    document = docx.Document(io.BytesIO(SAMPLE))
    headings = [
        (p.style.name, p.text)
        for p in document.paragraphs
        if p.style is not None and p.style.name.startswith("Heading")
    ]
    assert headings[:3] == [
        ("Heading 1", "I. TÌNH HÌNH TRIỂN KHAI"),
        ("Heading 2", "1. Công tác tuyên truyền, đào tạo"),
        ("Heading 2", "2. Phát triển nguồn lực"),
    ]
    styles = document.styles.element
    looks = [
        s.find(qn("w:rPr")) for s in styles.findall(qn("w:style")) if s.get(qn("w:type")) in ("paragraph", "character")
    ]
    looks.append(styles.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}"))
    assert {look.find(qn("w:lang")).get(qn("w:val")) for look in looks} == {"vi-VN"}
    assert {look.find(qn("w:rFonts")).get(qn("w:ascii")) for look in looks} == {"Times New Roman"}
    assert document.core_properties.title == report().title
    assert document.core_properties.language == "vi-VN"
    assert 'w:themeFontLang w:val="vi-VN"' in part(SAMPLE, "word/settings.xml")


def test_header_rows_repeat_and_rows_do_not_split() -> None:
    tables = docx.Document(io.BytesIO(SAMPLE)).element.body.findall(qn("w:tbl"))
    ruled = [t for t in tables if t.find(f"{qn('w:tblPr')}/{qn('w:tblStyle')}").get(qn("w:val")) == "TableGrid"]
    assert len(ruled) == 2
    for made in ruled:
        rows = made.findall(qn("w:tr"))
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)
        assert [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows] == [True] + [False] * (
            len(rows) - 1
        )


def test_a_row_higher_than_a_page_may_split_or_its_end_would_be_lost_in_libreoffice() -> None:
    rows = (("1", "Dòng ngắn."), ("2", "chuẩn đo lường " * 700))
    table = Table((Column("TT", 1), Column("Nội dung", 3)), rows)
    body = docx.Document(io.BytesIO(render_docx(report(body=(table,), annexes=())))).element.body
    made = next(t for t in body.iter(qn("w:tbl")) if "Nội dung" in "".join(t.itertext()))
    whole = [row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in made.findall(qn("w:tr"))]
    assert whole == [True, True, False]


@pytest.mark.parametrize(
    ("end", "kept"),
    [
        ((Paragraph((Text("Câu kết./."),)),), ["Dòng cuối.", "Câu kết./."]),
        ((Paragraph((Text("Câu kết dài. " * 20),), key="ket"),), ["Câu kết dài. " * 20]),
        ((Bullets(((Text("Một;"),), (Text("Hai."),))),), ["Một;", "Hai."]),
        ((Table((Column("A"),), (("1",), ("2",), ("3",))),), ["2", "3", ""]),
        ((PageBreak(), Paragraph((Text("Câu kết./."),))), ["Câu kết./."]),
    ],
)
def test_the_end_of_the_body_is_kept_on_the_page_of_the_signature(end: tuple[Block, ...], kept: list[str]) -> None:
    lead = (Paragraph((Text("Dòng đầu."),)), Paragraph((Text("Dòng cuối."),)))
    qr = QrBlock("https://a.example/", "Quét mã")
    body = docx.Document(io.BytesIO(render_docx(report(body=(*lead, *end), annexes=(), qr=qr)))).element.body
    paragraphs = [p for p in body.iter(qn("w:p")) if p.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None]
    assert ["".join(t.text for t in p.iter(qn("w:t"))) for p in paragraphs] == [*kept, ""]  # the gap before the row
    row = body.findall(qn("w:tbl"))[-1]
    assert all(words in "".join(row.itertext()) for words in ("Nơi nhận:", "Quét mã"))
    assert row.find(f"{qn('w:tr')}/{qn('w:trPr')}/{qn('w:cantSplit')}") is not None


def test_sections_turn_for_annexes_and_begin_their_own_numbering() -> None:
    sections = docx.Document(io.BytesIO(SAMPLE)).sections
    assert [s.orientation for s in sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    assert all(s.different_first_page_header_footer for s in sections)
    starts = [s._sectPr.find(qn("w:pgNumType")) for s in sections]
    assert [start is not None and start.get(qn("w:start")) for start in starts] == [False, "1", "1"]
    first = sections[0]
    margins = (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    assert [round(m.mm) for m in margins if m is not None] == [20, 20, 30, 20]


def test_the_page_number_is_a_field_from_the_second_page_and_banner_and_watermark_are_on_all() -> None:
    section = docx.Document(io.BytesIO(SAMPLE)).sections[0]
    first, other = (etree.tostring(h._element, encoding="unicode") for h in (section.first_page_header, section.header))
    assert " PAGE " in other
    assert " PAGE " not in first
    for header in (first, other):
        assert "DỮ LIỆU MINH HỌA" in header
        assert 'string="DỰ THẢO"' in header
    for footer in (section.first_page_footer, section.footer):
        assert "SHA-256 8f3a2c91d0be" in footer.paragraphs[0].text


def test_footnotes_are_real() -> None:
    notes = part(SAMPLE, "word/footnotes.xml")
    assert "Văn bản mẫu A ghi 10 đơn vị" in notes
    assert 'w:type="separator"' in notes
    assert '<w:footnoteReference w:id="1"/>' in part(SAMPLE, "word/document.xml")
    assert "footnotes+xml" in part(SAMPLE, "[Content_Types].xml")
    assert "footnotes.xml" in part(SAMPLE, "word/_rels/document.xml.rels")


def test_pictures_have_words_for_those_who_cannot_see_them() -> None:
    root = docx.Document(io.BytesIO(SAMPLE)).element
    said = [o.get("descr") for o in root.iter(qn("wp:docPr"))]
    assert said == ["Biểu đồ thanh: thực hiện 60 % kế hoạch.", "Mã QR dẫn tới https://do-luong.example.vn/k/8f3a2c"]


@pytest.mark.parametrize("text", [HOSTILE, DASHES, "]]>", "&amp;", '<w:t>"', "=1+1", "{{ x }}", "%(id)d", " PAGE "])
def test_text_is_written_as_it_stands_wherever_it_goes(text: str) -> None:
    doc = report(
        issuer=text,
        subject=text,
        addressees=(text,),
        watermark=text,
        banner=text,
        footer=text,
        signature=Signature((text,), text),
        annexes=(),
        body=(
            Heading(1, text),
            Paragraph((Text(text), Footnote(text), FigureInline("A", text))),
            Bullets(((Text(text),),)),
            Table((Column(text),), (GroupRow(text), (text,))),
        ),
    )
    data = render_docx(doc)
    written = docx.Document(io.BytesIO(data))
    texts = [p.text for p in written.paragraphs]
    assert text in texts
    assert written.tables[-2].cell(0, 0).text == text
    assert read_figures(data)["A"].replace("\u00a0", " ") == text.strip()
    assert part(data, "word/document.xml").count("w:instrText") == 0


def test_what_xml_may_not_hold_is_taken_out() -> None:
    data = render_docx(report(body=(Paragraph((Text("Cân\x00\ud800 \u202ebàn\x1f"),)),), annexes=()))
    assert "Cân bàn" in [p.text for p in docx.Document(io.BytesIO(data)).paragraphs]


def test_a_long_vietnamese_name_is_written_whole() -> None:
    data = render_docx(report(issuer=LONG_NAME, annexes=()))
    words = " ".join(docx.Document(io.BytesIO(data)).tables[0].cell(0, 0).text.split())
    assert LONG_NAME.upper() in words


def test_same_input_same_bytes_and_no_clock() -> None:
    assert render_docx(report(watermark="DỰ THẢO")) == SAMPLE
    with zipfile.ZipFile(io.BytesIO(SAMPLE)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "docProps/thumbnail.jpeg" not in archive.namelist()
    assert "2026-12-05" in part(SAMPLE, "docProps/core.xml")
