"""Kinds and their intervals: who keeps them, no circles, the interval of the day of verification."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from chuan.instruments.errors import ParentBelow
from chuan.instruments.queries import interval_on, leaves, parents
from chuan.instruments.register import INTERVALS, KINDS
from chuan.instruments.rules import leads_to, within
from chuan.registers.errors import AlreadyRecorded, NotAllowed
from chuan.registers.services import add_record, correct_record, void_record
from tests.cast import Cast
from tests.instruments.builders import KIND, interval, kind, said

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["laboratory", "focal", "director", "enterprise"])
def test_only_the_specialist_keeps_the_list(cast: Cast, who: str) -> None:
    actor, made = cast.people[who].actor, kind(cast)
    with pytest.raises(NotAllowed):
        add_record(actor=actor, register=KINDS, facts={**KIND, "name": "Taximet"})
    with pytest.raises(NotAllowed):
        void_record(actor=actor, register=KINDS, seen=said(made), reason="x")
    facts = {"kind_id": made.pk, "months": 12, "valid_from": None, "valid_to": None, "source": "x"}
    with pytest.raises(NotAllowed):
        add_record(actor=actor, register=INTERVALS, facts=facts)


def test_a_kind_below_itself_is_refused(cast: Cast) -> None:
    top = kind(cast, "Cân")
    below = kind(cast, "Cân bàn", parent_id=top.pk)
    for chosen in (top, below):
        with pytest.raises(ParentBelow):
            correct_record(
                actor=cast.specialist.actor,
                register=KINDS,
                seen=said(top),
                facts={"parent_id": chosen.pk},
                reason="Xếp lại",
            )


def test_a_circle_that_stands_in_the_data_ends_the_walk() -> None:
    assert not leads_to(1, {1: 2, 2: 1}, 3)
    assert leads_to(1, {1: 2, 2: 3}, 3)


def test_one_name_stands_once_under_one_kind_and_again_under_another(cast: Cast) -> None:
    top = kind(cast, "Đồng hồ")
    kind(cast, "Đồng hồ nước", parent_id=top.pk)
    with pytest.raises(AlreadyRecorded):
        kind(cast, "dong ho  NUOC", parent_id=top.pk)
    kind(cast, "Đồng hồ nước", object_type="standard", parent_id=top.pk)


def test_leaves_are_kinds_that_none_stands_below(cast: Cast) -> None:
    top = kind(cast, "Cân đồng hồ lò xo; cân bàn", row_number="8")
    below = [kind(cast, name, parent_id=top.pk, row_number=n) for name, n in (("Cân lò xo", "8a"), ("Cân bàn", "8b"))]
    assert set(leaves().values_list("kind_id", flat=True)) == {k.pk for k in below}
    assert parents()[below[0].pk] == top.pk


def test_the_interval_of_the_day_of_verification_holds(cast: Cast) -> None:
    taximeter = kind(cast, "Taximet")
    interval(cast, taximeter, 12, None, date(2024, 10, 15))
    interval(cast, taximeter, 18, date(2024, 10, 15))
    before, since = interval_on(taximeter.pk, date(2024, 10, 14)), interval_on(taximeter.pk, date(2024, 10, 15))
    assert before is not None
    assert since is not None
    assert (before.months, since.months) == (12, 18)


def test_where_two_rules_or_none_speak_nothing_is_guessed(cast: Cast) -> None:
    made = kind(cast, "Taximet")
    assert interval_on(made.pk, date(2025, 1, 1)) is None
    interval(cast, made, 12, None)
    interval(cast, made, 18, date(2024, 10, 15))
    assert interval_on(made.pk, date(2025, 1, 1)) is None


def test_a_range_without_a_day_is_refused_by_the_database(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        kind(cast, "Taximet", valid_from=date(2024, 1, 2), valid_to=date(2024, 1, 2))
    assert connection.is_usable()


def test_a_range_is_half_open_and_an_unknown_bound_bounds_nothing() -> None:
    day = date(2024, 10, 15)
    assert within(day, day, None)
    assert not within(day, None, day)
    assert within(day, None, None)
