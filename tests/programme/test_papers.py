"""*Phiếu xin ý kiến cách hiểu*: one page, both places word for word, the effect of each reading, room to decide."""

import io
import re
import subprocess
from datetime import date
from typing import Any

import pikepdf
import pytest
from django.urls import reverse

from chuan.programme import queries
from chuan.programme.models import Plan
from chuan.programme.papers import place_of, request_paper
from chuan.rendering.blocks import Table
from chuan.rendering.pdf import render_pdf
from chuan.rendering.word import render_docx
from tests.cast import Cast
from tests.programme.builders import contradiction


def words_of(pdf: bytes) -> str:
    """The words of a PDF, on one line."""
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(told.stdout.decode().split())


@pytest.mark.parametrize("kind", ["xlsx", "odt", "pdf.exe"])
def test_another_kind_of_file_is_not_found(cast: Cast, other: Plan, sign_in: Any, kind: str) -> None:
    url = reverse("programme:request", args=["KH-B", "CH-1", "pdf"]).replace(".pdf", f".{kind}")
    assert sign_in(cast.specialist).get(url).status_code == 404


@pytest.mark.parametrize(
    ("committee", "place"),
    [
        ("Ủy ban nhân dân tỉnh Tây Ninh", "Tây Ninh"),
        ("Ủy ban nhân dân thành phố Hồ Chí Minh", "Hồ Chí Minh"),
        ("Hội đồng", "Hội đồng"),
    ],
)
def test_the_place_is_the_committees(committee: str, place: str) -> None:
    assert place_of(committee) == place


def test_each_request_of_the_real_plan_is_one_page_with_everything_on_it(kh2828: Plan) -> None:
    document = queries.document_of(kh2828)
    for one in queries.contradictions_of(kh2828):
        made = request_paper(document, one, today=date(2026, 12, 11))
        pdf = render_pdf(made)
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert len(opened.pages) == 1, one.code
        printed = words_of(pdf)
        squeezed = re.sub(r"[\s\u00ad]+", "", printed)
        for said in (one.question, *(r["effect"] for r in one.readings), *(r["words"] for r in one.readings)):
            assert re.sub(r"\s+", "", said) in squeezed, (one.code, said)
        assert f"Kính gửi: {one.addressee}" in printed
        assert "PHIẾU XIN Ý KIẾN" in printed
        assert "Số: /SKHCN" in printed, "number, day and decision stay blank"


def test_the_sources_are_quoted_word_for_word(kh2828: Plan) -> None:
    document = queries.document_of(kh2828)
    made = request_paper(document, contradiction(kh2828), today=date(2026, 12, 11))
    sources, readings = (block for block in made.body if isinstance(block, Table))
    assert sources.rows[0] == (
        "Mục I.2.b, gạch đầu dòng thứ nhất",
        "“đáp ứng yêu cầu kiểm định, hiệu chuẩn được ít nhất 10 chuẩn đo lường, phương tiện đo các loại”",
    )
    assert [row[0] for row in readings.rows if isinstance(row, tuple)] == ["A", "B", "C", ""]
    assert (made.number, made.date, made.kind) == (None, None, "PHIẾU XIN Ý KIẾN")


def test_word_and_pdf_are_downloaded_from_the_page(cast: Cast, other: Plan, sign_in: Any) -> None:
    browser = sign_in(cast.focal)
    for kind, begins in (("pdf", b"%PDF-"), ("docx", b"PK")):
        answer = browser.get(reverse("programme:request", args=["KH-B", "CH-1", kind]))
        assert answer.content.startswith(begins)
        assert f"phieu-xin-y-kien-KH-B-CH-1.{kind}" in answer["Content-Disposition"]


def test_another_provinces_request_has_its_own_head(other: Plan) -> None:
    made = request_paper(queries.document_of(other), contradiction(other), today=date(2026, 12, 11))
    assert (made.parent_body, made.place) == ("Ủy ban nhân dân tỉnh Bình Minh", "Bình Minh")
    assert render_docx(made).startswith(b"PK")
