"""The leader's edited Word file: refused with a reason, told difference by difference, its wordings taken over."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.lib import clock
from chuan.rendering.blocks import FigureInline, Paragraph
from chuan.rendering.errors import UnreadableDocument
from chuan.rendering.word import render_docx
from chuan.reporting import papers, returned
from chuan.reporting.models import Report, ReportingPeriod
from chuan.reporting.papers import submittals
from chuan.reporting.papers.marks import read_mark
from chuan.reporting.services import reports
from tests.cast import Cast
from tests.rendering.samples import report as sample
from tests.rendering.word_hands import W, control, edited, new_paragraph, typed
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import period
from tests.training.builders import course, line

__all__ = ["period"]

SAID = {
    "direction": "Đã ban hành văn bản hướng dẫn.\nĐã tập huấn phần mềm.",
    "results": "",
    "money": "",
    "difficulties": "Thiếu kiểm định viên.",
    "next": "",
    "requests": "",
}


@pytest.fixture
def draft(cast: Cast, period: ReportingPeriod) -> Report:
    held = course(cast)
    for number in range(3):
        line(cast, held, f"Người Học Thứ {number}")
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=SAID)
    return report


def downloaded(sign_in: Any, cast: Cast, report: Report, name: str = "draft-docx") -> bytes:
    content: bytes = page(sign_in, cast, "specialist", name, report.code).content
    return content


def upload(sign_in: Any, cast: Cast, report: Report, content: bytes, who: str = "specialist") -> Any:
    file = SimpleUploadedFile("da-sua.docx", content)
    url = reverse("reporting:returned-word", args=[report.code])
    return sign_in(getattr(cast, who), fresh=True).post(url, {"file": file})


def hidden(answer: Any) -> dict[str, str]:
    """What the button posts."""
    form = answer.context["words_form"]
    said = {field.name: field.value() for field in form}
    version = answer.context["report"].draft_version
    return {**said, "version": str(version), "file": answer.context["sha256"]}


def take(sign_in: Any, cast: Cast, report: Report, data: dict[str, str], who: str = "specialist") -> Any:
    return sign_in(getattr(cast, who), fresh=True).post(reverse("reporting:take-words", args=[report.code]), data)


def added_after(key: str, text: str) -> Any:
    """A paragraph after a wording."""

    def edit(root: Any) -> None:
        wording = control(root, f"loi:{key}").getparent()
        inside = wording.getparent().tag == f"{W}p"
        (wording.getparent() if inside else wording).addnext(new_paragraph(text))

    return edit


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"%PDF-1.7", "là PDF"), (b"PK\x03\x04", "nguyên vẹn"), (b"", "rỗng")],
)
def test_what_is_no_word_file_is_refused_with_the_reason_and_nothing_changes(
    sign_in: Any, cast: Cast, draft: Report, content: bytes, reason: str
) -> None:
    before = AuditEntry.objects.count()
    answer = upload(sign_in, cast, draft, content)
    assert (answer.status_code, reason in words(answer)) == (422, True)
    assert AuditEntry.objects.filter(action__startswith="reporting").count() <= before
    assert Report.objects.get(pk=draft.pk).draft == SAID


def test_another_document_and_another_reports_draft_are_refused(sign_in: Any, cast: Cast, draft: Report) -> None:
    other = sample(body=(Paragraph((FigureInline("X-1", "9"),)),), place="Long An", kind="TỜ TRÌNH", annexes=())
    with pytest.raises(UnreadableDocument, match="không phải là bản đã sửa"):
        returned.compare(draft, render_docx(other))
    content = downloaded(sign_in, cast, draft)
    draft.code = "BC-KHAC"
    with pytest.raises(UnreadableDocument, match="không phải của báo cáo BC-KHAC"):
        returned.compare(draft, content)


def to_address(sign_in: Any, cast: Cast, report: Report, query: str) -> bytes:
    url = reverse("reporting:draft-docx", args=[report.code])
    content: bytes = sign_in(cast.specialist, fresh=True).get(url + query).content
    return content


def test_the_submittal_is_no_edited_report_even_without_its_foot(
    sign_in: Any, cast: Cast, draft: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = to_address(sign_in, cast, draft, "?form=submittal")
    answer = upload(sign_in, cast, draft, content)
    assert (answer.status_code, "Đây không phải bản báo cáo" in words(answer)) == (422, True)
    monkeypatch.setattr(returned, "read_paper", lambda _foot: None)
    assert "không phải là bản đã sửa" in words(upload(sign_in, cast, draft, content))
    monkeypatch.undo()
    reports.review(actor=cast.head.actor, report=draft)
    frozen = reports.freeze(actor=cast.specialist.actor, report=draft)
    with pytest.raises(UnreadableDocument, match="tờ trình"):
        returned.compare(draft, papers.docx(submittals.of_content(frozen, draft, "for_signature")))


@pytest.mark.parametrize("foot", [True, False])
def test_the_ministrys_draft_is_compared_with_itself_and_its_wordings_are_taken(
    sign_in: Any, cast: Cast, draft: Report, monkeypatch: pytest.MonkeyPatch, *, foot: bool
) -> None:
    content = to_address(sign_in, cast, draft, "?recipient=bo")
    if not foot:
        monkeypatch.setattr(returned, "read_paper", lambda _foot: None)
    assert returned.compare(draft, content).told.is_unchanged
    answer = upload(sign_in, cast, draft, edited(content, typed("hướng dẫn.", "chỉ đạo.")))
    assert not answer.context["comparison"].told.fixed
    take(sign_in, cast, draft, hidden(answer))
    assert Report.objects.get(pk=draft.pk).draft["direction"].startswith("Đã ban hành văn bản chỉ đạo.")


def test_an_unedited_draft_differs_in_nothing_though_the_register_changed_since(
    sign_in: Any, cast: Cast, draft: Report
) -> None:
    content = downloaded(sign_in, cast, draft)
    with clock.at(clock.now() + timedelta(hours=2)):
        line(cast, course(cast, title="Lớp mới"), "Người Mới Đến")
        found = returned.compare(draft, content)
    assert (found.told.is_unchanged, found.takes) == (True, False)
    assert found.mark is not None


def test_every_number_changed_by_hand_is_named_and_none_is_taken_over(sign_in: Any, cast: Cast, draft: Report) -> None:
    content = edited(downloaded(sign_in, cast, draft), typed("03\xa0người", "52 người", times=1))
    answer = upload(sign_in, cast, draft, content)
    assert "52 người ≠ 03\xa0người trong dự thảo, mục II.1" in answer.content.decode().replace("</strong>", "")
    assert not answer.context["may_take"]


def test_wordings_are_taken_over_by_one_button_and_one_entry(sign_in: Any, cast: Cast, draft: Report) -> None:
    content = edited(
        downloaded(sign_in, cast, draft),
        typed("hướng dẫn.", "hướng dẫn, đúng hạn."),
        lambda root: (
            control(root, "loi:difficulties.1")
            .getparent()
            .getparent()
            .remove(control(root, "loi:difficulties.1").getparent())
        ),
        added_after("direction.2", "Đã kiểm tra ba đơn vị."),
    )
    answer = upload(sign_in, cast, draft, content)
    assert answer.status_code == 200
    assert "<ins>" in answer.content.decode()
    before = AuditEntry.objects.count()
    assert take(sign_in, cast, draft, hidden(answer)).status_code == 302
    report = Report.objects.get(pk=draft.pk)
    assert report.draft == {
        **SAID,
        "direction": "Đã ban hành văn bản hướng dẫn, đúng hạn.\nĐã tập huấn phần mềm.\nĐã kiểm tra ba đơn vị.",
        "difficulties": "",
    }
    entry = AuditEntry.objects.order_by("-seq")[0]
    assert entry.action == "reporting.take_words"
    assert entry.changes["file"] == [None, answer.context["sha256"]]
    assert AuditEntry.objects.filter(seq__gt=before, action="reporting.take_words").count() == 1


def test_what_changed_in_the_file_and_here_is_kept_as_it_is_here_and_said(
    sign_in: Any, cast: Cast, draft: Report
) -> None:
    content = downloaded(sign_in, cast, draft)
    newer = {**SAID, "direction": "Viết lại từ đầu."}
    reports.save_words(actor=cast.specialist.actor, report=draft, version=1, words=newer)
    content = edited(content, typed("hướng dẫn.", "chỉ đạo."), typed("Thiếu kiểm định viên.", "Thiếu người."))
    answer = upload(sign_in, cast, draft, content)
    assert answer.context["comparison"].crossed == ("direction",)
    assert "giữ lời trong hệ thống" in words(answer)
    take(sign_in, cast, draft, hidden(answer))
    assert Report.objects.get(pk=draft.pk).draft == {**newer, "difficulties": "Thiếu người."}


def test_a_stale_tab_takes_nothing_and_shows_both(sign_in: Any, cast: Cast, draft: Report) -> None:
    content = edited(downloaded(sign_in, cast, draft), typed("hướng dẫn.", "chỉ đạo."))
    answer = upload(sign_in, cast, draft, content)
    newer = {**SAID, "direction": "Cửa sổ khác."}
    reports.save_words(actor=cast.specialist.actor, report=draft, version=1, words=newer)
    stale = take(sign_in, cast, draft, hidden(answer))
    assert stale.status_code == 409
    assert "Cửa sổ khác." in words(stale)
    assert "chỉ đạo." in words(stale)
    assert Report.objects.get(pk=draft.pk).draft == newer


def test_a_paragraph_where_the_report_has_no_words_is_told_and_left(sign_in: Any, cast: Cast, draft: Report) -> None:
    def edit(root: Any) -> None:
        heading = next(p for p in root.iter(f"{W}p") if "2. Theo Phụ lục" in "".join(p.itertext()))
        heading.addnext(new_paragraph("Đề nghị cấp thêm biên chế."))

    found = returned.compare(draft, edited(downloaded(sign_in, cast, draft), edit))
    assert [one.text for one in found.left] == ["Đề nghị cấp thêm biên chế."]
    assert not found.takes


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("direction", "[CHƯA GHI CÔNG TÁC CHỈ ĐẠO, BAN HÀNH VĂN BẢN]"),
        ("money", "Các đơn vị chưa nêu kinh phí thực hiện trong năm."),
        ("next", "Tiếp tục thực hiện các nhiệm vụ của Kế hoạch."),
        ("requests", "Không có kiến nghị."),
    ],
)
def test_words_typed_over_what_an_empty_section_prints_are_taken(
    sign_in: Any, cast: Cast, draft: Report, name: str, printed: str
) -> None:
    said = {**SAID, name: ""}
    reports.save_words(actor=cast.specialist.actor, report=draft, version=1, words=said)
    content = downloaded(sign_in, cast, draft)
    edits = (typed(printed, "Đã chỉ đạo cả năm."), added_after(f"{name}.0", "Và ban hành hai văn bản."))
    answer = upload(sign_in, cast, draft, edited(content, *edits))
    assert (answer.context["comparison"].left, answer.context["comparison"].told.fixed) == ((), ())
    take(sign_in, cast, draft, hidden(answer))
    taken = {**said, name: "Đã chỉ đạo cả năm.\nVà ban hành hai văn bản."}
    assert Report.objects.get(pk=draft.pk).draft == taken


def test_a_paragraph_typed_below_the_heading_of_an_empty_section_is_taken_and_the_blank_may_go(
    sign_in: Any, cast: Cast, draft: Report
) -> None:
    said = {**SAID, "direction": ""}
    reports.save_words(actor=cast.specialist.actor, report=draft, version=1, words=said)

    def edit(root: Any) -> None:
        heading = next(p for p in root.iter(f"{W}p") if "I. CÔNG TÁC" in "".join(p.itertext()))
        blank = control(root, "loi:direction.0").getparent()
        blank.getparent().remove(blank)
        heading.addnext(new_paragraph("Sở đã ban hành Công văn hướng dẫn."))

    answer = upload(sign_in, cast, draft, edited(downloaded(sign_in, cast, draft), edit))
    take(sign_in, cast, draft, hidden(answer))
    assert Report.objects.get(pk=draft.pk).draft == {**said, "direction": "Sở đã ban hành Công văn hướng dẫn."}


def test_a_file_that_lost_its_foot_is_compared_with_today_and_says_so(
    sign_in: Any, cast: Cast, draft: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = edited(downloaded(sign_in, cast, draft), typed("hướng dẫn.", "chỉ đạo."))
    monkeypatch.setattr(returned, "read_mark", lambda _foot: None)
    answer = upload(sign_in, cast, draft, content)
    assert "so với dự thảo hiện nay" in words(answer)
    assert answer.context["may_take"]


def test_only_sos_people_compare_and_only_the_specialist_takes(sign_in: Any, cast: Cast, draft: Report) -> None:
    content = edited(downloaded(sign_in, cast, draft), typed("hướng dẫn.", "chỉ đạo."))
    data = hidden(upload(sign_in, cast, draft, content))
    for who in ("director", "head"):
        assert not upload(sign_in, cast, draft, content, who).context["may_take"]
        assert take(sign_in, cast, draft, data, who).status_code == 403
    assert upload(sign_in, cast, draft, content, "focal").status_code == 404
    assert Report.objects.get(pk=draft.pk).draft == SAID


def test_a_frozen_report_is_compared_and_nothing_is_taken_over(sign_in: Any, cast: Cast, draft: Report) -> None:
    reports.review(actor=cast.head.actor, report=draft)
    content = reports.freeze(actor=cast.specialist.actor, report=draft)
    made = papers.docx(papers.of_content(content, draft, "for_signature"))
    answer = upload(sign_in, cast, draft, edited(made, typed("hướng dẫn.", "chỉ đạo.")))
    assert "Báo cáo đã chốt nên chỉ so" in words(answer)
    assert (len(answer.context["comparison"].told.changed), answer.context["may_take"]) == (1, False)
    data = {**SAID, "direction": "Lén sửa.", "version": "1"}
    assert take(sign_in, cast, draft, data).status_code == 409
    assert Report.objects.get(pk=draft.pk).draft == SAID


@pytest.mark.parametrize(
    "foot", ["", "Dự thảo", "Dự thảo BC-1 · bản gửi Bộ · bản nháp 1 · số liệu lúc 25:61:00 40/13/2026"]
)
def test_a_foot_that_says_nothing_sure_is_no_mark(foot: str) -> None:
    assert read_mark(foot) is None


def test_words_too_long_for_the_report_are_shown_again(sign_in: Any, cast: Cast, draft: Report) -> None:
    answer = take(sign_in, cast, draft, {**SAID, "direction": "x" * 20_001, "version": "1"})
    assert answer.status_code == 422
    assert Report.objects.get(pk=draft.pk).draft == SAID


def test_the_page_of_the_report_offers_it_and_the_comparison_costs_few_queries(
    sign_in: Any, cast: Cast, draft: Report, django_assert_max_num_queries: Any
) -> None:
    address = reverse("reporting:returned-word", args=[draft.code])
    assert address in page(sign_in, cast, "specialist", "report", draft.code).content.decode()
    browser = sign_in(cast.specialist, fresh=True)
    browser.get(address)
    with django_assert_max_num_queries(12):
        assert browser.get(address).status_code == 200
