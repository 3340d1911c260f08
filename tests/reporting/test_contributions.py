"""Units' paragraphs in the consolidated report: taken in, worded anew, ordered, left out; and back from Word."""

from typing import Any

import pytest
from django.urls import reverse

from chuan.lib import clock
from chuan.programme.models import Plan
from chuan.rendering.blocks import Footnote, OfficialDocument, Paragraph
from chuan.reporting import checklist, contributions, drafts, jobs, obligations, papers
from chuan.reporting.contributions import Inserts
from chuan.reporting.errors import Blocked, MovedMeanwhile, NotAllowed, StaleDraft
from chuan.reporting.models import Report, ReportingPeriod, Submission
from chuan.reporting.services import reports
from chuan.reporting.services.drafting import Choice, arrange_paragraphs
from tests.cast import Cast
from tests.rendering.word_hands import control, edited, typed
from tests.reporting.test_consolidation import below, drafted, real, sentence, told
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import step
from tests.reporting.test_returned import added_after, downloaded, hidden, take, upload

__all__ = ["real", "told"]

CT, YT = "TN-2026-0001", "TN-2026-0002"


def choice(ref: str, section: str = "results", said: str = "") -> Choice:
    return Choice(
        ref, section, said or {f"{CT}/narrative.1": "Lời của so-ct.", f"{YT}/narrative.1": "Lời của so-yt."}[ref]
    )


def arranged(cast: Cast, report: Report, *chosen: Choice) -> Report:
    arrange_paragraphs(actor=cast.specialist.actor, report=report, version=report.draft_version, chosen=list(chosen))
    return Report.objects.select_related("period__plan").get(pk=report.pk)


def printed(report: Report) -> OfficialDocument:
    return papers.document(drafts.snapshot(report), draft=True)


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [
        ([Choice("TN-2026-0009/narrative.1", "results", "Bịa.")], "không còn trong báo cáo"),
        ([choice(f"{CT}/narrative.1"), choice(f"{CT}/narrative.1")], "hai lần"),
        ([choice(f"{CT}/narrative.1", "annex")], "mục không có"),
        ([Choice(f"{CT}/narrative.1", "results", "  ")], "để trống"),
        ([Choice(f"{CT}/narrative.1", "results", "x" * 4001)], "quá 4000 chữ"),
    ],
)
def test_a_paragraph_that_cannot_stand_is_refused_with_the_reason(
    cast: Cast, told: ReportingPeriod, chosen: list[Choice], reason: str
) -> None:
    report = drafted(cast, told)
    with pytest.raises(Blocked, match=reason):
        arranged(cast, report, *chosen)
    assert Report.objects.get(pk=report.pk).inserts == {}


def test_only_the_specialist_arranges_from_a_page_that_is_not_stale_and_before_the_freeze(
    cast: Cast, told: ReportingPeriod
) -> None:
    report = drafted(cast, told)
    for who in ("head", "director", "deputy", "clerk", "auditor", "focal", "leader", "administrator"):
        with pytest.raises(NotAllowed):
            arrange_paragraphs(actor=getattr(cast, who).actor, report=report, version=1, chosen=[])
    with pytest.raises(StaleDraft):
        arrange_paragraphs(actor=cast.specialist.actor, report=report, version=0, chosen=[])
    reports.review(actor=cast.head.actor, report=report)
    with pytest.raises(MovedMeanwhile):
        arrange_paragraphs(actor=cast.specialist.actor, report=report, version=1, chosen=[])


def test_a_paragraph_prints_in_its_section_with_whose_words_it_is(cast: Cast, told: ReportingPeriod) -> None:
    report = arranged(cast, drafted(cast, told), choice(f"{CT}/narrative.1", "direction"))
    doc = printed(report)
    assert below(doc, "I. CÔNG TÁC")[-1] == "Lời của so-ct."
    block = next(b for b in doc.body if isinstance(b, Paragraph) and b.key == "doan.p1")
    assert [n.text for n in block.inlines if isinstance(n, Footnote)] == [
        "Theo báo cáo của Sở Công Thương, biên nhận TN-2026-0001."
    ]


