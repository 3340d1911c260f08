"""Two people who decide at once about the same people or units: the later one decides on what the earlier one did."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from chuan.ledger.errors import Superseded
from chuan.ledger.work import append, void
from chuan.organisations import queries, services
from chuan.organisations.errors import AlreadyMerged, OverlappingVersion, SuccessionCycle, ToldApart
from chuan.organisations.models import PeopleDiffer, Person, UnitVersion
from tests.cast import MERGER, SYSTEM
from tests.reliability import world as worlds
from tests.reliability.test_two_people import meeting, one_of, race, world
from tests.reliability.together import alone
from tests.reliability.world import World

__all__ = ["world"]
pytestmark = pytest.mark.postgres
PEOPLE, UNITS = "chuan.organisations.services.people", "chuan.organisations.services.units"


def person(world: World, name: str) -> Person:
    return services.add_person(actor=SYSTEM, full_name=name, owner=world.cast.unit("so-ct"))


def merging(one: Person, other: Person) -> Callable[[], Any]:
    return partial(services.merge_people, actor=SYSTEM, duplicate=one, canonical=other, basis="cùng người")


def whole() -> None:
    """No main record is itself a duplicate, nobody told apart is one, and the ledger verifies."""
    merged = queries.canonical_ids()
    assert not set(merged) & set(merged.values())
    for first, second in PeopleDiffer.objects.live().values_list("first_id", "second_id"):
        assert merged.get(first, first) != merged.get(second, second)
    assert worlds.findings() == []


def test_two_are_not_merged_while_they_are_told_apart(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = alone(lambda: [person(world, name) for name in ("Một", "Hai")])
    monkeypatch.setattr(f"{PEOPLE}.append", meeting(append))
    apart = partial(services.tell_apart, actor=SYSTEM, one=one, other=two, basis="khác ngày sinh")
    won, errors = race(apart, merging(one, two))
    assert won == 1
    assert {type(e) for e in errors} <= {ToldApart, AlreadyMerged, Superseded}
    alone(whole)


def test_a_merge_taken_back_while_its_main_record_is_merged_leaves_one_story(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, three = alone(lambda: [person(world, name) for name in ("Một", "Hai", "Ba")])
    first = alone(merging(one, two))
    monkeypatch.setattr(f"{PEOPLE}.void", meeting(void))
    back = partial(services.undo_merge, actor=SYSTEM, merge=first, reason="nhầm")
    won, errors = race(back, merging(two, three))
    assert won >= 1
    assert {type(e) for e in errors} <= {Superseded}
    alone(whole)
    assert alone(lambda: queries.canonical_ids()).get(two.pk) == three.pk


def test_two_names_of_one_day_given_at_once_do_not_both_stand(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = world.cast.unit("so-ct")
    version = alone(lambda: UnitVersion.objects.live().get(unit=unit))
    alone(partial(services.close_version, actor=SYSTEM, version=version, valid_to=MERGER, document="", reason="đổi"))
    monkeypatch.setattr(f"{UNITS}.append", meeting(append))
    one_of(
        OverlappingVersion,
        *[
            partial(services.add_version, actor=SYSTEM, unit=unit, name=name, valid_from=MERGER)
            for name in ("Tên một", "Tên hai")
        ],
    )
    assert UnitVersion.objects.live().filter(unit=unit, valid_from=MERGER).count() == 1


def test_a_cycle_does_not_close_through_two_events_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """b → c and d → a stand; a → b and c → d are entered at once, and no unit is named by both."""
    a, b, c, d = (world.cast.unit(code) for code in ("so-ct", "so-yt", "so-tc", "tt-khcn"))

    def event(code: str, *passed: Any) -> Callable[[], Any]:
        facts: dict[str, Any] = {"code": code, "kind": "merge", "on": MERGER, "title": code}
        return partial(services.reorganise, actor=SYSTEM, successions=[(*p, "organisation") for p in passed], **facts)

    alone(event("e1", (b, c)))
    alone(event("e2", (d, a)))
    monkeypatch.setattr(f"{UNITS}.append", meeting(append))
    one_of(SuccessionCycle, event("e3", (a, b)), event("e4", (c, d)))
