"""One byte changed anywhere behind the program's back is found under its record's name; nothing ends in a traceback."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction

from chuan.audit.models import AuditEntry, ChainHead
from chuan.files.models import StoredFile
from chuan.files.store import path_of, receive
from chuan.ledger import integrity, triggers
from chuan.ledger.models import Sealed
from chuan.reporting import jobs
from chuan.reporting.models import Obligation, Report
from chuan.reporting.services import dispatching, reports, submissions
from chuan.training.services import attach_file, correct_attendance, void_attendance
from tests.cast import Cast
from tests.reliability import world as worlds
from tests.reliability.world import RIGHT, WORDS, World
from tests.training.builders import said_of

#: A byte that is not UTF-8 where it stands alone.
NOT_TEXT = 0xFF


@pytest.fixture
def world(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A register with every kind of sealed row: corrected, voided, sent, frozen, printed, dispatched."""
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path / "files")
    made = worlds.build(courses=2, lines=3, cast=cast)
    lines = list(made.courses[0].attendances.all())
    correct_attendance(actor=cast.focal.actor, seen=said_of(lines[0]), reason="sửa", note="Đã đối chiếu")
    void_attendance(actor=cast.focal.actor, seen=said_of(lines[1]), reason="trùng")
    digest, kind = receive("ds.pdf", b"%PDF-1.4\nDanh s\xc3\xa1ch")
    attach_file(
        actor=cast.focal.actor,
        course=made.courses[0],
        title="Danh sách",
        digest=digest,
        name="ds.pdf",
        media_type=kind.media_type,
        size=20,
    )
    _submit(made)
    _dispatch(made)
    return made


def _submit(made: World) -> None:
    period = worlds.open_period(made)
    obligation = Obligation.objects.select_related("period__plan", "unit").get(period=period, unit__code="so-ct")
    sent = submissions.start_submission(actor=made.cast.focal.actor, obligation=obligation)
    submissions.save_draft(
        actor=made.cast.focal.actor, submission=sent, version=0, figures=RIGHT, narrative="Hai lớp.", nil=False
    )
    for verb, who in (("present", "focal"), ("approve", "leader"), ("send", "focal")):
        submissions.move_submission(actor=made.cast.people[who].actor, submission=sent, verb=verb)


def _dispatch(made: World) -> None:
    cast = made.cast
    period = Obligation.objects.select_related("period__plan").earliest("pk").period
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=WORDS)
    reports.review(actor=cast.head.actor, report=report)
    report = Report.objects.select_related("period__plan").get(pk=report.pk)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    jobs.print_papers(content.pk)
    report = Report.objects.select_related("period__plan", "content").get(pk=report.pk)
    reports.sign(actor=cast.director.actor, report=report)
    today = date(2026, 12, 11)
    reports.number_report(actor=cast.clerk.actor, report=report, number=7, dated=today)
    jobs.print_papers(content.pk)
    dispatching.dispatch(actor=cast.clerk.actor, report=report, recipient="ubnd", sent_on=today, channel="axis")


@contextmanager
def tampering() -> Iterator[None]:
    """What the owner of the schema can do; undone at the end."""

    class Undo(Exception):
        pass

    try:
        with transaction.atomic():
            triggers.remove(connection)
            yield
            raise Undo
    except Undo:
        pass


def found() -> list[str]:
    """Every finding but the triggers, which whoever tampers puts back."""
    return worlds.findings("triggers")


