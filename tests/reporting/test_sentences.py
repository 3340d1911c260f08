"""Sentences that the evidence writes: each number a field; confirmed as it was seen; words added, numbers never."""

import re
from typing import Any

import pytest
from django.urls import reverse

from chuan.rendering.blocks import Bullets, FigureInline, Footnote, Inlines, OfficialDocument, Paragraph, Table, Text
from chuan.reporting import contributions, drafts, papers
from chuan.reporting.contributions import Inserts
from chuan.reporting.errors import Blocked, ChangedMeanwhile, NotAllowed, StaleDraft
from chuan.reporting.models import Report, ReportingPeriod
from chuan.reporting.papers import sentences
from chuan.reporting.services.drafting import say_sentence
from tests.cast import Cast
from tests.reporting.test_consolidation import below, drafted, real, sentence, told
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import period
from tests.training.builders import course, line

__all__ = ["period", "real", "told"]

#: What may stand in a generated text as it is: days, the plan's number and year, annexes, numbers of headings.
_NO_FIGURE = re.compile(r"\d\d/\d\d/\d{4}|số \d+/[A-ZĐ-]+|năm \d{4}|Phụ lục [IVX]+|\(\d+\)|cách hiểu [A-Z]|17025|9001")


def generated(doc: OfficialDocument) -> list[Inlines]:
    """Paragraphs, items and summed cells that nobody words freely."""
    found: list[Inlines] = []
    for block in doc.body:
        match block:
            case Paragraph(inlines=inlines, key="") if "hiểu được theo nhiều cách" not in sentence(inlines):
                found.append(inlines)  # the one left out names the contradictions of the plan by their titles
            case Bullets(items=items):
                found += items
            case Table(rows=rows):
                found += [cell for row in rows if isinstance(row, tuple) for cell in row[1:] if isinstance(cell, tuple)]
    return found


def seen(report: Report, indicator: str) -> str:
    return contributions.numbers_of(drafts.live_figures(report.period), indicator)


def say(cast: Cast, report: Report, indicator: str = "CT2", **facts: Any) -> None:
    data = {"version": report.draft_version, "seen": seen(report, indicator), "more": "", **facts}
    say_sentence(actor=cast.specialist.actor, report=report, indicator=indicator, **data)


def test_no_number_of_a_generated_text_stands_outside_a_field(cast: Cast, told: ReportingPeriod) -> None:
    doc = papers.document(drafts.snapshot(drafted(cast, told)), draft=True)
    bare = [
        one.text
        for inlines in generated(doc)
        for one in inlines
        if isinstance(one, Text) and re.search(r"\d", _NO_FIGURE.sub("", one.text))
    ]
    assert bare == []


def test_every_sentence_prints_its_numbers_as_fields_of_the_frozen_figure(cast: Cast, told: ReportingPeriod) -> None:
    snapshot = drafts.snapshot(drafted(cast, told))
    codes = {one["code"] for one in snapshot["figures"]}
    for indicator in sentences.told():
        paragraph = sentences.of_indicator(snapshot, indicator)
        assert paragraph is not None
        fields = [one.code.partition(".")[0] for one in paragraph.inlines if isinstance(one, FigureInline)]
        nothing = " chưa có " in sentence(paragraph.inlines)
        assert bool(fields) != nothing, indicator
        assert set(fields) <= codes


@pytest.mark.parametrize(
    ("indicator", "begins"),
    [
        ("CT1a", "Tại ngày 11/12/2026, trên địa bàn chưa có loại chuẩn đo lường, phương tiện đo nào được kiểm định"),
        ("CT1b", "Trong kỳ chưa có loại chuẩn đo lường, chất chuẩn, phương tiện đo nào được phát triển thêm."),
        ("CT2", "Trong kỳ chưa có người nào được đào tạo, bồi dưỡng về đo lường."),
        ("CT3", "Trong kỳ chưa có doanh nghiệp nào được người đứng đầu phê duyệt"),
        ("CT4", "Trong kỳ chưa có phòng thí nghiệm được công nhận nào được đánh giá theo bộ tiêu chí quốc gia."),
        ("CT5", "Tại ngày 11/12/2026, chưa có tổ chức nào kinh doanh dịch vụ"),
    ],
)
def test_where_there_is_none_the_sentence_says_so_and_names_its_definition(
    cast: Cast, told: ReportingPeriod, indicator: str, begins: str
) -> None:
    paragraph = sentences.of_indicator(drafts.snapshot(drafted(cast, told)), indicator)
    assert paragraph is not None
    assert sentence(paragraph.inlines).startswith(begins)
    (note,) = [one for one in paragraph.inlines if isinstance(one, Footnote)]
    assert note.text.startswith(indicator)


