"""A service: one transaction, one actor, exactly one audit entry."""

import ast
import importlib
import inspect
import sqlite3
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from chuan.accounts.models import User
from chuan.accounts.services import create_user
from chuan.audit import verify
from chuan.audit.actor import ANONYMOUS, Actor
from chuan.audit.models import AuditEntry
from chuan.audit.service import REGISTRY, ClockBehind, ServiceContract, head, record, service
from chuan.ledger.errors import OutsideService, Superseded
from chuan.ledger.integrity import Finding
from chuan.ledger.work import append, correct, void
from chuan.lib import clock
from chuan.organisations.errors import NotAllowed
from chuan.organisations.models import OrganisationUnit, UnitVersion
from chuan.organisations.services import close_version, establish_unit
from tests.cast import BEGIN, SYSTEM, Cast
from tests.conftest import NOW

#: `record`, and the helper of this product that ends in it.
RECORDERS = {"record", "_step"}


def test_a_positional_call_or_a_missing_actor_is_refused(prepared: None) -> None:
    with pytest.raises(ServiceContract, match="keywords"):
        create_user(SYSTEM, username="a", full_name="A")  # type: ignore[call-arg]
    with pytest.raises(ServiceContract, match="actor"):
        create_user(username="a", full_name="A")  # type: ignore[call-arg]


def test_a_service_without_an_entry_is_refused_and_undone(prepared: None) -> None:
    @service()
    def silent(*, actor: Actor) -> None:
        append(OrganisationUnit(code="silent", kind="department"))

    with pytest.raises(ServiceContract, match="no audit entry"):
        silent(actor=SYSTEM)
    assert not OrganisationUnit.objects.filter(code="silent").exists()
    REGISTRY.pop(f"{silent.__module__}.{silent.__qualname__}")


def test_a_second_entry_is_refused(prepared: None) -> None:
    @service()
    def twice(*, actor: Actor, user: User) -> None:
        record("a", user)
        record("b", user)

    user = create_user(actor=SYSTEM, username="a", full_name="A")
    with pytest.raises(ServiceContract, match="second"):
        twice(actor=SYSTEM, user=user)
    REGISTRY.pop(f"{twice.__module__}.{twice.__qualname__}")


def test_a_sealed_row_outside_a_service_is_refused(cast: Cast) -> None:
    with pytest.raises(OutsideService):
        append(OrganisationUnit(code="x", kind="department"))


def test_somebody_who_may_not_is_refused_and_nothing_is_left(cast: Cast) -> None:
    before = head()
    with pytest.raises(NotAllowed):
        establish_unit(actor=cast.focal.actor, code="x", kind="department", name="X", valid_from=BEGIN)
    with pytest.raises(NotAllowed):
        establish_unit(actor=ANONYMOUS, code="x", kind="department", name="X", valid_from=BEGIN)
    assert head() == before


def test_one_service_writes_one_entry_that_names_actor_role_unit_and_rows(cast: Cast) -> None:
    before, _ = head()
    establish_unit(actor=cast.specialist.actor, code="ban-x", kind="agency", name="Ban X", valid_from=BEGIN)
    seq, _ = head()
    assert seq == before + 1
    entry = AuditEntry.objects.get(pk=seq)
    assert (entry.actor_name, entry.role, entry.unit_name) == ("Nguyễn Thị Minh Anh", "specialist", "so-khcn")
    assert entry.changes["name"] == [None, "Ban X"]
    assert {mark["t"] for mark in entry.rows} == {"organisations_organisationunit", "organisations_unitversion"}
    assert entry.at == NOW


def test_nested_services_write_an_entry_each_in_one_transaction(prepared: None) -> None:
    @service()
    def outer(*, actor: Actor) -> None:
        user = create_user(actor=actor, username="inner", full_name="Trong")
        record("outer", user)

    before, _ = head()
    outer(actor=SYSTEM)
    REGISTRY.pop(f"{outer.__module__}.{outer.__qualname__}")
    actions = list(AuditEntry.objects.filter(seq__gt=before).values_list("action", flat=True))
    assert actions == ["accounts.create_user", "outer"]