def written(table: str, column: str, key: tuple[str, Any], value: Any) -> None:
    """Write straight into the table."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            marker = "CAST(%s AS TEXT)" if isinstance(value, bytes) else "%s"
        else:
            marker = "%s::jsonb" if column in JSON_COLUMNS else "%s"
        try:
            cursor.execute(f'UPDATE "{table}" SET "{column}" = {marker} WHERE "{key[0]}" = %s', [value, key[1]])
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = OFF")


def taken(table: str, column: str, key: tuple[str, Any], value: Any) -> bool:
    """The engine let the value in."""
    try:
        with transaction.atomic():
            written(table, column, key, value)
    except DatabaseError:
        return False
    return True


JSON_COLUMNS = {
    f.column for m in triggers.sealed_models() for f in m._meta.concrete_fields if isinstance(f, models.JSONField)
}


def stored(table: str, column: str, key: tuple[str, Any]) -> Any:
    """The column as it lies in the table."""
    with connection.cursor() as cursor:
        cast = "::text" if connection.vendor == "postgresql" and column in JSON_COLUMNS else ""
        cursor.execute(f'SELECT "{column}"{cast} FROM "{table}" WHERE "{key[0]}" = %s', [key[1]])
        return cursor.fetchone()[0]


def flipped(value: Any, chance: random.Random) -> Any:
    """`value` with one byte of its stored form changed."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value ^ (1 << chance.randrange(3))
    if not isinstance(value, str):
        return value + timedelta(days=1)  # a date's lowest byte, an instant's highest
    raw = bytearray(value.encode())
    place = chance.randrange(len(raw))
    if connection.vendor == "sqlite":
        raw[place] ^= 1 << chance.randrange(8)
        return bytes(raw)
    # PostgreSQL takes no byte that is not text: another letter in the place of this one.
    letters = list(value)
    place = chance.randrange(len(letters))
    letters[place] = chance.choice([c for c in "abcxyz0189 .-" if c != letters[place]])
    return "".join(letters)


def places(chance: random.Random, world: World) -> Iterator[tuple[type[Sealed], Any, Any]]:
    """(model, row's key, field) without end: every sealed table in turn, any row, any column that holds something."""
    keys = {m: list(m._base_manager.values_list("pk", flat=True)) for m in triggers.sealed_models()}
    inhabited = [m for m in keys if keys[m]]
    while True:
        for model in inhabited:
            pk = chance.choice(keys[model])
            fields = [f for f in model._meta.concrete_fields if not f.primary_key]
            field = chance.choice(fields)
            if stored(model._meta.db_table, str(field.column), (str(model._meta.pk.column), pk)) not in (None, ""):
                yield model, pk, field


def flip(model: type[Sealed], pk: Any, field: Any, chance: random.Random) -> bool:
    """Change one byte; False where this column holds nothing that could be changed so (JSON that must stay JSON)."""
    table, key = model._meta.db_table, (str(model._meta.pk.column), pk)
    before = stored(table, field.column, key)
    after = flipped(before, chance)
    if connection.vendor == "postgresql" and isinstance(field, models.JSONField):
        digits = [i for i, c in enumerate(before) if c.isalnum()]
        place = chance.choice(digits) if digits else 0
        after = before[:place] + chance.choice("2468") + before[place + 1 :]
    return taken(table, field.column, key, after) and (
        connection.vendor == "sqlite" or stored(table, field.column, key) != before
    )


def named(model: type[Sealed], pk: Any, findings: list[str]) -> bool:
    """A finding names this very record."""
    name = f"nhật ký, mục {pk}:" if model is AuditEntry else f"{model._meta.db_table} số {pk}"
    return any(f.startswith(name) for f in findings)


def rounds(world: World, count: int, seed: int, at_once: int = 1) -> list[str]:
    """Places where a changed byte was not found under its record's name.

    `at_once`: bytes changed, each in another table, before one look at all: none may hide another.
    """
    chance, missed, done = random.Random(seed), [], 0
    everywhere = places(chance, world)
    while done < count:
        with tampering():
            changed: dict[type[Sealed], tuple[Any, Any]] = {}
            while len(changed) < at_once:
                model, pk, field = next(everywhere)
                if model not in changed and flip(model, pk, field, chance):
                    changed[model] = pk, field
            done += len(changed)
            findings = found()
            for model, (pk, field) in changed.items():
                if not named(model, pk, findings):
                    missed.append(f"{model._meta.db_table} {pk} {field.column}: {findings[:3]}")
    return missed


def test_a_byte_flipped_in_any_sealed_table_is_found_and_named(world: World) -> None:
    assert found() == []
    assert rounds(world, 48, seed=20261211, at_once=6) == []
    assert found() == []


@pytest.mark.deep
def test_a_thousand_bytes(world: World) -> None:
    assert rounds(world, 1000, seed=random.randrange(2**32)) == []


