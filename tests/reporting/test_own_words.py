"""What Sở itself says of the rows that it leads and of bullets without a row: kept, printed first, a result."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuan.lib import clock
from chuan.portal.brief import brief_of
from chuan.programme.models import Plan, PlanItem
from chuan.programme.services import assign_task
from chuan.rendering.blocks import FigureInline, Footnote, Heading, OfficialDocument, Paragraph
from chuan.reporting import checklist, drafts, own_words, papers, unit_reports
from chuan.reporting.collecting import TRIEU
from chuan.reporting.contributions import Inserts
from chuan.reporting.errors import Blocked, MovedMeanwhile, NotAllowed, StaleDraft
from chuan.reporting.models import Report, ReportingPeriod
from chuan.reporting.own_words import OwnWord
from chuan.reporting.register import OUTPUTS
from chuan.reporting.rules import Recipient
from chuan.reporting.services import reports
from chuan.reporting.services.drafting import say_own_words
from chuan.reporting.services.starting import replace_report
from tests.cast import Cast
from tests.programme.builders import assigned, task_of
from tests.rendering.word_hands import control, edited, typed
from tests.reporting.test_annex import pages
from tests.reporting.test_annex import words as page_words
from tests.reporting.test_consolidation import annex, below, drafted, notes, output, real, table, told
from tests.reporting.test_pages import page, words
from tests.reporting.test_replacing import issue
from tests.reporting.test_returned import downloaded, hidden, take, upload
from tests.reporting.test_said import said

__all__ = ["real", "told"]

CHECKED = OwnWord("done", "Đã kiểm tra 04 đơn vị.", 30 * TRIEU, 28 * TRIEU, "Biên bản tháng 10")
VEHICLE = OwnWord("under_way", "Đã bảo dưỡng xe kiểm tra.", None, 24 * TRIEU, "Sổ theo dõi")


def spoken(cast: Cast, report: Report, **own: OwnWord) -> Report:
    """Words by code, whose dots are written as underlines."""
    words_ = {code.replace("_", "."): word for code, word in own.items()}
    say_own_words(actor=cast.specialist.actor, report=report, version=report.draft_version, own=words_)
    return Report.objects.select_related("period__plan").get(pk=report.pk)


def printed(report: Report, recipient: Recipient = Recipient.COMMITTEE) -> OfficialDocument:
    return papers.document(drafts.snapshot(report), recipient=recipient, draft=True)


def row(doc: OfficialDocument, number: str) -> list[str]:
    rows = (one.split(" | ") for one in table(annex(doc, "KẾT QUẢ THỰC HIỆN PHỤ LỤC")))
    return next(cells for cells in rows if cells[0] == number)


def headings(doc: OfficialDocument) -> list[str]:
    return [block.text for block in doc.body if isinstance(block, Heading) and block.level == 3]


# -- saying


@pytest.mark.parametrize(
    ("code", "word", "reason"),
    [
        ("PL.II.9.9", CHECKED, "không có mục PL.II.9.9"),
        ("II.2.1", CHECKED, "không có mục II.2.1"),
        ("PL.II.5.1", OwnWord(words="Đã làm."), "chưa chọn tình trạng"),
        ("PL.II.5.1", OwnWord("done", "x" * 4001), "dài quá 4000 chữ"),
    ],
)
def test_what_cannot_stand_is_refused_with_the_reason(
    cast: Cast, told: ReportingPeriod, code: str, word: OwnWord, reason: str
) -> None:
    report = drafted(cast, told)
    with pytest.raises(Blocked, match=reason):
        say_own_words(actor=cast.specialist.actor, report=report, version=1, own={code: word})
    assert Report.objects.get(pk=report.pk).inserts == {}


def test_only_the_specialist_says_it_of_a_draft_that_is_not_stale(cast: Cast, told: ReportingPeriod) -> None:
    report = drafted(cast, told)
    for who in ("head", "director", "deputy", "clerk", "auditor", "focal", "leader", "administrator"):
        with pytest.raises(NotAllowed):
            say_own_words(actor=getattr(cast, who).actor, report=report, version=1, own={})
    with pytest.raises(StaleDraft):
        say_own_words(actor=cast.specialist.actor, report=report, version=0, own={})
    reports.review(actor=cast.head.actor, report=report)
    with pytest.raises(MovedMeanwhile):
        say_own_words(actor=cast.specialist.actor, report=report, version=1, own={})


def test_nothing_said_holds_no_key_and_amounts_are_kept(cast: Cast, told: ReportingPeriod) -> None:
    report = spoken(cast, drafted(cast, told), PL_II_5_1=CHECKED)
    assert Inserts.of(report.inserts).own == {"PL.II.5.1": CHECKED}
    assert spoken(cast, report).inserts == {}


# -- annex II


def test_a_row_begins_with_what_sở_says_of_it_and_the_units_stand_below(cast: Cast, told: ReportingPeriod) -> None:
    word = OwnWord("under_way", "Đã mở hai lớp", 50 * TRIEU, None, "Hồ sơ lớp")
    doc = printed(spoken(cast, drafted(cast, told), PL_II_2_3=word, PL_II_5_1=CHECKED))
    *_printed, result, proofs, planned, spent, assessed = row(doc, "2.3")
    assert result.startswith("Đã mở hai lớp. ")
    assert result.index("Đã mở hai lớp.") < result.index("Sở Công Thương: so-ct đã làm việc 0.")
    assert proofs.startswith("Hồ sơ lớp")
    assert (planned, spent, assessed) == ("50", "–", "Đang thực hiện (đã hoàn thành: 2 đơn vị)")
    assert row(doc, "5.1")[5:] == ["Đã kiểm tra 04 đơn vị.", "Biên bản tháng 10", "30", "28", "Đã hoàn thành"]
    assert "là số Sở Khoa học và Công nghệ nêu riêng" in notes(annex(doc, "KẾT QUẢ THỰC HIỆN PHỤ LỤC"))
    total = table(annex(doc, "KẾT QUẢ THỰC HIỆN PHỤ LỤC"))[-1].split(" | ")
    assert total[7:9] == ["80", "28"], "the last row adds Sở's money up too"


def test_what_sở_did_is_a_result_on_paper_on_the_plans_pages_and_for_the_leader(
    cast: Cast, told: ReportingPeriod, sign_in: Any
) -> None:
    report = drafted(cast, told)
    before, glance_before = printed(report), brief_of(cast.director.actor).annex
    report = spoken(cast, report, PL_II_5_1=CHECKED, PL_II_5_3=OwnWord("not_begun", "Sẽ làm năm 2027."))
    after, glance = printed(report), brief_of(cast.director.actor).annex
    assert glance_before
    assert glance
    counts = [int(below(doc, "2. Theo Phụ lục")[0].split("; ")[1].split()[0]) for doc in (before, after)]
    assert counts[1] == counts[0] + 1, "what was not begun is none"
    summary = below(after, "2. Theo Phụ lục")[0]
    assert "Sở Khoa học và Công nghệ đánh giá: 01 nhiệm vụ “Đã hoàn thành”, 01 nhiệm vụ “Chưa thực hiện”." in summary
    assert glance.with_result == glance_before.with_result + 1
    assert any("Chưa thực hiện: Sở Khoa học và Công nghệ." in red.why for red in glance.red)
    shown = page_words(sign_in(cast.specialist), pages(told.plan, "PL.II.5.1")[1])
    assert "Đã kiểm tra 04 đơn vị. Minh chứng: Biên bản tháng 10" in shown
    assert "và lời của Sở trong dự thảo báo cáo tổng hợp" in shown
    assert "Chưa ghi nhận" not in shown
    assert "Đã kiểm tra 04" not in page_words(sign_in(cast.focal, fresh=True), pages(told.plan, "PL.II.5.1")[1])


# -- bullets without a row


@pytest.mark.parametrize("recipient", list(Recipient))
def test_a_bullet_without_a_row_prints_in_its_group_with_its_place_and_money(
    cast: Cast, told: ReportingPeriod, recipient: Recipient
) -> None:
    doc = printed(spoken(cast, drafted(cast, told), II_3_4=VEHICLE), recipient)
    assert below(doc, "c) Nâng cao hiệu quả") == [
        "Đã bảo dưỡng xe kiểm tra.",
        "Kinh phí của nội dung này: thực hiện 24 triệu đồng.",
    ]
    block = next(one for one in doc.body if isinstance(one, Paragraph) and one.key == "so.II.3.4")
    assert [one.text for one in block.inlines if isinstance(one, Footnote)] == [
        "Mục II.3.4 của Kế hoạch, không có dòng trong Phụ lục: đang thực hiện. Minh chứng: Sổ theo dõi."
    ]
    fields = [
        one.code
        for block in doc.body
        if isinstance(block, Paragraph)
        for one in block.inlines
        if isinstance(one, FigureInline)
    ]
    assert "TH.kinh-phi.II.3.4.spent" in fields, "money is a number that nobody changes by hand"


def test_a_bullet_of_which_only_a_status_is_said_prints_in_the_plans_words(cast: Cast, told: ReportingPeriod) -> None:
    doc = printed(spoken(cast, drafted(cast, told), II_5_1=OwnWord("nil")))
    found = " ".join(below(doc, "đ) Tập trung đẩy mạnh"))
    assert "Triển khai các hoạt động kỷ niệm ngày đo lường Việt Nam; tổ chức thi đua" in found
    assert ": không phát sinh." in found


def test_bullets_of_other_parts_have_a_heading_where_something_is_said_of_one(
    cast: Cast, told: ReportingPeriod
) -> None:
    report = drafted(cast, told)
    assert not any("Nội dung khác" in one for one in headings(printed(report)))
    doc = printed(spoken(cast, report, IV_3_2=OwnWord("done", "Đã giải đáp vướng mắc.")))
    assert headings(doc)[-1] == "e) Nội dung khác nêu ở phần thân của Kế hoạch"
    assert below(doc, "e) Nội dung khác") == ["Đã giải đáp vướng mắc."]


def test_an_output_hangs_on_a_bullet_and_prints_in_its_group(cast: Cast, told: ReportingPeriod) -> None:
    bullet = PlanItem.objects.get(plan=told.plan, code="II.4.3")
    facts = {"item_id": bullet.pk, "what": "Doanh nghiệp được hỗ trợ", "value": 3, "unit": "doanh nghiệp"}
    said(cast.specialist, OUTPUTS, {**output(told), **facts})
    found = below(printed(drafted(cast, told)), "d) Triển khai công tác hỗ trợ doanh nghiệp")
    assert "- Doanh nghiệp được hỗ trợ: 03 doanh nghiệp (chưa có minh chứng)." in found


def test_the_form_of_an_output_offers_the_rows_and_the_bullets_without_a_row(
    cast: Cast, told: ReportingPeriod, sign_in: Any
) -> None:
    shown = sign_in(cast.specialist).get(reverse("reporting:output-line-new")).content.decode()
    for code in ("KH-2828-PL.II.3.1", "KH-2828-II.3.4", "KH-2828-II.4.3", "KH-2828-II.5.1", "KH-2828-IV.3.2"):
        assert f'value="{code}"' in shown
    assert 'value="KH-2828-II.2.1"' not in shown, "whose row of the annex says it"
    assert "mục II.3.4 (chỉ nêu ở phần thân): Duy trì hệ thống chuẩn đo lường" in shown


# -- words of no group; snapshots of before


def test_words_of_no_group_stand_before_the_first(cast: Cast, told: ReportingPeriod) -> None:
    doc = printed(drafted(cast, told))
    assert below(doc, "1. Theo các nhóm") == ["Phong trào thi đua được duy trì."]
    assert "Phong trào thi đua được duy trì." not in below(doc, "đ) Tập trung đẩy mạnh")


def test_a_content_that_was_frozen_before_prints_as_it_did(cast: Cast, told: ReportingPeriod) -> None:
    snapshot = drafts.snapshot(drafted(cast, told))
    del snapshot["own"]
    groups = [one for one in snapshot["collected"]["groups"] if not one.get("rest")]
    for group in groups:
        del group["alone"]
    snapshot["collected"]["groups"] = groups
    doc = papers.document(snapshot, draft=True)
    assert len(headings(doc)) == 5
    assert row(doc, "5.1")[-1] == "Chưa ghi nhận"


def test_a_replacing_report_begins_with_them(cast: Cast, told: ReportingPeriod) -> None:
    old = issue(cast, spoken(cast, drafted(cast, told), PL_II_5_1=CHECKED, II_3_4=VEHICLE), 345)
    assert old.content
    assert old.content.snapshot["own"]["II.3.4"] == VEHICLE.plain()
    new = replace_report(actor=cast.specialist.actor, report=old, note="Thiếu một lớp.")
    assert Inserts.of(new.inserts).own == {"PL.II.5.1": CHECKED, "II.3.4": VEHICLE}


# -- the checklist


def test_rows_that_sở_leads_in_silence_are_warned_of_and_an_unfilled_place_blocks(
    cast: Cast, told: ReportingPeriod
) -> None:
    report = drafted(cast, told)

    def lines(*, blocks: bool) -> str:
        return "; ".join(i.text for i in checklist.items(report, today=clock.today()) if i.blocks is blocks)

    led = own_words.led(told.plan, clock.today())
    assert len(led) == 13
    assert "chưa ghi kết quả của 13 nhiệm vụ Sở chủ trì: I.1, I.2, II.1, 2.1, " in lines(blocks=False)
    report = spoken(cast, report, **{line.code.replace(".", "_"): CHECKED for line in led[1:]})
    assert "chưa ghi kết quả của 1 nhiệm vụ Sở chủ trì: I.1" in lines(blocks=False)
    report = spoken(cast, report, PL_II_5_1=OwnWord("done", "Đã kiểm tra …… đơn vị."))
    assert "còn chỗ chưa điền “……” ở lời của Sở, nhiệm vụ 5.1" in lines(blocks=True)


def test_a_row_that_another_unit_was_given_to_lead_is_not_asked_of_sở(cast: Cast, told: ReportingPeriod) -> None:
    entry = assigned(cast.unit("so-ct"), valid_from=date(2026, 1, 1))
    assign_task(actor=cast.specialist.actor, task=task_of(told.plan, "PL.II.3.2"), entry=entry)
    assert "PL.II.3.2" not in [line.code for line in own_words.led(told.plan, clock.today())]
    shown = [line.code for one in own_words.sections(told.plan, clock.today(), {}) for line in one.lines]
    assert "PL.II.3.2" not in shown
    kept = own_words.sections(told.plan, clock.today(), {"PL.II.3.2": CHECKED})
    assert [line.code for line in kept[1].lines] == ["PL.II.3.2", "PL.II.5.2", "PL.II.5.3"], "what was said stays seen"


# -- Word


def test_the_leaders_word_file_gives_the_wording_of_a_bullet_back(
    sign_in: Any, cast: Cast, told: ReportingPeriod
) -> None:
    report = spoken(cast, drafted(cast, told), II_3_4=VEHICLE, II_5_1=OwnWord("done", "Đã mít tinh."))

    def without(root: Any) -> None:
        holder = control(root, "loi:so.II.5.1").getparent()
        holder.getparent().remove(holder)

    file = edited(downloaded(sign_in, cast, report), typed("Đã bảo dưỡng xe kiểm tra.", "Đã bảo dưỡng 01 xe."), without)
    answer = upload(sign_in, cast, report, file)
    pieces = answer.context["comparison"].pieces
    assert pieces == {"so.II.3.4": "Đã bảo dưỡng 01 xe.", "so.II.5.1": ""}
    take(sign_in, cast, report, {**hidden(answer), **{f"piece:{key}": said_ for key, said_ in pieces.items()}})
    own = Inserts.of(Report.objects.get(pk=report.pk).inserts).own
    assert list(own) == ["II.3.4"]
    assert (own["II.3.4"].words, own["II.3.4"].evidence) == ("Đã bảo dưỡng 01 xe.", "Sổ theo dõi")


# -- the page


def send(sign_in: Any, cast: Cast, report: Report, version: int, who: str = "specialist", **fields: str) -> Any:
    """Fields by code and name: `PL_II_5_1__status`."""
    data = {"version": str(version), "codes": "PL.II.5.1"}
    for name, value in fields.items():
        code, _line, field = name.partition("__")
        data[f"so-{code.replace('_', '.')}-{field}"] = value
    return sign_in(getattr(cast, who), fresh=True).post(reverse("reporting:own-words", args=[report.code]), data)


def test_who_may_not_write_reads_the_page_without_fields_or_has_none(
    sign_in: Any, cast: Cast, told: ReportingPeriod
) -> None:
    report = spoken(cast, drafted(cast, told), PL_II_5_1=CHECKED)
    assert page(sign_in, cast, "focal", "own-words", report.code).status_code == 404
    shown = page(sign_in, cast, "head", "own-words", report.code)
    assert "Đã kiểm tra 04 đơn vị." in words(shown)
    assert "<textarea" not in shown.content.decode()
    assert send(sign_in, cast, report, 2, who="head").status_code == 403


def test_the_page_lists_rows_led_rows_that_nobody_leads_and_bullets_by_their_groups(
    sign_in: Any, cast: Cast, told: ReportingPeriod
) -> None:
    shown = page(sign_in, cast, "specialist", "own-words", drafted(cast, told).code)
    sections = [(one.title, len(one.lines)) for one, _lines in shown.context["page"].sections]
    assert [count for _title, count in sections] == [13, 2, 1, 1, 1, 1, 4]
    assert sections[3][0] == "3. Nâng cao hiệu quả công tác quản lý nhà nước về đo lường"
    assert "Mục II.3.4. Duy trì hệ thống chuẩn đo lường, xe kiểm tra đặc thù" in words(shown)


def test_words_without_a_status_are_shown_again_and_nothing_is_saved(
    sign_in: Any, cast: Cast, told: ReportingPeriod
) -> None:
    report = drafted(cast, told)
    answer = send(sign_in, cast, report, 1, PL_II_5_1__words="Đang gõ dở.", II_3_4__status="done")
    assert (answer.status_code, "Đang gõ dở." in words(answer)) == (422, True)
    assert "5.1, Tình trạng: Chọn tình trạng, hoặc bỏ trống cả mục này." in words(answer)
    assert Report.objects.get(pk=report.pk).draft_version == 1


def test_a_stale_page_saves_nothing_and_shows_what_is_saved_beside_what_was_typed(
    sign_in: Any, cast: Cast, told: ReportingPeriod
) -> None:
    report = spoken(cast, drafted(cast, told), PL_II_5_1=CHECKED)
    answer = send(sign_in, cast, report, 1, PL_II_5_1__status="done", PL_II_5_1__words="Gõ ở cửa sổ cũ.")
    assert (answer.status_code, "Gõ ở cửa sổ cũ." in words(answer)) == (409, True)
    assert "Đang lưu trong hệ thống, khác với bản bạn gõ dưới đây: Đã hoàn thành. Đã kiểm tra 04 đơn vị." in words(
        answer
    )
    assert Inserts.of(Report.objects.get(pk=report.pk).inserts).own == {"PL.II.5.1": CHECKED}


def test_one_button_keeps_everything_and_the_reports_page_counts_it(
    sign_in: Any, cast: Cast, told: ReportingPeriod
) -> None:
    report = drafted(cast, told)
    fields = {"status": "done", "words": "Đã kiểm tra\n04 đơn vị.", "evidence": "Biên bản", "spent": "28,5"}
    answer = send(sign_in, cast, report, 1, **{f"PL_II_5_1__{name}": value for name, value in fields.items()})
    assert answer.status_code == 302
    own = Inserts.of(Report.objects.get(pk=report.pk).inserts).own
    assert own == {"PL.II.5.1": OwnWord("done", "Đã kiểm tra 04 đơn vị.", None, 28_500_000, "Biên bản")}
    assert "1/13 nhiệm vụ Sở chủ trì đã ghi" in words(page(sign_in, cast, "specialist", "report", report.code))


def test_the_pages_of_a_draft_take_at_most_twelve_queries(sign_in: Any, cast: Cast, told: ReportingPeriod) -> None:
    report = spoken(cast, drafted(cast, told), PL_II_5_1=CHECKED)
    browser = sign_in(cast.specialist)
    for route in ("own-words", "report"):
        address = reverse(f"reporting:{route}", args=[report.code])
        browser.get(address)
        with CaptureQueriesContext(connection) as caught:
            browser.get(address)
        assert len(caught) <= 12, [query["sql"][:120] for query in caught]


def test_a_plan_without_its_text_has_nothing_to_say_of(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unit_reports, "_documents", {})  # what another test's plan of this key left in the process
    assert own_words.places(plan) == {}
    assert own_words.sections(plan, clock.today(), {}) == []
    assert own_words.led(plan, clock.today()) == []
