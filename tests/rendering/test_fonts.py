"""What the document font can show is known before a paper is made; Word's own marks are drawn as the font has them."""

import pytest

from chuan.rendering.blocks import Paragraph, Text
from chuan.rendering.errors import TextCannotBePrinted
from chuan.rendering.fonts import FONT_FILES, font_folder, lacking, letters, letters_of, spelled
from chuan.rendering.pdf import render_pdf
from chuan.rendering.text import clean, for_print
from chuan.rendering.word import render_docx
from tests.rendering.samples import report
from tests.rendering.test_pdf import words_of
from tests.rendering.test_word import part

#: An emoji, a box to tick, a number in a circle, a star, a letter of another script, private characters (one of them
#: in the font), a code that is nobody's, a space of Ogham.
REFUSED = ("😀", "☑", "①", "★", "中", "\ue000", "\uf001", "\u0378", "\u1680", "x\uf0b7", "a✓")


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_font_lacks_is_known_beforehand_and_named_when_it_is_printed(text: str) -> None:
    assert lacking(f"Đã ban hành {text} văn bản") == [text[-1]]
    with pytest.raises(TextCannotBePrinted) as refused:
        render_pdf(report(body=(Paragraph((Text(f"Đã ban hành {text} văn bản"),)),)))
    assert f"(U+{ord(text[-1]):04X})" in str(refused.value)
    assert "Đã ban hành" in str(refused.value)


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(TextCannotBePrinted) as refused:
        render_pdf(report(body=(Paragraph((Text("Một 😀"),)), Paragraph((Text("hai 中"),)))))
    assert "“😀” (U+1F600), “中” (U+4E2D)" in str(refused.value)


def test_what_is_said_to_be_shown_is_printed() -> None:
    shown = "".join(sorted(letter for letter in letters() if not lacking(letter)))
    unusual = "ế e\u0302\u0301 x\u0303 q\u0327 \u200b\u200d\ufe0f\u00ad\u202f\u2003\u3000\u2011"
    assert lacking(unusual) == []
    assert len(shown) > 2900
    render_pdf(report(body=(Paragraph((Text(unusual),)), Paragraph((Text(" ".join(shown)),)))))


def test_the_four_styles_have_the_same_characters() -> None:
    files = {path.name: path for path in font_folder().rglob("*.ttf")}
    assert [letters_of(files[name]) == letters() for name in FONT_FILES] == [True] * 4


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("\uf0b7 Tập huấn", "• Tập huấn"),
        ("Gồm: \uf0a7 một \uf0d8 hai", "Gồm: ▪ một ► hai"),
        ("➢Kiểm định\n❖ Hiệu chuẩn", "►Kiểm định\n♦ Hiệu chuẩn"),
        ("✓ Đã xong", "√ Đã xong"),
        ("✔\ufe0f Đã xong", "√ Đã xong"),
        ("thiếu chuẩn ⇒ chậm", "thiếu chuẩn → chậm"),
        ("thiếu chuẩn \uf0e0 chậm", "thiếu chuẩn → chậm"),
    ],
)
def test_marks_that_word_leaves_are_printed_as_the_same_mark_in_both_papers(typed: str, printed: str) -> None:
    assert for_print(typed) == printed
    assert lacking(typed) == []
    assert clean(typed) == typed  # what forms and workbooks give back
    doc = report(body=(Paragraph((Text(typed),)),))
    assert " ".join(printed.split()) in words_of(render_pdf(doc))
    assert all(line in part(render_docx(doc), "word/document.xml") for line in printed.split("\n"))


@pytest.mark.parametrize(("letter", "said"), [("★", "“★” (U+2605)"), ("\uf0b7", "(U+F0B7)"), ("\u1680", "(U+1680)")])
def test_a_character_is_named_with_its_code(letter: str, said: str) -> None:
    assert spelled(letter) == said