def test_a_byte_flipped_in_a_stored_file_is_found_and_named(world: World) -> None:
    chance = random.Random(7)
    for file in StoredFile.objects.all():
        path = path_of(file.content_sha)
        whole = path.read_bytes()
        for _ in range(2):
            place = chance.randrange(len(whole))
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            assert [f.split(":")[0].split("(")[0] for f in found()] == [f"tệp số {file.pk} “{file.name}” "]
        path.write_bytes(whole)
    assert found() == []


def test_a_missing_truncated_or_unreadable_file_is_found_and_named(world: World) -> None:
    one, two, three, *_ = [(f.pk, path_of(f.content_sha)) for f in StoredFile.objects.order_by("pk")]
    one[1].unlink()
    two[1].write_bytes(b"")
    three[1].unlink()
    three[1].mkdir()
    assert [f.split(" “")[0] for f in found()] == [f"tệp số {pk}" for pk, _path in (one, two, three)]


@pytest.mark.parametrize("column", ["seq", "sha256"])
def test_a_changed_chain_head_is_found(world: World, column: str) -> None:
    with tampering():
        written("audit_chainhead", column, ("id", 1), 1 if column == "seq" else "0" * 64)
        assert [f.split(":")[0] for f in found()] == ["nhật ký, đầu chuỗi"]
    assert ChainHead.objects.get().seq == AuditEntry.objects.count()


#: Stored values that are no text, no JSON, no date, no number where one is expected.
DAMAGED: list[tuple[str, str, Any]] = [
    ("audit_auditentry", "rows", b'[{"t": "x", "id": [1], "h": 5}, 7, {"u": 1}]'),
    ("audit_auditentry", "rows", b"{[}"),
    ("audit_auditentry", "changes", b'{"n": [1.2, null]}'),
    ("audit_auditentry", "changes", bytes([NOT_TEXT])),
    ("audit_auditentry", "actor_name", bytes([NOT_TEXT])),
    ("audit_auditentry", "at", b"2026-12-41 00:00:00"),
    ("training_coursefacts", "title", bytes([NOT_TEXT])),
    ("training_coursefacts", "end", b"2026-05-x8"),
    ("training_coursefacts", "recorded_at", b""),
    ("training_attendancefacts", "headcount", b"m\xc6\xb0\xe1\xbb\x9di"),
    ("reporting_frozenfigure", "members", b"eNoz"),
    ("reporting_frozenfigure", "members", b"khong phai base64!"),
    ("reporting_frozenfigure", "readings", b"[1.5]"),
    ("reporting_frozenfigure", "known", b"hom qua"),
    ("reporting_reportevent", "facts", b"7"),
    ("reporting_reportcontent", "snapshot", b'{"a": NaN}'),
    ("files_storedfile", "content_sha", b"../../etc/passwd"),
    ("files_storedfile", "created_at", b"2026-02-30T00:00:00"),
]


def test_damaged_content_is_a_finding_and_never_a_traceback(world: World) -> None:
    """What a failing disk leaves: PostgreSQL's types let only a part of it in."""
    let_in = 0
    for table, column, damage in DAMAGED:
        model = next(m for m in triggers.sealed_models() if m._meta.db_table == table)
        pk = model._base_manager.values_list("pk", flat=True).order_by("-pk")[0]
        value: Any = damage if connection.vendor == "sqlite" else damage.decode("utf-8", "replace")
        with tampering():
            if not taken(table, column, (str(model._meta.pk.column), pk), value):
                continue
            let_in += 1
            findings = found()
            assert named(model, pk, findings), (table, column, damage, findings)
            assert not any(f.startswith("training_course số") for f in findings), "only what is damaged is named"
    assert let_in == len(DAMAGED) if connection.vendor == "sqlite" else let_in > 5


def test_a_check_that_fails_is_itself_a_finding(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Iterator[integrity.Finding]:
        yield from (integrity.Finding("", "") for _ in range(1 // 0))

    checks: dict[str, Callable[[], Any]] = {**integrity._checks, "figures": broken}
    monkeypatch.setattr(integrity, "_checks", checks)
    assert found() == [
        "phép kiểm tra figures: không chạy được đến hết: ZeroDivisionError: integer division or modulo by zero"
    ]
