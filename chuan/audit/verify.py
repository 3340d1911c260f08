"""Integrity checks: the chain of entries, every sealed row against its hash and its entry, and the triggers."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

from chuan.audit.models import GENESIS, AuditEntry, ChainHead
from chuan.ledger import triggers
from chuan.ledger.integrity import Checked, Finding, each
from chuan.ledger.models import Sealed, Statement

UNREADABLE = "không đọc được: dữ liệu trong bảng đã hỏng"


def chain() -> Iterator[Finding | Checked]:
    """Recompute every link from the first entry to the head."""
    seq, count = 0, 0
    #: None where the entry before cannot be read: what should follow it is unknown.
    previous: str | None = GENESIS
    for key, entry in each(AuditEntry.objects.all()):
        count += 1
        seq += 1
        if key != seq:
            yield Finding(f"nhật ký, mục {seq}", f"thiếu mục; mục kế tiếp có trong sổ là {key}")
            seq, previous = key, None
        if entry is None:
            yield Finding(f"nhật ký, mục {seq}", UNREADABLE)
            previous = None
            continue
        if previous not in (None, entry.previous):
            yield Finding(f"nhật ký, mục {seq}", "không nối đúng vào mục trước")
        if _now(entry.sealed_sha256) != entry.sha256:
            yield Finding(f"nhật ký, mục {seq}", f"nội dung đã bị thay đổi ({entry.action} {entry.subject_label})")
        previous = entry.sha256
    head = ChainHead.objects.filter(pk=1).first()
    if head is None or head.seq != seq or previous not in (None, head.sha256):
        yield Finding("nhật ký, đầu chuỗi", "số thứ tự hoặc mã băm cuối không khớp mục cuối cùng")
    yield Checked("mục nhật ký", count)


def rows() -> Iterator[Finding | Checked]:
    """Compare each sealed row with its own hash and with the hash that its audit entry carries."""
    inserted, voided = _marks()
    for model in triggers.sealed_models():
        if model is AuditEntry:
            continue
        table, count = model._meta.db_table, 0
        written, voids = inserted.pop(table, {}), voided.pop(table, {})
        for pk, row in each(model._base_manager.all()):
            count += 1
            marks = written.pop(pk, None), voids.pop(pk, None)
            if row is None:
                yield Finding(f"{table} số {pk}", UNREADABLE)
            else:
                yield from _row(row, *marks)
        for pk in dict.fromkeys((*written, *voids)):
            yield Finding(f"{table} số {pk}", "bản ghi có trong nhật ký nhưng không còn trong bảng")
        yield Checked(table, count)
    for table in dict.fromkeys((*inserted, *voided)):
        yield Finding(f"bảng {table}", "nhật ký nói đến bảng này nhưng phần mềm không còn bảng nào như vậy")


def anchor(seq: int, sha256: str) -> Finding | None:
    """Compare an entry with the hash that a printed paper carries: a chain that was made anew does not have it."""
    entry = AuditEntry.objects.filter(pk=seq).first()
    if entry is not None and entry.sha256.startswith(sha256.lower()):
        return None
    return Finding(f"nhật ký, mục {seq}", f"không mang mã băm {sha256} như đã in: chuỗi đã bị cắt hoặc làm lại")


def _now(compute: Callable[[], str]) -> str:
    """A hash of the content as it now reads; empty where that has no canonical form (a decimal point in JSON)."""
    try:
        return compute()
    except (TypeError, ValueError):
        return ""


def _row(row: Sealed, written: str | None, voided: str | None) -> Iterator[Finding]:
    place = f"{row._meta.db_table} số {row.pk} ({_label(row)})"
    if _now(row.sealed_sha256) != row.sha256:
        yield Finding(place, "nội dung không khớp mã băm của bản ghi")
    elif written is None:
        yield Finding(place, "bản ghi không có trong nhật ký: được chèn ngoài phần mềm")
    if written is not None and written != row.sha256:
        yield Finding(place, "mã băm của bản ghi không khớp nhật ký")
    if isinstance(row, Statement) and (row.voided_at is not None or voided is not None):
        if voided is None:
            yield Finding(place, "bị hủy ngoài phần mềm: nhật ký không có việc hủy này")
        elif _now(row.void_sha256) != voided:
            yield Finding(place, "thông tin hủy không khớp nhật ký")


def _label(row: Sealed) -> str:
    """A name that helps to find the row; never a query, never an error on damaged content."""
    code = getattr(row, "code", "")
    return str(code) if code else f"mã băm {row.sha256[:12]}"


def _marks() -> tuple[dict[str, dict[Any, str]], dict[str, dict[Any, str]]]:
    inserted: dict[str, dict[Any, str]] = {}
    voided: dict[str, dict[Any, str]] = {}
    for _seq, entry in each(AuditEntry.objects.only("seq", "rows")):
        for mark in entry.rows if entry and isinstance(entry.rows, list) else ():
            match mark:
                case {"t": str(table), "id": int() | str() as pk, "h": sha256}:
                    inserted.setdefault(table, {})[pk] = sha256
                case {"t": str(table), "id": int() | str() as pk, "v": sha256}:
                    voided.setdefault(table, {})[pk] = sha256
    return inserted, voided


def installed_triggers() -> Iterator[Finding | Checked]:
    """Name every expected trigger that is not installed as written."""
    lacking = triggers.missing(connection)
    for trigger in lacking:
        yield Finding(f"bảng {trigger.table}", f"thiếu trigger {trigger.name}")
    yield Checked("trigger", len(triggers.expected(connection)) - len(lacking))
