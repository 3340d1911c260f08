"""Two people at the same thing at once: one wins, the other is told; numbers without duplicate or gap (PostgreSQL)."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from chuan.audit.actor import Actor
from chuan.audit.models import AuditEntry
from chuan.ledger.errors import Superseded
from chuan.ledger.models import Counter
from chuan.ledger.numbering import draw
from chuan.ledger.work import append
from chuan.lib import clock
from chuan.organisations import services as organisations
from chuan.organisations.errors import AlreadyMerged
from chuan.organisations.models import Person, PersonMerge
from chuan.reporting import jobs
from chuan.reporting.errors import AlreadyBegun, AlreadySent, MovedMeanwhile, StaleDraft
from chuan.reporting.models import Obligation, Report, Submission, SubmissionContent
from chuan.reporting.services import dispatching, reports, submissions
from chuan.training import queries
from chuan.training.errors import AlreadyListed
from chuan.training.models import Attendance, Course, CourseFacts
from chuan.training.services import LineEntry, add_attendance, add_attendances, correct_attendance
from tests.cast import SYSTEM
from tests.reliability import world as worlds
from tests.reliability.together import alone, at_once, machine_clock, outcome
from tests.reliability.world import RIGHT, WORDS, World, right
from tests.training.builders import course, line, said_of

pytestmark = pytest.mark.postgres
AT_ONCE = 50


@pytest.fixture
def world(threads_db: None) -> Iterator[World]:
    """The world, built and lived in on the machine's clock."""
    with machine_clock():
        yield alone(lambda: worlds.build(courses=1, lines=2))


def race(*works: Callable[[], Any]) -> tuple[int, list[Any]]:
    """How many succeeded, and the errors of the others."""
    results = at_once([partial(outcome, work) for work in works])
    errors = [r for r in results if isinstance(r, Exception)]
    return len(results) - len(errors), errors


def meeting(work: Callable[..., Any]) -> Callable[..., Any]:
    """`work`, after which two threads wait for each other, half a second at most."""
    both = Barrier(2)

    def met(*args: Any) -> Any:
        result = work(*args)
        with suppress(BrokenBarrierError):
            both.wait(0.5)
        return result

    return met


def one_of(kind: type[Exception], *works: Callable[[], Any]) -> None:
    """Exactly one succeeds; every other one fails with `kind`."""
    won, errors = race(*works)
    assert (won, {type(e) for e in errors}) == (1, {kind})


def written(world: World) -> Submission:
    """so-ct's report, ready to present."""
    period = worlds.open_period(world)
    obligation = Obligation.objects.select_related("period__plan").get(period=period, unit__code="so-ct")
    found = submissions.start_submission(actor=SYSTEM, obligation=obligation)
    submissions.save_draft(actor=SYSTEM, submission=found, version=0, figures=RIGHT, narrative="Một lớp.", nil=False)
    return found


def again(found: Submission) -> Submission:
    """The submission as another page had it."""
    return Submission.objects.select_related("obligation__period__plan").get(pk=found.pk)


def step(found: Submission, verb: str, who: Actor) -> Callable[[], Any]:
    """A page that was opened now, and a step taken from it later."""
    return partial(submissions.move_submission, actor=who, submission=again(found), verb=verb)


def test_of_two_who_present_approve_send_or_accept_at_once_one_is_told(world: World) -> None:
    found, cast = alone(lambda: written(world)), world.cast
    focal, leader, specialist = cast.focal.actor, cast.leader.actor, cast.specialist.actor
    # The presenter may not approve what they presented: the system takes that step twice.
    pairs = {"present": (focal, leader), "approve": (SYSTEM, SYSTEM), "send": (focal, leader)}
    for verb, pair in {**pairs, "accept": (specialist, specialist)}.items():
        one_of(MovedMeanwhile, *[step(found, verb, who) for who in pair])
    assert [e.verb for e in again(found).events.all()] == ["start", "present", "approve", "send", "accept"]
    assert SubmissionContent.objects.count() == 1
    assert worlds.findings() == []


