"""A year's report, from a unit's confirmation to the dispatched paper."""

import io
import json
from datetime import date, datetime, timedelta
from typing import Any

import pikepdf
import pytest

from chuan.files.models import StoredFile
from chuan.files.store import read
from chuan.lib import clock
from chuan.programme.models import Plan
from chuan.rendering.word import read_figures
from chuan.reporting import adjustments, jobs, obligations, policies, queries, verify
from chuan.reporting.errors import (
    Blocked,
    MovedMeanwhile,
    NotAllowed,
    NotDelegated,
    OwnWork,
    ReasonNeeded,
    StaleDraft,
    WrongNumber,
)
from chuan.reporting.indicators import INDICATORS, REPORTED
from chuan.reporting.models import (
    Dispatch,
    FrozenFigure,
    Obligation,
    Paper,
    Report,
    ReportContent,
    ReportingPeriod,
    Submission,
)
from chuan.reporting.rules import REPORT_MOVES, SUBMISSION_MOVES, ReportState, SubmissionState
from chuan.reporting.services import dispatching, reports, submissions
from chuan.training.services import correct_attendance, correct_course
from tests.cast import Cast, Member
from tests.training.builders import course, entry, line, said, said_of

RIGHT = {"CT2": {"right": True, "missing": ""}, "CT2-L": {"right": True, "missing": ""}}
WORDS = {"direction": "Đã hướng dẫn các đơn vị.", "results": "", "difficulties": "", "next": ""}


@pytest.fixture
def period(cast: Cast, plan: Plan) -> ReportingPeriod:
    return submissions.open_period(
        actor=cast.specialist.actor,
        plan=plan,
        year=2026,
        deadline=date(2026, 12, 10),
        cut_off=date(2026, 12, 14),
        letter="Công văn",
        units=[(cast.unit("so-ct"), "Mục IV"), (cast.unit("so-yt"), "Mục IV")],
    )


def started(cast: Cast, period: ReportingPeriod, figures: Any = None, words: str = "Đã mở một lớp.") -> Submission:
    """so-ct's report, written and not yet presented."""
    obligation = Obligation.objects.select_related("period__plan").get(period=period, unit=cast.unit("so-ct"))
    submission = submissions.start_submission(actor=cast.focal.actor, obligation=obligation)
    submissions.save_draft(
        actor=cast.focal.actor, submission=submission, version=0, figures=figures or RIGHT, narrative=words, nil=False
    )
    return submission


def step(submission: Submission, verb: str, who: Member, **facts: Any) -> Submission:
    return submissions.move_submission(actor=who.actor, submission=submission, verb=verb, **facts)


def sent(cast: Cast, period: ReportingPeriod, figures: Any = None) -> Submission:
    submission = started(cast, period, figures)
    step(submission, "present", cast.focal)
    step(submission, "approve", cast.leader)
    step(submission, "send", cast.focal)
    return submission


def reviewed(cast: Cast, period: ReportingPeriod) -> Report:
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=WORDS)
    reports.review(actor=cast.head.actor, report=report)
    return Report.objects.get(pk=report.pk)


def send_to(cast: Cast, report: Report, to: str = "ubnd", **facts: Any) -> Dispatch:
    data = {"actor": cast.clerk.actor, "sent_on": date(2026, 12, 11), "channel": "axis", **facts}
    return dispatching.dispatch(report=report, recipient=to, **data)


def dispatched(cast: Cast, period: ReportingPeriod) -> Report:
    report = reviewed(cast, period)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    jobs.print_papers(content.pk)
    reports.sign(actor=cast.director.actor, report=report)
    reports.number_report(actor=cast.clerk.actor, report=report, number=345, dated=date(2026, 12, 11))
    jobs.print_papers(content.pk)
    send_to(cast, report)
    return Report.objects.select_related("content", "period__plan").get(pk=report.pk)


@pytest.mark.parametrize("verb", SUBMISSION_MOVES)
def test_a_submission_step_from_another_state_or_by_another_unit_is_refused(
    cast: Cast, period: ReportingPeriod, verb: str
) -> None:
    submission = started(cast, period)
    move = SUBMISSION_MOVES[verb]
    for name, person in cast.people.items():
        allowed = person.actor.role in move.roles and (
            person.actor.unit_id == cast.unit("so-ct").pk or person.actor.role == "specialist"
        )
        if not allowed:
            with pytest.raises(NotAllowed):
                step(submission, verb, person, note=f"{name} thử")
    if move.before != SubmissionState.DRAFT:
        who = next(p for p in cast.people.values() if p.actor.role in move.roles)
        with pytest.raises(MovedMeanwhile):
            step(submission, verb, who, note="lý do")
    assert Submission.objects.get(pk=submission.pk).state == SubmissionState.DRAFT


