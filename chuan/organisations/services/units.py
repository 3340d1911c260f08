"""Writes on units: names of a range of days, and what became of them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils import translation

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.models import changes
from chuan.ledger.numbering import draw
from chuan.ledger.work import append, correct, hold
from chuan.lib import text
from chuan.organisations import policies
from chuan.organisations.errors import NoPredecessor, OverlappingVersion, SuccessionCycle, UnitStands
from chuan.organisations.models import UNIT_KEY, OrganisationUnit, ReorganisationEvent, Succession, UnitVersion
from chuan.organisations.queries import in_force
from chuan.organisations.rules import AUTHORITIES, HOME_OF_ROLE, TAKING_OVER, Period, SuccessionScope, UnitKind
from chuan.organisations.services.common import require


@service(lock="shared")
def establish_unit(
    *,
    actor: Actor,
    code: str,
    kind: str,
    name: str,
    short_name: str = "",
    valid_from: date,
    valid_to: date | None = None,
    parent: OrganisationUnit | None = None,
    official_code: str = "",
    symbol: str = "",
    document: str = "",
    checked: bool = False,
) -> OrganisationUnit:
    """Record a unit with its first version."""
    require(policies.can_manage_units(actor))
    unit = append(OrganisationUnit(code=code, kind=kind))
    version = _version(unit, name, short_name, parent, official_code, symbol, valid_from, valid_to, document, checked)
    record("organisations.establish_unit", unit, label=version.name, changes=changes(None, version))
    return unit


@service(lock="shared")
def add_authority(
    *,
    actor: Actor,
    kind: str,
    name: str,
    short_name: str = "",
    valid_from: date,
    document: str,
    basis: str,
    predecessors: Sequence[OrganisationUnit] = (),
    event: str = "",
) -> OrganisationUnit:
    """Enter a sở or ngành below the province's Committee, on some grounds; UnitStands where one has the name.

    The `predecessors` end on its first day and pass to it whole, in an event of the kind `event`; NoPredecessor where
    one did not stand until then or goes on. ValueError for a unit of another kind: places come with a reorganisation,
    parties are registered.
    """
    require(policies.can_manage_units(actor))
    if kind not in AUTHORITIES:
        raise ValueError(kind)
    standing = UnitVersion.objects.live().filter(in_force(valid_from), unit__kind__in=AUTHORITIES)
    for there in standing.exclude(unit__in=predecessors).values_list("name", flat=True):
        if text.looks_same(there, name):
            raise UnitStands(there)
    above = UnitVersion.objects.live().filter(in_force(valid_from), unit__kind=UnitKind.PROVINCE_COMMITTEE)
    parent = OrganisationUnit.objects.filter(pk__in=above.values("unit")).first()
    code = f"cq-{draw('authority'):06d}"
    facts: dict[str, Any] = {"short_name": short_name, "valid_from": valid_from, "document": text.nfc(document)}
    unit = establish_unit(actor=actor, code=code, kind=kind, name=name, parent=parent, **facts)
    if predecessors:
        _take_over(actor, unit, text.nfc(name), predecessors, event, valid_from, text.nfc(document))
    record("organisations.add_authority", unit, label=text.nfc(name), reason=text.nfc_multiline(basis))
    return unit


def _take_over(
    actor: Actor,
    unit: OrganisationUnit,
    name: str,
    predecessors: Sequence[OrganisationUnit],
    kind: str,
    on: date,
    document: str,
) -> None:
    """End the predecessors where they stand still, and record what became of them; the event's words are Vietnamese."""
    ended = [_ended(actor, one, on, document) for one in predecessors]
    with translation.override("vi"):
        title = str(TAKING_OVER[kind]) % {"before": ", ".join(ended), "after": name}
    code = f"sx-{draw('reorganisation'):06d}"
    passed = [(one, unit, SuccessionScope.ORGANISATION) for one in predecessors]
    reorganise(actor=actor, code=code, kind=kind, on=on, title=title[:300], document=document, successions=passed)


def _ended(actor: Actor, unit: OrganisationUnit, on: date, document: str) -> str:
    """The name under which a unit ends on a day; NoPredecessor where it did not stand until then or goes on."""
    versions = list(UnitVersion.objects.live().filter(unit=unit).order_by("valid_from"))
    last = versions[-1]
    stood = last.period.contains(on - timedelta(days=1)) and last.valid_to in (None, on)
    if not stood or unit.kind not in AUTHORITIES or unit.code in HOME_OF_ROLE.values():
        raise NoPredecessor(last.name, on)
    if last.valid_to is None:
        close_version(actor=actor, version=last, valid_to=on, document="", reason=document)
    return last.name


