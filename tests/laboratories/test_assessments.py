"""Assessments: confirmed by Sở KH&CN alone, concluded by a named document, answered requirement by requirement."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.laboratories.errors import NotYours
from chuan.laboratories.models import AssessmentFacts, CriteriaSetFacts
from chuan.laboratories.register import ASSESSMENTS, CRITERIA
from chuan.registers.errors import NotAllowed
from chuan.registers.services import add_record, correct_record, void_record
from tests.cast import Cast
from tests.laboratories.builders import assessment, criteria, laboratory

pytestmark = pytest.mark.django_db
CONCLUDED: dict[str, Any] = {"concluded_on": date(2025, 6, 3), "document": "BB 3/TT", "overall": "partly"}


def _said(made: Any) -> AssessmentFacts:
    return AssessmentFacts.objects.live().get(assessment=made)


def test_a_laboratory_does_not_confirm_itself(cast: Cast) -> None:
    lab, by_set = laboratory(cast), criteria(cast)
    with pytest.raises(NotYours):
        assessment(cast, lab, by_set, kind="confirmed", **CONCLUDED)
    made = assessment(cast, lab, by_set, **CONCLUDED)
    with pytest.raises(NotYours):
        correct_record(
            actor=cast.laboratory.actor,
            register=ASSESSMENTS,
            seen=_said(made),
            facts={"kind": "confirmed"},
            reason="x",
        )


def test_what_the_department_confirmed_the_laboratory_neither_corrects_nor_takes_back(cast: Cast) -> None:
    made = assessment(cast, laboratory(cast), criteria(cast), **CONCLUDED)
    confirmed = correct_record(
        actor=cast.specialist.actor,
        register=ASSESSMENTS,
        seen=_said(made),
        facts={"kind": "confirmed", "document": "CV 12/SKHCN"},
        reason="Sở xác nhận",
    )
    with pytest.raises(NotAllowed):
        void_record(actor=cast.laboratory.actor, register=ASSESSMENTS, seen=confirmed, reason="x")
    with pytest.raises(NotAllowed):
        correct_record(
            actor=cast.laboratory.actor, register=ASSESSMENTS, seen=confirmed, facts={"note": "y"}, reason="x"
        )


@pytest.mark.parametrize(
    ("left_out", "said"), [("document", "ghi văn bản kết luận"), ("overall", "chọn kết luận chung")]
)
def test_a_conclusion_without_document_or_result_is_refused(cast: Cast, sign_in: Any, left_out: str, said: str) -> None:
    typed = {
        "laboratory": laboratory(cast).code,
        "criteria_set": criteria(cast).code,
        "kind": "self",
        "concluded_on": "03/06/2025",
        "document": "BB 3/TT",
        "overall": "met",
    }
    answer = sign_in(cast.laboratory).post(reverse("laboratories:assessment-new"), {**typed, left_out: ""})
    assert answer.status_code == 422
    assert said in answer.content.decode()


@pytest.mark.parametrize("left_out", ["approved_by", "approved_on"])
def test_an_approval_is_a_document_and_a_day(cast: Cast, sign_in: Any, left_out: str) -> None:
    typed = {"title": "Bộ", "version": "1", "requirements": "a", "approved_by": "QĐ 1", "approved_on": "02/01/2025"}
    answer = sign_in(cast.specialist).post(reverse("laboratories:criteria-set-new"), {**typed, left_out: ""})
    assert answer.status_code == 422
    assert "Ghi cả văn bản và ngày phê duyệt" in answer.content.decode()


def test_only_the_specialist_keeps_criteria_sets(cast: Cast) -> None:
    said = CriteriaSetFacts.objects.live().get(criteria_set=criteria(cast))
    facts = {"title": "Bộ khác", "version": "1", "requirements": "a"}
    with pytest.raises(NotAllowed):
        add_record(actor=cast.laboratory.actor, register=CRITERIA, facts=facts)
    with pytest.raises(NotAllowed):
        void_record(actor=cast.laboratory.actor, register=CRITERIA, seen=said, reason="x")


def test_each_requirement_is_answered_and_no_score_is_made_of_it(cast: Cast, sign_in: Any) -> None:
    made = assessment(cast, laboratory(cast), criteria(cast))
    browser, url = sign_in(cast.laboratory), reverse("laboratories:results", args=[made.code])
    page = browser.get(url).content.decode()
    assert "1. Có chuẩn còn hiệu lực" in page
    seen = _said(made).pk
    sent = {"r1": "met", "r2": "not_met", "seen": seen}
    assert browser.post(url, sent).status_code == 422, "a correction says why"
    assert browser.post(url, {**sent, "r1": "100 điểm", "reason": "x"}).status_code == 422
    before = AuditEntry.objects.count()
    assert browser.post(url, {**sent, "reason": "Đánh giá xong"}).status_code == 302
    assert AuditEntry.objects.count() == before + 1
    assert _said(made).results == {"1": "met", "2": "not_met"}
    shown = browser.get(reverse("laboratories:assessment-record", args=[made.code])).content.decode()
    assert "Không quy ra điểm" in shown
    assert "Chưa đáp ứng" in shown
    late = browser.post(url, {**sent, "reason": "Lần nữa"})
    assert late.status_code == 409
    assert "Người khác vừa sửa" in late.content.decode()


def test_results_of_a_criteria_set_that_was_voided_are_not_found(cast: Cast, sign_in: Any) -> None:
    by_set = criteria(cast)
    made = assessment(cast, laboratory(cast), by_set)
    said = CriteriaSetFacts.objects.live().get(criteria_set=by_set)
    void_record(actor=cast.specialist.actor, register=CRITERIA, seen=said, reason="Nhầm")
    browser = sign_in(cast.laboratory)
    assert browser.get(reverse("laboratories:results", args=[made.code])).status_code == 404
    page = browser.get(reverse("laboratories:assessment-record", args=[made.code]))
    assert "Bộ tiêu chí đã bị hủy" in page.content.decode()