def test_an_edited_paragraph_keeps_its_origin_and_says_that_it_was_edited(cast: Cast, told: ReportingPeriod) -> None:
    report = arranged(cast, drafted(cast, told), choice(f"{CT}/narrative.1", said="Đã biên tập lại."))
    (one,) = drafts.snapshot(report)["paragraphs"]
    assert (one["text"], one["original"], one["edited"]) == ("Đã biên tập lại.", "Lời của so-ct.", True)
    notes = [
        n.text for b in printed(report).body if isinstance(b, Paragraph) for n in b.inlines if isinstance(n, Footnote)
    ]
    assert "Theo báo cáo của Sở Công Thương, biên nhận TN-2026-0001 (đã biên tập)." in notes


def test_the_snapshot_holds_origin_and_hash_and_counts_what_was_left_out(cast: Cast, told: ReportingPeriod) -> None:
    report = arranged(cast, drafted(cast, told), choice(f"{CT}/narrative.1"))
    reports.review(actor=cast.head.actor, report=report)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    sent = {one.content.receipt: one.content for one in Submission.objects.exclude(content=None) if one.content}
    (one,) = content.snapshot["paragraphs"]
    assert one["origin"]["content_sha256"] == sent[CT].sha256 == sent[CT].sealed_sha256()
    assert content.snapshot["unused"] == {"count": 1, "refs": [[f"{YT}/narrative.1", sent[YT].sha256]]}
    jobs.print_papers(content.pk)
    assert "Lời của so-ct." in [
        sentence(b.inlines)
        for b in papers.of_content(content, report, "for_signature").body
        if isinstance(b, Paragraph)
    ]


def test_paragraphs_print_in_the_order_that_the_officer_gave_them(cast: Cast, told: ReportingPeriod) -> None:
    first = arranged(
        cast, drafted(cast, told), choice(f"{CT}/narrative.1", "next"), choice(f"{YT}/narrative.1", "next")
    )
    assert below(printed(first), "V. PHƯƠNG")[1:3] == ["Lời của so-ct.", "Lời của so-yt."]
    second = arranged(cast, first, choice(f"{YT}/narrative.1", "next"), choice(f"{CT}/narrative.1", "next"))
    assert below(printed(second), "V. PHƯƠNG")[1:3] == ["Lời của so-yt.", "Lời của so-ct."]
    assert [one.key for one in Inserts.of(second.inserts).paragraphs] == ["p2", "p1"]


def test_a_difficulty_is_offered_with_its_cause(cast: Cast, told: ReportingPeriod) -> None:
    offered = {one.origin.ref: one.text for one in contributions.given(obligations.tracking(told, today=clock.today()))}
    assert offered[f"{CT}/difficulty.1"] == "Thiếu kiểm định viên áp kế. Nguyên nhân: Chưa có lớp đào tạo."
    assert offered[f"{CT}/difficulty.2"] == "Chưa có kinh phí mua chuẩn."


def test_a_difficulty_that_was_worded_anew_is_not_printed_twice(cast: Cast, told: ReportingPeriod) -> None:
    report = drafted(cast, told)
    anew = Choice(f"{CT}/difficulty.1", "difficulties", "Toàn tỉnh thiếu kiểm định viên áp kế.")
    found = below(printed(arranged(cast, report, anew)), "IV. KHÓ KHĂN")
    assert "Toàn tỉnh thiếu kiểm định viên áp kế." in found
    assert not any("(Sở Công Thương)" in line and "áp kế" in line for line in found)
    assert "- Chưa có kinh phí mua chuẩn (Sở Công Thương)." in found


def test_a_paragraph_of_a_report_that_was_returned_stops_the_freeze_and_names_the_unit(
    cast: Cast, told: ReportingPeriod
) -> None:
    report = arranged(cast, drafted(cast, told), choice(f"{CT}/narrative.1"))
    submission = Submission.objects.get(content__receipt=CT)
    step(submission, "return_lines", cast.specialist, note="Viết lại.", lines=["narrative"])
    blocks = [item.text for item in checklist.items(report, today=clock.today()) if item.blocks]
    assert any("đã trả lại hoặc được thay thế" in line and "Sở Công Thương" in line for line in blocks)
    arranged(cast, report)
    report.refresh_from_db()
    assert not any("thay thế" in item.text for item in checklist.items(report, today=clock.today()))


