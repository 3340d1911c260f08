"""Writes on any register, each with one audit entry: records, claims of another unit's, files in, files attached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.files.store import register as name_file
from chuan.ledger.models import Identity, changes
from chuan.ledger.numbering import draw
from chuan.ledger.work import append, correct, hold, void
from chuan.lib import canonical, clock, text
from chuan.organisations.models import OrganisationUnit, UnitVersion
from chuan.organisations.queries import in_force, unit_name
from chuan.registers.errors import (
    AlreadyRecorded,
    NotAllowed,
    NothingToClaim,
    RecordedElsewhere,
    StillClaimed,
    UnitGone,
)
from chuan.registers.models import Attachment, Claim, ImportBatch, columns
from chuan.registers.policies import can_withdraw
from chuan.registers.queries import claimable, claims
from chuan.registers.register import Register

#: Columns that follow from others: no reader is told that they changed.
DERIVED = frozenset({"search", "order"})


def require(allowed: bool) -> None:
    """NotAllowed unless the policy said yes."""
    if not allowed:
        raise NotAllowed


def require_living_unit(actor: Actor, owner_id: int | None) -> None:
    """UnitGone where the acting unit has ended: a form may be open meanwhile. The system acts for the owner."""
    unit_id = owner_id if actor.is_system else actor.unit_id
    if not UnitVersion.objects.live().filter(in_force(clock.today()), unit_id=unit_id).exists():
        raise UnitGone


def shown(found: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Changes without the columns that follow from the others."""
    return {name: pair for name, pair in found.items() if name not in DERIVED}


@dataclass(frozen=True)
class Kept:
    """An upload on disk (see `files.store.receive`), as services take it."""

    digest: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True)
class Planned:
    """One row of a file: the facts it says, and the statement in force that it corrects, or else claims."""

    facts: Mapping[str, Any]
    seen: Any = None
    claims: Any = None


@service(lock="shared")
def add_record(
    *, actor: Actor, register: Register, facts: Mapping[str, Any], owner: OrganisationUnit | None = None
) -> Identity:
    """Record something that the acting unit keeps, or `owner` where the system acts; AlreadyRecorded: a second time."""
    owner_id = _owner(actor, owner)
    identity, said = _first(actor, register, facts, owner_id)
    label = f"{identity.code} {register.label(said)}"
    record(register.action("add"), identity, label=label, changes=shown(changes(None, said)))
    return identity


@service(lock="shared")
def correct_record(*, actor: Actor, register: Register, seen: Any, facts: Mapping[str, Any], reason: str) -> Any:
    """Say a record anew; `seen` is the statement the person had before them, Superseded where it is no more."""
    _may_correct(actor, register, seen)
    new = _anew(actor, register, seen, facts, reason)
    identity = _identity(register, new)
    label = f"{identity.code} {register.label(new)}"
    record(register.action("correct"), identity, label=label, changes=shown(changes(seen, new)), reason=reason)
    return new


@service(lock="shared")
def void_record(*, actor: Actor, register: Register, seen: Any, reason: str) -> None:
    """Take a record back: it was entered in error or twice. It stays readable and counts nowhere."""
    _may_correct(actor, register, seen)
    identity = _identity(register, seen)
    _refuse_claimed(register, identity)
    void(seen, reason)
    label = f"{identity.code} {register.label(seen)}"
    record(register.action("void"), identity, label=label, changes={"voided": [False, True]}, reason=reason)


@service(lock="shared")
def take_in(
    *,
    actor: Actor,
    register: Register,
    rows: Sequence[Planned],
    file: Kept,
    reason: str = "",
    document: str = "",
    owner: OrganisationUnit | None = None,
) -> ImportBatch:
    """Take in a checked file, all of it or nothing; one audit entry names the file and each record.

    Rows that claim what other units keep rest on `document`.
    """
    owner_id = _owner(actor, owner)
    written = [_take_row(actor, register, row, owner_id, reason, document) for row in rows]
    batch, told = enter_batch(register, rows, written, file)
    if document:
        told["claim"] = [None, [document]]
    record(register.action("import"), batch, label=f"{batch.code} {file.name}", changes=told, reason=reason)
    return batch


