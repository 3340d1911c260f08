"""What a process remembers is computed anew when, and only when, a table that it was read from was written in."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuan.accounts.models import User
from chuan.audit import memory
from chuan.audit.models import AuditEntry, ChainHead
from chuan.audit.service import REGISTRY, record, service
from chuan.ledger import triggers
from chuan.lib import clock
from chuan.organisations.models import OrganisationUnit
from chuan.training.models import AttendanceFacts, CourseFacts
from chuan.training.services import correct_course
from tests.cast import SYSTEM, Cast
from tests.training.builders import course, entry, line, said


class Counted:
    """A question that counts how often it was computed."""

    def __init__(self, ask: Callable[[], Any]) -> None:
        self.ask, self.times = ask, 0
        self.memory: memory.Memory[Any] = memory.Memory(size=2)

    def __call__(self, key: str = "") -> Any:
        return self.memory.ask(key, self.compute)

    def compute(self) -> Any:
        self.times += 1
        return self.ask()


@pytest.fixture
def courses(cast: Cast) -> Counted:
    return Counted(CourseFacts.objects.count)


def test_an_answer_holds_until_a_table_that_it_was_read_from_is_written_in(cast: Cast, courses: Counted) -> None:
    held = course(cast)
    assert (courses(), courses(), courses.times) == (1, 1, 1)
    line(cast, held, "Lê Văn A")
    assert (courses(), courses.times) == (1, 1), "a line is no course"
    course(cast, title="Lớp nữa")
    assert (courses(), courses.times) == (2, 2)


def test_to_look_whether_it_holds_costs_one_query(cast: Cast, courses: Counted) -> None:
    courses()
    with CaptureQueriesContext(connection) as captured:
        courses()
    assert len(captured.captured_queries) == 1


def test_what_an_answer_rests_on_through_another_answer_counts_too(cast: Cast, courses: Counted) -> None:
    outer = Counted(lambda: (courses(), AttendanceFacts.objects.count()))
    assert outer() == (0, 0)
    courses.memory.forget()
    courses()
    outer.memory.forget()
    assert outer() == (0, 0), "what lies below is remembered now, and was read no more"
    course(cast)
    assert outer() == (1, 0)


def test_tables_within_subqueries_and_joins_are_seen(cast: Cast) -> None:
    listed = Counted(lambda: OrganisationUnit.objects.filter(pk__in=AttendanceFacts.objects.values("employer")).count())
    joined = Counted(lambda: CourseFacts.objects.filter(course__attendances__facts_set__role="learner").count())
    held = course(cast)
    assert (listed(), joined()) == (0, 0)
    line(cast, held, "Lê Văn A")
    assert (listed(), joined()) == (1, 1)


def test_what_is_not_sealed_is_not_remembered(cast: Cast) -> None:
    people = Counted(User.objects.count)
    before = people()
    User.objects.bulk_create([User(username="moi", created_at=clock.now())])
    assert (people(), people.times) == (before + 1, 2)


def test_another_log_than_the_one_that_was_read_is_noticed(cast: Cast, courses: Counted) -> None:
    course(cast)
    assert (courses(), courses.times) == (1, 1)
    triggers.remove(connection)
    AuditEntry.objects.filter(pk=ChainHead.objects.get().seq).delete()
    assert (courses(), courses.times) == (1, 2), "the end of the log is gone: a copy was restored"
    triggers.install(connection)


def test_an_empty_log_is_a_log(cast: Cast, courses: Counted) -> None:
    triggers.remove(connection)
    AuditEntry.objects.all().delete()
    ChainHead.objects.update(seq=0, sha256="0" * 64)
    triggers.install(connection)
    assert (courses(), courses(), courses.times) == (0, 0, 1)
    course(cast)
    assert (courses(), courses.times) == (1, 2)


def test_far_behind_it_begins_anew(cast: Cast, courses: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "CATCH_UP", 1)
    held = course(cast)
    courses()
    line(cast, held, "Lê Văn A")
    line(cast, held, "Lê Văn B")
    assert (courses(), courses.times) == (1, 2)


def test_of_many_answers_the_oldest_is_forgotten(cast: Cast, courses: Counted) -> None:
    for key in ("a", "b", "c", "b", "c"):
        courses(key)
    assert courses.times == 3
    courses("a")
    assert courses.times == 4


@pytest.mark.parametrize("behind", [timedelta(milliseconds=50), timedelta(minutes=9)])
def test_a_clock_that_is_behind_leaves_out_nothing_that_the_log_holds(cast: Cast, behind: timedelta) -> None:
    live = Counted(lambda: CourseFacts.objects.known(memory.known()).count())
    course(cast)
    with clock.at(clock.now() - behind):
        assert live() == 1
    assert (live(), live.times) == (1, 1)


def test_far_behind_nothing_is_kept(cast: Cast) -> None:
    live = Counted(lambda: CourseFacts.objects.known(memory.known()).count())
    course(cast)
    with clock.at(clock.now() - 2 * memory.APART):
        assert (live(), live(), live.times) == (0, 0, 2)
    assert (live(), live(), live.times) == (1, 1, 3)


def test_a_service_that_has_written_asks_anew_and_keeps_nothing(cast: Cast, courses: Counted) -> None:
    titles = Counted(lambda: list(CourseFacts.objects.live().values_list("title", flat=True)))
    held = course(cast, title="Tên cũ")
    assert titles() == ["Tên cũ"]

    class Undo(Exception):
        pass

    @service(lock="shared")
    def correct_and_ask(*, actor: Any) -> None:
        correct_course(actor=cast.focal.actor, seen=said(held), entry=entry(cast, title="Tên mới"), reason="sửa")
        record("tests.correct_and_ask", held)
        assert titles() == ["Tên mới"], "as it stands in the transaction"
        raise Undo

    REGISTRY.pop(f"{correct_and_ask.__module__}.{correct_and_ask.__qualname__}")
    with pytest.raises(Undo):
        correct_and_ask(actor=SYSTEM)
    assert (titles(), titles.times) == (["Tên cũ"], 2), "what was undone is not remembered"


def test_threads_that_ask_at_once_break_nothing() -> None:
    small: memory.Memory[int] = memory.Memory(size=1)
    log = memory.Log(0, "", memory.Era(), clock.now())
    with ThreadPoolExecutor(4) as pool:
        asked = [(copy_context(), n % 3) for n in range(3000)]
        found = list(pool.map(lambda one: one[0].run(small.ask, one[1], lambda: one[1], log), asked))
    assert found == [n % 3 for n in range(3000)]
