"""A disputed figure never keeps a report back; Sở settles it in one of three ways, with words, for everybody to see."""

from typing import Any

import pytest
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.lib import clock
from chuan.reporting import obligations
from chuan.reporting.errors import Blocked, NotAllowed, ReasonNeeded
from chuan.reporting.models import DisputeOutcome, ReportingPeriod, SubmissionContent
from chuan.reporting.services import disputes
from tests.cast import Cast, Member
from tests.reporting.test_pages import obligation, page, words
from tests.reporting.test_report import RIGHT, period, sent, step
from tests.training.builders import course, line

__all__ = ["period"]

WRONG = {**RIGHT, "CT2": {"right": False, "missing": "thiếu lớp Gò Dầu"}}


def disputed(cast: Cast, period: ReportingPeriod) -> SubmissionContent:
    content = sent(cast, period, WRONG).content
    assert content
    return content


def settle(who: Member, content: SubmissionContent, outcome: str = "kept", **facts: Any) -> DisputeOutcome:
    said = {"figure": "CT2", "words": "đã đối chiếu danh sách", **facts}
    return disputes.settle_dispute(actor=who.actor, content=content, outcome=outcome, **said)


def row(period: ReportingPeriod) -> obligations.Row:
    found = obligations.tracking(period, today=clock.today())
    return next(one for one in found if one.obligation.unit.code == "so-ct")


def test_a_dispute_is_settled_by_sos_specialist_alone(cast: Cast, period: ReportingPeriod) -> None:
    content = disputed(cast, period)
    for name in ("focal", "leader", "other_focal", "head", "director", "clerk", "auditor", "administrator"):
        with pytest.raises(NotAllowed):
            settle(getattr(cast, name), content)
    with pytest.raises(ReasonNeeded):
        settle(cast.specialist, content, words=" ")
    assert not DisputeOutcome.objects.exists()


@pytest.mark.parametrize("figure", ["CT2-L", "CT9"])
def test_what_is_not_disputed_is_not_settled(cast: Cast, period: ReportingPeriod, figure: str) -> None:
    with pytest.raises(Blocked):
        settle(cast.specialist, disputed(cast, period), figure=figure)


def test_a_record_is_said_to_be_added_only_when_the_register_changed(cast: Cast, period: ReportingPeriod) -> None:
    content = disputed(cast, period)
    with pytest.raises(Blocked, match="vẫn như lúc gửi"):
        settle(cast.specialist, content, "record_added")
    line(cast, course(cast), "Lê Văn A")
    made = settle(cast.specialist, content, "record_added")
    assert (made.value_sent, made.value_now) == (0, 1)


def test_a_dispute_keeps_back_neither_the_sending_nor_the_acceptance(cast: Cast, period: ReportingPeriod) -> None:
    content = disputed(cast, period)
    step(content.submission, "accept", cast.specialist)
    assert (row(period).is_in, row(period).disputes_open) == (True, 1)


@pytest.mark.parametrize(("outcome", "stands"), [("kept", True), ("accepted", True), ("record_added", False)])
def test_a_settled_dispute_is_open_no_more_and_stands_unless_a_record_was_added(
    cast: Cast, period: ReportingPeriod, outcome: str, stands: bool
) -> None:
    content = disputed(cast, period)
    assert (row(period).disputes_open, row(period).disputed) == (1, True)
    line(cast, course(cast), "Lê Văn A")
    settle(cast.specialist, content, outcome)
    assert (row(period).disputes_open, row(period).disputed) == (0, stands)


def test_a_second_decision_takes_the_first_ones_place_and_each_is_in_the_log(
    cast: Cast, period: ReportingPeriod
) -> None:
    content = disputed(cast, period)
    before = AuditEntry.objects.count()
    settle(cast.specialist, content)
    settle(cast.specialist, content, "accepted", words="ghi nhận theo danh sách gửi sau")
    assert [o.outcome for o in DisputeOutcome.objects.live()] == ["accepted"]
    assert DisputeOutcome.objects.count() == 2
    entries = AuditEntry.objects.order_by("seq")[before:]
    assert [(e.action, e.changes["outcome"]) for e in entries] == [
        ("reporting.settle_dispute", [None, "kept"]),
        ("reporting.settle_dispute", ["kept", "accepted"]),
    ]


def test_the_decision_is_read_on_the_report_and_in_the_tracking(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    disputed(cast, period)
    assert "1 ý kiến khác về số liệu chưa có kết luận" in words(page(sign_in, cast, "specialist", "tracking"))
    assert "Sở chưa kết luận" in words(page(sign_in, cast, "focal", "submission", obligation(period).code))
    url = reverse("reporting:settle-dispute", args=[obligation(period).code, "CT2"])
    browser = sign_in(cast.specialist, fresh=True)
    refused = browser.post(url, {"outcome": "kept", "words": ""})
    assert refused.status_code == 422
    assert "open" in refused.content.decode()
    assert browser.post(url, {"outcome": "record_added", "words": "đã thêm"}).status_code == 409
    assert browser.post(url, {"outcome": "kept", "words": "lớp chưa kết thúc trong kỳ"}).status_code == 302
    for who in ("focal", "leader", "specialist"):
        shown = words(page(sign_in, cast, who, "submission", obligation(period).code))
        assert "Kết luận của Sở: Giữ nguyên số liệu, có lý do. lớp chưa kết thúc trong kỳ" in shown
    assert "ý kiến khác về số liệu, Sở đã kết luận" in words(page(sign_in, cast, "specialist", "tracking"))
    assert browser.post(reverse("reporting:settle-dispute", args=[obligation(period).code, "CT9"])).status_code == 404
