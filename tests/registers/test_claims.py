"""What another unit keeps is claimed, not recorded again: who may, what it takes, how it is told and taken back."""

import html
import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chuan.assurance.models import ProgrammeVersion, ProgrammeVersionFacts
from chuan.assurance.policies import visible_activities, visible_versions
from chuan.assurance.register import VERSIONS
from chuan.audit.models import AuditEntry
from chuan.audit.service import head
from chuan.laboratories.register import LINES
from chuan.registers.errors import NotAllowed, NothingToClaim, StillClaimed, UnitGone
from chuan.registers.models import Claim, ImportBatch
from chuan.registers.services import claim_record, void_record, withdraw_claim
from tests.assurance.builders import activity, said, version
from tests.cast import SYSTEM, Cast, Member
from tests.instruments.builders import kind
from tests.laboratories.builders import laboratory, scope_line
from tests.organisations.builders import dissolve
from tests.registers.books import book
from tests.registers.test_excel_in import VERSION_HEADS, send, words

pytestmark = pytest.mark.django_db
TYPED = {
    "unit": "dn-a",
    "number": "1",
    "title": "Chương trình của đơn vị khác",
    "by_head": "yes",
    "approved_on": "20/12/2024",
    "approver": "Lý Gia Hân",
    "term_from": "01/01/2025",
    "term_to": "31/12/2026",
    "ownership": "private",
}
WHY = {"claim-document": "Kế hoạch số 12/KH-SYT ngày 05/02/2026", "claim-note": "Sở Y tế ghi ngày 21/12"}
ROW = ("Công ty TNHH Cân Tây Ninh", 1, "Chương trình", date(2025, 1, 1), date(2026, 12, 31), "Có", "Tư nhân trong nước")


def claimed(cast: Cast, by: Member | None = None, **facts: Any) -> Claim:
    """The programme of dn-a that so-ct keeps, claimed by so-yt."""
    made = version(cast, by=cast.focal, **facts)
    return claim_record(
        actor=(by or cast.other_focal).actor,
        register=VERSIONS,
        facts=VERSIONS.facts_of(said(made)),
        document="Kế hoạch số 12/KH-SYT",
    )


