"""Who issues and who signs: dated issuers, delegations of signature, the tờ trình, and the block that is printed."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from chuan.accounts.services import create_user
from chuan.files import store
from chuan.lib import clock
from chuan.organisations.models import Membership
from chuan.organisations.rules import Role
from chuan.organisations.services import grant_membership
from chuan.rendering.blocks import Bullets, Heading, Paragraph, Signature
from chuan.reporting import checklist, drafts, issuing, jobs, papers
from chuan.reporting.errors import Blocked, MovedMeanwhile, NotAllowed, NotDelegated, ReasonNeeded, WrongNumber
from chuan.reporting.models import IssuerRule, Paper, PaperNumber, Report, ReportingPeriod, SigningDelegation
from chuan.reporting.papers import submittals
from chuan.reporting.rules import Recipient
from chuan.reporting.services import reports
from chuan.reporting.services.issuing import (
    delegate_signing,
    end_delegation,
    end_issuer,
    number_paper,
    set_issuer,
)
from tests.access.reporting_world import blank_pdf
from tests.cast import SYSTEM, Cast
from tests.reporting.test_consolidation import sentence
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import period, reviewed

__all__ = ["period"]

TODAY = date(2026, 12, 11)
DAY = timedelta(days=1)


def delegated(cast: Cast, **facts: Any) -> SigningDelegation:
    data = {"first": TODAY, "last": TODAY + 4 * DAY, "document": "Văn bản số 12", **facts}
    data = {"actor": cast.specialist.actor, "deputy": cast.deputy.user, **data}
    return delegate_signing(**data)


def by_committee(cast: Cast, period: ReportingPeriod, **facts: Any) -> IssuerRule:
    data = {"recipient": "bo", "issuer": "ubnd", "signs_as": "chairman", "valid_from": date(2026, 1, 1), **facts}
    return set_issuer(**{"actor": cast.specialist.actor, "plan": period.plan, "document": "Thông lệ", **data})


def frozen(cast: Cast, period: ReportingPeriod) -> Report:
    report = reviewed(cast, period)
    reports.freeze(actor=cast.specialist.actor, report=report)
    return Report.objects.select_related("content", "period__plan").get(pk=report.pk)


# ---- delegation --------------------------------------------------------------------------------------------------


def test_only_the_director_and_the_specialist_record_a_delegation_and_nobody_their_own(cast: Cast) -> None:
    for name, person in cast.people.items():
        if name not in {"director", "specialist"}:
            with pytest.raises(NotAllowed):
                delegated(cast, actor=person.actor)
    with pytest.raises(NotAllowed):
        delegated(cast, actor=cast.director.actor, deputy=cast.director.user)
    assert not SigningDelegation.objects.exists()


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"document": " "}, "lý do"),
        ({"last": TODAY - DAY}, "ngày cuối trước ngày đầu"),
        ({"first": TODAY - 9 * DAY, "last": TODAY - DAY}, "đã qua"),
        ({"deputy": "head"}, "không phải là Phó Giám đốc"),
    ],
)
def test_a_delegation_that_cannot_be_is_refused_with_the_reason(cast: Cast, facts: dict[str, Any], reason: str) -> None:
    if isinstance(facts.get("deputy"), str):
        facts = {**facts, "deputy": cast.people[facts["deputy"]].user}
    with pytest.raises((Blocked, ReasonNeeded), match=reason):
        delegated(cast, **facts)


def test_two_delegations_of_one_day_are_refused(cast: Cast) -> None:
    delegated(cast)
    with pytest.raises(Blocked, match="đã có ủy quyền khác"):
        delegated(cast, first=TODAY + 4 * DAY, last=TODAY + 9 * DAY)


@pytest.mark.parametrize(("first", "last"), [(DAY, 5 * DAY), (-5 * DAY, -DAY)])
def test_a_deputy_signs_on_no_day_outside_the_delegation(
    cast: Cast, period: ReportingPeriod, first: timedelta, last: timedelta
) -> None:
    with clock.at(clock.now() + min(first, timedelta())):
        delegated(cast, first=TODAY + first, last=TODAY + last)
    report = frozen(cast, period)
    for step in (reports.sign, lambda **who: reports.refuse(**who, note="sửa")):
        with pytest.raises(NotDelegated, match="11/12/2026"):
            step(actor=cast.deputy.actor, report=report)
    assert issuing.signer_on(TODAY).name == "Lê Hoàng Nam"


def test_a_delegation_that_was_ended_no_longer_holds(cast: Cast, period: ReportingPeriod) -> None:
    one = delegated(cast)
    with pytest.raises(ReasonNeeded):
        end_delegation(actor=cast.director.actor, delegation=one, reason=" ")
    with pytest.raises(NotAllowed):
        end_delegation(actor=cast.deputy.actor, delegation=one, reason="x")
    end_delegation(actor=cast.director.actor, delegation=one, reason="Giám đốc đã về")
    with pytest.raises(NotDelegated):
        reports.sign(actor=cast.deputy.actor, report=frozen(cast, period))


def test_the_printed_block_follows_who_signs(cast: Cast, period: ReportingPeriod) -> None:
    delegated(cast)
    report = frozen(cast, period)
    assert report.content
    to_sign = papers.of_content(report.content, report, "for_signature")
    assert to_sign.signature == Signature(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Vũ Thị Mai Phương")
    jobs.print_papers(report.content_id or 0)
    reports.sign(actor=cast.deputy.actor, report=report)
    reports.number_report(actor=cast.clerk.actor, report=report, number=345, dated=TODAY)
    issued = papers.of_content(report.content, report, "issued")
    assert issued.signature == Signature(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Vũ Thị Mai Phương")
    step = report.events.get(verb="sign")
    assert (step.facts["signs_as"], step.facts["delegation"]) == ("deputy", "Văn bản số 12")


def test_the_director_who_signs_after_all_is_printed_as_director(cast: Cast, period: ReportingPeriod) -> None:
    delegated(cast)
    report = frozen(cast, period)
    jobs.print_papers(report.content_id or 0)
    reports.sign(actor=cast.director.actor, report=report)
    assert papers.signed_by(report) == Signature(("GIÁM ĐỐC",), "Lê Hoàng Nam")


def test_nothing_is_frozen_while_nobody_can_say_who_signs(cast: Cast, period: ReportingPeriod) -> None:
    report = reviewed(cast, period)
    second = create_user(actor=SYSTEM, username="gd2", full_name="Một Người Khác", password="mot-mat-khau-dai")
    unit = cast.unit("so-khcn")
    grant_membership(actor=SYSTEM, user=second, unit=unit, role=Role.DEPARTMENT_LEADER, valid_from=date(2026, 12, 1))
    assert Membership.objects.live().filter(role=Role.DEPARTMENT_LEADER).count() == 2
    with pytest.raises(Blocked, match="chưa xác định người ký"):
        reports.freeze(actor=cast.specialist.actor, report=report)
    assert papers.document(drafts.snapshot(report), draft=True).signature.name == "[CHƯA XÁC ĐỊNH NGƯỜI KÝ]"
    assert submittals.document(drafts.snapshot(report), draft=True).signature.name == "[CHƯA XÁC ĐỊNH NGƯỜI KÝ]"
    delegated(cast)
    assert not any(item.blocks for item in checklist.items(report, today=TODAY))


# ---- the issuer --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"document": ""}, "lý do"),
        ({"recipient": "ubnd"}, "không ban hành báo cáo gửi chính mình"),
        ({"signs_as": "director"}, "cần nêu người ký"),
        ({"valid_to": date(2026, 1, 1)}, "hết hiệu lực phải sau"),
    ],
)
def test_an_issuer_that_cannot_be_is_refused_with_the_reason(
    cast: Cast, period: ReportingPeriod, facts: dict[str, Any], reason: str
) -> None:
    with pytest.raises((Blocked, ReasonNeeded), match=reason):
        by_committee(cast, period, **facts)


def test_only_the_specialist_says_who_issues_and_one_rule_holds_on_a_day(cast: Cast, period: ReportingPeriod) -> None:
    for who in ("head", "director", "deputy", "clerk", "administrator", "focal"):
        with pytest.raises(NotAllowed):
            by_committee(cast, period, actor=getattr(cast, who).actor)
    rule = by_committee(cast, period, valid_to=date(2027, 1, 1))
    with pytest.raises(Blocked, match="đã có quy tắc khác"):
        by_committee(cast, period, valid_from=date(2026, 6, 1))
    assert by_committee(cast, period, issuer="so", valid_from=date(2027, 1, 1)).signs_as == ""
    with pytest.raises(NotAllowed):
        end_issuer(actor=cast.head.actor, rule=rule, reason="x")
    with pytest.raises(ReasonNeeded):
        end_issuer(actor=cast.specialist.actor, rule=rule, reason="")
    end_issuer(actor=cast.specialist.actor, rule=rule, reason="đã có quy định")
    assert issuing.issuers_of(period.plan, TODAY) == {}


def test_without_a_rule_the_department_issues_both_reports(cast: Cast, period: ReportingPeriod) -> None:
    snapshot = drafts.snapshot(reviewed(cast, period))
    for to in Recipient:
        doc = papers.document(snapshot, recipient=to)
        assert (doc.parent_body, doc.issuer, doc.symbol) == (
            "Ủy ban nhân dân tỉnh Tây Ninh", "Sở Khoa học và Công nghệ", "BC-SKHCN",
        )  # fmt: skip
        assert doc.signature == Signature(("GIÁM ĐỐC",), "Lê Hoàng Nam")


def test_the_committees_report_bears_its_header_symbol_block_and_copies(cast: Cast, period: ReportingPeriod) -> None:
    by_committee(cast, period, signs_as="vice_chairman", copies="Như trên\nCT, các PCT UBND tỉnh\nLưu: VT")
    snapshot = drafts.snapshot(reviewed(cast, period))
    ours, theirs = (papers.document(snapshot, recipient=to) for to in (Recipient.COMMITTEE, Recipient.MINISTRY))
    assert (ours.symbol, ours.issuer) == ("BC-SKHCN", "Sở Khoa học và Công nghệ")
    assert (theirs.parent_body, theirs.issuer, theirs.number_line.split("/")[1]) == (
        "", "Ủy ban nhân dân tỉnh Tây Ninh", "BC-UBND",
    )  # fmt: skip
    assert theirs.signature == Signature(("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "")
    assert theirs.recipient_lines == ("- Như trên;", "- CT, các PCT UBND tỉnh;", "- Lưu: VT.")
    text = [sentence(block.inlines) for block in theirs.body if isinstance(block, Paragraph)]
    own = "Thực hiện Kế hoạch số 2828/KH-UBND ngày 13/11/2020, Ủy ban nhân dân tỉnh Tây Ninh báo cáo kết quả"
    assert text[0].startswith(own)
    assert text[-1] == "Ủy ban nhân dân tỉnh Tây Ninh kính báo cáo Bộ Khoa học và Công nghệ xem xét, tổng hợp./."
    assert all("/BC-UBND" in one.reference_line for one in theirs.annexes)
    assert not any("Đối với Ủy ban nhân dân tỉnh" in b.text for b in theirs.body if isinstance(b, Heading))


def test_the_submittal_names_the_draft_and_its_annexes_and_the_department_signs_it(
    cast: Cast, period: ReportingPeriod
) -> None:
    by_committee(cast, period)
    doc = submittals.document(drafts.snapshot(reviewed(cast, period)), draft=True)
    assert (doc.kind, doc.symbol, doc.watermark) == ("TỜ TRÌNH", "TTr-SKHCN", "DỰ THẢO")
    assert doc.addressees == ("Ủy ban nhân dân tỉnh Tây Ninh",)
    assert doc.signature == Signature(("GIÁM ĐỐC",), "Lê Hoàng Nam")
    text = [sentence(block.inlines) for block in doc.body if isinstance(block, Paragraph)]
    assert text[0].startswith("Căn cứ Kế hoạch số 2828/KH-UBND")
    asked = "Sở Khoa học và Công nghệ kính trình Ủy ban nhân dân tỉnh Tây Ninh xem xét, ban hành Báo cáo kết quả"
    assert text[1].startswith(asked), "what is asked follows what it is based on"
    assert text[-1] == "Kính trình Ủy ban nhân dân tỉnh Tây Ninh xem xét, quyết định./."
    (listed,) = (block for block in doc.body if isinstance(block, Bullets))
    assert [sentence(item) for item in listed.items] == [
        "Phụ lục I: Chỉ tiêu của Kế hoạch theo từng cách hiểu;",
        "Phụ lục II: Kết quả thực hiện Phụ lục của Kế hoạch;",
        "Phụ lục III: Đề xuất nhiệm vụ, kinh phí năm sau theo nguồn.",
    ]


def test_the_command_writes_the_submittal_beside_the_committees_report(
    cast: Cast, period: ReportingPeriod, tmp_path: Path
) -> None:
    by_committee(cast, period)
    report = reviewed(cast, period)
    names = {f"{report.code}-bo.{kind}" for kind in ("pdf", "docx", "xlsx", "to-trinh.pdf", "to-trinh.docx")}
    call_command("report", year=2026, recipient="bo", out=tmp_path / "du-thao", stdout=io.StringIO())
    reports.freeze(actor=cast.specialist.actor, report=report)
    call_command("report", year=2026, recipient="bo", out=tmp_path / "chot", stdout=io.StringIO())
    call_command("report", year=2026, recipient="ubnd", out=tmp_path / "ubnd", stdout=io.StringIO())
    found = [{path.name for path in (tmp_path / name).iterdir()} for name in ("du-thao", "chot", "ubnd")]
    assert found[:2] == [names, names]
    assert len(found[2]) == 3


def test_papers_of_the_committee_wait_for_its_own_number(cast: Cast, period: ReportingPeriod) -> None:
    by_committee(cast, period)
    report = frozen(cast, period)
    assert report.content
    jobs.print_papers(report.content.pk)
    reports.sign(actor=cast.director.actor, report=report)
    reports.number_report(actor=cast.clerk.actor, report=report, number=345, dated=TODAY)
    jobs.print_papers(report.content.pk)
    made = {(p.stage, p.recipient, p.form, p.kind) for p in Paper.objects.all()}
    assert {one[1:] for one in made if one[0] == "issued"} == {("ubnd", "report", k) for k in ("pdf", "docx", "xlsx")}
    assert ("for_signature", "bo", "submittal", "docx") in made
    number_paper(actor=cast.clerk.actor, report=report, form="submittal", number=78, dated=TODAY)
    signed = store.receive("bc-ubnd.pdf", blank_pdf())[0], "bc-ubnd.pdf", "application/pdf", len(blank_pdf())
    number_paper(
        actor=cast.clerk.actor, report=report, form="report", number=412, dated=TODAY, signs_as="vice_chairman",
        signer="Trần Thị Chủ Trì", signed=signed,
    )  # fmt: skip
    jobs.print_papers(report.content.pk)
    assert Paper.objects.filter(stage="issued").count() == 3 + 2 + 3
    doc = papers.of_content(report.content, report, "issued", Recipient.MINISTRY)
    assert (doc.number_line, doc.signature.name) == ("Số: 412/BC-UBND", "Trần Thị Chủ Trì")
    assert submittals.of_content(report.content, report, "issued").number_line == "Số: 78/TTr-SKHCN"
    kept = PaperNumber.objects.get(form="report").file
    assert kept is not None
    assert kept.content_sha == signed[0]


def test_a_number_beside_the_report_is_refused_where_it_cannot_be(cast: Cast, period: ReportingPeriod) -> None:
    report = frozen(cast, period)
    facts: dict[str, Any] = {"actor": cast.clerk.actor, "report": report, "form": "submittal", "number": 1}
    with pytest.raises(MovedMeanwhile):
        number_paper(**facts, dated=TODAY)
    jobs.print_papers(report.content_id or 0)
    reports.sign(actor=cast.director.actor, report=report)
    for who in ("specialist", "director", "unit_clerk", "head"):
        with pytest.raises(NotAllowed):
            number_paper(**{**facts, "actor": getattr(cast, who).actor}, dated=TODAY)
    with pytest.raises(Blocked, match="không có tờ trình"):
        number_paper(**facts, dated=TODAY)


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"number": 0}, WrongNumber),
        ({"dated": TODAY + DAY}, WrongNumber),
        ({"dated": TODAY - DAY}, WrongNumber),
        ({"form": "report"}, Blocked),
        ({"seen": 1_000_000}, MovedMeanwhile),
        ({"signed": ("0" * 64, "a.docx", "application/msword", 1)}, WrongNumber),
    ],
)
def test_an_impossible_number_of_the_submittal_is_refused(
    cast: Cast, period: ReportingPeriod, facts: dict[str, Any], error: type[Exception]
) -> None:
    by_committee(cast, period)
    report = frozen(cast, period)
    jobs.print_papers(report.content_id or 0)
    reports.sign(actor=cast.director.actor, report=report)
    right: dict[str, Any] = {"form": "submittal", "number": 5, "dated": TODAY}
    with pytest.raises(error):
        number_paper(actor=cast.clerk.actor, report=report, **{**right, **facts})
    number_paper(actor=cast.clerk.actor, report=report, **right)
    with pytest.raises(WrongNumber, match="đã có số"):
        number_paper(actor=cast.clerk.actor, report=report, **right)


# ---- the page ----------------------------------------------------------------------------------------------------


def test_the_page_is_closed_to_units_and_says_who_would_sign_today(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    assert page(sign_in, cast, "focal", "issuing").status_code == 403
    assert "GIÁM ĐỐC, Lê Hoàng Nam" in words(page(sign_in, cast, "auditor", "issuing"))
    delegated(cast)
    shown = words(page(sign_in, cast, "director", "issuing"))
    assert "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC, Vũ Thị Mai Phương" in shown
    assert "đang hiệu lực" in shown


def test_what_was_typed_wrongly_is_shown_again(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    browser = sign_in(cast.specialist, fresh=True)
    data = {"deputy": str(cast.deputy.user.pk), "first": "11/12/2026", "last": "không rõ", "document": "Văn bản 12"}
    answer = browser.post(reverse("reporting:delegate"), data)
    assert (answer.status_code, "không rõ" in answer.content.decode()) == (422, True)
    assert browser.post(reverse("reporting:delegate"), {**data, "last": "10/12/2026"}).status_code == 409
    assert browser.post(reverse("reporting:delegate"), {**data, "last": "15/12/2026"}).status_code == 302
    issuer = {"issuer": "ubnd", "valid_from": "01/01/2026", "document": "Thông lệ"}
    answer = browser.post(reverse("reporting:set-issuer"), issuer)
    assert (answer.status_code, "Chọn Chủ tịch hoặc Phó Chủ tịch" in words(answer)) == (422, True)
    assert browser.post(reverse("reporting:set-issuer"), {**issuer, "signs_as": "chairman"}).status_code == 302
    assert "chưa đối chiếu" in words(browser.get(reverse("reporting:issuing")))


def test_the_clerk_gets_the_forms_of_both_numbers_and_the_deputy_the_button_while_delegated(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    by_committee(cast, period)
    report = frozen(cast, period)
    assert "Ghi nhận đã ký" not in words(page(sign_in, cast, "deputy", "report", report.code))
    delegated(cast)
    assert "Ghi nhận đã ký" in words(page(sign_in, cast, "deputy", "report", report.code))
    assert "chờ ký" in words(sign_in(cast.deputy, fresh=True).get("/"))
    jobs.print_papers(report.content_id or 0)
    reports.sign(actor=cast.deputy.actor, report=report)
    url = reverse("reporting:number-paper", args=[report.code, "report"])
    assert url not in page(sign_in, cast, "clerk", "report", report.code).content.decode()
    reports.number_report(actor=cast.clerk.actor, report=report, number=345, dated=TODAY)
    assert url in page(sign_in, cast, "clerk", "report", report.code).content.decode()
    browser = sign_in(cast.clerk, fresh=True)
    data = {"number": "412", "dated": "11/12/2026", "seen": str(report.content_id)}
    assert browser.post(url, data).status_code == 422
    data |= {"signs_as": "chairman", "signer": "Trần Thị Chủ Trì"}
    assert browser.post(reverse("reporting:number-paper", args=[report.code, "letter"]), data).status_code == 404
    assert browser.post(url, {**data, "dated": "12/12/2026"}).status_code == 409
    assert browser.post(url, data).status_code == 302
    assert "Trần Thị Chủ Trì ký." in words(page(sign_in, cast, "specialist", "report", report.code))
