"""The province's units as shipped: counts of the reorganisation of 2025, a successor for all ground, splits, flags."""

import csv
import tomllib
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from chuan.organisations import queries
from chuan.organisations.acting import Acting, Undecided, acting_units
from chuan.organisations.models import OrganisationUnit, ReorganisationEvent, UnitVersion
from chuan.organisations.rules import FunctionDomain, UnitKind
from chuan.organisations.territory import Atlas, comparable
from chuan.portal import reference
from tests.cast import MERGER, SYSTEM
from tests.conftest import NOW

FOLDER = Path(settings.DATA_DIR) / "units"
SIGNED = date(2020, 11, 13)


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


UNITS = {row["code"]: row for row in rows("territory.csv")}
PASSED = [(row["from"], row["to"]) for row in rows("successions.csv")]
NEW = {code for code, row in UNITS.items() if row["from"]}
OLD = {code for code, row in UNITS.items() if row["to"] and row["kind"] == "commune"}
CONTENT: dict[str, Any] = tomllib.loads((FOLDER / "tay-ninh.toml").read_text(encoding="utf-8"))


def province_before(code: str) -> str:
    """The number of the old province in which an old commune lay."""
    return UNITS[UNITS[code]["parent"]]["parent"]


def test_there_are_96_communes_now_and_280_in_24_districts_before() -> None:
    assert len(NEW) == 96
    assert Counter(UNITS[code]["name"].split()[0] for code in NEW) == {"Xã": 82, "Phường": 14}
    assert {UNITS[code]["from"] for code in NEW} == {UNITS[code]["to"] for code in OLD} == {"2025-07-01"}
    assert Counter(province_before(code) for code in OLD) == {"72": 94, "80": 186}
    assert Counter(row["parent"] for row in UNITS.values() if row["kind"] == "district") == {"72": 9, "80": 15}


def test_all_ground_went_somewhere_and_all_came_from_somewhere() -> None:
    assert {before for before, _after in PASSED} == OLD
    assert {after for _before, after in PASSED} == NEW
    assert len(PASSED) == len(set(PASSED))


def test_divided_communes_have_several_successors() -> None:
    parts = Counter(before for before, _after in PASSED)
    assert Counter(parts.values()) == {1: 258, 2: 21, 3: 1}
    (thrice,) = (code for code, n in parts.items() if n == 3)
    assert UNITS[thrice]["name"] == "Xã Thái Bình Trung"


def test_36_of_the_96_lie_on_the_ground_of_old_tay_ninh_and_none_on_both() -> None:
    sources: dict[str, set[str]] = {}
    for before, after in PASSED:
        sources.setdefault(after, set()).add(province_before(before))
    assert Counter(tuple(sorted(found)) for found in sources.values()) == {("72",): 36, ("80",): 60}


def test_what_was_not_compared_says_so() -> None:
    assert [unit["code"] for unit in CONTENT["unit"] if unit.get("checked")] == ["tt-khcn"]
    for event in CONTENT["event"]:
        assert not event.get("checked")
        assert "chưa đối chiếu" in CONTENT["documents"][event["document"]]


def test_the_source_and_its_licence_are_named() -> None:
    for page in (FOLDER / "README.md", FOLDER / "tay-ninh.toml"):
        text = page.read_text(encoding="utf-8")
        assert "vietnamadminunits" in text
        assert "MIT" in text


def test_invented_parties_have_tax_codes_of_nobody_and_places_that_existed() -> None:
    for party in rows("sample-parties.csv"):
        assert not party["tax_code"] or party["tax_code"].startswith("99")
        assert "(minh họa)" in party["name"]
        assert UNITS[party["place_before"]]["kind"] == "district"
        assert party["place_since"] in NEW


@pytest.fixture
def province(threads_db: None) -> None:
    """The shipped units alone in a database."""
    reference.load_units(actor=SYSTEM, content=CONTENT)
    reference.load_territory(actor=SYSTEM, units=rows("territory.csv"), passed=rows("successions.csv"))


def test_loaded_the_frames_and_who_acts_are_as_the_files_say(province: None) -> None:
    units = {unit.code: unit for unit in OrganisationUnit.objects.all()}

    def of_kind(kind: str, on: date) -> int:
        return queries.versions_on(on).filter(unit__kind=kind).count()

    assert [of_kind(UnitKind.COMMUNE, MERGER - timedelta(1)), of_kind(UnitKind.COMMUNE, MERGER)] == [280, 96]
    assert [of_kind(UnitKind.DISTRICT, MERGER - timedelta(1)), of_kind(UnitKind.DISTRICT, MERGER)] == [24, 0]
    ground = comparable(Atlas(NOW), units["tinh-tay-ninh-cu"].pk, SIGNED)
    now = set(queries.versions_on(MERGER).values_list("unit_id", flat=True))
    inside = {unit.pk for unit in units.values() if unit.kind == UnitKind.COMMUNE} & now & ground.spans[0].places
    assert len(inside) == 36
    assert units["tinh-tay-ninh"].pk in ground.vague
    today, metrology = NOW.date(), FunctionDomain.METROLOGY
    for before, after in (("so-khdt", "so-tc"), ("so-tttt", "so-khcn"), ("bo-tttt", "bo-khcn")):
        assert acting_units(units[before], metrology, today) == Acting(units[after].pk, (units[before].pk,))
    assert isinstance(acting_units(units["huyen-708"], metrology, today), Undecided)
    event = ReorganisationEvent.objects.get(code=reference.COMMUNES_2025)
    assert not event.checked
    assert "chưa đối chiếu" in event.document
    assert UnitVersion.objects.live().filter(checked=True).count() == 1
