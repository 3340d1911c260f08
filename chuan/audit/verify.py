"""Integrity checks: the chain of entries, every sealed row against its hash and its entry, and the triggers."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from chuan.audit.models import GENESIS, AuditEntry, ChainHead
from chuan.ledger import triggers
from chuan.ledger.integrity import Checked, Finding
from chuan.ledger.models import Sealed, Statement

BATCH = 2000


def chain() -> Iterator[Finding | Checked]:
    """Recompute every link from the first entry to the head."""
    seq, previous, count = 0, GENESIS, 0
    for entry in AuditEntry.objects.order_by("seq").iterator(BATCH):
        count += 1
        seq += 1
        if entry.seq != seq:
            yield Finding(f"nhật ký, mục {seq}", f"thiếu mục; mục kế tiếp có trong sổ là {entry.seq}")
            seq = entry.seq
        elif entry.previous != previous:
            yield Finding(f"nhật ký, mục {seq}", "không nối đúng vào mục trước")
        if entry.sealed_sha256() != entry.sha256:
            yield Finding(f"nhật ký, mục {seq}", f"nội dung đã bị thay đổi ({entry.action} {entry.subject_label})")
        previous = entry.sha256
    head = ChainHead.objects.filter(pk=1).first()
    if head is None or (head.seq, head.sha256) != (seq, previous):
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
        for row in model._base_manager.order_by("pk").iterator(BATCH):
            count += 1
            yield from _row(row, written.pop(row.pk, None), voids.pop(row.pk, None))
        for pk in (*written, *voids):
            yield Finding(f"{table} số {pk}", "bản ghi có trong nhật ký nhưng không còn trong bảng")
        yield Checked(table, count)


def _row(row: Sealed, written: str | None, voided: str | None) -> Iterator[Finding]:
    place = f"{row._meta.db_table} số {row.pk} ({_label(row)})"
    now = row.sealed_sha256()
    if now != row.sha256:
        yield Finding(place, "nội dung không khớp mã băm của bản ghi")
    elif written is None:
        yield Finding(place, "bản ghi không có trong nhật ký: được chèn ngoài phần mềm")
    if written is not None and written != row.sha256:
        yield Finding(place, "mã băm của bản ghi không khớp nhật ký")
    if isinstance(row, Statement) and (row.voided_at is not None or voided is not None):
        if voided is None:
            yield Finding(place, "bị huỷ ngoài phần mềm: nhật ký không có việc huỷ này")
        elif row.void_sha256() != voided:
            yield Finding(place, "thông tin huỷ không khớp nhật ký")


def _label(row: Sealed) -> str:
    """A name that helps to find the row; never a query, never an error on damaged content."""
    code = getattr(row, "code", "")
    return str(code) if code else f"mã băm {row.sha256[:12]}"


def _marks() -> tuple[dict[str, dict[Any, str]], dict[str, dict[Any, str]]]:
    inserted: dict[str, dict[Any, str]] = {}
    voided: dict[str, dict[Any, str]] = {}
    for rows_ in AuditEntry.objects.order_by("seq").values_list("rows", flat=True).iterator(BATCH):
        for mark in rows_ if isinstance(rows_, list) else ():
            if "h" in mark:
                inserted.setdefault(mark["t"], {})[mark["id"]] = mark["h"]
            else:
                voided.setdefault(mark["t"], {})[mark["id"]] = mark["v"]
    return inserted, voided


def installed_triggers() -> Iterator[Finding | Checked]:
    """Name every expected trigger that is not installed as written."""
    lacking = triggers.missing(connection)
    for trigger in lacking:
        yield Finding(f"bảng {trigger.table}", f"thiếu trigger {trigger.name}")
    yield Checked("trigger", len(triggers.expected(connection.vendor)) - len(lacking))
