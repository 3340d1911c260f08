"""The plan's pages: who may, what they say, forms that lose nothing, and at most twelve queries each."""

import html
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuan.audit.service import head
from chuan.lib import clock
from chuan.programme.models import Plan, SettledReading, WorkingAssignment
from chuan.programme.services import (
    assign_task,
    correct_assignment,
    correct_reply,
    settle_reading,
    void_assignment,
)
from tests.cast import Cast
from tests.files.samples import PDF
from tests.programme.builders import REAL, TEXT, assigned, contradiction, reply, task_of

ASSIGNED = {
    "unit": "so-tc",
    "duty": "lead",
    "officer": "Bà Trần Thị An, Phó Trưởng phòng",
    "product": "02 lớp tập huấn",
    "authority": "Giám đốc Sở",
    "due": "30/11/2026",
    "valid_from": "01/03/2026",
    "valid_to": "",
    "document": "Quyết định số 15/QĐ-SKHCN ngày 25/02/2026",
}
REPLIED = {
    "label": "B",
    "document": "123/UBND-KGVX",
    "issuer": "Ủy ban nhân dân tỉnh",
    "dated": "05/05/2026",
    "note": "Trả lời Công văn số 9/SKHCN",
}


def url(name: str, *more: Any, code: str = "KH-B") -> str:
    """A page of a plan."""
    return reverse(f"programme:{name}", args=[code, *more])