def test_a_sent_report_that_no_longer_matches_its_seal_stops_the_freeze(cast: Cast, told: ReportingPeriod) -> None:
    report, rows = drafted(cast, told), obligations.tracking(told, today=clock.today())
    changed = next(row.content for row in rows if row.content)
    changed.narrative += " Thêm sau khi gửi."
    items = checklist.items(report, today=clock.today(), rows=rows, whole=False)
    blocks = [item.text for item in items if item.blocks]
    assert any("không còn khớp mã băm" in line and "Sở Công Thương" in line for line in blocks)


@pytest.mark.parametrize("blank", ["[CHƯA CÓ SỐ VĂN BẢN]", "……", "_____", "số …/SKHCN"])
def test_a_paragraph_with_a_place_left_to_fill_stops_the_freeze(cast: Cast, told: ReportingPeriod, blank: str) -> None:
    report = arranged(cast, drafted(cast, told), choice(f"{CT}/narrative.1", said=f"Theo Công văn {blank}."))
    reports.review(actor=cast.head.actor, report=report)
    with pytest.raises(Blocked, match="còn chỗ chưa điền"):
        reports.freeze(actor=cast.specialist.actor, report=report)


def test_the_leaders_word_file_gives_the_wording_of_a_units_paragraph_back(
    sign_in: Any, cast: Cast, told: ReportingPeriod
) -> None:
    report = arranged(
        cast, drafted(cast, told), choice(f"{CT}/narrative.1", "next"), choice(f"{YT}/narrative.1", "next")
    )

    def without(root: Any) -> None:
        holder = control(root, "loi:doan.p2").getparent()
        holder.getparent().remove(holder)

    content = edited(
        downloaded(sign_in, cast, report),
        typed("Lời của so-ct.", "Lời của Sở Công Thương, đã rút gọn."),
        added_after("doan.p1", "Một câu của lãnh đạo."),
        without,
    )
    answer = upload(sign_in, cast, report, content)
    assert answer.context["comparison"].pieces == {"doan.p1": "Lời của Sở Công Thương, đã rút gọn.", "doan.p2": ""}
    pieces = {f"piece:{key}": said for key, said in answer.context["comparison"].pieces.items()}
    assert take(sign_in, cast, report, {**hidden(answer), **pieces}).status_code == 302
    report = Report.objects.select_related("period__plan").get(pk=report.pk)
    (one,) = Inserts.of(report.inserts).paragraphs
    assert (one.text, one.original, one.origin.unit) == (
        "Lời của Sở Công Thương, đã rút gọn.",
        "Lời của so-ct.",
        "so-ct",
    )
    assert drafts.snapshot(report)["unused"]["count"] == 1
    assert report.draft["next"].splitlines()[-1] == "Một câu của lãnh đạo."


def test_a_paragraph_that_changed_in_the_file_and_here_stays_as_it_is_here(
    sign_in: Any, cast: Cast, told: ReportingPeriod
) -> None:
    report = arranged(cast, drafted(cast, told), choice(f"{CT}/narrative.1"))
    content = edited(downloaded(sign_in, cast, report), typed("Lời của so-ct.", "Lời trong tệp."))
    report = arranged(cast, report, choice(f"{CT}/narrative.1", said="Lời ở đây."))
    answer = upload(sign_in, cast, report, content)
    assert answer.context["comparison"].crossed == ("doan.p1",)
    assert "Lời trong tệp." in words(answer)
    assert not answer.context["may_take"]


# ---- the page ----------------------------------------------------------------------------------------------------


def send(sign_in: Any, cast: Cast, report: Report, do: str, *lines: tuple[str, str, str], version: int = 1) -> Any:
    data = {"version": str(version), "lines": str(len(lines)), "do": do}
    for n, (ref, section, said) in enumerate(lines):
        data |= {f"l{n}-ref": ref, f"l{n}-section": section, f"l{n}-text": said}
    return sign_in(cast.specialist, fresh=True).post(reverse("reporting:paragraphs", args=[report.code]), data)


