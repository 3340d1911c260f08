"""Two records of one person are merged by a decision, which can be taken back; the past is read as it was known."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuan.audit.models import AuditEntry
from chuan.ledger.errors import Superseded
from chuan.lib import clock
from chuan.organisations import policies, queries
from chuan.organisations.errors import AlreadyMerged, NotAllowed, ToldApart
from chuan.organisations.models import PERSON_KEY, Person, PersonFacts, PersonMerge
from chuan.organisations.services import (
    add_person,
    correct_person,
    merge_people,
    tell_apart,
    undo_merge,
    undo_tell_apart,
)
from tests.cast import Cast, Member
from tests.conftest import NOW


def person(cast: Cast, name: str, unit: str = "so-ct") -> Person:
    who = cast.focal if unit == "so-ct" else cast.other_focal
    return add_person(actor=who.actor, full_name=name, owner=cast.unit(unit))


@pytest.fixture
def three(cast: Cast) -> tuple[Person, Person, Person]:
    """The same human being, recorded three times."""
    return person(cast, "Nguyễn Văn Hòa"), person(cast, "Nguyễn Văn Hoà"), person(cast, "Nguyen Van Hoa", "so-yt")


def test_a_person_is_not_recorded_for_another_unit(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        add_person(actor=cast.focal.actor, full_name="X", owner=cast.unit("so-yt"))


@pytest.mark.parametrize("who", ["focal", "leader", "head", "administrator", "auditor"])
def test_only_a_specialist_merges_and_undoes(cast: Cast, three: tuple[Person, ...], who: str) -> None:
    actor = getattr(cast, who).actor
    with pytest.raises(NotAllowed):
        merge_people(actor=actor, duplicate=three[0], canonical=three[1], basis="cùng người")
    merge = merge_people(actor=cast.specialist.actor, duplicate=three[0], canonical=three[1], basis="cùng người")
    with pytest.raises(NotAllowed):
        undo_merge(actor=actor, merge=merge, reason="x")


def test_a_duplicate_is_merged_once_and_never_the_target(cast: Cast, three: tuple[Person, ...]) -> None:
    a, b, c = three
    merge_people(actor=cast.specialist.actor, duplicate=a, canonical=b, basis="cùng người")
    with pytest.raises(AlreadyMerged):
        merge_people(actor=cast.specialist.actor, duplicate=a, canonical=c, basis="lại")
    with pytest.raises(AlreadyMerged):
        merge_people(actor=cast.specialist.actor, duplicate=c, canonical=a, basis="vào bản trùng")
    with pytest.raises(AlreadyMerged):
        merge_people(actor=cast.specialist.actor, duplicate=b, canonical=a, basis="vòng")


def test_a_person_is_not_merged_into_themselves(cast: Cast, three: tuple[Person, ...]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        merge_people(actor=cast.specialist.actor, duplicate=three[0], canonical=three[0], basis="x")


def test_what_was_merged_before_is_carried_along_and_put_back(cast: Cast, three: tuple[Person, ...]) -> None:
    a, b, c = three
    merge_people(actor=cast.specialist.actor, duplicate=a, canonical=b, basis="một")
    later = merge_people(actor=cast.specialist.actor, duplicate=b, canonical=c, basis="hai")
    assert queries.canonical_ids() == {a.pk: c.pk, b.pk: c.pk}
    undo_merge(actor=cast.specialist.actor, merge=later, reason="nhầm")
    assert queries.canonical_ids() == {a.pk: b.pk}


def test_what_two_later_merges_carried_is_put_back_step_by_step(cast: Cast) -> None:
    a, b, c, d = (person(cast, name) for name in ("Hòa một", "Hòa hai", "Hòa ba", "Hòa bốn"))
    seen = []
    for duplicate, canonical in ((a, b), (b, c), (c, d)):
        merge_people(actor=cast.specialist.actor, duplicate=duplicate, canonical=canonical, basis="cùng người")
        seen.append(queries.canonical_ids())
    assert seen[-1] == {a.pk: d.pk, b.pk: d.pk, c.pk: d.pk}
    for who, left in ((c, seen[1]), (b, {a.pk: b.pk}), (a, {})):
        undo_merge(actor=cast.specialist.actor, merge=_decision(who.pk), reason="nhầm")
        assert queries.canonical_ids() == left


def _decision(duplicate: int) -> PersonMerge:
    return PersonMerge.objects.live().get(duplicate=duplicate)


def _merged() -> dict[int, tuple[int, int]]:
    rows = PersonMerge.objects.live().values_list("duplicate_id", "chosen_id", "canonical_id")
    return {duplicate: (chosen, canonical) for duplicate, chosen, canonical in rows}


PEOPLE = 6
step = st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1))


@given(
    steps=st.lists(st.one_of(step, st.integers(0, PEOPLE - 1)), max_size=14), order=st.randoms(use_true_random=False)
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_merges_and_their_undoing_leave_one_story(cast: Cast, steps: list[Any], order: Any) -> None:
    """Pairs merge, single numbers take one merge back; then all are taken back in any order."""
    with transaction.atomic():
        people = [person(cast, f"Người {n}").pk for n in range(PEOPLE)]
        found = Person.objects.in_bulk(people)
        for one in steps:
            before = _merged()
            if isinstance(one, int):
                _undo(cast, people[one])
                assert set(_merged()) == set(before) - {people[one]}
            elif _merge(cast, found[people[one[0]]], found[people[one[1]]]):
                after = _merged()
                _undo(cast, people[one[0]])
                assert _merged() == before, "undoing the latest merge restores exactly what stood before"
                _merge(cast, found[people[one[0]]], found[people[one[1]]])
                assert _merged() == after
            mains = queries.canonical_ids()
            assert not set(mains) & set(mains.values()), "a main record is never a duplicate"
        left = list(_merged())
        order.shuffle(left)
        for duplicate in left:
            _undo(cast, duplicate)
        assert _merged() == {}
        transaction.set_rollback(True)


def _merge(cast: Cast, duplicate: Person, canonical: Person) -> bool:
    if duplicate == canonical:
        return False
    try:
        merge_people(actor=cast.specialist.actor, duplicate=duplicate, canonical=canonical, basis="cùng người")
    except AlreadyMerged:
        return False
    return True


def _undo(cast: Cast, duplicate: int) -> None:
    for decision in PersonMerge.objects.live().filter(duplicate=duplicate):
        undo_merge(actor=cast.specialist.actor, merge=decision, reason="nhầm")


def test_people_told_apart_are_not_merged_before_that_is_taken_back(cast: Cast, three: tuple[Person, ...]) -> None:
    a, b, c = three
    specialist = cast.specialist.actor
    apart = tell_apart(actor=specialist, one=c, other=a, basis="khác ngày sinh")
    with pytest.raises(ToldApart, match="rút lại"):
        merge_people(actor=specialist, duplicate=a, canonical=c, basis="cùng người")
    merge_people(actor=specialist, duplicate=a, canonical=b, basis="cùng người")
    with pytest.raises(ToldApart):
        merge_people(actor=specialist, duplicate=b, canonical=c, basis="a đi cùng b")
    with pytest.raises(NotAllowed):
        undo_tell_apart(actor=cast.head.actor, decision=apart, reason="x")
    undo_tell_apart(actor=specialist, decision=apart, reason="xem lại")
    merge_people(actor=specialist, duplicate=b, canonical=c, basis="cùng người")
    assert set(queries.canonical_ids().values()) == {c.pk}
    with pytest.raises(AlreadyMerged):
        tell_apart(actor=specialist, one=a, other=b, basis="đang là một người")


def test_decided_names_do_not_push_undecided_ones_off_the_page(cast: Cast) -> None:
    specialist = cast.specialist.actor
    for name in ("An Một", "An Hai"):
        one, two = person(cast, name), person(cast, name)
        merge_people(actor=specialist, duplicate=one, canonical=two, basis="cùng người")
    tell_apart(actor=specialist, one=person(cast, "Bình"), other=person(cast, "Bình"), basis="khác")
    last = {person(cast, "Yến").code, person(cast, "Yến").code}
    found = queries.duplicate_suspects(policies.visible_people(specialist), limit=2)
    assert [set(pair.codes) for pair in found] == [last]


@pytest.mark.parametrize("who", ["other_focal", "clerk", "head", "director", "auditor", "enterprise", "administrator"])
def test_who_neither_keeps_the_record_nor_is_the_specialist_corrects_nobody(cast: Cast, who: str) -> None:
    seen = PersonFacts.objects.live().get(person=person(cast, "Nguyễn Văn Hòa"))
    with pytest.raises(NotAllowed):
        _correct(cast, seen, getattr(cast, who))


def _correct(cast: Cast, seen: PersonFacts, who: Member, name: str = "Nguyễn Văn Hoài") -> PersonFacts:
    return correct_person(
        actor=who.actor, seen=seen, full_name=name, position="Kế toán", work_contact="", reason="ghi sai tên"
    )


def test_a_misspelt_name_is_corrected_and_its_keys_with_it(cast: Cast) -> None:
    seen = PersonFacts.objects.live().get(person=person(cast, "Nguyễn Văn Hòa"))
    new = _correct(cast, seen, cast.focal)
    assert (new.full_name, new.search, new.position) == ("Nguyễn Văn Hoài", "nguyen van hoai", "Kế toán")
    assert (new.owner_id, new.person_id) == (seen.owner_id, seen.person_id)
    entry = AuditEntry.objects.get(action="organisations.correct_person")
    assert entry.changes["full_name"] == ["Nguyễn Văn Hòa", "Nguyễn Văn Hoài"]
    assert entry.reason == "ghi sai tên"
    with pytest.raises(Superseded):
        _correct(cast, seen, cast.specialist, "Tên Khác")
    _correct(cast, new, cast.specialist, "Nguyễn Văn Hoàn")


def test_keys_of_a_very_long_name_fit_their_columns(cast: Cast) -> None:
    facts = PersonFacts.objects.live().get(person=person(cast, "ﷺ" * 200))
    assert len(facts.search) == PERSON_KEY
    assert len(facts.order) <= PERSON_KEY


def test_merges_are_read_as_they_were_known(cast: Cast, three: tuple[Person, ...]) -> None:
    a, b, _ = three
    with clock.at(NOW + timedelta(hours=1)):
        merge = merge_people(actor=cast.specialist.actor, duplicate=a, canonical=b, basis="một")
    with clock.at(NOW + timedelta(hours=2)):
        undo_merge(actor=cast.specialist.actor, merge=merge, reason="nhầm")
    known = [queries.canonical_ids(NOW + timedelta(minutes=m)) for m in (59, 60, 119, 120)]
    assert known == [{}, {a.pk: b.pk}, {a.pk: b.pk}, {}]


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("focal", 2), ("leader", 2), ("other_focal", 1), ("specialist", 3), ("auditor", 3), ("finance", 0),
        ("committee", 0), ("laboratory", 0), ("enterprise", 0), ("administrator", 0),
    ],
)  # fmt: skip
def test_people_are_seen_by_the_unit_that_keeps_them(
    cast: Cast, three: tuple[Person, ...], who: str, seen: int
) -> None:
    assert policies.visible_people(getattr(cast, who).actor).count() == seen


def test_codes_are_drawn_one_after_another(three: tuple[Person, ...]) -> None:
    assert [p.code for p in three] == ["NG-000001", "NG-000002", "NG-000003"]


def test_a_name_is_found_without_marks_and_kept_composed(cast: Cast) -> None:
    one = person(cast, "Nguye\u0302\u0303n  Va\u0306n Ho\u0300a")
    facts = PersonFacts.objects.live().get(person=one)
    assert facts.full_name == "Nguyễn Văn Hòa"
    assert facts.search == "nguyen van hoa"
