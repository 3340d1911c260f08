"""Programmes: the enterprise its own, the unit that keeps the record, Sở KH&CN all of them."""

from datetime import date
from typing import Any

from chuan.assurance.register import ACTIVITIES, VERSIONS
from chuan.organisations.rules import Role
from tests.access.matrix import Grid, Outcome, Planted
from tests.access.registers import Rules, claim_of, kept_by, planted, rows
from tests.assurance.builders import activity, version
from tests.cast import Cast

#: Two units that keep records of one enterprise, and an enterprise that reads its own.
TENANTS = ("so-ct", "so-yt", "dn-a")
KEEPERS = frozenset(str(r) for r in (Role.FOCAL, Role.UNIT_LEADER, Role.LABORATORY))
RECORDERS = KEEPERS | {str(Role.SPECIALIST)}


def seed(cast: Cast, unit: str) -> Planted:
    """A version with an activity and a file on each."""
    number = TENANTS.index(unit) + 1
    by = {"so-ct": cast.focal, "so-yt": cast.other_focal, "dn-a": kept_by(cast, "dn-a")}[unit]
    texts = {name: f"{word} {unit} 660{n}" for n, (name, word) in enumerate(WORDS)}
    made = version(
        cast,
        by=by,
        unit=cast.unit("dn-a" if unit == "dn-a" else "dn-hcm"),
        number=number,
        **{name: texts[name] for name in ("title", "document", "approver", "note")},
    )
    done = activity(cast, made, date(2025, 4, 5), by=by, description=texts["description"], performer=texts["performer"])
    keys: dict[str, Any] = {}
    for register, identity in ((VERSIONS, made), (ACTIVITIES, done)):
        keys |= planted(cast, register, identity, by, title=f"tep {register.word} {unit} 6610")
    keys |= claim_of(
        cast, VERSIONS, version(cast, by=by, unit=cast.unit("dn-hcm"), number=number + 10, title="Lần sau")
    )
    files = tuple(f"tep {register.word} {unit} 6610" for register in (VERSIONS, ACTIVITIES))
    return Planted(unit, keys, (*texts.values(), *files))


WORDS = (
    ("title", "Chuong trinh kin"),
    ("document", "QD"),
    ("approver", "Nguoi duyet"),
    ("note", "Ghi chu rieng"),
    ("description", "Viec kin"),
    ("performer", "Don vi kin"),
)


def _new(_tenant: Planted) -> dict[str, str]:
    return {
        "unit": "dn-hcm",
        "number": "9",
        "title": "Chương trình mới",
        "by_head": "unknown",
        "term_from": "01/01/2026",
        "term_to": "31/12/2026",
        "ownership": "unknown",
    }


ROWS = (
    *rows(
        VERSIONS,
        Rules(RECORDERS, KEEPERS, new=_new, new_grid=Grid(Outcome.DONE, anywhere=RECORDERS), claimed=True),
        ("ownership=private", "by_head=yes"),
    ),
    *rows(ACTIVITIES, Rules(RECORDERS, KEEPERS), ("kind=calibration",)),
)