def test_of_two_windows_that_save_one_draft_one_is_told(world: World) -> None:
    found = alone(lambda: written(world))
    save = partial(submissions.save_draft, actor=world.cast.focal.actor, version=1, figures=RIGHT, nil=False)
    words = ("Bản của cửa sổ một.", "Bản của cửa sổ hai.")
    one_of(StaleDraft, *[partial(save, submission=again(found), narrative=said) for said in words])
    assert again(found).draft_version == 2


def test_of_two_who_start_one_report_one_is_told(world: World) -> None:
    period = alone(lambda: worlds.open_period(world))
    obligation = Obligation.objects.select_related("period__plan").get(period=period, unit__code="so-ct")
    people = (world.cast.focal, world.cast.leader)
    one_of(
        MovedMeanwhile,
        *[partial(submissions.start_submission, actor=who.actor, obligation=obligation) for who in people],
    )
    assert Submission.objects.count() == 1


def test_of_two_who_begin_the_consolidated_report_one_is_told(world: World) -> None:
    period = alone(lambda: worlds.open_period(world))
    one_of(AlreadyBegun, *[partial(reports.start_report, actor=world.cast.specialist.actor, period=period)] * 2)
    assert Report.objects.count() == 1


def test_of_two_who_move_the_consolidated_report_one_is_told(world: World) -> None:
    def drafted() -> Report:
        report = reports.start_report(actor=world.cast.specialist.actor, period=worlds.open_period(world))
        reports.save_words(actor=world.cast.specialist.actor, report=report, version=0, words=WORDS)
        return report

    key, cast = alone(drafted).pk, world.cast

    def page() -> Report:
        return Report.objects.select_related("period__plan", "content").get(pk=key)

    moves = (
        partial(reports.review, actor=cast.head.actor),
        partial(reports.freeze, actor=cast.specialist.actor),
        partial(reports.sign, actor=cast.director.actor),
        partial(reports.number_report, actor=cast.clerk.actor, number=7, dated=alone(clock.today)),
        partial(
            dispatching.dispatch,
            actor=cast.clerk.actor,
            recipient="ubnd",
            sent_on=alone(clock.today),
            channel="axis",
        ),
    )
    for move in moves:
        if move.func in {reports.sign, dispatching.dispatch}:
            alone(lambda: jobs.print_papers(page().content_id or 0))
        lost = AlreadySent if move.func is dispatching.dispatch else MovedMeanwhile
        one_of(lost, *[partial(move, report=page()) for _ in range(2)])
    assert [e.verb for e in page().events.all()] == ["start", "review", "freeze", "sign", "number", "dispatch"]
    assert page().contents.count() == 1
    assert worlds.findings() == []


def test_of_two_who_correct_one_line_one_is_told(world: World) -> None:
    seen = said_of(Attendance.objects.select_related("course").earliest("pk"))
    corrections = [
        partial(correct_attendance, actor=who.actor, seen=seen, reason="xem lại", note=who.user.username)
        for who in (world.cast.focal, world.cast.specialist)
    ]
    one_of(Superseded, *corrections)
    assert said_of(seen.attendance).note in {"focal", "specialist"}
    assert worlds.findings() == []