def trained(cast: Cast, period: ReportingPeriod) -> Report:
    """A draft of a period in which three people learned in one course."""
    held = course(cast)
    for number in range(3):
        line(cast, held, f"Người Học Thứ {number}")
    return drafted(cast, period)


def test_a_sentence_is_not_confirmed_with_numbers_that_are_no_longer_its_own(
    cast: Cast, period: ReportingPeriod
) -> None:
    report = trained(cast, period)
    old = seen(report, "CT2")
    line(cast, course(cast, title="Lớp mới"), "Người Đến Sau")
    with pytest.raises(ChangedMeanwhile):
        say(cast, report, seen=old)
    with pytest.raises(StaleDraft):
        say(cast, report, version=0)
    with pytest.raises(Blocked, match="không có câu"):
        say(cast, report, "CT2-L")
    with pytest.raises(Blocked, match="quá 4000"):
        say(cast, report, more="x" * 4001)
    for who in ("head", "director", "focal", "clerk"):
        with pytest.raises(NotAllowed):
            say_sentence(
                actor=getattr(cast, who).actor,
                report=report,
                version=1,
                indicator="CT2",
                seen=seen(report, "CT2"),
                more="",
            )


def test_words_follow_the_sentence_and_a_later_record_undoes_the_confirmation(
    cast: Cast, period: ReportingPeriod
) -> None:
    report = trained(cast, period)
    say(cast, report, more="Riêng Sở Công Thương mở ba lớp.")
    report.refresh_from_db()
    inserts, told_by = Inserts.of(report.inserts), sentences.told()
    assert "CT2" not in contributions.unconfirmed(inserts, drafts.live_figures(report.period), told_by)
    text = below(papers.document(drafts.snapshot(report)), "1. Theo các nhóm")
    place = next(n for n, line_ in enumerate(text) if line_.startswith("Trong kỳ đã tổ chức 01 lớp"))
    assert text[place + 1] == "Riêng Sở Công Thương mở ba lớp."
    line(cast, course(cast, title="Lớp mới"), "Người Đến Sau")
    assert "CT2" in contributions.unconfirmed(inserts, drafts.live_figures(report.period), told_by)


def test_the_page_shows_each_sentence_with_its_state_and_one_press_confirms(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    report = trained(cast, period)
    assert page(sign_in, cast, "focal", "sentences", report.code).status_code == 404
    shown = page(sign_in, cast, "specialist", "sentences", report.code)
    assert "03 người" in words(shown).replace("\xa0", " ")
    assert words(shown).count("Chưa xác nhận") == len(sentences.told())
    url = reverse("reporting:say-sentence", args=[report.code, "CT2"])
    browser = sign_in(cast.specialist, fresh=True)
    assert browser.post(url, {"version": "1", "seen": "cũ", "more": "Giữ lời này."}).status_code == 409
    data = {"version": "1", "seen": seen(report, "CT2"), "more": "Giữ lời này."}
    assert browser.post(reverse("reporting:say-sentence", args=[report.code, "CT99"]), data).status_code == 404
    assert browser.post(url, {**data, "more": "x" * 4001}).status_code == 422
    assert browser.post(url, data).status_code == 302
    assert "Nguyễn Thị Minh Anh đã xác nhận" in words(page(sign_in, cast, "specialist", "sentences", report.code))
    assert f"1/{len(sentences.told())} câu đã xác nhận" in words(
        page(sign_in, cast, "specialist", "report", report.code)
    )
