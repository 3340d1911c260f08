"""A figure that is frozen while eight people write recomputes for ever to the same value (PostgreSQL, real commits)."""

import random
from collections.abc import Callable, Iterator
from datetime import date
from threading import Event
from typing import Any

import pytest
from django.db import IntegrityError

from chuan.audit import service as audit
from chuan.ledger import work
from chuan.ledger.errors import Superseded
from chuan.lib.dates import Window
from chuan.organisations.errors import AlreadyMerged
from chuan.organisations.models import Person
from chuan.organisations.services import merge_people
from chuan.organisations.territory import Frame
from chuan.reporting import members, queries
from chuan.reporting.models import FrozenFigure
from chuan.reporting.services.figures import freeze_figure
from chuan.training.models import AttendanceFacts
from chuan.training.services import correct_attendance, void_attendance
from tests.reliability import world as worlds
from tests.reliability.together import WAIT, alone, at_once, machine_clock, outcome
from tests.reliability.world import World
from tests.training.builders import line

pytestmark = pytest.mark.postgres
AT = date(2026, 12, 11)
YEAR = Window(date(2025, 12, 15), date(2026, 12, 14))
WRITERS, DEEDS, FREEZES = 8, 30, 12


@pytest.fixture
def world(threads_db: None) -> Iterator[World]:
    """The world, built and lived in on the machine's clock."""
    with machine_clock():
        yield alone(worlds.build)


def freeze(world: World, indicator: str = "CT2") -> FrozenFigure:
    return freeze_figure(
        actor=world.cast.specialist.actor,
        plan=world.plan,
        indicator_id=indicator,
        frame=Frame.COMPARABLE,
        window=YEAR,
        at=AT,
        purpose="thử",
    )


def differing() -> list[str]:
    """Codes of frozen figures that do not recompute."""
    return [f.code for f in FrozenFigure.objects.all() if queries.recompute(f).result() != f.result()]


def frozen_inside_a_service(
    world: World, monkeypatch: pytest.MonkeyPatch, *, patience: float
) -> tuple[FrozenFigure, bool]:
    """Freeze while a service has written its row and not committed; True where the freeze did not wait for it."""
    written, go_on, seal = Event(), Event(), audit._seal

    def slow(entries: Any) -> None:
        if entries[-1].action == "training.correct_attendance":
            written.set()
            go_on.wait(WAIT)
        seal(entries)

    monkeypatch.setattr(audit, "_seal", slow)

    def write() -> Any:
        seen = AttendanceFacts.objects.live().select_related("attendance__course").earliest("pk")
        return correct_attendance(actor=world.cast.focal.actor, seen=seen, reason="vắng", completed=False)

    def freeze_meanwhile() -> FrozenFigure:
        assert written.wait(WAIT)
        return freeze(world)

    overtook = Event()

    def watched() -> FrozenFigure:
        frozen = freeze_meanwhile()
        if not go_on.is_set():
            overtook.set()
        go_on.set()
        return frozen

    def release() -> None:
        assert written.wait(WAIT)
        overtook.wait(patience)
        go_on.set()

    _line, frozen, _released = at_once([write, watched, release])
    monkeypatch.setattr(audit, "_seal", seal)
    return frozen, overtook.is_set()


def test_without_the_lock_a_frozen_figure_does_not_recompute(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = work.take_lock
    monkeypatch.setattr(work, "take_lock", lambda lock: None)
    frozen, overtook = frozen_inside_a_service(world, monkeypatch, patience=WAIT / 2)
    monkeypatch.setattr(work, "take_lock", real)
    assert overtook
    assert queries.recompute(frozen).value == frozen.value - 1 == 7
    assert any(frozen.code in found for found in worlds.findings())


def test_a_freeze_waits_for_the_service_under_way_and_counts_what_it_wrote(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen, overtook = frozen_inside_a_service(world, monkeypatch, patience=1.5)
    assert not overtook
    assert frozen.value == 7
    assert queries.recompute(frozen).result() == frozen.result()


def writer(world: World, number: int) -> Callable[[], int]:
    """Somebody who adds, corrects, voids and merges, mostly in the courses that everybody writes."""
    chance, cast = random.Random(number), world.cast

    def add() -> None:
        line(cast, chance.choice(world.courses), f"Người {number}.{chance.random()}")

    def correct() -> None:
        seen = chance.choice(list(AttendanceFacts.objects.live().select_related("attendance__course")))
        correct_attendance(actor=cast.focal.actor, seen=seen, reason="xem lại", completed=not seen.completed)

    def take_back() -> None:
        seen = chance.choice(list(AttendanceFacts.objects.live().select_related("attendance__course")))
        void_attendance(actor=cast.focal.actor, seen=seen, reason="nhập nhầm")

    def merge() -> None:
        one, other = chance.sample(list(Person.objects.all()), 2)
        merge_people(actor=cast.specialist.actor, duplicate=one, canonical=other, basis="cùng người")

    def run() -> int:
        done = 0
        for _ in range(DEEDS):
            result = outcome(chance.choices((add, correct, take_back, merge), (5, 3, 1, 2))[0])
            # Somebody else was faster, or the list was empty: nothing else may happen, a deadlock least of all.
            assert result is None or isinstance(result, Superseded | AlreadyMerged | IntegrityError | IndexError), (
                result
            )
            done += result is None
        return done

    return run


def test_every_figure_frozen_among_eight_writers_recomputes(world: World) -> None:
    def freezer() -> int:
        for number in range(FREEZES):
            freeze(world, ("CT2", "CT2-L")[number % 2])
        return FREEZES

    done = at_once([freezer, *(writer(world, n) for n in range(WRITERS))])
    assert min(done) > DEEDS // 4, "every writer wrote"
    frozen = list(FrozenFigure.objects.order_by("pk"))
    assert len({f.value for f in frozen}) > 2, "the figures moved while they were frozen"
    assert differing() == []
    for figure in frozen:
        assert members.sha256(members.unpack(figure.members)) == figure.members_sha256
    assert worlds.findings() == []


def test_what_stands_before_a_freeze_in_the_chain_was_recorded_by_then_and_the_rest_after(world: World) -> None:
    at_once([lambda: [freeze(world) for _ in range(6)], *(writer(world, n) for n in range(4))])
    chain = worlds.entries()
    evidence = [e for e in chain if e.action.startswith(("training.", "organisations.merge"))]
    freezes = [e for e in chain if e.action == "reporting.freeze_figure"]
    assert len(freezes) == 6
    known = {f.pk: f.known for f in FrozenFigure.objects.all()}
    for entry in freezes:
        instant = known[int(entry.subject_id)]
        assert all(e.at <= instant for e in evidence if e.seq < entry.seq)
        assert all(e.at > instant for e in evidence if e.seq > entry.seq)


def test_verifying_a_register_that_people_write_in_finds_nothing(world: World) -> None:
    def verifier() -> list[str]:
        return [found for _ in range(6) for found in worlds.findings()]

    found, *_done = at_once([verifier, *(writer(world, n) for n in range(6))])
    assert found == []