def words(answer: Any) -> str:
    """The page's text on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


# -- refusals


def test_a_plan_that_is_not_there_is_not_found(cast: Cast, other: Plan, sign_in: Any) -> None:
    browser = sign_in(cast.specialist)
    for name in ("plan", "text-file", "tasks", "readings"):
        assert browser.get(url(name, code="KH-0")).status_code == 404
    assert browser.get(url("task", "PL.9")).status_code == 404
    assert browser.get(url("task", "I.1")).status_code == 404, "a bullet is no task"
    assert browser.get(url("reading", "CH-9")).status_code == 404
    assert browser.get(url("correct-assignment", "PL.1", 99)).status_code == 404
    assert browser.get(url("correct-reply", "CH-1", 99)).status_code == 404
    assert browser.get(url("reply-file", "CH-1", 99)).status_code == 404


def test_without_a_plan_the_page_says_what_to_do(cast: Cast, sign_in: Any) -> None:
    answer = sign_in(cast.focal).get(reverse("programme:latest"))
    assert answer.status_code == 200
    assert "chuan plan load" in words(answer)


@pytest.mark.parametrize("who", ["head", "focal", "committee", "laboratory"])
def test_who_does_not_decide_sees_no_button_and_is_refused(cast: Cast, other: Plan, sign_in: Any, who: str) -> None:
    assign_task(
        actor=cast.specialist.actor, task=task_of(other, "PL.1"), entry=assigned(cast.unit("so-tc"), officer="Bà Mật")
    )
    browser = sign_in(cast.people[who])
    for name, more in (("task", "PL.1"), ("reading", "CH-1")):
        page = browser.get(url(name, more)).content.decode()
        assert "/assign/" not in page
        assert "/settle/" not in page
        assert "/void/" not in page
    assert ("Bà Mật" in words(browser.get(url("task", "PL.1")))) is (who != "laboratory")
    assert browser.post(url("assign", "PL.1"), ASSIGNED).status_code == 403
    assert browser.post(url("settle", "CH-1"), REPLIED).status_code == 403


def _refused(browser: Any, address: str, data: dict[str, Any], *said: str) -> None:
    before = head()
    answer = browser.post(address, data)
    assert answer.status_code == 422
    for part in said:
        assert part in words(answer)
    typed = html.unescape(answer.content.decode())
    assert all(value in typed for value in data.values() if isinstance(value, str)), "nothing typed is lost"
    assert head() == before


def test_an_assignment_that_cannot_be_is_refused_and_keeps_what_was_typed(
    cast: Cast, other: Plan, sign_in: Any
) -> None:
    browser, address = sign_in(cast.specialist), url("assign", "PL.1")
    _refused(browser, address, {**ASSIGNED, "valid_to": "01/03/2026"}, "Ngày kết thúc phải sau ngày giao 01/03/2026.")
    _refused(browser, address, {**ASSIGNED, "document": ""}, "Văn bản giao:")
    _refused(browser, address, {**ASSIGNED, "due": "31/02/2026"}, "Hạn hoàn thành:")
    assert browser.post(address, {**ASSIGNED, "unit": "h-tb"}).status_code == 422, "a district is no more"
    entry = assigned(cast.unit("so-yt"), valid_from=date(2026, 6, 1))
    assign_task(actor=cast.specialist.actor, task=task_of(other, "PL.1"), entry=entry)
    _refused(browser, address, ASSIGNED, "Sở Y tế đang được giao chủ trì từ ngày 01/06/2026", "hủy phân công đó trước")


@pytest.mark.parametrize("dated", ["28/02/2024", "12/12/2026"])
def test_a_reply_from_before_the_plan_or_from_the_future_is_refused(
    cast: Cast, other: Plan, sign_in: Any, dated: str
) -> None:
    said = "phải từ ngày ban hành Kế hoạch (01/03/2024) đến hôm nay (11/12/2026)"
    _refused(sign_in(cast.specialist), url("settle", "CH-1"), {**REPLIED, "dated": dated}, said)


def test_a_second_reply_of_one_day_is_refused_with_its_number(cast: Cast, other: Plan, sign_in: Any) -> None:
    settle_reading(actor=cast.specialist.actor, contradiction=contradiction(other), entry=reply(document="77/UBND"))
    _refused(sign_in(cast.specialist), url("settle", "CH-1"), REPLIED, "Đã ghi văn bản trả lời cùng ngày: 77/UBND")


def test_a_file_that_is_no_document_is_refused_with_the_form(cast: Cast, other: Plan, sign_in: Any) -> None:
    upload = SimpleUploadedFile("tra-loi.pdf", b"MZ\x90 not a document")
    _refused(sign_in(cast.specialist), url("settle", "CH-1"), {**REPLIED, "file": upload}, "Tệp văn bản:")
    assert not SettledReading.objects.exists()


def test_a_correction_of_what_another_corrected_meanwhile_is_told_and_keeps_the_words(
    cast: Cast, other: Plan, sign_in: Any
) -> None:
    actor, task = cast.director.actor, task_of(other, "PL.1")
    said = assign_task(actor=actor, task=task, entry=assigned(cast.unit("so-tc")))
    correct_assignment(actor=actor, seen=said, entry=assigned(cast.unit("so-tc"), officer="Ông Bê"), reason="x")
    browser, typed = sign_in(cast.specialist), {**ASSIGNED, "reason": "Lý do của tôi"}
    answer = browser.post(url("correct-assignment", "PL.1", said.pk), typed)
    assert answer.status_code == 409
    assert "Người khác vừa sửa hoặc hủy" in words(answer)
    assert "Lý do của tôi" in words(answer)
    assert browser.get(url("correct-assignment", "PL.1", said.pk)).status_code == 404
    assert browser.post(url("void-assignment", "PL.1", said.pk), {"reason": "x"}).status_code == 409
    answered = settle_reading(actor=actor, contradiction=contradiction(other), entry=reply())
    correct_reply(actor=actor, seen=answered, entry=reply(label="B"), reason="x")
    stale = browser.post(url("correct-reply", "CH-1", answered.pk), {**REPLIED, "reason": "Lý do của tôi"})
    assert (stale.status_code, "Lý do của tôi" in words(stale)) == (409, True)
    assert browser.post(url("void-reply", "CH-1", answered.pk), {"reason": "x"}).status_code == 409


def test_nothing_is_taken_back_without_a_reason(cast: Cast, other: Plan, sign_in: Any) -> None:
    actor = cast.specialist.actor
    said = assign_task(actor=actor, task=task_of(other, "PL.1"), entry=assigned(cast.unit("so-tc")))
    answered = settle_reading(actor=actor, contradiction=contradiction(other), entry=reply())
    browser = sign_in(cast.specialist)
    assert browser.post(url("void-assignment", "PL.1", said.pk), {"reason": " "}).status_code == 422
    assert browser.post(url("void-reply", "CH-1", answered.pk), {"reason": ""}).status_code == 422


# -- what the pages do


def test_a_task_is_given_corrected_and_taken_back(cast: Cast, other: Plan, sign_in: Any) -> None:
    browser = sign_in(cast.specialist)
    assert browser.post(url("assign", "PL.1"), ASSIGNED)["Location"] == url("task", "PL.1")
    page = words(browser.get(url("task", "PL.1")))
    for typed in ("Bà Trần Thị An", "02 lớp tập huấn", "Giám đốc Sở", "hạn giao 30/11/2026", "15/QĐ-SKHCN"):
        assert typed in page
    assert "Cơ quan chủ trì Sở Y tế" in page, "the printed lead stays"
    said = WorkingAssignment.objects.get()
    changed = {**ASSIGNED, "officer": "Ông Lê Văn Bê", "reason": "Đổi người"}
    assert browser.post(url("correct-assignment", "PL.1", said.pk), changed).status_code == 302
    live = WorkingAssignment.objects.live().get()
    assert browser.post(url("void-assignment", "PL.1", live.pk), {"reason": "Ghi nhầm"}).status_code == 302
    history = words(browser.get(url("task", "PL.1"))).partition("Lịch sử")[2]
    for told in ("đã phân công nhiệm vụ", "Sở Tài chính", "Lý do: Đổi người", "Lý do: Ghi nhầm"):
        assert told in history
    assert "programme." not in history


def test_a_form_sent_twice_gives_the_task_once(cast: Cast, other: Plan, sign_in: Any) -> None:
    browser = sign_in(cast.specialist)
    first, second = (browser.post(url("assign", "PL.1"), {**ASSIGNED, "_key": "mot-khoa"}) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert WorkingAssignment.objects.count() == 1


def test_a_reply_with_its_document_settles_the_reading_and_is_read_again(cast: Cast, other: Plan, sign_in: Any) -> None:
    browser = sign_in(cast.specialist)
    assert "2 cách hiểu" in words(browser.get(url("plan")))
    upload = SimpleUploadedFile("tra-loi.pdf", PDF)
    assert browser.post(url("settle", "CH-1"), {**REPLIED, "file": upload})["Location"] == url("reading", "CH-1")
    page = words(browser.get(url("reading", "CH-1")))
    assert "Áp dụng cách hiểu B. Theo văn bản 123/UBND-KGVX ngày 05/05/2026 của Ủy ban nhân dân tỉnh" in page
    said = SettledReading.objects.get()
    answer = browser.get(url("reply-file", "CH-1", said.pk))
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    assert "đã rõ cách hiểu" in words(browser.get(url("plan")))
    correction = {**REPLIED, "label": "A", "reason": "Đọc nhầm"}
    assert browser.post(url("correct-reply", "CH-1", said.pk), correction).status_code == 302
    plan_page = browser.get(url("plan")).content.decode()
    assert re.search(r"<s><span[^>]*>B\.</span> Riêng năm 2025</s>", plan_page), (
        "the reading left out is struck through"
    )
    live = SettledReading.objects.live().get()
    assert live.file == said.file
    assert browser.post(url("void-reply", "CH-1", live.pk), {"reason": "Văn bản của kế hoạch khác"}).status_code == 302
    page = words(browser.get(url("reading", "CH-1")))
    assert "Chưa có văn bản trả lời" in page
    assert "Lý do: Văn bản của kế hoạch khác" in page


def test_the_menus_address_leads_to_the_plan_in_force(cast: Cast, other: Plan, sign_in: Any) -> None:
    assert sign_in(cast.focal).get(reverse("programme:latest"))["Location"] == url("plan")


def test_the_file_is_downloaded_and_shown_byte_for_byte(cast: Cast, other: Plan, sign_in: Any) -> None:
    browser = sign_in(cast.laboratory)
    answer = browser.get(url("text-file"))
    assert answer.content == TEXT.encode()
    assert "KH-B.txt" in answer["Content-Disposition"]
    shown = browser.get(url("plan"), {"form": "file"}).content.decode()
    inner = shown.partition('<pre class="file-text">')[2].partition("</pre>")[0]
    assert html.unescape(re.sub(r"<[^>]+>", "", inner)) == TEXT


def test_the_real_text_is_shown_in_both_forms(cast: Cast, kh2828: Plan, sign_in: Any) -> None:
    browser = sign_in(cast.focal)
    shown = browser.get(url("plan", code="KH-2828"), {"form": "file"}).content.decode()
    inner = shown.partition('<pre class="file-text">')[2].partition("</pre>")[0]
    assert html.unescape(re.sub(r"<[^>]+>", "", inner)).encode() == (REAL / "text.txt").read_bytes()
    page = browser.get(url("plan", code="KH-2828"))
    assert '<a class="slip" href="#loi-L03">do lường</a>' in page.content.decode()
    for said in ("22 lỗi ghi riêng", "9 chỗ nhiều cách hiểu", "12 chỉ tiêu có số", "Không rõ do bản in hay do số hóa"):
        assert said in words(page)
    assert "ít nhất 1 doanh nghiệp có vốn nhà nước; ít nhất 1 doanh nghiệp khu vực kinh tế tư nhân" in words(page)
    assert "Chỉ nêu ở phần thân: thúc đẩy xã hội hóa hoạt động đo lường" in words(page)


def test_the_annex_is_shown_with_its_columns_numbers_and_blanks(cast: Cast, kh2828: Plan, sign_in: Any) -> None:
    page = words(sign_in(cast.focal).get(url("tasks", code="KH-2828")))
    columns = "STT Nội dung, nhiệm vụ Cơ quan chủ trì Cơ quan phối hợp thực hiện Thời gian thực hiện Đang đảm nhiệm"
    assert columns in page
    assert "2 nhiệm vụ chưa có đơn vị chủ trì" in page
    blank = "Văn bản không nêu"
    assert f"5.2 Báo cáo định kỳ, đột xuất Phần thân: IV.1.2 , IV.5 {blank} {blank} {blank} Chưa phân công" in page
    assert f"{blank} {blank} 3 năm, 5 năm đã qua Chưa phân công" in page
    assert "Đến năm 2025 đã qua" in page


def test_every_page_takes_at_most_twelve_queries(cast: Cast, kh2828: Plan, sign_in: Any) -> None:
    actor, task = cast.specialist.actor, task_of(kh2828, "PL.II.2.3")
    assign_task(actor=actor, task=task, entry=assigned(cast.unit("so-ct")))
    for number, code in enumerate(("so-yt", "so-tc", "x-tb", "x-ct")):
        entry = assigned(cast.unit(code), duty="coordinate", valid_from=date(2026, 1, 2 + number))
        said = assign_task(actor=actor, task=task, entry=entry)
    void_assignment(actor=actor, seen=said, reason="x")
    live = WorkingAssignment.objects.live().filter(task=task)[0].pk
    answered = settle_reading(actor=actor, contradiction=contradiction(kh2828), entry=reply())
    browser = sign_in(cast.specialist)
    # The session's own row is renewed once in a while, not by every page.
    # The long text, the annex and the figures are remembered.
    browser.get(reverse("programme:latest"), follow=True)
    browser.get(url("tasks", code="KH-2828"))
    browser.get(url("reading", "CH-1", code="KH-2828"))
    spent = {}
    for name, *more in (
        ("plan",),
        ("text-file",),
        ("tasks",),
        ("task", "PL.II.2.3"),
        ("assign", "PL.II.2.3"),
        ("correct-assignment", "PL.II.2.3", live),
        ("readings",),
        ("reading", "CH-1"),
        ("request", "CH-1", "docx"),
        ("settle", "CH-1"),
        ("correct-reply", "CH-1", answered.pk),
    ):
        address = url(name, *more, code="KH-2828")
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(address).status_code == 200
        spent[address] = len(caught)
    assert {address: n for address, n in spent.items() if n > 12} == {}


def test_today_is_the_rehearsals(cast: Cast, other: Plan, sign_in: Any) -> None:
    entry = assigned(cast.unit("so-tc"), valid_from=date(2027, 1, 1))
    assign_task(actor=cast.specialist.actor, task=task_of(other, "PL.2"), entry=entry)
    assert clock.today() == date(2026, 12, 11)
    page = words(sign_in(cast.specialist).get(url("task", "PL.2")))
    assert "không còn hoặc chưa tới hiệu lực" in page


def test_the_remembered_text_follows_replies_and_languages(cast: Cast, kh2828: Plan, sign_in: Any) -> None:
    browser, address = sign_in(cast.specialist), url("plan", code="KH-2828")

    def shown(language: str = "vi") -> str:
        browser.cookies["chuan_language"] = language
        return str(browser.get(address).content.decode()).partition('class="plan-grid"')[2].partition("<footer")[0]

    before = shown()
    assert shown() == before
    assert "Nguyên văn" in before
    assert "Nguyên văn" not in shown("en")
    settle_reading(actor=cast.specialist.actor, contradiction=contradiction(kh2828), entry=reply())
    assert "đã rõ cách hiểu" not in before
    assert "đã rõ cách hiểu" in shown()
