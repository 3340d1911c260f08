"""Scope lines, availabilities and assessments for readers."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.db.models import F, Model
from django.utils.translation import gettext_lazy as _

from chuan.instruments.models import InstrumentKind, KindFacts
from chuan.laboratories.models import (
    CriteriaSetFacts,
    Laboratory,
    LaboratoryFacts,
    Recognition,
    RecognitionFacts,
)
from chuan.laboratories.register import ASSESSMENTS, AVAILABILITIES, LINES
from chuan.registers.register import Register
from chuan.reporting.evidence.base import LINKED_CODE, Cell, Heading
from chuan.reporting.evidence.registers import RegisterEvidence, name_of

KIND = Heading(_("Loại chuẩn, phương tiện đo"), 34)
LABORATORY = Heading(_("Phòng thí nghiệm"), 34)


class ScopeLineEvidence(RegisterEvidence):
    """What laboratories can verify or calibrate."""

    universe: ClassVar[str] = "laboratories.scope_line"
    member: ClassVar[str] = "line_id"
    kept_in: ClassVar[Register] = LINES
    name: ClassVar[Heading] = KIND
    columns: ClassVar[tuple[Heading, ...]] = (
        LINKED_CODE,
        LABORATORY,
        Heading(_("Hoạt động"), 14),
        Heading(_("Phạm vi"), 30),
        Heading(_("Từ ngày"), 12, "date"),
        Heading(_("Theo giấy"), 20),
    )

    def names(self, on: date | None, known: datetime | None) -> Mapping[str, Any]:
        """Kind, laboratory, number of the recognition."""
        return {
            "kind_name": name_of(KindFacts, "kind", "kind_id", "name", known=known),
            "laboratory_name": name_of(LaboratoryFacts, "laboratory", "line__laboratory_id", "name", known=known),
            "covered_by": name_of(RecognitionFacts, "recognition", "recognition_id", "number", known=known),
            "laboratory_pk": F("line__laboratory_id"),
        }

    def told(self, row: Any) -> tuple[str, tuple[Cell, ...]]:
        """The kind, then where, what, since when, by which paper."""
        return row.kind_name or "", (
            Cell(row.laboratory_name or ""),
            Cell(row.get_activity_display()),
            Cell(row.range_text),
            Cell(row.valid_from),
            Cell(row.covered_by or ""),
        )

    def touched(self, row: Any) -> set[tuple[type[Model], int | None]]:
        """Kind, laboratory, recognition."""
        return {(InstrumentKind, row.kind_id), (Laboratory, row.laboratory_pk), (Recognition, row.recognition_id)}


class AvailabilityEvidence(RegisterEvidence):
    """What laboratories have since when."""

    universe: ClassVar[str] = "laboratories.availability"
    member: ClassVar[str] = "availability_id"
    kept_in: ClassVar[Register] = AVAILABILITIES
    name: ClassVar[Heading] = KIND
    columns: ClassVar[tuple[Heading, ...]] = (
        LINKED_CODE,
        LABORATORY,
        Heading(_("Có từ ngày"), 12, "date"),
        Heading(_("Minh chứng"), 34),
    )

    def names(self, on: date | None, known: datetime | None) -> Mapping[str, Any]:
        """Kind and laboratory."""
        path = "availability__laboratory_id"
        return {
            "kind_name": name_of(KindFacts, "kind", "kind_id", "name", known=known),
            "laboratory_name": name_of(LaboratoryFacts, "laboratory", path, "name", known=known),
            "laboratory_pk": F(path),
        }

    def told(self, row: Any) -> tuple[str, tuple[Cell, ...]]:
        """The kind, then who has it, since when, what proves it."""
        cells = (Cell(row.laboratory_name or ""), Cell(row.available_from), Cell(row.evidence))
        return row.kind_name or "", cells

    def touched(self, row: Any) -> set[tuple[type[Model], int | None]]:
        """Kind and laboratory."""
        return {(InstrumentKind, row.kind_id), (Laboratory, row.laboratory_pk)}


class AssessmentEvidence(RegisterEvidence):
    """Assessments by the national criteria."""

    universe: ClassVar[str] = "laboratories.assessment"
    member: ClassVar[str] = "assessment_id"
    kept_in: ClassVar[Register] = ASSESSMENTS
    name: ClassVar[Heading] = LABORATORY
    columns: ClassVar[tuple[Heading, ...]] = (
        LINKED_CODE,
        Heading(_("Bộ tiêu chí"), 34),
        Heading(_("Kết luận ngày"), 12, "date"),
        Heading(_("Văn bản"), 20),
        Heading(_("Kết quả"), 18),
    )

    def names(self, on: date | None, known: datetime | None) -> Mapping[str, Any]:
        """Laboratory and criteria set."""
        path = "assessment__laboratory_id"
        return {
            "laboratory_name": name_of(LaboratoryFacts, "laboratory", path, "name", known=known),
            "criteria": name_of(CriteriaSetFacts, "criteria_set", "criteria_set_id", "title", known=known),
            "laboratory_pk": F(path),
        }

    def told(self, row: Any) -> tuple[str, tuple[Cell, ...]]:
        """The laboratory, then by which criteria, when, by which paper, with what result."""
        return row.laboratory_name or "", (
            Cell(row.criteria or ""),
            Cell(row.concluded_on),
            Cell(row.document),
            Cell(row.get_overall_display()),
        )

    def touched(self, row: Any) -> set[tuple[type[Model], int | None]]:
        """Laboratory and criteria set."""
        return {
            (Laboratory, row.laboratory_pk),
            (row._meta.get_field("criteria_set").related_model, row.criteria_set_id),
        }
