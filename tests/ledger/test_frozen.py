"""Sealed rows cannot be changed: by the ORM, in bulk or by SQL, on either engine."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import UniqueConstraint

from chuan.audit.models import AuditEntry
from chuan.ledger import triggers
from chuan.ledger.checks import triggers_installed
from chuan.ledger.errors import FrozenRow
from chuan.ledger.models import VOID_FIELDS, Sealed
from chuan.organisations.models import OrganisationUnit, UnitVersion
from chuan.training.models import AttendanceFacts
from chuan.training.services import void_attendance
from tests.cast import Cast
from tests.training.builders import course, line, said_of


def refused(sql: str, *parameters: Any) -> None:
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
    names = {t.name for t in triggers.expected(connection) if t.table == table}
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
        refused(
            "INSERT OR REPLACE INTO organisations_organisationunit (code, kind, sha256) VALUES (%s, 'y', 'z')", "dn-hcm"
        )
    else:
        refused("TRUNCATE audit_auditentry")


def _has_another_key(model: type[Sealed]) -> bool:
    """A unique key besides the primary one."""
    return any(f.unique and not f.primary_key for f in model._meta.local_concrete_fields) or any(
        isinstance(c, UniqueConstraint) for c in model._meta.constraints
    )


def _copied(model: type[Sealed]) -> None:
    """Put a copy of the table's last row in the place of it: the same unique keys, another primary one."""
    columns = [f.column for f in model._meta.concrete_fields if not f.primary_key]
    names = ", ".join(f'"{column}"' for column in columns)
    refused(
        f"INSERT OR REPLACE INTO {model._meta.db_table} ({names})"
        f" SELECT {names} FROM {model._meta.db_table} ORDER BY {model._meta.pk.column} DESC LIMIT 1"
    )


def test_no_unique_key_replaces_a_row_on_a_connection_that_is_not_ours(cast: Cast) -> None:
    course(cast)
    if connection.vendor == "postgresql":  # where the same is said by an update
        refused(
            "INSERT INTO training_course (code, sha256) SELECT code, 'x' FROM training_course"
            " ON CONFLICT (code) DO UPDATE SET sha256 = excluded.sha256"
        )
        return
    keyed = [m for m in triggers.sealed_models() if m._base_manager.exists() and _has_another_key(m)]
    assert {"training_course", "training_coursefacts", "organisations_membership"} <= {m._meta.db_table for m in keyed}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
    try:
        for model in keyed:
            _copied(model)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = ON")


def test_a_key_that_only_voided_rows_hold_is_free(cast: Cast) -> None:
    said = said_of(line(cast, course(cast), "Lê Văn A"))
    void_attendance(actor=cast.focal.actor, seen=said, reason="ghi nhầm")
    fields = [f for f in AttendanceFacts._meta.concrete_fields if not f.primary_key and f.column not in VOID_FIELDS]
    kept = {f.attname: getattr(said, f.attname) for f in fields}
    AttendanceFacts(**kept, voided_at=None, voided_by=None, void_reason="").save()
    assert AttendanceFacts.objects.filter(attendance=said.attendance, voided_at=None).count() == 1


def test_a_dropped_trigger_is_reported_and_put_back(cast: Cast) -> None:
    trigger = next(t for t in triggers.expected(connection) if t.table == "organisations_person")
    on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {trigger.name}{on}")
    found = triggers_installed(databases=["default"])
    assert [e.id for e in found] == ["chuan.E001"]
    assert "organisations_person" in found[0].msg
    triggers.install(connection)
    assert triggers_installed(databases=["default"]) == []


def test_a_trigger_that_only_looks_right_is_reported(cast: Cast) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION chuan_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
        )
    assert triggers.missing(connection)
    triggers.install(connection)
    assert not triggers.missing(connection)
    table = "organisations_person"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW WHEN (false) EXECUTE FUNCTION chuan_refuse()"
        )
    assert [t.name for t in triggers.missing(connection)] == [f"{table}_frozen"]


def test_a_column_added_later_leaves_older_hashes_true(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = cast.unit("so-ct")
    before = unit.sealed_sha256()
    monkeypatch.setattr(OrganisationUnit, "note", "", raising=False)
    real = OrganisationUnit.content_fields()
    monkeypatch.setattr(OrganisationUnit, "content_fields", classmethod(lambda cls: (*real, "note")))
    assert unit.sealed_sha256() != before
    monkeypatch.setattr(OrganisationUnit, "added", {"note": ""})
    assert unit.sealed_sha256() == before
    monkeypatch.setattr(OrganisationUnit, "note", "nói thêm")
    assert unit.sealed_sha256() != before