@pytest.mark.parametrize("verb", REPORT_MOVES)
def test_a_report_step_from_another_state_or_role_is_refused(cast: Cast, period: ReportingPeriod, verb: str) -> None:
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    move = REPORT_MOVES[verb]
    calls: dict[str, Any] = {
        "reopen": lambda a: reports.reopen(actor=a, report=report, note="x"),
        "refuse": lambda a: reports.refuse(actor=a, report=report, note="x"),
        "recall": lambda a: reports.recall(actor=a, report=report, note="x"),
        "annul": lambda a: reports.annul(actor=a, report=report, note="x"),
        "number": lambda a: reports.number_report(actor=a, report=report, number=1, dated=date(2026, 12, 11)),
        "dispatch": lambda a: send_to(cast, report, actor=a),
    }
    call = calls.get(verb, lambda a: getattr(reports, verb)(actor=a, report=report))
    for person in cast.people.values():
        right_clerk = person.actor.role != "clerk" or person.actor.unit_id == cast.unit("so-khcn").pk
        if person.actor.role in move.roles and right_clerk and move.before == ReportState.DRAFT:
            continue
        with pytest.raises((NotAllowed, NotDelegated, MovedMeanwhile, Blocked)):
            call(person.actor)
    assert Report.objects.get(pk=report.pk).state == ReportState.DRAFT


def test_nobody_approves_what_they_presented(cast: Cast, period: ReportingPeriod) -> None:
    submission = started(cast, period)
    step(submission, "present", cast.leader)
    with pytest.raises(OwnWork):
        step(submission, "approve", cast.leader)


def test_an_unfinished_report_is_not_presented_and_says_what_is_lacking(cast: Cast, period: ReportingPeriod) -> None:
    wrong = {"CT2": {"right": False, "missing": " "}, "CT2-L": {"right": None, "missing": ""}}
    submission = started(cast, period, wrong, words="")
    with pytest.raises(Blocked) as error:
        step(submission, "present", cast.focal)
    assert len(error.value.reasons) == 3


def test_a_stale_tab_saves_nothing(cast: Cast, period: ReportingPeriod) -> None:
    submission = started(cast, period)
    with pytest.raises(StaleDraft):
        submissions.save_draft(
            actor=cast.focal.actor, submission=submission, version=0, figures=RIGHT, narrative="cũ", nil=False
        )
    assert Submission.objects.get(pk=submission.pk).draft["narrative"] == "Đã mở một lớp."


def test_a_step_that_needs_a_reason_asks_for_it(cast: Cast, period: ReportingPeriod) -> None:
    submission = sent(cast, period)
    with pytest.raises(ReasonNeeded):
        step(submission, "return_lines", cast.specialist, lines=["CT2"])


def test_returned_lines_open_the_next_attempt_and_keep_the_sent_one(cast: Cast, period: ReportingPeriod) -> None:
    submission = sent(cast, period)
    receipt = submission.content.receipt if submission.content else ""
    following = step(submission, "return_lines", cast.specialist, note="thiếu lớp tháng 8", lines=["CT2"])
    assert (following.attempt, following.state) == (2, SubmissionState.DRAFT)
    assert following.draft["narrative"] == "Đã mở một lớp."
    first = Submission.objects.get(obligation=submission.obligation, attempt=1)
    assert (first.state, first.content.receipt if first.content else "") == (SubmissionState.RETURNED, receipt)


def test_what_was_sent_is_the_units_own_figure_and_its_judgement(cast: Cast, period: ReportingPeriod) -> None:
    line(cast, course(cast), "Lê Văn A")
    line(cast, course(cast, by=cast.other_focal), "Lê Văn B", by=cast.other_focal, employer=cast.unit("so-yt"))
    wrong = {**RIGHT, "CT2": {"right": False, "missing": "thiếu lớp Gò Dầu"}}
    submission = sent(cast, period, wrong)
    assert submission.content
    said = submission.content.figures["CT2"]
    assert [said[name] for name in ("value", "unit", "right", "missing")] == [1, "người", False, "thiếu lớp Gò Dầu"]
    known = datetime.fromisoformat(said["known"])
    scope = obligations.unit_scope(submission.obligation, known)
    assert (said["at"], known) == ("2026-12-11", submission.content.sent_at)
    assert said["members_sha256"] == queries.members_of_unit("CT2", scope, cast.unit("so-ct").pk)
    assert said["members_sha256"] != queries.members_of_unit("CT2", scope, cast.unit("so-yt").pk)
    assert said["definition_sha256"] == INDICATORS["CT2"].definition_sha256()


def test_a_report_is_not_frozen_before_its_words_and_its_review(cast: Cast, period: ReportingPeriod) -> None:
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    with pytest.raises(Blocked) as error:
        reports.freeze(actor=cast.specialist.actor, report=report)
    assert len(error.value.reasons) == 2
    assert not FrozenFigure.objects.exists()