def enter_batch(
    register: Register, rows: Sequence[Planned], written: Sequence[Any], file: Kept
) -> tuple[ImportBatch, dict[str, list[Any]]]:
    """The row of a file that was taken in, and what the audit says of it; for a service that takes one in."""
    pairs = list(zip(rows, written, strict=True))
    claimed = [said.code for row, said in pairs if row.claims is not None]
    added = [_identity(register, said).code for row, said in pairs if row.seen is None and row.claims is None]
    changed = [_identity(register, row.seen).code for row in rows if row.seen is not None]
    stored = name_file(file.digest, name=file.name, media_type=file.media_type, size=file.size)
    batch = append(
        ImportBatch(
            code=f"NH{draw('import'):06d}",
            register=register.name,
            file=stored,
            rows_added=len(added),
            rows_corrected=len(changed),
            rows_claimed=len(claimed),
            rows_sha256=canonical.sha256([said.sha256 for said in written]),
        )
    )
    facts = {"file": [stored.name, file.digest], "added": added, "changed": changed, "rows": batch.rows_sha256}
    facts |= {"claimed": claimed} if claimed else {}
    return batch, {name: [None, value] for name, value in facts.items()}


@service(lock="shared")
def claim_record(
    *,
    actor: Actor,
    register: Register,
    facts: Mapping[str, Any],
    document: str,
    note: str = "",
    owner: OrganisationUnit | None = None,
) -> Claim:
    """Say that what another unit keeps, and `facts` name, is one's own unit's too; NothingToClaim where none does."""
    claim = _claim(actor, register, facts, _owner(actor, owner), document, note)
    told = {"claim": [None, [unit_name(claim.unit), claim.document]]}
    record(register.action("claim"), _claimed_identity(register, claim), label=claim.code, changes=told, reason=note)
    return claim


@service(lock="shared")
def withdraw_claim(*, actor: Actor, register: Register, claim: Claim, reason: str) -> None:
    """Take a claim back: the record is the keeper's as before, and the unit's own figure is without it."""
    require(can_withdraw(actor, claim))
    require_living_unit(actor, claim.unit_id)
    void(claim, reason)
    told = {"claim": [[unit_name(claim.unit), claim.document], None]}
    record(
        register.action("unclaim"), _claimed_identity(register, claim), label=claim.code, changes=told, reason=reason
    )


@service(lock="shared")
def attach(*, actor: Actor, register: Register, seen: Any, title: str, file: Kept) -> Attachment:
    """Attach kept bytes to a record in force."""
    _may_correct(actor, register, seen)
    identity = _identity(register, seen)
    stored = name_file(file.digest, name=file.name, media_type=file.media_type, size=file.size)
    table = identity._meta.db_table
    made = append(Attachment(table=table, record=identity.pk, file=stored, title=text.nfc(title) or stored.name))
    label = f"{identity.code} {register.label(seen)}"
    record(register.action("attach"), identity, label=label, changes={"file": [None, [stored.name, file.digest]]})
    return made


@service(lock="shared")
def detach(*, actor: Actor, register: Register, seen: Any, attachment: Attachment, reason: str) -> None:
    """Take an attachment back; the bytes stay, named in the history."""
    _may_correct(actor, register, seen)
    void(attachment, reason)
    identity, file = _identity(register, seen), attachment.file
    said = {"file": [[file.name, file.content_sha], None]}
    label = f"{identity.code} {attachment.title}"
    record(register.action("detach"), identity, label=label, changes=said, reason=reason)


def _owner(actor: Actor, owner: OrganisationUnit | None) -> int:
    owner_id = owner.pk if owner else actor.unit_id
    require(owner_id is not None and (actor.is_system or owner_id == actor.unit_id))
    require_living_unit(actor, owner_id)
    return int(owner_id or 0)


