"""Small builders of assurance programmes."""

from datetime import date
from typing import Any

from chuan.assurance.models import ProgrammeActivity, ProgrammeVersion, ProgrammeVersionFacts
from chuan.assurance.register import ACTIVITIES, VERSIONS
from chuan.registers.services import add_record
from tests.cast import Cast, Member


def version(cast: Cast, by: Member | None = None, **facts: Any) -> ProgrammeVersion:
    """The first version of dn-a's programme, approved by its head for 2025 and 2026, changed as said."""
    unit = facts.pop("unit", cast.unit("dn-a"))
    usual: dict[str, Any] = {
        "unit_id": unit.pk,
        "number": 1,
        "title": "Chương trình đảm bảo đo lường 2025–2026",
        "document": "01/QĐ-CTN",
        "approver": "Lý Gia Hân",
        "position": "Giám đốc",
        "by_head": "yes",
        "approved_on": date(2024, 12, 20),
        "term_from": date(2025, 1, 1),
        "term_to": date(2026, 12, 31),
        "ended_on": None,
        "end_reason": "",
        "ownership": "private",
        "state_share": None,
        "accepted_by": "",
        "note": "",
    }
    made = add_record(actor=(by or cast.specialist).actor, register=VERSIONS, facts={**usual, **facts})
    assert isinstance(made, ProgrammeVersion)
    return made


def activity(cast: Cast, of: ProgrammeVersion, on: date, by: Member | None = None, **facts: Any) -> ProgrammeActivity:
    """A calibration under a version."""
    usual: dict[str, Any] = {
        "version_id": of.pk,
        "kind": "calibration",
        "on": on,
        "description": "Hiệu chuẩn cân phân tích",
        "performer": "Trung tâm KH&CN",
        "evidence": "",
        "note": "",
    }
    made = add_record(actor=(by or cast.specialist).actor, register=ACTIVITIES, facts={**usual, **facts})
    assert isinstance(made, ProgrammeActivity)
    return made


def said(of: ProgrammeVersion) -> ProgrammeVersionFacts:
    """The version's statement in force."""
    return ProgrammeVersionFacts.objects.live().get(version=of)
