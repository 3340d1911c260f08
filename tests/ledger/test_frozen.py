"""Sealed rows cannot be changed: by the ORM, in bulk or by SQL, on either engine."""

import pytest
from django.db import DatabaseError, connection, transaction

from chuan.audit.models import AuditEntry
from chuan.ledger import triggers
from chuan.ledger.checks import triggers_installed
from chuan.ledger.errors import FrozenRow
from chuan.organisations.models import OrganisationUnit, UnitVersion
from tests.cast import Cast


def refused(sql: str, *parameters: object) -> None:
    """The database itself refuses the statement."""
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def test_the_orm_refuses_to_change_or_delete(cast: Cast) -> None:
    unit = cast.unit("so-ct")
    unit.code = "khac"
    with pytest.raises(FrozenRow):
        unit.save()
    with pytest.raises(FrozenRow):
        unit.delete()


def test_bulk_writes_are_refused_by_the_database(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        OrganisationUnit.objects.update(code="x")
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        UnitVersion.objects.filter(unit=cast.unit("so-ct")).update(name="Khác")
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        AuditEntry.objects.all()._raw_delete("default")


@pytest.mark.parametrize("model", triggers.sealed_models(), ids=lambda m: m._meta.db_table)
def test_every_sealed_table_has_its_triggers(cast: Cast, model: type) -> None:
    table = model._meta.db_table  # type: ignore[attr-defined]
    names = {t.name for t in triggers.expected(connection.vendor) if t.table == table}
    assert names
    assert not names & {t.name for t in triggers.missing(connection)}


def test_sql_is_refused_in_a_frozen_table(cast: Cast) -> None:
    key = cast.unit("so-ct").pk
    refused("UPDATE organisations_organisationunit SET code = 'x' WHERE id = %s", key)
    refused("DELETE FROM organisations_organisationunit WHERE id = %s", key)


def test_a_statement_lets_only_empty_void_columns_be_filled(cast: Cast) -> None:
    version = UnitVersion.objects.live().get(unit=cast.unit("so-ct"))
    refused("UPDATE organisations_unitversion SET name = 'x' WHERE id = %s", version.pk)
    refused("UPDATE organisations_unitversion SET name = 'x', voided_at = recorded_at WHERE id = %s", version.pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organisations_unitversion SET voided_at = recorded_at WHERE id = %s", [version.pk])
    refused("UPDATE organisations_unitversion SET voided_at = NULL WHERE id = %s", version.pk)
    refused("UPDATE organisations_unitversion SET void_reason = 'x' WHERE id = %s", version.pk)


def test_replacing_or_emptying_is_refused(cast: Cast) -> None:
    key = cast.unit("so-ct").pk
    if connection.vendor == "sqlite":
        refused(
            "INSERT OR REPLACE INTO organisations_organisationunit (id, code, kind, sha256) VALUES (%s, 'x', 'y', 'z')",
            key,
        )
    else:
        refused("TRUNCATE audit_auditentry")


def test_a_dropped_trigger_is_reported_and_put_back(cast: Cast) -> None:
    trigger = next(t for t in triggers.expected(connection.vendor) if t.table == "organisations_person")
    on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {trigger.name}{on}")
    found = triggers_installed(databases=["default"])
    assert [e.id for e in found] == ["chuan.E001"]
    assert "organisations_person" in found[0].msg
    triggers.install(connection)
    assert triggers_installed(databases=["default"]) == []
