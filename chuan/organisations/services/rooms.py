"""Writes on which room of an office drafts its papers."""

from datetime import date

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.models import changes
from chuan.ledger.work import append, hold, void
from chuan.lib import text
from chuan.organisations import policies
from chuan.organisations.errors import IncompleteRoom, OverlappingRoom
from chuan.organisations.models import DraftingRoom, OrganisationUnit
from chuan.organisations.rules import Period
from chuan.organisations.services.common import require


@service()
def set_drafting_room(
    *,
    actor: Actor,
    unit: OrganisationUnit,
    name: str,
    symbol: str,
    valid_from: date,
    valid_to: date | None = None,
    document: str,
    checked: bool = False,
) -> DraftingRoom:
    """Say which room drafts an office's papers; OverlappingRoom where another does on one of its days."""
    require(policies.can_manage_units(actor))
    hold(OrganisationUnit, unit.pk)
    said = {"name": text.nfc(name), "symbol": text.nfc(symbol), "document": text.nfc(document)}
    if not all(said.values()) or (valid_to is not None and valid_to <= valid_from):
        raise IncompleteRoom
    room = DraftingRoom(unit=unit, **said, valid_from=valid_from, valid_to=valid_to, checked=checked)
    wanted = Period(valid_from, valid_to)
    for other in DraftingRoom.objects.live().filter(unit=unit):
        if wanted.overlaps(Period(other.valid_from, other.valid_to)):
            raise OverlappingRoom(other)
    append(room)
    record("organisations.set_drafting_room", unit, label=str(room), changes=changes(None, room))
    return room


@service()
def end_drafting_room(*, actor: Actor, room: DraftingRoom, reason: str) -> None:
    """Take a room back, with the reason; papers that were printed with its symbol keep it."""
    require(policies.can_manage_units(actor))
    if not reason.strip():
        raise IncompleteRoom
    void(room, text.nfc_multiline(reason))
    record("organisations.end_drafting_room", room.unit, label=str(room), reason=reason)
