"""The PDF: refusals, archive metadata, attachments, fonts, text as data, layout facts, sameness of bytes."""

import io
import itertools
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from chuan.rendering.blocks import (
    Annex,
    Block,
    Bullets,
    Column,
    Drawing,
    FigureInline,
    Footnote,
    GroupRow,
    Heading,
    Paragraph,
    QrBlock,
    Row,
    Signature,
    Table,
    Text,
)
from chuan.rendering.errors import TextCannotBePrinted, UnsafeDrawing
from chuan.rendering.pdf import Attachment, render_pdf
from tests.rendering.samples import DASHES, HOSTILE, LONG_NAME, SVG, report

DATA = Attachment("so-lieu.json", b'{"a": "\x00\xff=1+1"}', "application/json", "Số liệu của báo cáo")


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is missing: ./test installs it (Debian packages qpdf and poppler-utils)")
    return found


def text_of(pdf: bytes, *, pages: tuple[int, int] | None = None) -> str:
    span = ["-f", str(pages[0]), "-l", str(pages[1])] if pages else []
    made = subprocess.run([tool("pdftotext"), *span, "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return made.stdout.decode()


def words_of(pdf: bytes) -> str:
    return " ".join(text_of(pdf).split())


@pytest.fixture(scope="module")
def sample() -> bytes:
    return render_pdf(report(watermark="DỰ THẢO"), [DATA])


def test_refuses_a_character_the_font_lacks_and_says_where() -> None:
    doc = report(body=(Paragraph((Text("Doanh nghiệp 😀 Sao Mai"),)),))
    with pytest.raises(TextCannotBePrinted, match=r"😀.*Doanh nghiệp"):
        render_pdf(doc)


@pytest.mark.parametrize(
    "svg",
    [
        "",
        "<svg",
        "<html xmlns='http://www.w3.org/1999/xhtml'/>",
        SVG.replace("<rect", "<script>1</script><rect", 1),
        SVG.replace("<rect", '<image href="/etc/passwd"/><rect', 1),
        SVG.replace("<rect", '<image href="file:///etc/passwd"/><rect', 1),
        SVG.replace("<rect", '<rect onload="x()"', 1),
        SVG.replace("<rect", '<rect style="fill:url(http://a.example/b)"', 1),
        SVG.replace("<rect", "<style>@import 'http://a.example/b'</style><rect", 1),
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SVG,
    ],
)
def test_refuses_a_drawing_that_acts_or_reaches_outside(svg: str) -> None:
    with pytest.raises(UnsafeDrawing):
        render_pdf(report(body=(Drawing(svg, "x"),)))


@pytest.mark.parametrize("name", ["", "../a", "a/b", "a\\b", "a\nb", " a", ".", "số.json"])
def test_refuses_an_attachment_without_a_plain_name(name: str) -> None:
    with pytest.raises(ValueError, match="file name"):
        Attachment(name, b"", "text/plain", "x")


def test_refuses_two_attachments_of_one_name() -> None:
    with pytest.raises(ValueError, match="same name"):
        render_pdf(report(), [DATA, DATA])


def test_the_file_is_sound_and_declares_pdf_a_3a_and_pdf_ua_1(sample: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sample.pdf"
    path.write_bytes(sample)
    checked = subprocess.run([tool("qpdf"), "--check", str(path)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    with pikepdf.open(path) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert str(pdf.Root.Lang) == "vi"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.docinfo["/Title"]) == report().title
        assert "/JavaScript" not in pdf.Root.get("/Names", {})
        assert "/OpenAction" not in pdf.Root


def test_the_attachment_is_there_byte_for_byte_with_its_relationship(sample: bytes) -> None:
    with pikepdf.open(io.BytesIO(sample)) as pdf:
        spec = pdf.attachments[DATA.name]
        assert spec.get_file().read_bytes() == DATA.data
        assert spec.get_file().mime_type == DATA.mime
        assert spec.relationship == pikepdf.Name.Data
        assert spec.description == DATA.description
        assert len(pdf.Root.AF) == 1


def test_only_tinos_is_used_and_every_font_is_embedded(sample: bytes) -> None:
    with pikepdf.open(io.BytesIO(sample)) as pdf:
        described = [
            o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"
        ]
        assert described
        for font in described:
            assert "Tinos" in str(font.FontName)
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys())


def test_pictures_have_words_for_those_who_cannot_see_them(sample: bytes) -> None:
    with pikepdf.open(io.BytesIO(sample)) as pdf:
        alts = {str(o.Alt) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o}
        kinds = {str(o.S) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/S" in o}
    assert "Biểu đồ thanh: thực hiện 60 % kế hoạch." in alts
    assert "Mã QR dẫn tới https://do-luong.example.vn/k/8f3a2c" in alts
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/L", "/LI", "/Figure", "/Note"} <= kinds


@pytest.mark.parametrize(
    "text", [HOSTILE, DASHES, "= Đề mục", "#{panic()}", "1. một", "\\", "]", '"', "#sys.inputs", "/ a: b"]
)
def test_text_is_printed_as_it_stands_wherever_it_goes(text: str) -> None:
    everywhere = report(
        parent_body=text,
        issuer=text,
        symbol=text,
        place=text,
        kind=text,
        subject=text,
        addressees=(text, text),
        footer=text,
        signature=Signature((text,), text),
        recipients=(text,),
        banner=text[:20],
        watermark=text[:10],
        annexes=(),
        body=(
            Heading(1, text),
            Paragraph((Text(text), Footnote(text), FigureInline("A", text, text))),
            Bullets(((Text(text, bold=True),),)),
            Table(
                (Column(text), Column("b")), (GroupRow(text), GroupRow("x", text), (text, (Text(text),))), caption=text
            ),
            QrBlock("https://a.example/", text),
        ),
    )
    printed = re.sub(r"\s", "", text_of(render_pdf(everywhere)))
    assert printed.count(re.sub(r"\s", "", text)) >= 9


def test_titles_right_under_each_other_never_stand_alone_at_a_pages_foot() -> None:
    groups = (GroupRow("TÊN PHẦN", "II"), GroupRow("Tên mục", "1"))
    for lines in range(20, 45):
        rows: tuple[Row, ...] = (*((f"{n}", "dòng") for n in range(lines)), *groups, ("x", "dòng cuối"))
        printed = render_pdf(report(body=(Table((Column("STT"), Column("Nội dung")), rows),), annexes=()))
        [with_title] = [words for words in text_of(printed).split("\f") if "TÊN PHẦN" in words]
        assert "dòng cuối" in with_title
        assert re.search(r"II\s+TÊN PHẦN", with_title)


def test_a_code_too_long_for_its_column_breaks_behind_its_hyphens() -> None:
    table = Table((Column("Nội dung", 9), Column("Mã", 1)), (("một", "CT1a-2025-00008"),))
    printed = text_of(render_pdf(report(body=(table,), annexes=()))).replace("\u200b", "")
    assert re.search(r"CT1a-\s+2025-\s+00008\b", printed)


def test_what_no_document_may_hold_is_taken_out_and_nothing_else() -> None:
    text = "Cân\x00 \u202ebàn\x0b e\u0302\u0323 10\u2028kg"
    assert "Cân bàn ệ 10 kg" in words_of(render_pdf(report(body=(Paragraph((Text(text),)),))))


def test_a_long_vietnamese_name_is_printed_whole_in_every_place() -> None:
    assert len(LONG_NAME) >= 110
    name = (LONG_NAME + " Tây Ninh Việt Nam")[:120]
    doc = report(issuer=name, signature=Signature(("GIÁM ĐỐC",), name), annexes=())
    printed = re.sub(r"\s+", "", text_of(render_pdf(doc)))
    assert re.sub(r"\s", "", LONG_NAME) in printed


def test_the_page_number_is_not_on_the_first_page_of_a_part(sample: bytes) -> None:
    firsts = [text_of(sample, pages=(n, n)).split("\n") for n in range(1, 7)]
    numbers = [next((line.strip() for line in page[:4] if line.strip().isdigit()), None) for page in firsts]
    assert numbers == [None, "2", None, "2", "3", None]


def test_the_banner_the_footer_and_the_table_header_are_on_every_page(sample: bytes) -> None:
    for number in range(1, 7):
        page = text_of(sample, pages=(number, number))
        assert "DỮ LIỆU MINH HỌA" in page
        assert "SHA-256 8f3a2c91d0be" in page
    for number in (3, 4, 5):
        assert "Nội dung nhiệm vụ" in text_of(sample, pages=(number, number))


def test_an_annex_lies_on_its_side(sample: bytes) -> None:
    with pikepdf.open(io.BytesIO(sample)) as pdf:
        sizes = [tuple(round(float(x)) for x in page.mediabox[2:]) for page in pdf.pages]
    assert sizes == [(595, 842), (595, 842), (842, 595), (842, 595), (842, 595), (595, 842)]


def test_a_row_is_not_split_unless_it_is_taller_than_a_page() -> None:
    long = " ".join(f"từ{n}" for n in range(1200))
    table = Table(
        (Column("TT", 1), Column("Nội dung", 3)), (*((str(n), f"dòng {n} " * 40) for n in range(9)), ("x", long))
    )
    printed = render_pdf(report(body=(table,), annexes=()))
    assert {f"từ{n}" for n in range(1200)} <= set(words_of(printed).split())
    pages = text_of(printed).split("\f")
    for n in range(9):
        assert sum(f"dòng {n}" in page for page in pages) == 1


@pytest.mark.parametrize(("landscape", "most"), [(False, 50), (True, 32)], ids=["upright", "landscape"])
def test_a_row_that_just_fits_a_page_is_whole_and_a_line_more_splits(landscape: bool, most: int) -> None:
    def pages(lines: int) -> list[int]:
        row = ("2", "\n".join(f"dòng {n}." for n in range(lines)))
        table = Table((Column("TT", 1), Column("Nội dung", 3)), (("1", "x"), row))
        doc = report(body=(Paragraph((Text("x"),)),), annexes=(Annex("", "x", "", (table,), landscape=landscape),))
        return [found for page in text_of(render_pdf(doc)).split("\f") if (found := len(re.findall("dòng", page)))]

    assert pages(most) == [most]
    split = pages(most + 1)
    assert len(split) == 2
    assert sum(split) == most + 1


@pytest.mark.parametrize("qr", [None, QrBlock("https://a.example/", "Quét mã để đối chiếu số liệu.")])
def test_the_signature_has_two_lines_of_text_above_it_on_its_page(qr: QrBlock | None) -> None:
    ends: list[Block] = [Paragraph((Text("Câu kết./."),)), Bullets(((Text("Mục một;"),), (Text("Mục hai."),)))]
    seen = set()
    for count, end in itertools.product(range(12, 28), ends):
        lines = tuple(Paragraph((Text(f"Dòng số {n}."),)) for n in range(count))
        pages = text_of(render_pdf(report(body=(*lines, end), annexes=(), qr=qr))).split("\f")
        last = next(page for page in pages if "Nguyễn Văn Mẫu" in page)
        assert "Nơi nhận:" in last
        assert len(re.findall("Dòng số|Câu kết|Mục", last)) >= 2, (count, end)
        seen.add(pages.index(last))
    assert seen == {0, 1}


def test_a_word_too_long_for_its_place_is_broken_and_never_runs_over() -> None:
    word = "A8" * 75
    table = Table(
        (Column("TT", 0.5), Column(word, 1), Column("Nội dung", 6)),
        ((word, "x", (FigureInline("A", "1.234.567", "triệu đồng"),)),),
    )
    printed = render_pdf(report(body=(table, Paragraph((Text("W" * 150),))), annexes=()))
    made = subprocess.run([tool("pdftotext"), "-bbox", "-", "-"], input=printed, capture_output=True, check=True)
    rights = [float(x) for x in re.findall(r'xMax="([0-9.]+)"', made.stdout.decode())]
    assert max(rights) <= 595 - 20 / 25.4 * 72 + 1


def test_a_letter_without_a_kind_carries_its_subject_under_the_number() -> None:
    printed = words_of(render_pdf(report(kind="", subject="báo cáo số liệu", annexes=())))
    assert "V/v báo cáo số liệu" in printed
    assert "Kính gửi: Ủy ban nhân dân tỉnh Tây Ninh" in printed


def test_an_unnumbered_undated_draft_can_be_printed() -> None:
    assert "năm 2026" in words_of(render_pdf(report(number=None, date=None)))


def test_same_input_same_bytes_in_this_process_and_in_another(sample: bytes) -> None:
    assert render_pdf(report(watermark="DỰ THẢO"), [DATA]) == sample
    other = Attachment(DATA.name, b"other", DATA.mime, DATA.description)
    assert render_pdf(report(watermark="DỰ THẢO"), [other]) != sample
    code = (
        "import sys; from tests.rendering.test_pdf import DATA, render_pdf, report;"
        "sys.stdout.buffer.write(render_pdf(report(watermark='DỰ THẢO'), [DATA]))"
    )
    root = Path(__file__).resolve().parents[2]
    again = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=True)
    assert again.stdout == sample
