"""Extract a province's administrative units through the reorganisation of 1 July 2025 into data/units/*.csv.

    extract_units.py PROVINCE_KEY FOLDER_OF_VIETNAMADMINUNITS

Facts (names, codes, which old commune went into which new one) come from the package `vietnamadminunits` 1.0.4
(MIT licence); it is neither a dependency nor shipped. Two files are written: the units, and what passed to whom.
"""

import csv
import json
import sqlite3
import sys
from pathlib import Path

DAY = "2025-07-01"
OUT = Path(__file__).resolve().parent.parent / "data" / "units"


def main() -> None:
    """Read the package's data, write both files, say how much there was."""
    province, folder = sys.argv[1], Path(sys.argv[2]) / "data"
    database = sqlite3.connect(folder / "dataset.db")
    converter = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    merged: dict[str, list[str]] = converter["DICT_PROVINCE_WARD_NO_DIVIDED"][province]
    divided: dict[str, list[dict[str, object]]] = converter["DICT_PROVINCE_WARD_DIVIDED"].get(province, {})
    old_provinces: list[str] = converter["DICT_PROVINCE"][province]

    units: list[tuple[str, ...]] = []
    new = {}
    rows = database.execute(
        "SELECT wardCode, ward, wardType, wardKey FROM admin_units WHERE provinceKey = ? ORDER BY wardCode", [province]
    )
    for code, name, kind, key in rows:
        new[key] = f"{'phuong' if kind == 'Phường' else 'xa'}-{code}"
        units.append((new[key], "commune", name, code, "", DAY, ""))

    marks = ", ".join("?" * len(old_provinces))
    old: dict[str, str] = {}
    districts: set[str] = set()
    for row in database.execute(
        "SELECT provinceKey, provinceCode, district, districtCode, districtKey, ward, wardCode, wardKey"
        f" FROM admin_units_legacy WHERE provinceKey IN ({marks}) ORDER BY districtCode, wardCode",
        old_provinces,
    ):
        province_key, province_code, district, district_code, district_key, ward, ward_code, ward_key = row
        parent = f"huyen-{district_code}"
        if parent not in districts:
            districts.add(parent)
            units.append((parent, "district", district, district_code, province_code, "", DAY))
        code = f"cu-{ward_code}"
        old[f"{province_key}_{district_key}_{ward_key}"] = code
        units.append((code, "commune", ward, ward_code, parent, "", DAY))

    passed = {(old[before], new[key]) for key, befores in merged.items() for before in befores}
    for before, parts in divided.items():
        passed |= {(old[before], new[str(part["newWardKey"])]) for part in parts}
    passed -= impossible(passed, {old_code: key.split("_")[0] for key, old_code in old.items()})
    missing = set(old.values()) - {before for before, _after in passed}
    if missing:
        raise SystemExit(f"no successor for {sorted(missing)}")

    write("territory.csv", ("code", "kind", "name", "official", "parent", "from", "to"), units)
    write("successions.csv", ("from", "to"), sorted(passed))
    print(f"{len(new)} communes now, {len(old)} before in {len(districts)} districts, {len(passed)} successions")


def impossible(passed: set[tuple[str, str]], ground: dict[str, str]) -> set[tuple[str, str]]:
    """Parts that lead from one old province into a new commune made of the other: the source mixes namesakes up.

    (`Phường 4` of Tây Ninh and of Tân An, 100 km apart, each lead into both successors there.) They are dropped and
    named; no new commune of the province has ground of both old ones.
    """
    wrong = set()
    for after in {row[1] for row in passed}:
        into = [row for row in passed if row[1] == after]
        provinces = [ground[row[0]] for row in into]
        main = max(set(provinces), key=provinces.count)
        wrong |= {row for row in into if ground[row[0]] != main}
    for row in sorted(wrong):
        print("dropped:", *row)
    return wrong


def write(name: str, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """One CSV file, lines ended by LF."""
    with (OUT / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
