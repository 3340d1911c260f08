"""Many writers at once: no deadlock, a whole chain, one entry for each success (asserts nothing about time)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from chuan.accounts.models import User
from chuan.accounts.services import create_user
from chuan.audit import verify
from chuan.audit.actor import Actor
from chuan.audit.models import AuditEntry
from chuan.audit.service import REGISTRY, head, record, service
from chuan.ledger.integrity import Finding
from chuan.ledger.numbering import draw
from chuan.lib import clock
from chuan.organisations.errors import MembershipExists, NotAllowed
from chuan.organisations.models import Person
from chuan.organisations.services import add_person, establish_unit, grant_membership
from tests.cast import SYSTEM, Cast, assemble
from tests.conftest import NOW

WRITERS, EACH = 16, 12
pytestmark = pytest.mark.postgres


@pytest.fixture
def committed(threads_db: None) -> Cast:
    """The cast, committed."""
    return assemble()


def at_once(write: Callable[[int, int], None]) -> list[Exception]:
    """Run `write(writer, turn)` from every writer; returns what was raised."""
    start = Barrier(WRITERS)

    def writer(number: int) -> list[Exception]:
        raised: list[Exception] = []
        try:
            with clock.at(NOW):
                start.wait(30)
                for turn in range(EACH):
                    try:
                        write(number, turn)
                    except Exception as error:
                        raised.append(error)
        finally:
            connection.close()
        return raised

    with ThreadPoolExecutor(WRITERS) as pool:
        return [error for raised in pool.map(writer, range(WRITERS)) for error in raised]


def whole() -> None:
    """The chain and every sealed row are as they were written."""
    assert [f for check in (verify.chain, verify.rows) for f in check() if isinstance(f, Finding)] == []


def test_refused_services_leave_no_entry(committed: Cast) -> None:
    before = head()
    actor = committed.focal.actor

    def write(writer: int, turn: int) -> None:
        establish_unit(actor=actor, code=f"{writer}-{turn}", kind="agency", name="X", valid_from=NOW.date())

    raised = at_once(write)
    assert {type(e) for e in raised} == {NotAllowed}
    assert len(raised) == WRITERS * EACH
    assert head() == before


def test_mixed_services_never_wait_for_each_other_in_a_ring(committed: Cast) -> None:
    before, _ = head()
    people = list(committed.people.values())

    def write(writer: int, turn: int) -> None:
        if (writer + turn) % 3 == 0:
            add_person(actor=SYSTEM, full_name=f"Người {writer}", owner=committed.unit("so-ct"))
        elif (writer + turn) % 3 == 1:
            establish_unit(actor=SYSTEM, code=f"u-{writer}-{turn}", kind="agency", name="X", valid_from=NOW.date())
        else:
            person = people[(writer * EACH + turn) % len(people)]
            unit = committed.unit("tn")
            grant_membership(actor=SYSTEM, user=person.user, unit=unit, role="focal", valid_from=date(2026, 1, 1))

    raised = at_once(write)
    assert "deadlock" not in " ".join(str(e) for e in raised)
    # Of two givers of one role the second is refused by the rule, however close they were.
    assert {type(e) for e in raised} == {MembershipExists}
    assert head()[0] - before == WRITERS * EACH - len(raised)
    codes = sorted(Person.objects.values_list("code", flat=True))
    assert codes == [f"NG-{n:06d}" for n in range(1, len(codes) + 1)], "no number twice, none lost"
    whole()


def test_nested_services_never_wait_for_each_other_in_a_ring(committed: Cast) -> None:
    @service()
    def outer(*, actor: Actor, name: str) -> None:
        user: User = create_user(actor=actor, username=name, full_name="Trong")
        draw("nested")
        add_person(actor=actor, full_name=name, owner=committed.unit("so-ct"))
        record("outer", user)

    before, _ = head()
    try:
        raised = at_once(lambda writer, turn: outer(actor=SYSTEM, name=f"n-{writer}-{turn}"))
    finally:
        REGISTRY.pop(f"{outer.__module__}.{outer.__qualname__}")
    assert raised == []
    assert head()[0] - before == 3 * WRITERS * EACH
    entries = AuditEntry.objects.filter(seq__gt=before).order_by("seq").values_list("action", flat=True)
    inside = ["accounts.create_user", "organisations.add_person", "outer"]
    assert list(entries) == inside * (WRITERS * EACH), "one transaction's entries stand together"
    whole()