def test_every_service_of_the_product_records() -> None:
    importlib.import_module("chuan.urls")
    own = {name: function for name, function in REGISTRY.items() if name.startswith("chuan.")}
    assert len(own) > 30
    for name, function in own.items():
        tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))
        calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") in RECORDERS]
        assert calls, f"{name} never calls record()"


def test_two_people_correcting_one_statement_one_of_them_is_told(cast: Cast) -> None:
    version = UnitVersion.objects.live().get(unit=cast.unit("so-ct"))
    stale = UnitVersion.objects.get(pk=version.pk)
    end = BEGIN + timedelta(days=1)
    close_version(actor=cast.specialist.actor, version=version, valid_to=end, document="QĐ", reason="đổi tên")
    with pytest.raises(Superseded):
        close_version(actor=cast.specialist.actor, version=stale, valid_to=end, document="QĐ", reason="đổi tên")


def test_as_known_reads_what_was_said_then(cast: Cast) -> None:
    version = UnitVersion.objects.live().get(unit=cast.unit("so-ct"))
    later = NOW + timedelta(hours=1)
    with clock.at(later):
        close_version(
            actor=cast.specialist.actor, version=version, valid_to=BEGIN + timedelta(days=9), document="", reason="sửa"
        )
    assert UnitVersion.objects.known(NOW).get(unit=cast.unit("so-ct")).valid_to is None
    assert UnitVersion.objects.known(later).get(unit=cast.unit("so-ct")).valid_to == BEGIN + timedelta(days=9)


def test_every_entry_point_of_the_ledger_needs_a_service(cast: Cast) -> None:
    version = UnitVersion.objects.live().get(unit=cast.unit("so-ct"))
    with pytest.raises(OutsideService):
        void(version, "x")
    with pytest.raises(OutsideService):
        correct(version, "x", name="Y")


def test_evidence_dated_at_or_before_a_freeze_is_refused(cast: Cast) -> None:
    @service(lock="exclusive")
    def freezes(*, actor: Actor, user: User) -> None:
        record("freezes", user)

    freezes(actor=SYSTEM, user=cast.focal.user)
    REGISTRY.pop(f"{freezes.__module__}.{freezes.__qualname__}")
    for instant in (NOW, NOW - timedelta(seconds=2)):
        with clock.at(instant), pytest.raises(ClockBehind):
            establish_unit(actor=SYSTEM, code="muon", kind="agency", name="Muộn", valid_from=BEGIN)
    with clock.at(NOW + timedelta(microseconds=1)):
        establish_unit(actor=SYSTEM, code="muon", kind="agency", name="Muộn", valid_from=BEGIN)


@contextmanager
def few_values(most: int) -> Iterator[None]:
    """SQLite as it is built by default elsewhere; a statement on PostgreSQL takes any number of values."""
    raw = connection.connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
    allowed = raw.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, most)
    try:
        yield
    finally:
        raw.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, allowed)


def test_more_entries_than_a_statement_takes_values_are_written_in_slices(prepared: None) -> None:
    @service()
    def inner(*, actor: Actor, subject: User) -> None:
        record("tests.inner", subject)

    @service()
    def outer(*, actor: Actor, subject: User) -> None:
        for _ in range(1100):
            inner(actor=actor, subject=subject)
        record("tests.outer", subject)

    user = create_user(actor=SYSTEM, username="many", full_name="Nhiều")
    before = head()[0]
    try:
        with few_values(10_000):
            outer(actor=SYSTEM, subject=user)
    finally:
        for one in (inner, outer):
            REGISTRY.pop(f"{one.__module__}.{one.__qualname__}")
    assert head()[0] == before + 1101
    assert [f for f in verify.chain() if isinstance(f, Finding)] == []
