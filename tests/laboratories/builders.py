"""Small builders of laboratories and of what hangs on them."""

from datetime import date
from typing import Any

from chuan.instruments.models import InstrumentKind
from chuan.laboratories import register as registers
from chuan.laboratories.models import (
    Assessment,
    CriteriaSet,
    KindAvailability,
    Laboratory,
    Recognition,
    RecognitionStop,
    ScopeLine,
)
from chuan.ledger.models import Identity
from chuan.registers.register import Register
from chuan.registers.services import add_record
from tests.cast import Cast, Member

APPROVED = "Quyết định 10/QĐ-SKHCN"


def _added(by: Member, register: Register, facts: dict[str, Any]) -> Identity:
    return add_record(actor=by.actor, register=register, facts=facts)


def laboratory(cast: Cast, name: str = "Phòng Đo lường", by: Member | None = None, **facts: Any) -> Laboratory:
    """A laboratory of the centre in Tân Biên, recorded by its own people."""
    unit = facts.pop("unit", cast.unit("tt-khcn"))
    usual = {
        "name": name,
        "unit_id": unit.pk,
        "place_id": cast.unit("x-tb").pk,
        "address": "",
        "contact": "",
        "note": "",
    }
    made = _added(by or cast.laboratory, registers.LABORATORIES, {**usual, **facts})
    assert isinstance(made, Laboratory)
    return made


def recognition(cast: Cast, number: str = "ĐK 416", by: Member | None = None, **facts: Any) -> Recognition:
    """A registration of the centre from 2024 to the end of 2026, changed as said."""
    unit = facts.pop("unit", cast.unit("tt-khcn"))
    usual: dict[str, Any] = {
        "unit_id": unit.pk,
        "laboratory_id": None,
        "kind": "registration",
        "standard": "none",
        "standard_text": "",
        "accepted_by": "",
        "number": number,
        "issuer": "Ủy ban TCĐLCL Quốc gia",
        "scope": "",
        "valid_from": date(2024, 1, 1),
        "last_day": date(2026, 12, 31),
        "note": "",
    }
    made = _added(by or cast.laboratory, registers.RECOGNITIONS, {**usual, **facts})
    assert isinstance(made, Recognition)
    return made


def stop(
    cast: Cast,
    of: Recognition,
    start: date,
    end: date | None = None,
    kind: str = "suspended",
    by: Member | None = None,
    **facts: Any,
) -> RecognitionStop:
    """A suspension of a recognition, or its withdrawal."""
    usual = {"recognition_id": of.pk, "kind": kind, "start": start, "end": end, "document": "QĐ 5/QĐ-TĐC", "note": ""}
    made = _added(by or cast.specialist, registers.STOPS, {**usual, **facts})
    assert isinstance(made, RecognitionStop)
    return made


def scope_line(cast: Cast, lab: Laboratory, kind: InstrumentKind, by: Member | None = None, **facts: Any) -> ScopeLine:
    """A line of verification since 2024, covered by nothing, changed as said."""
    usual: dict[str, Any] = {
        "laboratory_id": lab.pk,
        "kind_id": kind.pk,
        "activity": "verification",
        "field": "measurement",
        "range_text": "đến 150 kg, cấp 3",
        "status": "active",
        "valid_from": date(2024, 2, 1),
        "last_day": None,
        "recognition_id": None,
        "available_from": None,
        "note": "",
    }
    made = _added(by or cast.laboratory, registers.LINES, {**usual, **facts})
    assert isinstance(made, ScopeLine)
    return made


def availability(
    cast: Cast, lab: Laboratory, kind: InstrumentKind, since: date, by: Member | None = None, **facts: Any
) -> KindAvailability:
    """What a laboratory has had since a day."""
    usual = {"laboratory_id": lab.pk, "kind_id": kind.pk, "available_from": since, "evidence": "Biên bản", "note": ""}
    made = _added(by or cast.laboratory, registers.AVAILABILITIES, {**usual, **facts})
    assert isinstance(made, KindAvailability)
    return made


def criteria(cast: Cast, **facts: Any) -> CriteriaSet:
    """An approved set with two requirements."""
    usual = {
        "title": "Bộ tiêu chí thử",
        "version": "1",
        "requirements": "Có chuẩn còn hiệu lực\nCó người được giao",
        "approved_by": APPROVED,
        "approved_on": date(2025, 1, 2),
        "note": "",
    }
    made = _added(cast.specialist, registers.CRITERIA, {**usual, **facts})
    assert isinstance(made, CriteriaSet)
    return made


def assessment(cast: Cast, lab: Laboratory, by_set: CriteriaSet, by: Member | None = None, **facts: Any) -> Assessment:
    """A self-assessment that is not concluded, changed as said."""
    usual: dict[str, Any] = {
        "laboratory_id": lab.pk,
        "criteria_set_id": by_set.pk,
        "kind": "self",
        "concluded_on": None,
        "document": "",
        "overall": "",
        "note": "",
    }
    made = _added(by or cast.laboratory, registers.ASSESSMENTS, {**usual, **facts})
    assert isinstance(made, Assessment)
    return made
