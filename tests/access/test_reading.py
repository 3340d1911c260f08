"""The search that the matrix rests on finds a canary wherever it hides."""

import io
import zipfile

import pikepdf
import pytest
import xlsxwriter
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from docx import Document

from tests.access.reading import everything, found

CANARY = "canary-so-yt-0912"


def _docx() -> bytes:
    document = Document()
    document.sections[0].footer.paragraphs[0].text = f"{CANARY} 7717"
    document.core_properties.title = "x"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _xlsx() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    hidden = book.add_worksheet("an")
    hidden.write_string(3, 3, CANARY)
    hidden.write_number(4, 4, 7717)
    hidden.hide()
    book.add_worksheet("hien").activate()
    book.close()
    return out.getvalue()


def _pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Title"] = f"{CANARY} 7717"
        document.save(out)
    return out.getvalue()


def _attached() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.attachments["so-lieu.txt"] = f"{CANARY} 7.717".encode()
        document.save(out)
    return out.getvalue()


def _nested() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("trong.docx", _docx())
    return out.getvalue()


@pytest.mark.parametrize("make", [_docx, _xlsx, _pdf, _attached, _nested], ids=lambda m: m.__name__)
def test_a_canary_in_a_document_is_found(make: object) -> None:
    content = make()  # type: ignore[operator]
    assert found(everything(HttpResponse(content)), (CANARY,), (7717,)) == [CANARY, "7717"]


def test_a_canary_in_a_header_a_cookie_json_or_a_stream_is_found() -> None:
    named = HttpResponse(b"", headers={"Content-Disposition": f'attachment; filename="{CANARY}.xlsx"'})
    assert found(everything(named), (CANARY,), ()) == [CANARY]
    said = HttpResponse(b"")
    said.set_cookie("messages", CANARY)
    assert found(everything(said), (CANARY,), ()) == [CANARY]
    assert found(everything(JsonResponse({"n": 7717})), (), (7717,)) == ["7717"]
    assert found(everything(StreamingHttpResponse([CANARY.encode()])), (CANARY,), ()) == [CANARY]


@pytest.mark.parametrize("written", ["7717", "7.717", "7,717", "7 717", "(7\u00a0717)"])
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    assert found(written, (), (7717,)) == ["7717"]


@pytest.mark.parametrize("written", ["77170", "17717", "a7717f", "771"])
def test_another_number_is_not_mistaken_for_it(written: str) -> None:
    assert found(written, (), (7717,)) == []


def test_a_line_break_does_not_hide_a_canary() -> None:
    assert found("canary-so-\nyt-0912", (CANARY,), ()) == [CANARY]
