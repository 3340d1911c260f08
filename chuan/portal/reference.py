"""Reference data that every database begins with, loaded through the services."""

import csv
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from chuan.audit.actor import Actor, system
from chuan.audit.service import record, service
from chuan.instruments.models import InstrumentKind
from chuan.organisations import services
from chuan.organisations.models import OrganisationUnit, ReorganisationEvent
from chuan.organisations.rules import DEPARTMENT, EARLIEST
from chuan.portal.reference_kinds import load_kinds
from chuan.programme.models import Plan
from chuan.programme.plan_checks import read_plan
from chuan.programme.services import load_plan
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import CalendarDay, DefinitionApproval
from chuan.reporting.services.calendar import ship_calendar
from chuan.reporting.services.figures import ship_definition
from chuan.reporting.services.periods import ship_regime


def load() -> None:
    """Units, the plan, the definitions that the software comes with: each whole, and only what is not there yet."""
    actor = system("prepare")
    folder = Path(settings.DATA_DIR)
    if not OrganisationUnit.objects.exists():
        content = tomllib.loads((folder / "units" / "tay-ninh.toml").read_text(encoding="utf-8"))
        load_units(actor=actor, content=content)
    if not ReorganisationEvent.objects.filter(code=COMMUNES_2025).exists():
        units, passed = (_rows(folder / "units" / name) for name in ("territory.csv", "successions.csv"))
        load_territory(actor=actor, units=units, passed=passed)
    if not InstrumentKind.objects.exists():
        kinds = tomllib.loads((folder / "instruments" / "kinds.toml").read_text(encoding="utf-8"))
        load_kinds(actor=actor, content=kinds, owner=OrganisationUnit.objects.get(code=DEPARTMENT))
    if not Plan.objects.exists():
        load_plan(actor=actor, draft=read_plan(folder / "plans" / "kh-2828"))
    for plan in Plan.objects.filter(regime=None):
        ship_regime(actor=actor, plan=plan)
    load_calendar()
    ship_definitions()


def load_calendar() -> None:
    """Days off that this database has never seen: a release brings further years, and no correction is undone."""
    rows = _rows(Path(settings.DATA_DIR) / "calendar" / "vietnam.csv")
    held = set(CalendarDay.objects.values_list("code", flat=True))
    if any(row["on"] not in held for row in rows):
        ship_calendar(actor=system("prepare"), rows=rows)


def ship_definitions() -> None:
    """Enter as approved the definitions of indicators that this database has never seen: a release brings new ones."""
    seen = set(DefinitionApproval.objects.values_list("indicator", flat=True))
    for indicator_id in INDICATORS:
        if indicator_id not in seen:
            ship_definition(actor=system("prepare"), indicator_id=indicator_id)


#: The reorganisation of communes and wards.
COMMUNES_2025 = "cap-xa-2025"

#: Whose number stands in territory.csv: the two provinces before 1 July 2025, and the one since.
PROVINCES = {"72": "tinh-tay-ninh-cu", "80": "tinh-long-an", "": "tinh-tay-ninh"}


@service(lock="shared")
def load_territory(*, actor: Actor, units: list[dict[str, str]], passed: list[dict[str, str]]) -> None:
    """Districts and communes before and since 1 July 2025, and which went into which."""
    known = {unit.code: unit for unit in OrganisationUnit.objects.filter(code__in=PROVINCES.values())}
    for row in units:
        parent = known[PROVINCES.get(row["parent"], row["parent"])]
        begins = date.fromisoformat(row["from"]) if row["from"] else EARLIEST
        known[row["code"]] = services.establish_unit(
            actor=actor,
            code=row["code"],
            kind=row["kind"],
            name=row["name"],
            official_code=row["official"],
            parent=parent,
            valid_from=begins,
            valid_to=date.fromisoformat(row["to"]) if row["to"] else None,
        )
    event = services.reorganise(
        actor=actor,
        code=COMMUNES_2025,
        kind="merge",
        on=date(2025, 7, 1),
        title="Sắp xếp đơn vị hành chính cấp xã",
        document="Nghị quyết của Ủy ban Thường vụ Quốc hội năm 2025 (chưa đối chiếu số)",
        successions=[(known[row["from"]], known[row["to"]], "territory") for row in passed],
    )
    record("portal.load_territory", event, changes={"units": [0, len(units)], "successions": [0, len(passed)]})


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@service(lock="shared")
def load_units(*, actor: Actor, content: dict[str, Any]) -> None:
    """Units in file order (a parent before its children), then the events and the plan's classes."""
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
            checked=event.get("checked", False),
            successions=[
                services.Passing(units[s["from"]], units[s["to"]], s["scope"], s.get("domain", ""))
                for s in event["successions"]
            ],
        )
    for named in content["class"]:
        kinds = named.get("kinds", [])
        services.establish_class(actor=actor, code=named["code"], title=named["title"], kinds=kinds)
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
        valid_from=row.get("from", EARLIEST),
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
