"""Reference data that every database begins with, loaded through the services."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from chuan.audit.actor import Actor, system
from chuan.audit.service import record, service
from chuan.organisations import services
from chuan.organisations.models import OrganisationUnit
from chuan.programme.services import load_plan, read_plan
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.services.figures import ship_definition

#: Units that stood before the plan; the true day of their founding is not recorded.
BEFORE = date(2015, 1, 1)


def load() -> None:
    """Units, the plan, and the definitions that the software comes with; each whole or not at all."""
    actor = system("prepare")
    content = tomllib.loads((Path(settings.DATA_DIR) / "units" / "tay-ninh.toml").read_text(encoding="utf-8"))
    load_units(actor=actor, content=content)
    declared, _text = read_plan(Path(settings.DATA_DIR) / "plans" / "kh-2828")
    load_plan(actor=actor, declared=declared)
    for indicator_id in INDICATORS:
        ship_definition(actor=actor, indicator_id=indicator_id)


@service(lock="shared")
def load_units(*, actor: Actor, content: dict[str, Any]) -> None:
    """Units in file order (a parent before its children), then the events."""
    documents: dict[str, str] = content["documents"]
    units: dict[str, OrganisationUnit] = {}
    for row in content["unit"]:
        units[row["code"]] = _unit(actor, row, units, documents)
    for event in content["event"]:
        services.reorganise(
            actor=actor,
            code=event["code"],
            kind=event["kind"],
            on=event["on"],
            title=event["title"],
            document=documents.get(event["document"], event["document"]),
            successions=[(units[s["from"]], units[s["to"]], s["scope"]) for s in event["successions"]],
        )
    first = next(iter(units.values()))
    record("portal.load_units", first, label=f"{len(units)} đơn vị", changes={"units": [0, len(units)]})


def _unit(
    actor: Actor, row: dict[str, Any], units: dict[str, OrganisationUnit], documents: dict[str, str]
) -> OrganisationUnit:
    later = row.get("then", [])
    facts = {
        "name": row["name"],
        "short_name": row.get("short", ""),
        "official_code": row.get("official", ""),
        "symbol": row.get("symbol", ""),
        "document": documents.get(row.get("document", ""), row.get("document", "")),
        "checked": row.get("checked", False),
    }
    ends = row.get("to") or (later[0]["from"] if later else None)
    unit = services.establish_unit(
        actor=actor,
        code=row["code"],
        kind=row["kind"],
        parent=units.get(row.get("parent", "")),
        valid_from=row.get("from", BEFORE),
        valid_to=ends,
        **facts,
    )
    for index, change in enumerate(later):
        until = later[index + 1]["from"] if index + 1 < len(later) else row.get("to")
        services.add_version(
            actor=actor,
            unit=unit,
            parent=units.get(change.get("parent", row.get("parent", ""))),
            valid_from=change["from"],
            valid_to=until,
            **{**facts, "name": change.get("name", row["name"])},
        )
    return unit