def test_two_who_merge_in_a_chain_do_not_both_win(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A merged into B while B is merged into C: `canonical` must never itself be a live duplicate."""
    three = alone(lambda: organisations.add_person(actor=SYSTEM, full_name="Ba", owner=world.cast.unit("so-ct")))
    one, two = Person.objects.exclude(pk=three.pk).order_by("pk")
    monkeypatch.setattr("chuan.organisations.services.people.append", meeting(append))

    def merging(duplicate: Person, canonical: Person) -> Callable[[], Any]:
        return lambda: organisations.merge_people(
            actor=world.cast.specialist.actor, duplicate=duplicate, canonical=canonical, basis="cùng người"
        )

    _won, errors = race(merging(one, two), merging(two, three))
    assert {type(e) for e in errors} <= {AlreadyMerged}
    live = PersonMerge.objects.live()
    assert not live.filter(canonical__in=live.values("duplicate")).exists()


def test_one_person_is_not_listed_twice_by_two_who_add_them_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, person = alone(lambda: course(world.cast)), Person.objects.earliest("pk")
    wait = meeting(lambda *about: None)
    listed = queries.already_listed
    monkeypatch.setattr(queries, "already_listed", lambda *about: (listed(*about), wait())[0])
    one_of(AlreadyListed, *(lambda: line(world.cast, held, person=person) for _ in range(2)))
    assert Attendance.objects.filter(course=held).count() == 1


def test_numbers_are_unique_and_without_gap_though_some_are_rolled_back(world: World) -> None:
    def adding(number: int) -> Callable[[], Any]:
        def run() -> list[str]:
            made = []
            for index in range(6):
                facts: dict[str, Any] = {"start": date(2026, 5, 8), "end": date(2026, 5, 4)} if index % 3 == 2 else {}
                made.append(outcome(partial(course, world.cast, **facts)))
            assert [isinstance(m, IntegrityError) for m in made] == [False, False, True] * 2
            return [m.code for m in made if isinstance(m, Course)]

        return run

    codes = [code for codes in at_once([adding(n) for n in range(8)]) for code in codes]
    everything = sorted(Course.objects.values_list("code", flat=True))
    assert len(codes) == len(set(codes)) == 32
    assert everything == [f"L{n:06d}" for n in range(1, len(everything) + 1)]
    assert Counter.objects.get(name="course").last == len(everything)
    assert worlds.findings() == []


def test_receipts_given_at_once_are_in_order_without_gap(world: World) -> None:
    def approved(obligation: Obligation) -> Submission:
        found = submissions.start_submission(actor=SYSTEM, obligation=obligation)
        submissions.save_draft(
            actor=SYSTEM, submission=found, version=0, figures=right(obligation), narrative="Có.", nil=False
        )
        for verb in ("present", "approve"):
            submissions.move_submission(actor=SYSTEM, submission=found, verb=verb)
        return found

    def prepare() -> list[Submission]:
        period = worlds.open_period(world)
        return [approved(o) for o in Obligation.objects.filter(period=period).select_related("period__plan", "unit")]

    ready = alone(prepare)
    sends = [partial(submissions.move_submission, actor=SYSTEM, submission=s, verb="send") for s in ready]
    assert race(*sends, *sends)[0] == len(sends)
    receipts = sorted(SubmissionContent.objects.values_list("receipt", flat=True))
    assert receipts == [f"TN-2026-{n:04d}" for n in range(1, len(sends) + 1)]


def test_two_lists_that_draw_numbers_in_opposite_orders_do_not_wait_for_each_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One list begins with a claimed count (a line's number first), the other with a new name (a person's first)."""
    met = meeting(draw)
    monkeypatch.setattr("chuan.training.services.draw", met)
    monkeypatch.setattr("chuan.organisations.services.people.draw", met)
    held, other = world.courses[0], alone(lambda: course(world.cast))
    lines = [LineEntry(role="learner", headcount=5), LineEntry(role="learner", full_name="Người Mới Một")]
    won, errors = race(
        lambda: add_attendances(actor=world.cast.focal.actor, course=held, entries=lines),
        lambda: add_attendance(actor=world.cast.focal.actor, course=other, entry=lines[1]),
    )
    assert errors == []
    assert won == 2


def test_fifty_identical_forms_make_one_course_and_all_lead_to_it(world: World, sign_in: Any) -> None:
    session = str(alone(lambda: sign_in(world.cast.focal, fresh=True)).cookies[settings.SESSION_COOKIE_NAME].value)
    form = {
        "title": "Lớp gửi năm mươi lần",
        "kind": "course",
        "on_metrology": "on",
        "start": "04/05/2026",
        "end": "08/05/2026",
        "organiser": "Sở Công Thương",
        "place": "x-tb",
        "_key": "cung-mot-khoa",
    }

    def post() -> Any:
        browser = Client(raise_request_exception=False)
        browser.cookies[settings.SESSION_COOKIE_NAME] = session
        return browser.post(reverse("training:new-course"), form)

    before = Course.objects.count()
    answers = at_once([post] * AT_ONCE)
    made = CourseFacts.objects.select_related("course").get(title=form["title"])
    assert {(a.status_code, a["Location"]) for a in answers} == {
        (302, reverse("training:course", args=[made.course.code]))
    }
    assert Course.objects.count() == before + 1
    assert AuditEntry.objects.filter(action="training.add_course", subject_id=str(made.course_id)).count() == 1
    assert worlds.findings() == []
