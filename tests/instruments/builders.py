"""Small builders of kinds."""

from datetime import date
from typing import Any

from chuan.instruments.models import InstrumentKind, KindFacts, KindInterval
from chuan.instruments.register import INTERVALS, KINDS
from chuan.registers.services import add_record
from tests.cast import Cast

KIND: dict[str, Any] = {
    "name": "Cân bàn",
    "kind_list": "group_2",
    "object_type": "instrument",
    "parent_id": None,
    "row_number": "",
    "source": "",
    "checked": False,
    "type_approval": "unknown",
    "initial": "unknown",
    "periodic": "unknown",
    "after_repair": "unknown",
    "valid_from": None,
    "valid_to": None,
    "note": "",
}


def kind(cast: Cast, name: str = "Cân bàn", **facts: Any) -> InstrumentKind:
    """A kind of group 2 that the specialist records, changed as said."""
    made = add_record(actor=cast.specialist.actor, register=KINDS, facts={**KIND, "name": name, **facts})
    assert isinstance(made, InstrumentKind)
    return made


def interval(
    cast: Cast, of: InstrumentKind, months: int, begins: date | None, ends: date | None = None
) -> KindInterval:
    """An interval for verifications on days in [begins, ends)."""
    facts = {"kind_id": of.pk, "months": months, "valid_from": begins, "valid_to": ends, "source": "TT 07/2019"}
    made = add_record(actor=cast.specialist.actor, register=INTERVALS, facts=facts)
    assert isinstance(made, KindInterval)
    return made


def said(of: InstrumentKind) -> KindFacts:
    """The kind's statement in force."""
    return KindFacts.objects.live().get(kind=of)