def _may_correct(actor: Actor, register: Register, seen: Any) -> None:
    require(register.can_correct(actor, seen))
    require_living_unit(actor, seen.owner_id)


def _identity(register: Register, said: Any) -> Identity:
    found: Identity = getattr(said, register.subject)
    return found


def _first(actor: Actor, register: Register, facts: Mapping[str, Any], owner_id: int) -> tuple[Identity, Any]:
    require(register.can_record(actor) and register.can_add(actor, facts))
    register.check(actor, facts, None)
    # Drawing holds the numbers' lock: of two people who record one thing the second sees the first's record.
    code = f"{register.prefix}{draw(register.counter):06d}"
    _refuse_twin(actor, register, facts, None)
    identity = append(
        register.identity(code=code, **columns(dict(facts), register.identity), **_parent(register, facts))
    )
    values = {**columns(dict(facts), register.model), **register.derived(facts)}
    return identity, append(register.model(**{register.subject: identity, "owner_id": owner_id, **values}))


def _parent(register: Register, facts: Mapping[str, Any]) -> dict[str, Identity]:
    """The record above a new one, written first where it is not there; under the numbers' lock, so once."""
    if register.parent is None:
        return {}
    name, above = register.parent(facts)
    return {name: append(above) if above.pk is None else above}


def _claim(actor: Actor, register: Register, facts: Mapping[str, Any], unit_id: int, document: str, note: str) -> Claim:
    require(register.can_claim(actor, facts))
    said = claimable(register, facts, unit_id)
    if said is not None:
        # Whoever voids the record now waits, or is waited for: what is claimed is read again after it.
        hold(register.identity, said.identity.pk)
        said = claimable(register, facts, unit_id)
    if said is None:
        raise NothingToClaim
    identity = _identity(register, said)
    return append(
        Claim(
            register=register.name,
            record=identity.pk,
            code=identity.code,
            unit_id=unit_id,
            keeper_id=said.owner_id,
            document=text.nfc(document),
            note=text.nfc_multiline(note),
        )
    )


def _claimed_identity(register: Register, claim: Claim) -> Identity:
    found: Identity = register.identity._default_manager.get(pk=claim.record)
    return found


def _refuse_claimed(register: Register, identity: Identity) -> None:
    """StillClaimed while other units count the record as theirs."""
    if not register.claimable:
        return
    hold(register.identity, identity.pk)
    if names := [unit_name(claim.unit) for claim in claims(register, identity)]:
        raise StillClaimed(names)


def _take_row(actor: Actor, register: Register, row: Planned, owner_id: int, reason: str, document: str) -> Any:
    """The statement that a row of a file comes to."""
    if row.claims is not None:
        return _claim(actor, register, row.facts, owner_id, document, "")
    if row.seen is None:
        return _first(actor, register, row.facts, owner_id)[1]
    # The acting unit was asked about once, for the whole file.
    require(register.can_correct(actor, row.seen))
    return _anew(actor, register, row.seen, row.facts, reason)


def _anew(actor: Actor, register: Register, seen: Any, facts: Mapping[str, Any], reason: str) -> Any:
    whole = {**register.facts_of(seen), **facts}
    register.check(actor, whole, seen)
    _refuse_twin(actor, register, whole, seen)
    return correct(seen, reason, **columns(dict(facts), register.model), **register.derived(whole))


def _refuse_twin(actor: Actor, register: Register, facts: Mapping[str, Any], seen: Any) -> None:
    if not register.refuses_twins:
        return
    for said in register.twins(facts):
        identity = _identity(register, said)
        if seen is None or identity.pk != _identity(register, seen).pk:
            visible = register.visible_to(actor).filter(pk=said.pk).exists()
            raise AlreadyRecorded(identity.code, register.label(said)) if visible else RecordedElsewhere
