"""Laboratories: a laboratory its own, Sở KH&CN all of them; criteria sets are what all are assessed by."""

from datetime import date
from typing import Any

from chuan.laboratories import register as registers
from chuan.organisations.rules import Role
from tests.access.matrix import Grid, Outcome, Planted, Row
from tests.access.registers import SPECIALIST, Rules, claim_of, kept_by, planted, rows
from tests.cast import Cast
from tests.instruments.builders import kind
from tests.laboratories.builders import assessment, availability, criteria, laboratory, recognition, scope_line, stop

#: A laboratory that keeps its own records, and one of a department whose people only read theirs.
TENANTS = ("tt-khcn", "so-ct")
LABORATORY = frozenset({str(Role.LABORATORY)})
RECORDERS = SPECIALIST | LABORATORY


def seed(cast: Cast, unit: str) -> Planted:
    """A laboratory with a paper, a stop, a line, a standard and an assessment."""
    by = cast.laboratory if unit == "tt-khcn" else kept_by(cast, unit)
    where, note = cast.unit(unit), f"Ghi chu {unit} 5501"
    lab = laboratory(cast, f"Phong kin {unit} 5502", by=by, unit=where, address=f"So nha {unit} 5503", note=note)
    paper = recognition(cast, f"DK-{unit}-5504", by=by, unit=where, issuer=f"Noi cap {unit} 5505")
    ended = stop(cast, paper, date(2026, 5, 1), by=by, document=f"QD dung {unit} 5506")
    what = kind(cast, f"Loại của {unit}")
    line = scope_line(cast, lab, what, by=by, range_text=f"pham vi {unit} 5507", recognition_id=paper.pk)
    had = availability(cast, lab, what, date(2024, 3, 4), by=by, evidence=f"Bien ban {unit} 5508")
    by_set = criteria(cast, version=unit)
    facts = {"concluded_on": date(2026, 3, 4), "document": f"KL {unit} 5509", "overall": "met"}
    judged = assessment(cast, lab, by_set, by=by, **facts)
    keys: dict[str, Any] = {}
    for register, made in (
        (registers.LABORATORIES, lab),
        (registers.RECOGNITIONS, paper),
        (registers.STOPS, ended),
        (registers.LINES, line),
        (registers.AVAILABILITIES, had),
        (registers.ASSESSMENTS, judged),
    ):
        keys |= planted(cast, register, made, by, title=f"tep {register.word} {unit} 5510")
    keys |= claim_of(cast, registers.LABORATORIES, laboratory(cast, f"Phòng thứ hai của {unit}", by=by, unit=where))
    keys |= planted(cast, registers.CRITERIA, by_set, cast.specialist, title="Bộ tiêu chí")
    texts = [f"{first} {unit} {last}" for first, last in WORDS]
    texts += [f"DK-{unit}-5504", *(f"tep {word} {unit} 5510" for word in ("recognition", "availability", "assessment"))]
    return Planted(unit, keys, tuple(texts))


WORDS = (
    ("Ghi chu", "5501"),
    ("Phong kin", "5502"),
    ("So nha", "5503"),
    ("Noi cap", "5505"),
    ("QD dung", "5506"),
    ("pham vi", "5507"),
    ("Bien ban", "5508"),
    ("KL", "5509"),
)


def _lab(tenant: Planted) -> dict[str, str]:
    return {"unit": tenant.unit, "name": "Phòng mới"}


def _paper(tenant: Planted) -> dict[str, str]:
    paper = {"kind": "designation", "number": "N1", "issuer": "TĐC", "valid_from": "01/02/2025", "standard": "none"}
    return {"unit": tenant.unit, **paper}


OF_UNIT = Grid(Outcome.DONE, anywhere=SPECIALIST, own=LABORATORY)
USUAL = Rules(RECORDERS, LABORATORY)

ROWS = (
    *rows(registers.LABORATORIES, Rules(RECORDERS, LABORATORY, new=_lab, new_grid=OF_UNIT, claimed=True)),
    *rows(registers.RECOGNITIONS, Rules(RECORDERS, LABORATORY, new=_paper, new_grid=OF_UNIT), ("kind=registration",)),
    *rows(registers.STOPS, USUAL, ("kind=suspended",)),
    *rows(registers.LINES, USUAL, ("activity=verification", "laboratory=PTN000001", "laboratory=PTN000002")),
    *rows(registers.AVAILABILITIES, USUAL, ("laboratory=PTN000001", "laboratory=PTN000002")),
    *rows(registers.ASSESSMENTS, USUAL, ("kind=self", "overall=met")),
    *rows(registers.CRITERIA, Rules(SPECIALIST, public=True)),
    Row(
        "laboratories:results",
        kwargs=lambda t: {"code": t.keys["laboratories.assessment"]},
        get=USUAL.write(Outcome.SHOWN),
        post=USUAL.write(),
        data=lambda t: {"r1": "met", "reason": "Đã xem", "seen": t.keys["laboratories.assessment_seen"]},
    ),
)
