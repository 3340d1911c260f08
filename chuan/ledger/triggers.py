"""The triggers that make append-only true in the database itself, on both engines.

Expected triggers follow from the models; `missing()` compares them with what is installed.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig, apps
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import UniqueConstraint

from chuan.ledger.models import VOID_FIELDS, Sealed

_PG_FUNCTIONS = (
    """CREATE OR REPLACE FUNCTION chuan_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is frozen', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE OR REPLACE FUNCTION chuan_void_only() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE void text[] := ARRAY['voided_at', 'voided_by', 'void_reason'];
    BEGIN
      IF OLD.voided_at IS NOT NULL OR NEW.voided_at IS NULL OR to_jsonb(OLD) - void <> to_jsonb(NEW) - void THEN
        RAISE EXCEPTION '% is frozen', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END $$""",
)


@dataclass(frozen=True)
class Trigger:
    """One trigger as it should stand in the database."""

    table: str
    name: str
    sql: str


def sealed_models() -> list[type[Sealed]]:
    """Every concrete append-only model, in table order."""
    found = [m for m in apps.get_models() if issubclass(m, Sealed)]
    return sorted(found, key=lambda m: m._meta.db_table)


def expected(connection: BaseDatabaseWrapper, tables: set[str] | None = None) -> list[Trigger]:
    """The triggers that a database should have for every sealed model (or for those of `tables`)."""
    models = [m for m in sealed_models() if tables is None or m._meta.db_table in tables]
    if connection.vendor == "postgresql":
        return [trigger for model in models for trigger in _postgresql(model)]
    return [trigger for model in models for trigger in _sqlite(model, connection)]


def missing(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """Expected triggers that are absent, disabled or differ from their text, for the tables that exist."""
    have = _installed(connection)
    tables = set(connection.introspection.table_names())
    return [t for t in expected(connection, tables) if not _same(connection.vendor, t, have)]


def install(connection: BaseDatabaseWrapper) -> None:
    """Install or renew every expected trigger. Run by cursor: a `%` fails through schema_editor under psycopg."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for function in _PG_FUNCTIONS:
                cursor.execute(function)
        for trigger in missing(connection):
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}")
            cursor.execute(trigger.sql)
    if tables and (left := missing(connection)):
        raise RuntimeError(f"triggers did not install: {[t.name for t in left]}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop every expected trigger: only for tests that empty the tables."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in expected(connection, tables):
            on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")


def after_migrate(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """post_migrate receiver: renew the triggers of the app's tables."""
    connection = connections[using]
    if any(issubclass(m, Sealed) for m in sender.get_models()):
        install(connection)


def _sqlite(model: type[Sealed], connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
    table = model._meta.db_table
    refuse = f"BEGIN SELECT RAISE(ABORT,'{table} is frozen'); END"
    when = ""
    if model.trigger == "statement":
        fixed = [f.column for f in model._meta.concrete_fields if f.column not in VOID_FIELDS]
        same = " AND ".join(f'OLD."{column}" IS NEW."{column}"' for column in fixed)
        when = f"WHEN NOT (OLD.voided_at IS NULL AND NEW.voided_at IS NOT NULL AND {same}) "
    yield Trigger(
        table, f"{table}_frozen_u", f"CREATE TRIGGER {table}_frozen_u BEFORE UPDATE ON {table} {when}{refuse}"
    )
    yield Trigger(table, f"{table}_frozen_d", f"CREATE TRIGGER {table}_frozen_d BEFORE DELETE ON {table} {refuse}")
    # INSERT OR REPLACE deletes what holds any of the unique keys, and asks no trigger unless the connection wants so.
    taken = " OR ".join(
        f"EXISTS(SELECT 1 FROM {table} WHERE {key})"  # noqa: S608 - names of our own models
        for key in _unique_keys(model, connection)
    )
    yield Trigger(
        table, f"{table}_frozen_r", f"CREATE TRIGGER {table}_frozen_r BEFORE INSERT ON {table} WHEN {taken} {refuse}"
    )


def _unique_keys(model: type[Sealed], connection: BaseDatabaseWrapper) -> Iterator[str]:
    """For each unique key of the table: the condition that a row holds the key of NEW."""
    meta = model._meta
    for field in meta.local_concrete_fields:
        if field.unique:
            yield f'"{field.column}"=NEW."{field.column}"'
    columns = {f.name: f.column for f in meta.local_concrete_fields}
    editor = connection.schema_editor()
    for constraint in meta.constraints:
        if not isinstance(constraint, UniqueConstraint):
            continue
        if constraint.expressions or constraint.nulls_distinct is False:
            raise ImproperlyConfigured(f"{constraint.name}: an append-only table is kept unique by its columns alone")
        same = [f'"{columns[name]}"=NEW."{columns[name]}"' for name in constraint.fields]
        within = str(constraint.create_sql(model, editor)).partition(" WHERE ")[2]
        if within:
            same += [within, re.sub(r'"(\w+)"', r'NEW."\1"', within)]
        yield " AND ".join(same)


def _postgresql(model: type[Sealed]) -> Iterator[Trigger]:
    table = model._meta.db_table
    create = "CREATE OR REPLACE TRIGGER"
    row = f"{table}_frozen"
    if model.trigger == "statement":
        yield Trigger(
            table,
            row,
            f"{create} {row} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION chuan_void_only()",
        )
        yield Trigger(
            table,
            f"{row}_d",
            f"{create} {row}_d BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION chuan_refuse()",
        )
    else:
        yield Trigger(
            table,
            row,
            f"{create} {row} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION chuan_refuse()",
        )
    yield Trigger(
        table,
        f"{row}_all",
        f"{create} {row}_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION chuan_refuse()",
    )


def _installed(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Trigger name → its text (SQLite) or what the catalogue says of it and its function (PostgreSQL)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT t.tgname, concat_ws(' ', p.proname, t.tgenabled, t.tgtype, t.tgqual IS NULL, md5(p.prosrc))"
                " FROM pg_trigger t"
                " JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
            )
        return dict(cursor.fetchall())


def _same(vendor: str, trigger: Trigger, have: dict[str, str]) -> bool:
    found = have.get(trigger.name)
    if vendor == "sqlite":
        return found == trigger.sql
    return found == _as_postgresql_says(trigger)


def _as_postgresql_says(trigger: Trigger) -> str:
    """Function, enabled, events, unconditional, and the hash of the function's text, as the catalogue gives them."""
    function = "chuan_void_only" if "chuan_void_only" in trigger.sql else "chuan_refuse"
    events = sum(bit for word, bit in _EVENTS.items() if re.search(rf"\b{word}\b", trigger.sql))
    source = next(text for text in _PG_FUNCTIONS if f"FUNCTION {function}()" in text).split("$$")[1]
    return f"{function} O {events} t {hashlib.md5(source.encode(), usedforsecurity=False).hexdigest()}"


#: Bits of pg_trigger.tgtype.
_EVENTS = {"FOR EACH ROW": 1, "BEFORE": 2, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
