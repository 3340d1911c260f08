"""Reads of any register: one record, its history, its files, the page after the last row seen."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import pgettext

from chuan.audit.actor import Actor
from chuan.audit.models import AuditEntry
from chuan.ledger.models import Identity, changes
from chuan.lib.dates import NotADate, parse_date, start_of_day
from chuan.registers.models import Attachment, Claim, ImportBatch
from chuan.registers.register import Facts, Register, Words
from chuan.registers.rules import CLAIM_DAYS
from chuan.registers.telling import Happening

#: Digits of a key that both engines can compare.
MAX_DIGITS = 18


def key_of(raw: str) -> int:
    """A primary key as sent; 0, which no row has, where it is none."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= MAX_DIGITS else 0


def current(said: QuerySet[Any]) -> Any | None:
    """Of the statements about one record, the one in force; of a voided record the last one."""
    live = said.filter(voided_at__isnull=True).first()
    return live or said.order_by("-voided_at", "-pk").first()


def record(register: Register, actor: Actor, code: str) -> Any | None:
    """The statement in force of a record that the actor may see; of a voided one the last."""
    said = register.dress(register.visible_to(actor)).filter(**{f"{register.subject}__code": code})
    return current(said.select_related(register.subject, *register.related))


def after(register: Register, rows: QuerySet[Any], raw: str) -> tuple[QuerySet[Any], bool]:
    """The rows behind the last one seen, as the pager's link names it (`<sorted fact>_<identity's key>`)."""
    value, _sep, key = raw.rpartition("_")
    name, descending = register.sort.lstrip("-"), register.sort.startswith("-")
    seen: Any = value
    if register.model._meta.get_field(name).get_internal_type() == "DateField":
        try:
            seen = parse_date(value)
        except NotADate:
            return rows, False
    elif not raw:
        return rows, False
    than = "lt" if descending else "gt"
    subject = f"{register.subject}_id"
    behind = Q(**{f"{name}__{than}": seen}) | Q(**{name: seen, f"{subject}__{than}": key_of(key)})
    return rows.filter(behind), True


def place_of(register: Register, said: Any) -> str:
    """A row as the pager's link names it."""
    return f"{getattr(said, register.sort.lstrip('-'))}_{getattr(said, register.subject).pk}"


def attachments(identity: Identity) -> QuerySet[Attachment]:
    """Files in force of a record."""
    table = identity._meta.db_table
    return Attachment.objects.live().filter(table=table, record=identity.pk).select_related("file")


def claims(register: Register, identity: Identity) -> QuerySet[Claim]:
    """Claims in force on a record, the first one first."""
    return Claim.objects.live().filter(register=register.name, record=identity.pk)


def claimable(register: Register, facts: Facts, unit_id: int | None) -> Any | None:
    """The statement in force, kept by another unit, that says what `facts` say; None where the unit claims it."""
    found = register.twins(facts) if register.refuses_twins else []
    for said in found:
        mine = said.owner_id == unit_id or claims(register, said.identity).filter(unit=unit_id).exists()
        return None if mine else said
    return None


def claimed_lately(keeper_id: int, today: date, days: int = CLAIM_DAYS) -> QuerySet[Claim]:
    """Claims in force of the last weeks on what a unit keeps, the latest first: the keeper is told of them."""
    since = start_of_day(today - timedelta(days=days))
    found = Claim.objects.live().filter(keeper=keeper_id, recorded_at__gte=since)
    return found.order_by("-recorded_at", "-id")


def history(register: Register, identity: Identity) -> list[AuditEntry]:
    """What was done to a record as the audit says it, oldest first, files that it came in with among them."""
    own = Q(subject_table=identity._meta.db_table, subject_id=str(identity.pk))
    found = AuditEntry.objects.filter(own | came_in(register, identity)).order_by("seq")
    return [entry for entry in found if concerns(entry, identity)]


def came_in(register: Register, identity: Identity) -> Q:
    """Entries of files taken in at the instants at which something was said of the record."""
    said = register.model._default_manager.filter(**{register.subject: identity})
    claimed = Claim.objects.filter(register=register.name, record=identity.pk)
    pairs = [rows.order_by().values_list("recorded_at", "voided_at") for rows in (said, claimed)]
    instants = [i for pair in pairs[0].union(pairs[1]) for i in pair if i]
    return Q(subject_table=ImportBatch._meta.db_table, at__in=instants)


def concerns(entry: AuditEntry, identity: Identity) -> bool:
    """Of a file's entry: it names the record. Any other was asked for by the record itself."""
    return not is_batch(entry) or any(identity.code in _codes(entry, verb) for verb in ("added", "changed", "claimed"))


def is_batch(entry: AuditEntry) -> bool:
    """The entry tells of a file that was taken in."""
    return entry.subject_table == ImportBatch._meta.db_table


def _codes(entry: AuditEntry, verb: str) -> Sequence[str]:
    found: Sequence[str] = (entry.changes.get(verb) or [None, ()])[1]
    return found


def told(register: Register, identity: Identity, words: Words) -> list[Happening]:
    """The history in words."""
    return [_happening(register, identity, entry, words) for entry in history(register, identity)]


def _happening(register: Register, identity: Identity, entry: AuditEntry, words: Words) -> Happening:
    pairs = changes_at(register, identity, entry) if is_batch(entry) else entry.changes
    first = entry.action == register.action("add") or identity.code in _codes(entry, "added")
    found = register.vocabulary.changes(pairs, words.names)
    claim = register.action("claim") if identity.code in _codes(entry, "claimed") else entry.action
    return Happening(entry, pgettext("action", claim), file_of(entry) or _document_of(entry), found, is_new=first)


def file_of(entry: AuditEntry) -> str:
    """Name of the file that came, went or brought the rows; empty where there is none."""
    old, new = entry.changes.get("file") or (None, None)
    return str((new or old or [""])[0])


def _document_of(entry: AuditEntry) -> str:
    """The paper that a claim rests on; empty where nothing was claimed."""
    _old, new = entry.changes.get("claim") or (None, None)
    return str((new or [""])[-1])


def changes_at(register: Register, identity: Identity, entry: AuditEntry) -> dict[str, list[Any]]:
    """What a file changed in one record: its two statements that met at that instant."""
    said = register.model._default_manager.filter(**{register.subject: identity})
    return changes(said.filter(voided_at=entry.at).first(), said.filter(recorded_at=entry.at).first())
