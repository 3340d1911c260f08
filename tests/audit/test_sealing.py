"""The last statement of a service on PostgreSQL: it adds the entries, commits and waits for the disk by itself."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from chuan.audit.actor import Actor
from chuan.audit.models import AuditEntry
from chuan.audit.service import REGISTRY, head, record, service
from chuan.ledger.work import append
from chuan.organisations.models import OrganisationUnit, Person, UnitVersion
from tests.cast import SYSTEM, Cast, assemble
from tests.conftest import NOW

pytestmark = pytest.mark.postgres


@pytest.fixture
def committed(threads_db: None) -> Cast:
    """The cast, committed."""
    return assemble()


@pytest.fixture(autouse=True)
def own_services() -> Iterator[None]:
    """What these tests declare is none of the product's."""
    before = set(REGISTRY)
    yield
    for name in set(REGISTRY) - before:
        del REGISTRY[name]


@service(lock="shared")
def _one_row(*, actor: Actor, code: str) -> None:
    record("tests.one_row", append(Person(code=code)))


def test_a_service_is_committed_by_its_last_statement_and_what_waits_for_the_commit_runs(committed: Cast) -> None:
    ran: list[bool] = []

    @service(lock="shared")
    def telling(*, actor: Actor) -> None:
        transaction.on_commit(lambda: ran.append(connection.in_atomic_block))
        record("tests.telling", append(Person(code="telling")))

    before, _ = head()
    with CaptureQueriesContext(connection) as captured:
        telling(actor=SYSTEM)
    assert "COMMIT" in captured.captured_queries[-2]["sql"]
    assert ran == [False]
    assert connection.get_autocommit()
    # Nothing is left to undo.
    connection.rollback()
    assert head()[0] == before + 1
    assert Person.objects.filter(code="telling").exists()


def test_what_the_database_refuses_at_the_commit_is_raised_and_leaves_nothing(committed: Cast) -> None:
    @service(lock="shared")
    def dangling(*, actor: Actor) -> None:
        unit = append(OrganisationUnit(code="dangling", kind="department"))
        append(UnitVersion(unit=unit, parent_id=987654321, name="X", valid_from=NOW.date()))
        record("tests.dangling", unit)

    before = head()
    with pytest.raises(IntegrityError, match="foreign key"):
        dangling(actor=SYSTEM)
    assert head() == before
    assert not OrganisationUnit.objects.filter(code="dangling").exists()
    # The connection serves the next one.
    _one_row(actor=SYSTEM, code="after")
    assert head()[0] == before[0] + 1


def test_within_somebody_elses_transaction_a_service_is_undone_with_it(committed: Cast) -> None:
    before = head()

    def both() -> None:
        with transaction.atomic():
            _one_row(actor=SYSTEM, code="undone-1")
            _one_row(actor=SYSTEM, code="undone-2")
            raise LookupError

    with pytest.raises(LookupError):
        both()
    assert head() == before
    assert not Person.objects.filter(code__startswith="undone").exists()
    with transaction.atomic():
        _one_row(actor=SYSTEM, code="kept-1")
        _one_row(actor=SYSTEM, code="kept-2")
    assert head()[0] == before[0] + 2


def test_the_server_waits_for_the_disk_after_the_commit_that_did_not(committed: Cast) -> None:
    with connection.cursor() as cursor:
        # The suite's own server is not durable; this session is.
        cursor.execute("SET synchronous_commit = on")
        cursor.execute("SELECT pg_current_wal_insert_lsn()")
        [before] = cursor.fetchone()
        _one_row(actor=SYSTEM, code="durable")
        cursor.execute(
            "SELECT pg_current_wal_flush_lsn() > %s::pg_lsn, current_setting('synchronous_commit')", [before]
        )
        assert cursor.fetchone() == (True, "on")
        cursor.execute("RESET synchronous_commit")
    assert AuditEntry.objects.latest("seq").action == "tests.one_row"
