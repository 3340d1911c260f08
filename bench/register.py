"""A register of any size, written by SQL straight into the tables: for measuring, never for keeping."""

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from chuan.ledger import triggers
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.rules import TERRITORIAL

NOTHING = "0" * 64
FIRST = date(2020, 11, 13)
DAYS = 2200
RECORDED = "2026-12-01 00:00:00"
CORRECTED = "2026-12-05 00:00:00"

_NUMBERS = {
    "postgresql": "(SELECT generate_series(1, {n}) AS n) AS i",
    "sqlite": "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {n}) SELECT n FROM c) AS i",
}
_DAY = {
    "postgresql": f"(DATE '{FIRST}' + CAST(i.n * 37 % {DAYS} AS integer))",
    "sqlite": f"DATE('{FIRST}', '+' || (i.n * 37 % {DAYS}) || ' days')",
}
_STATEMENT = "sha256, recorded_at, recorded_by, voided_at, voided_by, void_reason"
_STATED = f"'{NOTHING}', '{RECORDED}', NULL, NULL, NULL, ''"
_CORRECTED = f"'{NOTHING}', '{RECORDED}', NULL, '{CORRECTED}', NULL, 'bench'"
_ANEW = f"'{NOTHING}', '{CORRECTED}', NULL, NULL, NULL, ''"


def fill(lines: int, people: int | None = None) -> None:
    """Attendances, 20 a course, of `people` (60 % as many); some corrected, voided, merged, claimed, elsewhere."""
    people = people or lines * 6 // 10
    triggers.remove(connection)
    with connection.cursor() as cursor:
        places = _pick(cursor, "bench_place", OrganisationUnit.objects.filter(kind__in=TERRITORIAL))
        employers = _pick(cursor, "bench_employer", OrganisationUnit.objects.exclude(kind__in=TERRITORIAL))
        _identities(cursor, lines, people)
        _courses(cursor, lines // 20, places)
        _lines(cursor, lines, people, employers)
        _merges(cursor, people)
        _sequences(cursor)
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    triggers.install(connection)


def _insert(cursor: Any, table: str, columns: str, values: str, rows: str) -> None:
    cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {values} FROM {rows}")


def _numbers(n: int) -> str:
    return _NUMBERS[connection.vendor].format(n=n)


def _identities(cursor: Any, lines: int, people: int) -> None:
    courses = lines // 20
    coded = "id, code, sha256"
    _insert(cursor, "organisations_person", coded, f"n, 'BNG-' || n, '{NOTHING}'", _numbers(people))
    _insert(cursor, "training_course", coded, f"n, 'BL' || n, '{NOTHING}'", _numbers(courses))
    values = f"n, 'BHV' || n, '{NOTHING}', 1 + n % {courses}"
    _insert(cursor, "training_attendance", f"{coded}, course_id", values, _numbers(lines))


def _stated(cursor: Any, table: str, facts: str, said: str, rows: str, every: int) -> None:
    """Each row's statement; one of `every` was voided later, half of those said anew."""
    for statement, which in ((_STATED, "<> 0"), (_CORRECTED, "= 0"), (_ANEW, "= 0")):
        chosen = f"i.n % {every} {which}"
        if statement is _ANEW:
            chosen += f" AND i.n % {2 * every} = 0"
        _insert(cursor, table, f"{facts}, {_STATEMENT}", f"{said}, {statement}", f"{rows} WHERE {chosen}")


def _courses(cursor: Any, courses: int, places: int) -> None:
    owner = OrganisationUnit.objects.get(code="so-khcn").pk
    day = _DAY[connection.vendor]
    facts = 'course_id, title, search, kind, on_metrology, start, "end", place_id,'
    facts += " venue, online, organiser, basis, note, owner_id"
    said = "i.n, 'Lớp ' || i.n, 'lop', CASE WHEN i.n % 11 = 0 THEN 'conference' ELSE 'course' END, i.n % 13 <> 0,"
    said += f" {day}, {day}, CASE WHEN i.n % 50 = 0 THEN NULL ELSE p.id END, '', i.n < 0, '', '', '', {owner}"
    rows = f"{_numbers(courses)} JOIN bench_place p ON p.n = 1 + i.n * 7 % {places}"
    _stated(cursor, "training_coursefacts", facts, said, rows, 20)


def _lines(cursor: Any, lines: int, people: int, employers: int) -> None:
    # Claimed counts stand among names: 53 shares no factor with what tells courses apart.
    facts = "attendance_id, person_id, headcount, role, completed, employer_id, employer_text, note"
    said = f"i.n, CASE WHEN i.n % 53 = 1 THEN NULL ELSE 1 + (i.n * 17) % {people} END,"
    said += " CASE WHEN i.n % 53 = 1 THEN 30 ELSE 1 END,"
    said += " CASE WHEN i.n % 29 = 0 THEN 'lecturer' ELSE 'learner' END, i.n % 17 <> 0,"
    said += " CASE WHEN i.n % 40 = 0 THEN NULL ELSE e.id END, '', ''"
    rows = f"{_numbers(lines)} JOIN bench_employer e ON e.n = 1 + i.n * 3 % {employers}"
    _stated(cursor, "training_attendancefacts", facts, said, rows, 19)


def _merges(cursor: Any, people: int) -> None:
    facts = f"duplicate_id, chosen_id, canonical_id, basis, {_STATEMENT}"
    rows = f"{_numbers(people)} WHERE n % 100 = 0"
    _insert(cursor, "organisations_personmerge", facts, f"n, n - 1, n - 1, 'bench', {_STATED}", rows)


def _pick(cursor: Any, table: str, units: QuerySet[OrganisationUnit]) -> int:
    """Number the units in a temporary table; how many there are."""
    rows = list(enumerate(units.order_by("pk").values_list("pk", flat=True), 1))
    cursor.execute(f"CREATE TEMP TABLE {table} (n integer PRIMARY KEY, id bigint)")
    cursor.executemany(f"INSERT INTO {table} VALUES (%s, %s)", rows)
    return len(rows)


def _sequences(cursor: Any) -> None:
    """PostgreSQL numbers rows from a sequence that explicit keys did not move."""
    if connection.vendor != "postgresql":
        return
    for table in ("organisations_person", "training_course", "training_attendance"):
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
