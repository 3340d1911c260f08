"""A character that the document font lacks is stopped where it is typed, before the freeze at the latest."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from chuan.lib import clock
from chuan.reporting import checklist, issuing, jobs
from chuan.reporting.collecting import Difficulty, Parts
from chuan.reporting.errors import Blocked
from chuan.reporting.models import Paper, Report, ReportContent, ReportingPeriod, Submission
from chuan.reporting.services import letters, links, reports, submissions
from tests.cast import Cast
from tests.reporting.test_links import TYPED
from tests.reporting.test_pages import obligation, page, words
from tests.reporting.test_report import RIGHT, WORDS, period, reviewed, started, step

__all__ = ["period"]

NAMED = "“😀” (U+1F600)"
#: As services take them, past every form: an earlier version, a taken Word file.
PAST_FORMS = {**WORDS, "direction": "Đã hướng dẫn 😀 các đơn vị."}


def blocks(report: Report) -> list[str]:
    return [item.text for item in checklist.items(report, today=clock.today()) if item.blocks]


def told(cast: Cast, period: ReportingPeriod, difficulty: str) -> Submission:
    """so-ct's report, sent with a difficulty in these words."""
    submission = started(cast, period)
    parts = Parts(difficulties=[Difficulty("people", difficulty, "committee")])
    submissions.save_draft(
        actor=cast.focal.actor,
        submission=submission,
        version=1,
        figures=RIGHT,
        narrative="Đã mở một lớp.",
        nil=False,
        parts=parts,
    )
    for verb, who in (("present", cast.focal), ("approve", cast.leader), ("send", cast.focal)):
        step(submission, verb, who)
    return submission


def test_the_page_refuses_it_at_its_field_and_keeps_what_was_typed(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    browser, url = sign_in(cast.specialist, fresh=True), reverse("reporting:save-words", args=[report.code])
    answer = browser.post(url, {"version": "0", "direction": "Đã hướng dẫn 😀"})
    assert answer.status_code == 422
    assert f"Không in được ký tự {NAMED} vào văn bản" in words(answer)
    assert list(answer.context["words_form"].errors) == ["direction"]
    assert "Đã hướng dẫn 😀" in answer.content.decode()
    assert browser.post(url, {"version": "0", "direction": "➢ Đã hướng dẫn"}).status_code == 302
    assert Report.objects.get(pk=report.pk).draft["direction"] == "➢ Đã hướng dẫn"


def test_a_units_form_and_its_link_refuse_it_at_the_field(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    started(cast, period)
    url = reverse("reporting:save-draft", args=[obligation(period).code])
    typed = {"version": "1", "narrative": "Một lớp.", "difficulty_lines": "1", "difficulty_0-words": "thiếu ☑ chuẩn"}
    answer = sign_in(cast.focal, fresh=True).post(url, typed)
    assert answer.status_code == 422
    assert "“☑” (U+2611)" in words(answer)
    held = obligation(period, "so-yt")
    said: Any = {"contact": "ông Tư", "until": date(2026, 12, 15)}
    _link, token = links.make_link(actor=cast.specialist.actor, obligation=held, **said)
    answer = sign_in(cast.other_focal, fresh=True).post(
        reverse("reporting:answer", args=[token]), {**TYPED, "narrative": "Một lớp 中."}
    )
    assert answer.status_code == 422
    assert "“中” (U+4E2D)" in words(answer)


def test_a_draft_with_it_stops_the_freeze_and_says_which_part(cast: Cast, period: ReportingPeriod) -> None:
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=PAST_FORMS)
    reports.review(actor=cast.head.actor, report=report)
    said = f"không in được ký tự {NAMED} ở I. Công tác chỉ đạo, ban hành văn bản; hãy xóa hoặc thay bằng chữ"
    assert said in blocks(report)
    with pytest.raises(Blocked, match="U\\+1F600"):
        reports.freeze(actor=cast.specialist.actor, report=report)
    assert not ReportContent.objects.exists()


def test_a_units_words_with_it_stop_the_freeze_and_name_the_unit(cast: Cast, period: ReportingPeriod) -> None:
    told(cast, period, "Thiếu chuẩn 😀")
    report = reviewed(cast, period)
    (said,) = [text for text in blocks(report) if "U+1F600" in text]
    assert said.startswith(f"không in được ký tự {NAMED} ở ")
    assert "mục IV: lời của Sở Công Thương" in said
    with pytest.raises(Blocked, match="Sở Công Thương"):
        reports.freeze(actor=cast.specialist.actor, report=report)


def test_what_only_the_snapshot_shows_is_found_before_it_is_frozen(
    cast: Cast, period: ReportingPeriod, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = reviewed(cast, period)
    monkeypatch.setattr(issuing, "names_on", lambda *_: {"so": "Nguyễn Văn 中"})
    with pytest.raises(Blocked, match="“中” \\(U\\+4E2D\\) ở “Nguyễn Văn 中”"):
        reports.freeze(actor=cast.specialist.actor, report=report)
    assert not ReportContent.objects.exists()


def test_marks_that_word_left_are_frozen_as_typed_and_printed(cast: Cast, period: ReportingPeriod) -> None:
    told(cast, period, "\uf0b7 Thiếu chuẩn\n\uf0b7 Thiếu người ⇒ chậm")
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    typed = {**WORDS, "direction": "➢ Đã hướng dẫn\n✓ Đã kiểm tra"}
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=typed)
    reports.review(actor=cast.head.actor, report=report)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    assert content.snapshot["words"]["direction"] == typed["direction"]
    jobs.print_papers(content.pk)
    assert Paper.objects.filter(frozen=content, kind="pdf").count() == 2


def test_a_draft_that_cannot_be_printed_says_why_instead_of_failing(
    sign_in: Any, cast: Cast, period: ReportingPeriod, tmp_path: Path
) -> None:
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=PAST_FORMS)
    answer = page(sign_in, cast, "specialist", "draft-pdf", report.code)
    assert answer.status_code == 422
    assert f"Phông chữ văn bản không có ký tự {NAMED}, xuất hiện ở “Đã hướng dẫn" in words(answer)
    with pytest.raises(CommandError, match="U\\+1F600") as refused:
        call_command("report", year=2026, recipient="ubnd", out=tmp_path, stderr=StringIO())
    assert refused.value.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_letter_that_cannot_be_printed_says_why_instead_of_failing(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    letter = letters.draw_opening(actor=cast.specialist.actor, period=period, subject="đề nghị 😀", outline=["Một"])
    answer = page(sign_in, cast, "specialist", "letter-paper", letter.code, "pdf")
    assert answer.status_code == 422
    assert NAMED in words(answer)
    url = reverse("reporting:draw-letter", args=[period.code, "opening"])
    typed = {"subject": "đề nghị 😀", "outline": "Một"}
    assert sign_in(cast.specialist, fresh=True).post(url, typed).status_code == 422
