"""The illustration's enterprises, service organisations and associations: invented, and named so.

Their tax codes begin with 99, which no province has: they are nobody's.
"""

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from chuan.audit.actor import system
from chuan.lib import clock
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.queries import last_version
from chuan.organisations.services import PartyEntry, move_party, register_party

SYSTEM = system("sample")
FOUNDED = date(2018, 1, 2)
MERGER = date(2025, 7, 1)
FLAGS = {"yes": True, "no": False, "": None}


def build() -> None:
    """Registered in 2020 in their districts, moved with the reorganisation of 2025 to their communes."""
    path = Path(settings.DATA_DIR) / "units" / "sample-parties.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with clock.at(datetime(2020, 11, 23, 9, tzinfo=clock.VN)):
        made = [(_registered(row), row["place_since"]) for row in rows]
    with clock.at(datetime(2025, 7, 7, 9, tzinfo=clock.VN)):
        for unit, since in made:
            _moved(unit, since)


def _registered(row: dict[str, str]) -> OrganisationUnit:
    return register_party(
        actor=SYSTEM,
        kind=row["kind"],
        name=row["name"],
        place=_unit(row["place_before"]),
        valid_from=FOUNDED,
        entry=PartyEntry(
            ownership=row["ownership"],
            tax_code=row["tax_code"],
            no_tax_code="" if row["tax_code"] else "unknown",
            state_share=Decimal(row["state_share"]) if row["state_share"] else None,
            sector=row["sector"],
            priority_sector=FLAGS[row["priority_sector"]],
            exports=FLAGS[row["exports"]],
            basis="Dữ liệu minh họa",
        ),
    )


def _moved(unit: OrganisationUnit, place: str) -> None:
    version = last_version(unit)
    if version is not None:
        move_party(
            actor=SYSTEM,
            seen=version,
            name=version.name,
            short_name="",
            place=_unit(place),
            since=MERGER,
            document="Sắp xếp đơn vị hành chính cấp xã năm 2025 (chưa đối chiếu số)",
        )


def _unit(code: str) -> OrganisationUnit:
    return OrganisationUnit.objects.get(code=code)