@pytest.mark.parametrize(
    ("number", "dated"), [(0, date(2026, 12, 11)), (5, date(2026, 12, 12)), (5, date(2026, 12, 1))]
)
def test_an_impossible_number_or_date_is_refused(cast: Cast, period: ReportingPeriod, number: int, dated: date) -> None:
    report = reviewed(cast, period)
    reports.freeze(actor=cast.specialist.actor, report=report)
    jobs.print_papers(report.content_id or 0)
    reports.sign(actor=cast.director.actor, report=report)
    with pytest.raises(WrongNumber):
        reports.number_report(actor=cast.clerk.actor, report=report, number=number, dated=dated)


def test_a_refused_report_goes_back_and_its_frozen_content_is_kept(cast: Cast, period: ReportingPeriod) -> None:
    report = reviewed(cast, period)
    first = reports.freeze(actor=cast.specialist.actor, report=report)
    reports.refuse(actor=cast.director.actor, report=report, note="bổ sung kiến nghị")
    reports.review(actor=cast.head.actor, report=report)
    second = reports.freeze(actor=cast.specialist.actor, report=report)
    assert (second.version, ReportContent.objects.filter(report=report).count()) == (2, 2)
    assert first.pk != second.pk
    assert [f for f in verify.heads() if hasattr(f, "where")] == []


def test_the_whole_way_to_a_dispatched_paper(cast: Cast, period: ReportingPeriod) -> None:
    held = course(cast)
    for number in range(7):
        line(cast, held, f"Người số {number}")
    step(sent(cast, period), "accept", cast.specialist)
    report = dispatched(cast, period)
    assert report.content
    figures = report.content.snapshot["figures"]
    persons = {f["indicator"]: f for f in figures}["CT2"]
    values = {f["indicator"]: f["value"] for f in figures}
    assert values == {**dict.fromkeys(REPORTED, 0), "CT2": 7, "CT2-L": 7}
    printed = Paper.objects.select_related("file")
    assert {(p.stage, p.recipient, p.kind) for p in printed} == {
        (s, r, k) for s in ("for_signature", "issued") for r in ("ubnd", "bo") for k in ("pdf", "docx", "xlsx")
    }
    papers = {(p.stage, p.kind): read(p.file) for p in printed if p.recipient == "ubnd"}
    codes = read_figures(papers["issued", "docx"])
    assert codes[persons["code"]] == "07\u00a0người"
    with pikepdf.open(io.BytesIO(papers["issued", "pdf"])) as pdf:
        attached = json.loads(pdf.attachments["snapshot.json"].get_file().read_bytes())
    assert attached == report.content.snapshot
    assert attached["units"][0]["receipt"] == "TN-2026-0001"


def test_after_dispatch_a_correction_changes_no_frozen_figure_and_is_explained(
    cast: Cast, period: ReportingPeriod
) -> None:
    held = course(cast)
    one = line(cast, held, "Lê Văn A")
    report = dispatched(cast, period)
    frozen = FrozenFigure.objects.get(indicator="CT2")
    with clock.at(clock.now() + timedelta(days=90)):
        new = entry(cast, title="Tên khác")
        correct_course(actor=cast.focal.actor, seen=said(held), entry=new, reason="tên")
        assert adjustments.explain(frozen).changes == []
        correct_attendance(actor=cast.focal.actor, seen=said_of(one), reason="không hoàn thành", completed=False)
        found = adjustments.explain(frozen)
        assert [c.record.name for c in found.changes] == ["Lê Văn A"]
        assert FrozenFigure.objects.get(pk=frozen.pk).value == 1
        assert [f for f in verify.figures() if hasattr(f, "where")] == []
    assert report.content
    assert report.content.sealed_sha256() == report.content.sha256


def test_a_figure_is_public_only_after_dispatch(cast: Cast, period: ReportingPeriod) -> None:
    from chuan.audit.actor import ANONYMOUS

    line(cast, course(cast), "Lê Văn A")
    report = reviewed(cast, period)
    reports.freeze(actor=cast.specialist.actor, report=report)
    assert not policies.visible_figures(ANONYMOUS).exists()
    assert not policies.visible_figures(cast.focal.actor).exists()
    assert policies.visible_figures(cast.head.actor).count() == len(REPORTED)
    jobs.print_papers(report.content_id or 0)
    reports.sign(actor=cast.director.actor, report=report)
    reports.number_report(actor=cast.clerk.actor, report=report, number=345, dated=date(2026, 12, 11))
    jobs.print_papers(report.content_id or 0)
    send_to(cast, report)
    assert policies.visible_figures(ANONYMOUS).count() == len(REPORTED)


def test_printing_twice_makes_each_paper_once(cast: Cast, period: ReportingPeriod) -> None:
    dispatched(cast, period)
    for content in ReportContent.objects.all():
        jobs.print_papers(content.pk)
    assert Paper.objects.count() == 12
    assert StoredFile.objects.count() == 12


def test_a_head_changed_by_hand_is_named(cast: Cast, period: ReportingPeriod) -> None:
    report = dispatched(cast, period)
    Report.objects.filter(pk=report.pk).update(number=999)
    assert [f.where for f in verify.heads() if hasattr(f, "where")] == [f"báo cáo {report.code}"]
