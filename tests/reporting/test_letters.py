"""Letters of a period: who they go to, what a reminder cites, what they look like, which number they got."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from docx import Document

from chuan.lib import clock
from chuan.programme.models import Plan
from chuan.rendering.blocks import Paragraph, Signature
from chuan.reporting import checklist, drafts, letter_papers
from chuan.reporting.errors import Blocked, NotAllowed, ReasonNeeded
from chuan.reporting.models import LetterNumber, PeriodLetter, Report, ReportingPeriod
from chuan.reporting.papers import body
from chuan.reporting.services import letters, periods, reports, submissions
from tests.cast import Cast
from tests.reporting.test_consolidation import sentence
from tests.reporting.test_issuing import delegated
from tests.reporting.test_pages import obligation, page, words
from tests.reporting.test_report import period, sent

__all__ = ["period"]

TODAY = date(2026, 12, 11)


def opening(cast: Cast, period: ReportingPeriod, *, numbered: bool = False) -> PeriodLetter:
    made = letters.draw_opening(
        actor=cast.specialist.actor, period=period, subject="đề nghị báo cáo", outline=["Kết quả", " ", "Khó khăn"]
    )
    if numbered:
        letters.number_letter(actor=cast.specialist.actor, letter=made, number="812", dated=TODAY)
    return made


def test_letters_are_drawn_up_and_numbered_by_the_specialist_alone(cast: Cast, period: ReportingPeriod) -> None:
    made = opening(cast, period)
    for name in ("focal", "head", "director", "clerk", "auditor", "administrator"):
        actor: Any = getattr(cast, name).actor
        with pytest.raises(NotAllowed):
            letters.draw_opening(actor=actor, period=period, subject="x", outline=["x"])
        with pytest.raises(NotAllowed):
            letters.draw_reminder(actor=actor, period=period)
        with pytest.raises(NotAllowed):
            letters.number_letter(actor=actor, letter=made, number="1", dated=TODAY)


def test_a_letter_without_a_subject_or_an_outline_is_refused(cast: Cast, period: ReportingPeriod) -> None:
    for subject, outline in ((" ", ["x"]), ("x", [" "])):
        with pytest.raises(ReasonNeeded):
            letters.draw_opening(actor=cast.specialist.actor, period=period, subject=subject, outline=outline)


@pytest.mark.parametrize(
    ("number", "dated", "error"),
    [(" ", TODAY, ReasonNeeded), ("8", date(2026, 12, 10), Blocked), ("8", date(2026, 12, 12), Blocked)],
)
def test_an_impossible_number_or_day_is_refused(
    cast: Cast, period: ReportingPeriod, number: str, dated: date, error: type[Exception]
) -> None:
    made = opening(cast, period)
    with pytest.raises(error):
        letters.number_letter(actor=cast.specialist.actor, letter=made, number=number, dated=dated)


def test_a_reminder_has_something_to_cite_and_somebody_to_go_to(cast: Cast, period: ReportingPeriod) -> None:
    opening(cast, period)
    with pytest.raises(Blocked, match="viện dẫn"):
        letters.draw_reminder(actor=cast.specialist.actor, period=period)
    opening(cast, period, numbered=True)
    sent(cast, period)
    periods.waive(
        actor=cast.specialist.actor, obligation=obligation(period, "so-yt"), document="CV", dated=TODAY, reason="x"
    )
    with pytest.raises(Blocked, match="không có đơn vị nào quá hạn"):
        letters.draw_reminder(actor=cast.specialist.actor, period=period)


def test_the_opening_letter_goes_to_every_unit_that_owes_a_report(cast: Cast, period: ReportingPeriod) -> None:
    assert opening(cast, period).recipients == ["Sở Công Thương", "Sở Y tế"]
    periods.waive(
        actor=cast.specialist.actor, obligation=obligation(period, "so-yt"), document="CV", dated=TODAY, reason="x"
    )
    made = opening(cast, period)
    assert (made.code, made.recipients) == ("KH-2828-2026-CV2", ["Sở Công Thương"])


def test_the_opening_letter_asks_for_what_is_expected_of_the_days_after_the_deadline(
    cast: Cast, period: ReportingPeriod
) -> None:
    made = opening(cast, period)
    asked = "đề nghị ghi số liệu đến ngày gửi và nêu rõ phần ước thực hiện đến hết ngày 14/12/2026."
    assert asked in repr(letter_papers.document(made, None))
    made.facts["deadline"] = made.facts["last"]
    assert "ước thực hiện" not in repr(letter_papers.document(made, None))


def test_a_reminder_names_exactly_who_is_late_at_that_moment_and_stays_so(cast: Cast, period: ReportingPeriod) -> None:
    opening(cast, period, numbered=True)
    first = letters.draw_reminder(actor=cast.specialist.actor, period=period)
    sent(cast, period)
    second = letters.draw_reminder(actor=cast.specialist.actor, period=period)
    assert first.recipients == ["Sở Công Thương", "Sở Y tế"]
    assert second.recipients == ["Sở Y tế"]
    assert second.facts["opening"] == {"number": "812", "dated": "2026-12-11", "subject": "đề nghị báo cáo"}
    body = repr(letter_papers.document(second, None))
    assert "Công văn số 812/SKHCN" in body
    assert "01 cơ quan, đơn vị" in body


def test_letters_go_to_the_committees_of_places_after_the_departments(cast: Cast, plan: Plan) -> None:
    opened = submissions.open_period(
        actor=cast.specialist.actor, plan=plan, year=2026, deadline=date(2026, 12, 10), cut_off=date(2026, 12, 14),
        letter="", units=[(cast.unit(code), "Mục IV") for code in ("p-la", "x-tb", "so-yt")],
    )  # fmt: skip
    names = ["Sở Y tế", "Ủy ban nhân dân phường Long An", "Ủy ban nhân dân xã Tân Biên"]
    assert opening(cast, opened, numbered=True).recipients == names
    assert letters.draw_reminder(actor=cast.specialist.actor, period=opened).recipients == names
    report = reports.start_report(actor=cast.specialist.actor, period=opened)
    assert [unit["name"] for unit in drafts.snapshot(report)["units"]] == names


def test_a_number_that_is_recorded_again_corrects_the_first(cast: Cast, period: ReportingPeriod) -> None:
    made = opening(cast, period, numbered=True)
    letters.number_letter(actor=cast.specialist.actor, letter=made, number="813", dated=TODAY)
    assert [n.number for n in LetterNumber.objects.live()] == ["813"]
    assert LetterNumber.objects.count() == 2


def test_a_letter_to_many_has_its_list_as_an_annex(cast: Cast, period: ReportingPeriod) -> None:
    made = opening(cast, period)
    made.recipients = [f"Đơn vị {n}" for n in range(1, 41)]
    found = letter_papers.document(made, None)
    assert found.addressees == ("Các cơ quan, đơn vị có tên trong danh sách kèm theo",)
    assert "Đơn vị 40" in repr(found.annexes[0])
    blank = found.annexes[0].reference_line.replace("\xa0", " ")
    assert blank == "(Kèm theo Công văn số         /SKHCN ngày       tháng      năm 2026 của Sở Khoa học và Công nghệ)"
    number = letters.number_letter(actor=cast.specialist.actor, letter=made, number="8", dated=TODAY)
    cited = letter_papers.document(made, number).annexes[0].reference_line
    assert cited == "(Kèm theo Công văn số 08/SKHCN ngày 11/12/2026 của Sở Khoa học và Công nghệ)"


def test_part_one_of_the_report_begins_with_the_letters_that_were_issued(
    cast: Cast, period: ReportingPeriod, sign_in: Any
) -> None:
    def part_one(report: Report) -> str:
        said = body._direction(drafts.snapshot(report))
        return " ".join(sentence(block.inlines) for block in said if isinstance(block, Paragraph))

    def lacking(report: Report) -> bool:
        told = [one.text for one in checklist.items(report, today=TODAY)]
        return "chưa ghi phần công tác chỉ đạo" in told

    report = reports.start_report(actor=cast.specialist.actor, period=period)
    opening(cast, period)
    assert part_one(report) == "[CHƯA GHI CÔNG TÁC CHỈ ĐẠO, BAN HÀNH VĂN BẢN]", "a letter without a number"
    assert lacking(report)
    opening(cast, period, numbered=True)
    reminder = letters.draw_reminder(actor=cast.specialist.actor, period=period)
    letters.number_letter(actor=cast.specialist.actor, letter=reminder, number="5", dated=TODAY)
    first = "Công văn số 812/SKHCN ngày 11/12/2026 về việc đề nghị báo cáo, gửi 02 cơ quan, đơn vị"
    second = (
        "Công văn số 05/SKHCN ngày 11/12/2026 về việc đôn đốc báo cáo kết quả thực hiện Kế hoạch 2828/KH-UBND "
        "năm 2026, gửi 02 cơ quan, đơn vị"
    )
    issued = "Sở Khoa học và Công nghệ đã ban hành"
    assert part_one(report) == f"{issued} {first}; {second}."
    assert not lacking(report)
    assert f"{first}; {second}" in words(sign_in(cast.specialist).get(f"/reports/{report.code}/"))
    cited = {"direction": "Ngày 11/12/2026, Sở có Công văn số 812/SKHCN."}
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=cited)
    report.refresh_from_db()
    assert part_one(report) == f"{issued} {second}. {cited['direction']}", "what the officer cites stands once"


def test_a_letter_is_signed_by_whom_signs_on_its_day(cast: Cast, period: ReportingPeriod) -> None:
    made = opening(cast, period)
    assert letter_papers.document(made, None).signature == Signature(("GIÁM ĐỐC",), "Lê Hoàng Nam")
    delegation = delegated(cast)
    number = letters.number_letter(actor=cast.specialist.actor, letter=made, number="812", dated=TODAY)
    signed = Signature(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), delegation.name)
    assert letter_papers.document(made, number).signature == signed
    with clock.at(clock.now() + timedelta(days=90)):  # when the delegation is over
        assert letter_papers.document(made, number).signature == signed
        assert letter_papers.document(made, None).signature.name == "Lê Hoàng Nam"


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("", "đề nghị các cơ quan, đơn vị báo cáo kết quả thực hiện Kế hoạch năm 2026 theo các yêu cầu sau:"),
        ("Báo cáo nhanh về xăng dầu", "đề nghị các cơ quan, đơn vị báo cáo nhanh về xăng dầu theo các yêu cầu sau:"),
        ("Số liệu cân đồng hồ", "đề nghị các cơ quan, đơn vị gửi số liệu cân đồng hồ theo các yêu cầu sau:"),
    ],
)
def test_what_is_asked_for_reads_as_a_sentence(cast: Cast, period: ReportingPeriod, title: str, asked: str) -> None:
    made = opening(cast, period)
    made.period.title = title
    assert asked in repr(letter_papers.document(made, None).body[0])


def test_a_letter_is_printed_with_its_blanks_and_then_with_its_number(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    made = opening(cast, period)
    blank = page(sign_in, cast, "specialist", "letter-paper", made.code, "docx")
    letters.number_letter(actor=cast.specialist.actor, letter=made, number="812", dated=TODAY)
    numbered = page(sign_in, cast, "specialist", "letter-paper", made.code, "docx")
    texts = []
    for answer in (blank, numbered):
        document = Document(io.BytesIO(answer.content))
        cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
        texts.append("\n".join([*cells, *(p.text for p in document.paragraphs)]))
    assert "Số: 812/SKHCN" in texts[1]
    assert "812" not in texts[0]
    for text in texts:
        assert "V/v đề nghị báo cáo" in text
        assert "chậm nhất ngày 10/12/2026" in text
        assert "Khó khăn" in text
    assert page(sign_in, cast, "specialist", "letter-paper", made.code, "pdf").content.startswith(b"%PDF")
    assert page(sign_in, cast, "specialist", "letter-paper", made.code, "odt").status_code == 404


def test_the_page_draws_numbers_and_reminds(
    sign_in: Any, cast: Cast, period: ReportingPeriod, django_assert_max_num_queries: Any
) -> None:
    browser, url = sign_in(cast.specialist, fresh=True), reverse("reporting:letters", args=[period.code])
    assert "Kỳ này chưa có công văn nào" in words(browser.get(url))
    draw = reverse("reporting:draw-letter", args=[period.code, "opening"])
    assert browser.post(draw, {"subject": "", "outline": "Một"}).status_code == 422
    assert browser.post(draw, {"subject": "đề nghị báo cáo", "outline": "Một\n\nHai"}).status_code == 302
    assert PeriodLetter.objects.get().facts["outline"] == ["Một", "Hai"]
    remind = reverse("reporting:draw-letter", args=[period.code, "reminder"])
    assert browser.post(remind).status_code == 409
    number = reverse("reporting:number-letter", args=[PeriodLetter.objects.get().code])
    assert browser.post(number, {"number": "812", "dated": "32/12/2026"}).status_code == 422
    assert browser.post(number, {"number": "812", "dated": "12/12/2026"}).status_code == 409
    assert browser.post(number, {"number": "812", "dated": "11/12/2026"}).status_code == 302
    assert browser.post(remind).status_code == 302
    with django_assert_max_num_queries(12):
        assert "Số 812/SKHCN ngày 11/12/2026" in words(browser.get(url))
    assert browser.post(reverse("reporting:draw-letter", args=[period.code, "other"])).status_code == 404
    assert page(sign_in, cast, "focal", "letters", period.code).status_code == 403