def test_who_may_not_write_gets_the_page_without_its_buttons_or_not_at_all(
    sign_in: Any, cast: Cast, told: ReportingPeriod
) -> None:
    report = drafted(cast, told)
    assert page(sign_in, cast, "focal", "paragraphs", report.code).status_code == 404
    shown = page(sign_in, cast, "director", "paragraphs", report.code)
    assert (shown.status_code, 'name="do" value="take' in shown.content.decode()) == (200, False)
    url = reverse("reporting:paragraphs", args=[report.code])
    assert sign_in(cast.director, fresh=True).post(url, {"version": "1", "lines": "0", "do": "save"}).status_code == 403


def test_a_line_left_empty_is_shown_again_with_the_others_as_typed(
    sign_in: Any, cast: Cast, told: ReportingPeriod
) -> None:
    report = arranged(cast, drafted(cast, told), choice(f"{CT}/narrative.1"), choice(f"{YT}/narrative.1"))
    lines = ((f"{CT}/narrative.1", "results", ""), (f"{YT}/narrative.1", "results", "Đang gõ dở."))
    answer = send(sign_in, cast, report, "save", *lines, version=2)
    assert (answer.status_code, "Đang gõ dở." in words(answer)) == (422, True)
    assert Report.objects.get(pk=report.pk).draft_version == 2


def test_a_stale_page_saves_nothing_and_keeps_what_was_typed(sign_in: Any, cast: Cast, told: ReportingPeriod) -> None:
    report = arranged(cast, drafted(cast, told), choice(f"{CT}/narrative.1"))
    answer = send(sign_in, cast, report, "save", (f"{CT}/narrative.1", "results", "Gõ ở cửa sổ cũ."), version=1)
    assert (answer.status_code, "Gõ ở cửa sổ cũ." in words(answer)) == (409, True)
    assert "Đang lưu: Lời của so-ct." in words(answer)


def test_each_section_shows_what_units_contributed_and_one_press_takes_orders_and_leaves_out(
    sign_in: Any, cast: Cast, told: ReportingPeriod
) -> None:
    report = drafted(cast, told)
    shown = words(page(sign_in, cast, "specialist", "paragraphs", report.code))
    assert "2 đoạn chưa dùng" in shown
    assert "đã in ở mục IV" in shown
    ct, yt = f"{CT}/narrative.1", f"{YT}/narrative.1"
    assert send(sign_in, cast, report, f"take:{ct}").status_code == 302
    send(sign_in, cast, report, f"take:{yt}", (ct, "results", "Sửa trong lúc lấy."), version=2)
    send(
        sign_in,
        cast,
        report,
        "up:1",
        (ct, "results", "Sửa trong lúc lấy."),
        (yt, "results", "Lời của so-yt."),
        version=3,
    )
    taken = Inserts.of(Report.objects.get(pk=report.pk).inserts).paragraphs
    assert [(one.origin.ref, one.text) for one in taken] == [(yt, "Lời của so-yt."), (ct, "Sửa trong lúc lấy.")]
    shown = words(page(sign_in, cast, "specialist", "paragraphs", report.code))
    assert "theo báo cáo của Sở Công Thương" in shown
    assert "2 đoạn đã lấy · 0 đoạn chưa dùng" in words(page(sign_in, cast, "specialist", "report", report.code))
    send(sign_in, cast, report, "drop:0", (yt, "results", ""), (ct, "results", "Sửa trong lúc lấy."), version=4)
    assert "1 đoạn đã lấy · 1 đoạn chưa dùng" in words(page(sign_in, cast, "specialist", "report", report.code))


def test_what_is_posted_beyond_the_page_changes_nothing(sign_in: Any, cast: Cast, told: ReportingPeriod) -> None:
    report = drafted(cast, told)
    for do in ("take:bịa", "take:"):
        assert send(sign_in, cast, report, do).status_code == 409
    for version, do in enumerate(("up:9", "down:x", "??"), start=1):
        assert send(sign_in, cast, report, do, version=version).status_code == 302
    assert Inserts.of(Report.objects.get(pk=report.pk).inserts).paragraphs == []


def test_a_unit_that_sent_nothing_contributes_nothing(cast: Cast, told: ReportingPeriod, real: Plan) -> None:
    rows = obligations.tracking(told, today=clock.today())
    assert {one.origin.unit for one in contributions.given(rows)} == {"so-ct", "so-yt"}
