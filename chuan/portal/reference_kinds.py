"""Kinds of instruments, their intervals and the criteria set that every database begins with, none of them checked."""

from collections.abc import Mapping
from typing import Any

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.instruments.register import INTERVALS, KINDS
from chuan.laboratories.register import CRITERIA
from chuan.organisations.models import OrganisationUnit
from chuan.registers.rules import Known
from chuan.registers.services import add_record

#: The controls of the printed table, in its order, and how a cell of it is written in the file.
CONTROLS = ("type_approval", "initial", "periodic", "after_repair")
CELLS: Mapping[str, str] = {"x": Known.YES, "-": Known.NO, "?": Known.UNKNOWN}


@service(lock="shared")
def load_kinds(*, actor: Actor, content: Mapping[str, Any], owner: OrganisationUnit) -> None:
    """Kinds in file order with their intervals, then the criteria sets; `owner` keeps them."""
    documents: Mapping[str, str] = content["documents"]
    intervals = 0
    for row in content["kind"]:
        kind = add_record(actor=actor, register=KINDS, facts=kind_facts(row, documents), owner=owner)
        for rule in row.get("intervals", ()):
            facts = {"kind_id": kind.pk, **interval_facts(rule, documents)}
            add_record(actor=actor, register=INTERVALS, facts=facts, owner=owner)
            intervals += 1
    for row in content.get("criteria", ()):
        facts = {**row, "requirements": row["requirements"].strip()}
        add_record(actor=actor, register=CRITERIA, facts=facts, owner=owner)
    counts = {"kinds": [0, len(content["kind"])], "intervals": [0, intervals]}
    record("portal.load_kinds", owner, label=f"{len(content['kind'])} loại", changes=counts)


def kind_facts(row: Mapping[str, Any], documents: Mapping[str, str]) -> dict[str, Any]:
    """A kind as its register takes it; how far its source is to be trusted stands in the note."""
    controls = dict(zip(CONTROLS, (CELLS[cell] for cell in row.get("controls", "????")), strict=True))
    trust = f"Độ tin cậy của nguồn: {row['confidence']}." if "confidence" in row else ""
    return {
        "name": row["name"],
        "kind_list": row.get("list", "group_2"),
        "object_type": row.get("type", "instrument"),
        "parent_id": None,
        "row_number": row.get("row", ""),
        "source": documents[row["document"]],
        "checked": False,
        "valid_from": row.get("from"),
        "valid_to": row.get("to"),
        "note": "\n".join(part for part in (row.get("note", ""), trust) if part),
        **controls,
    }


def interval_facts(rule: Mapping[str, Any], documents: Mapping[str, str]) -> dict[str, Any]:
    """An interval as its register takes it."""
    return {
        "months": rule["months"],
        "valid_from": rule.get("from"),
        "valid_to": rule.get("to"),
        "source": documents[rule["document"]],
        "checked": False,
        "note": "",
    }
