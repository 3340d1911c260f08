"""Writes on enterprises, service organisations and associations: registered, corrected, renamed or moved, ended."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.models import changes
from chuan.ledger.numbering import draw
from chuan.ledger.work import append, correct, hold
from chuan.lib import text
from chuan.organisations import policies
from chuan.organisations.errors import NotAParty, PartyEnded, TaxCodeTaken
from chuan.organisations.models import OrganisationUnit, PartyFacts, UnitVersion
from chuan.organisations.queries import last_version, unit_name
from chuan.organisations.rules import PARTIES, UnitKind
from chuan.organisations.services.common import require
from chuan.organisations.services.units import add_version, close_version, establish_unit, named

#: What a party's code begins with, by its kind.
PREFIX = {UnitKind.ENTERPRISE: "dn", UnitKind.SERVICE_ORGANISATION: "tcdv", UnitKind.ASSOCIATION: "hoi"}


#: Places of a state share, as its column keeps them: what was read back equals what was said.
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class PartyEntry:
    """What a form or an import says of a party beside its name and place; `tax_code` is digits only."""

    ownership: str
    tax_code: str = ""
    no_tax_code: str = ""
    state_share: Decimal | None = None
    sector: str = ""
    priority_sector: bool | None = None
    exports: bool | None = None
    basis: str = ""

    def facts(self) -> dict[str, Any]:
        """Columns of `PartyFacts`, text in NFC."""
        return {
            "ownership": self.ownership,
            "tax_code": self.tax_code,
            "no_tax_code": self.no_tax_code,
            "state_share": None if self.state_share is None else self.state_share.quantize(HUNDREDTH),
            "sector": text.nfc(self.sector),
            "priority_sector": self.priority_sector,
            "exports": self.exports,
            "basis": text.nfc(self.basis),
        }


@service(lock="shared")
def register_party(
    *,
    actor: Actor,
    kind: str,
    name: str,
    short_name: str = "",
    place: OrganisationUnit | None,
    valid_from: date,
    entry: PartyEntry,
) -> OrganisationUnit:
    """Enter a party: the unit, its first name and place (the commune is the parent), and its facts.

    TaxCodeTaken where another stands under the tax code.
    """
    require(policies.can_manage_parties(actor))
    _require_party(kind, name)
    _require_free(entry.tax_code)
    unit = establish_unit(
        actor=actor,
        code=f"{PREFIX[UnitKind(kind)]}-{draw('party'):06d}",
        kind=kind,
        name=name,
        short_name=short_name,
        parent=place,
        valid_from=valid_from,
    )
    facts = append(PartyFacts(unit=unit, **entry.facts()))
    record("organisations.register_party", unit, label=text.nfc(name), changes=changes(None, facts))
    return unit


@service(lock="shared")
def describe_party(*, actor: Actor, unit: OrganisationUnit, entry: PartyEntry) -> PartyFacts:
    """Say the first facts of a party that is a unit already; IntegrityError where somebody just did."""
    require(policies.can_manage_parties(actor))
    name = unit_name(unit)
    _require_party(unit.kind, name)
    _require_free(entry.tax_code)
    facts = append(PartyFacts(unit=unit, **entry.facts()))
    record("organisations.describe_party", unit, label=name, changes=changes(None, facts))
    return facts


@service(lock="shared")
def correct_party(*, actor: Actor, seen: PartyFacts, entry: PartyEntry, reason: str) -> PartyFacts:
    """Say a party's facts anew; Superseded where `seen` is in force no more."""
    require(policies.can_manage_parties(actor))
    _require_free(entry.tax_code, besides=seen)
    new = correct(seen, reason, **entry.facts())
    record(
        "organisations.correct_party", seen.unit, label=unit_name(seen.unit), changes=changes(seen, new), reason=reason
    )
    return new


@service(lock="shared")
def correct_party_name(
    *, actor: Actor, seen: UnitVersion, name: str, short_name: str, place: OrganisationUnit | None, reason: str
) -> UnitVersion:
    """Say anew what a party was called and where it was in the same days, because it was entered wrongly."""
    require(policies.can_manage_parties(actor))
    _require_party(seen.unit.kind, seen.name)
    new = correct(seen, reason, parent=place, **named(name, short_name))
    shown = changes(seen, new, ("name", "short_name", "parent_id"))
    record("organisations.correct_party_name", seen.unit, label=new.name, changes=shown, reason=reason)
    return new


@service(lock="shared")
def move_party(
    *,
    actor: Actor,
    seen: UnitVersion,
    name: str,
    short_name: str,
    place: OrganisationUnit | None,
    since: date,
    document: str,
) -> UnitVersion:
    """Record that a party has another name or place from a day on; the old ones stay true of the days before.

    PartyEnded where the version seen had ended by then, or begins only later.
    """
    require(policies.can_manage_parties(actor))
    _require_party(seen.unit.kind, seen.name)
    _require_within(seen, since)
    close_version(actor=actor, version=seen, valid_to=since, document="", reason=document)
    new = add_version(
        actor=actor,
        unit=seen.unit,
        name=name,
        short_name=short_name,
        parent=place,
        valid_from=since,
        valid_to=seen.valid_to,
        document=document,
    )
    shown = {**changes(seen, new, ("name", "short_name", "parent_id")), "since": [None, since.isoformat()]}
    record("organisations.move_party", seen.unit, label=new.name, changes=shown, reason=document)
    return new


@service(lock="shared")
def end_party(*, actor: Actor, unit: OrganisationUnit, on: date, reason: str) -> UnitVersion:
    """Record that a party does not exist from a day on; what it did stays counted.

    PartyEnded where it had ended by then, or begins only later.
    """
    require(policies.can_manage_parties(actor))
    hold(OrganisationUnit, unit.pk)
    version = last_version(unit)
    name = version.name if version else unit.code
    _require_party(unit.kind, name)
    if version is None:
        raise PartyEnded(name)
    _require_within(version, on)
    ended = close_version(actor=actor, version=version, valid_to=on, document="", reason=reason)
    record(
        "organisations.end_party",
        unit,
        label=name,
        changes={"valid_to": [version.valid_to and version.valid_to.isoformat(), on.isoformat()]},
        reason=reason,
    )
    return ended


def _require_party(kind: str, name: str) -> None:
    if kind not in PARTIES:
        raise NotAParty(name)


def _require_within(version: UnitVersion, day: date) -> None:
    """The day lies inside the version's range, after its first day."""
    if day <= version.valid_from or (version.valid_to is not None and day >= version.valid_to):
        raise PartyEnded(version.name)


def _require_free(tax_code: str, *, besides: PartyFacts | None = None) -> None:
    """TaxCodeTaken where another party in force has the code."""
    if not tax_code:
        return
    others = PartyFacts.objects.live().filter(tax_code=tax_code)
    other = others.exclude(unit=besides.unit_id).first() if besides else others.first()
    if other is not None:
        raise TaxCodeTaken(tax_code, unit_name(other.unit))
