"""Small builders of units that merged, and of parties."""

from datetime import date
from decimal import Decimal
from typing import Any

from chuan.organisations.models import OrganisationUnit, PartyFacts, UnitVersion
from chuan.organisations.queries import last_version
from chuan.organisations.rules import EventKind, SuccessionScope, UnitKind
from chuan.organisations.services import PartyEntry, Passing, close_version, establish_unit, register_party, reorganise
from tests.cast import BEGIN, SYSTEM, Cast

MARCH = date(2025, 3, 1)


def department(code: str, name: str = "", *, end: date | None = None, start: date = BEGIN) -> OrganisationUnit:
    """A department that stands from 2015."""
    return establish_unit(
        actor=SYSTEM, code=code, kind=UnitKind.DEPARTMENT, name=name or f"Sở {code}", valid_from=start, valid_to=end
    )


def dissolve(unit: OrganisationUnit, on: date = MARCH) -> None:
    """End a unit's name on a day."""
    version = UnitVersion.objects.live().get(unit=unit, valid_to=None)
    close_version(actor=SYSTEM, version=version, valid_to=on, document="", reason="sáp nhập")


def passes(
    code: str,
    *given: tuple[OrganisationUnit, OrganisationUnit, str] | Passing,
    on: date = MARCH,
    kind: str = EventKind.MERGE,
) -> None:
    """An event in which something passes."""
    reorganise(actor=SYSTEM, code=code, kind=kind, on=on, title=f"Sắp xếp {code}", successions=given)


ORGANISATION, FUNCTION, TERRITORY = (
    SuccessionScope.ORGANISATION.value,
    SuccessionScope.FUNCTION.value,
    SuccessionScope.TERRITORY.value,
)


def entry(**facts: Any) -> PartyEntry:
    """A private enterprise with a tax code whose check digit holds, changed as said."""
    usual: dict[str, Any] = {"ownership": "private", "tax_code": "0100109106", "state_share": Decimal(0)}
    return PartyEntry(**{**usual, **facts})


def party(cast: Cast, name: str = "Công ty TNHH Cao su Tân Biên", **facts: Any) -> OrganisationUnit:
    """An enterprise of Xã Tân Biên, registered by the specialist."""
    given: dict[str, Any] = {"kind": UnitKind.ENTERPRISE, "place": cast.unit("x-tb"), "valid_from": date(2025, 7, 1)}
    about = {k: facts.pop(k, v) for k, v in given.items()}
    return register_party(actor=cast.specialist.actor, name=name, entry=entry(**facts), **about)


def said_of(unit: OrganisationUnit) -> PartyFacts:
    """The party's facts in force."""
    return PartyFacts.objects.live().get(unit=unit)


def version_of(unit: OrganisationUnit) -> UnitVersion:
    """The party's latest name and place."""
    found = last_version(unit)
    assert found is not None
    return found