@service(lock="shared")
def add_version(
    *,
    actor: Actor,
    unit: OrganisationUnit,
    name: str,
    short_name: str = "",
    valid_from: date,
    valid_to: date | None = None,
    parent: OrganisationUnit | None = None,
    official_code: str = "",
    symbol: str = "",
    document: str = "",
    checked: bool = False,
) -> UnitVersion:
    """Say what a unit is called during another range; OverlappingVersion where one in force covers a part of it."""
    require(policies.can_manage_units(actor))
    version = _version(unit, name, short_name, parent, official_code, symbol, valid_from, valid_to, document, checked)
    record("organisations.add_version", unit, label=version.name, changes=changes(None, version))
    return version


@service(lock="shared")
def close_version(*, actor: Actor, version: UnitVersion, valid_to: date, document: str, reason: str) -> UnitVersion:
    """End a version's range, because the unit was renamed, moved or abolished.

    OverlappingVersion where the new end reaches into another version of the unit.
    """
    require(policies.can_manage_units(actor))
    hold(OrganisationUnit, version.unit_id)
    new = correct(version, reason, valid_to=valid_to, document=document or version.document)
    _require_free(version.unit, new.period, besides=new)
    record(
        "organisations.close_version",
        version.unit,
        label=version.name,
        changes=changes(version, new),
        reason=reason,
    )
    return new


def _version(
    unit: OrganisationUnit,
    name: str,
    short_name: str,
    parent: OrganisationUnit | None,
    official_code: str,
    symbol: str,
    valid_from: date,
    valid_to: date | None,
    document: str,
    checked: bool,
) -> UnitVersion:
    hold(OrganisationUnit, unit.pk)
    _require_free(unit, Period(valid_from, valid_to))
    return append(
        UnitVersion(
            unit=unit,
            **named(name, short_name),
            parent=parent,
            official_code=official_code,
            symbol=symbol,
            valid_from=valid_from,
            valid_to=valid_to,
            document=document,
            checked=checked,
        )
    )


def named(name: str, short_name: str = "") -> dict[str, str]:
    """Columns that follow from a name: as read, as searched for, as put in order; none longer than its column."""
    name = text.nfc(name)
    short = text.nfc(short_name) or name
    search, order = text.search_key(f"{name} {short}"), text.sort_key(name)
    return {"name": name, "short_name": short, "search": search[:UNIT_KEY], "order": order[:UNIT_KEY]}


def _require_free(unit: OrganisationUnit, wanted: Period, *, besides: UnitVersion | None = None) -> None:
    """OverlappingVersion where a version of the unit in force shares a day with the range that is wanted."""
    for other in UnitVersion.objects.live().filter(unit=unit):
        if other != besides and other.period.overlaps(wanted):
            raise OverlappingVersion(other)


class Passing(NamedTuple):
    """What passes in an event; `domain` with the scope "function" (empty: all), `share` of the ground, 0 to 1."""

    predecessor: OrganisationUnit
    successor: OrganisationUnit
    scope: str
    domain: str = ""
    share: Decimal | None = None
    primary: bool | None = None


@service(lock="shared")
def reorganise(
    *,
    actor: Actor,
    code: str,
    kind: str,
    on: date,
    title: str,
    document: str = "",
    successions: Sequence[tuple[OrganisationUnit, OrganisationUnit, str] | Passing],
    checked: bool = False,
) -> ReorganisationEvent:
    """Record an event and what passed to whom, each a `Passing` or its first three; SuccessionCycle is refused."""
    require(policies.can_manage_units(actor))
    passings = [Passing(*given) for given in successions]
    involved = {unit.pk for passing in passings for unit in passing[:2]}
    # A cycle may close through units that no event names: those to which something passed are held too.
    hold(OrganisationUnit, *_reached(_passed(), involved))
    event = append(ReorganisationEvent(code=code, kind=kind, on=on, title=title, document=document, checked=checked))
    known = _passed()
    for passing in passings:
        predecessor, successor = passing.predecessor, passing.successor
        if predecessor.pk in _reached(known, [successor.pk]):
            raise SuccessionCycle(predecessor.code, successor.code)
        known.setdefault(predecessor.pk, set()).add(successor.pk)
        append(Succession(event=event, **passing._asdict()))
    record(
        "organisations.reorganise",
        event,
        label=title,
        changes={"successions": [None, [[p.predecessor.code, p.successor.code, p.scope] for p in passings]]},
    )
    return event


def _passed() -> dict[int, set[int]]:
    """Successors of each unit, by the successions in force."""
    known: dict[int, set[int]] = {}
    for before, after in Succession.objects.live().values_list("predecessor_id", "successor_id"):
        known.setdefault(before, set()).add(after)
    return known


def _reached(graph: dict[int, set[int]], start: Iterable[int]) -> set[int]:
    """The units of `start`, and all that follow from them."""
    seen: set[int] = set()
    todo = list(start)
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo += graph.get(node, ())
    return seen