@pytest.mark.parametrize("who", ["enterprise", "director", "auditor", "unit_clerk", "specialist"])
def test_whoever_records_nothing_claims_nothing_and_the_specialist_corrects(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        claimed(cast, by=cast.people[who])


def test_the_keeper_claims_nothing_of_its_own_and_nobody_twice(cast: Cast) -> None:
    with pytest.raises(NothingToClaim):
        claimed(cast, by=cast.focal)
    facts = VERSIONS.facts_of(ProgrammeVersionFacts.objects.get())
    claim_record(actor=cast.other_focal.actor, register=VERSIONS, facts=facts, document="x")
    with pytest.raises(NothingToClaim):
        claim_record(actor=cast.other_focal.actor, register=VERSIONS, facts=facts, document="y")


def test_what_nobody_keeps_or_was_voided_is_not_claimed(cast: Cast) -> None:
    made = version(cast, by=cast.focal)
    facts = VERSIONS.facts_of(said(made))
    with pytest.raises(NothingToClaim):
        claim_record(actor=cast.other_focal.actor, register=VERSIONS, facts={**facts, "number": 2}, document="x")
    void_record(actor=cast.focal.actor, register=VERSIONS, seen=said(made), reason="Ghi nhầm")
    with pytest.raises(NothingToClaim):
        claim_record(actor=cast.other_focal.actor, register=VERSIONS, facts=facts, document="x")


def test_a_unit_that_is_gone_claims_nothing(cast: Cast) -> None:
    made = version(cast, by=cast.focal)
    dissolve(cast.unit("so-yt"), date(2026, 1, 1))
    facts = VERSIONS.facts_of(said(made))
    with pytest.raises(UnitGone):
        claim_record(actor=cast.other_focal.actor, register=VERSIONS, facts=facts, document="x")


def test_a_claimed_record_is_not_voided_under_its_claimants(cast: Cast) -> None:
    claim = claimed(cast)
    seen = ProgrammeVersionFacts.objects.live().get()
    with pytest.raises(StillClaimed, match="Sở Y tế"):
        void_record(actor=cast.focal.actor, register=VERSIONS, seen=seen, reason="Ghi nhầm")
    with pytest.raises(NotAllowed):
        withdraw_claim(actor=cast.focal.actor, register=VERSIONS, claim=claim, reason="Không phải")
    withdraw_claim(actor=cast.specialist.actor, register=VERSIONS, claim=claim, reason="Theo họp ngày 02/12")
    void_record(actor=cast.focal.actor, register=VERSIONS, seen=seen, reason="Ghi nhầm")


def test_a_claimant_sees_the_record_and_no_longer_when_the_claim_is_withdrawn(cast: Cast) -> None:
    claim = claimed(cast)
    assert visible_versions(cast.other_focal.actor).count() == 1
    withdraw_claim(actor=cast.other_focal.actor, register=VERSIONS, claim=claim, reason="Nhầm doanh nghiệp")
    assert not visible_versions(cast.other_focal.actor).exists()
    facts = VERSIONS.facts_of(ProgrammeVersionFacts.objects.get())
    claim_record(actor=cast.other_focal.actor, register=VERSIONS, facts=facts, document="Lần hai")
    assert Claim.objects.live().count() == 1


def test_a_page_that_is_refused_offers_the_claim_without_a_word_of_the_record(cast: Cast, sign_in: Any) -> None:
    version(cast, by=cast.focal, title="Chương trình kín", document="88/QĐ-KIN")
    browser = sign_in(cast.other_focal)
    refused = browser.post(reverse("assurance:version-new"), TYPED)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert reverse("assurance:version-claim") in page
    assert "Đơn vị khác đã ghi nội dung này" in page
    assert "Chương trình kín" not in page
    assert "88/QĐ-KIN" not in page
    before = head()
    missing = browser.post(reverse("assurance:version-claim"), TYPED)
    assert missing.status_code == 422
    assert head() == before, "a claim names its paper"
    entries = AuditEntry.objects.count()
    done = browser.post(reverse("assurance:version-claim"), {**TYPED, **WHY})
    assert done.status_code == 302, words(done)
    assert AuditEntry.objects.count() == entries + 1
    assert ProgrammeVersionFacts.objects.count() == 1
    record = words(browser.get(done["Location"]))
    assert "Chương trình kín" in record
    assert "Kế hoạch số 12/KH-SYT ngày 05/02/2026" in record
    assert "đã ghi nhận cùng chương trình" in record


def test_the_specialist_is_offered_none(cast: Cast, sign_in: Any) -> None:
    version(cast, by=cast.focal)
    refused = sign_in(cast.specialist).post(reverse("assurance:version-new"), TYPED)
    assert refused.status_code == 422
    assert reverse("assurance:version-claim") not in refused.content.decode()


def test_the_page_of_the_record_names_its_claimants_and_takes_back_with_a_reason(cast: Cast, sign_in: Any) -> None:
    claim = claimed(cast)
    keeper = words(sign_in(cast.focal).get(reverse("assurance:version-record", args=[claim.code])))
    assert "Đơn vị cùng ghi nhận" in keeper
    assert "Sở Y tế" in keeper
    assert "Rút ghi nhận" not in keeper
    browser = sign_in(cast.other_focal)
    where = reverse("assurance:version-withdraw", args=[claim.code, claim.pk])
    assert "Rút ghi nhận" in words(browser.get(reverse("assurance:version-record", args=[claim.code])))
    assert browser.post(where, {"reason": ""}).status_code == 422
    assert browser.post(where, {"reason": "Nhầm doanh nghiệp"}).status_code == 302
    assert browser.post(where, {"reason": "Nhầm doanh nghiệp"}).status_code == 404
    told = words(sign_in(cast.focal).get(reverse("assurance:version-record", args=[claim.code])))
    assert "đã rút ghi nhận cùng chương trình" in told
    assert "Nhầm doanh nghiệp" in told


def test_a_laboratory_claims_on_its_page_what_the_department_typed(cast: Cast, sign_in: Any) -> None:
    made = scope_line(cast, laboratory(cast), kind(cast), by=cast.specialist)
    browser, page = sign_in(cast.laboratory), reverse("laboratories:scope-line-record", args=[made.code])
    assert "Ghi nhận cùng" in words(browser.get(page))
    where = reverse("laboratories:scope-line-claim-record", args=[made.code])
    assert browser.post(where, {}).status_code == 422
    assert browser.post(where, WHY).status_code == 302
    assert browser.post(where, WHY).status_code == 422, "a claim is made once"
    assert Claim.objects.get().register == LINES.name
    assert "Ghi nhận cùng" not in words(browser.get(page)).replace("đã ghi nhận cùng", "")


def test_the_keeper_is_told_on_the_first_page(cast: Cast, sign_in: Any) -> None:
    claim = claimed(cast)
    page = sign_in(cast.focal).get("/").content.decode()
    assert reverse("assurance:version-record", args=[claim.code]) in page
    assert "Sở Y tế cùng ghi nhận" in html.unescape(page)
    assert "cùng ghi nhận" not in sign_in(cast.other_focal).get("/").content.decode()


def test_the_specialist_is_told_of_claims_on_what_the_department_keeps(cast: Cast, sign_in: Any) -> None:
    made = version(cast)
    for by in (cast.focal, cast.other_focal):
        facts = VERSIONS.facts_of(said(made))
        claim_record(actor=by.actor, register=VERSIONS, facts=facts, document="Kế hoạch 12")
    page = words(sign_in(cast.specialist).get("/"))
    assert f"Sở Y tế cùng ghi nhận bản ghi {made.code}" in page
    assert "Còn 1 lần ghi nhận khác." in page


def test_a_claimant_of_a_programme_sees_what_was_done_under_it(cast: Cast) -> None:
    claim = claimed(cast)
    activity(cast, said_version(claim), date(2025, 3, 1))
    assert visible_activities(cast.other_focal.actor).count() == 1
    withdraw_claim(actor=cast.other_focal.actor, register=VERSIONS, claim=claim, reason="Nhầm")
    assert not visible_activities(cast.other_focal.actor).exists()


def said_version(claim: Claim) -> ProgrammeVersion:
    return ProgrammeVersion.objects.get(pk=claim.record)


def test_a_file_claims_what_other_units_keep_by_one_entry(cast: Cast, sign_in: Any) -> None:
    made = version(cast, by=cast.focal, title="Chương trình kín")
    browser = sign_in(cast.other_focal)
    second = (ROW[0], 2, *ROW[2:])
    page = send(browser, VERSIONS, book(VERSION_HEADS, ROW, second))
    assert page.status_code == 200, words(page)
    assert "1 ghi nhận cùng" in words(page)
    assert "Chương trình kín" not in words(page)
    assert made.code not in words(page)
    token = re.search(r'name="token" value="([^"]+)"', page.content.decode())
    assert token
    sent = {"token": html.unescape(token.group(1))}
    where = reverse("assurance:version-import")
    assert browser.post(where, sent).status_code == 422, "a claim names its paper"
    entries = AuditEntry.objects.count()
    assert browser.post(where, {**sent, "document": "Kế hoạch 12"}).status_code == 302
    assert AuditEntry.objects.count() == entries + 1
    batch, claim = ImportBatch.objects.get(), Claim.objects.get()
    assert (batch.rows_added, batch.rows_corrected, batch.rows_claimed) == (1, 0, 1)
    assert (claim.code, claim.unit, claim.keeper) == (made.code, cast.unit("so-yt"), cast.unit("so-ct"))
    told = words(browser.get(reverse("assurance:version-record", args=[made.code])))
    assert "đã ghi nhận cùng chương trình" in told
    again = send(browser, VERSIONS, book(VERSION_HEADS, ROW))
    assert "ghi nhận cùng" not in words(again).replace("đã ghi nhận cùng", ""), "what is claimed is not claimed again"


def test_a_file_whose_record_was_voided_meanwhile_claims_nothing(cast: Cast, sign_in: Any) -> None:
    made = version(cast, by=cast.focal)
    browser = sign_in(cast.other_focal)
    page = send(browser, VERSIONS, book(VERSION_HEADS, ROW))
    token = re.search(r'name="token" value="([^"]+)"', page.content.decode())
    assert token
    void_record(actor=cast.focal.actor, register=VERSIONS, seen=said(made), reason="Ghi nhầm")
    sent = {"token": html.unescape(token.group(1)), "document": "Kế hoạch 12"}
    assert browser.post(reverse("assurance:version-import"), sent).status_code == 409
    assert not Claim.objects.exists()


def test_the_system_claims_for_a_unit(cast: Cast) -> None:
    made = version(cast, by=cast.focal)
    facts = VERSIONS.facts_of(said(made))
    claim = claim_record(actor=SYSTEM, register=VERSIONS, facts=facts, document="x", owner=cast.unit("so-yt"))
    assert claim.unit == cast.unit("so-yt")
