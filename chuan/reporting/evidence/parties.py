"""Enterprises' programmes and service organisations for readers."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.db.models import F, Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuan.assurance.register import VERSIONS
from chuan.audit.actor import Actor
from chuan.laboratories.register import RECOGNITIONS
from chuan.organisations.models import OrganisationUnit, UnitVersion
from chuan.organisations.policies import sees_own_unit, sees_whole_province
from chuan.registers.register import Register
from chuan.reporting.evidence.base import LINKED_CODE, Cell, Evidence, Heading, Record, unit_name
from chuan.reporting.evidence.registers import RegisterEvidence


class ProgrammeEvidence(RegisterEvidence):
    """Versions of assurance programmes."""

    universe: ClassVar[str] = "assurance.version"
    member: ClassVar[str] = "version_id"
    kept_in: ClassVar[Register] = VERSIONS
    name: ClassVar[Heading] = Heading(_("Doanh nghiệp"), 36)
    columns: ClassVar[tuple[Heading, ...]] = (
        LINKED_CODE,
        Heading(_("Chương trình"), 40),
        Heading(_("Phê duyệt"), 12, "date"),
        Heading(_("Thời hạn từ"), 12, "date"),
        Heading(_("Đến hết ngày"), 12, "date"),
        Heading(_("Sở hữu"), 20),
    )

    def names(self, on: date | None, known: datetime | None) -> Mapping[str, Any]:
        """The enterprise."""
        path = "version__programme__unit_id"
        return {"enterprise_name": unit_name(path, on=on, known=known), "unit_pk": F(path)}

    def told(self, row: Any) -> tuple[str, tuple[Cell, ...]]:
        """The enterprise, then its programme, approval, term and ownership."""
        return row.enterprise_name or "", (
            Cell(row.title),
            Cell(row.approved_on),
            Cell(row.term_from),
            Cell(row.term_to),
            Cell(row.get_ownership_display()),
        )

    def touched(self, row: Any) -> set[tuple[type[Model], int | None]]:
        """The enterprise."""
        return {(OrganisationUnit, row.unit_pk)}


class ServiceOrganisationEvidence(Evidence):
    """Service organisations by the latest thing said of their name and seat."""

    universe: ClassVar[str] = "organisations.service"
    member: ClassVar[str] = "unit_id"
    name: ClassVar[Heading] = Heading(_("Tổ chức"), 40)
    columns: ClassVar[tuple[Heading, ...]] = (LINKED_CODE, Heading(_("Trụ sở, trực thuộc"), 34))

    def named(self, rows: QuerySet[Any], *, on: date | None = None, known: datetime | None = None) -> QuerySet[Any]:
        """With the code and where it stands."""
        found: QuerySet[Any] = rows.annotate(code=F("unit__code"), seat=unit_name("parent_id", on=on, known=known))
        return found

    def statements(self, ids: Collection[int]) -> QuerySet[Any]:
        """Every version, the latest to begin last."""
        return self.named(UnitVersion.objects.filter(unit__in=ids).order_by("recorded_at", "valid_from", "pk"))

    def said(self, ids: Collection[int], *, on: date, known: datetime) -> QuerySet[Any]:
        """By the name of that day."""
        versions = UnitVersion.objects.known(known).filter(unit__in=ids, valid_from__lte=on)
        return self.named(versions.exclude(valid_to__lte=on), on=on, known=known)

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """All to Sở KH&CN, itself to each."""
        if sees_whole_province(actor):
            return rows
        found: QuerySet[Any] = rows.filter(unit_id=actor.unit_id) if sees_own_unit(actor) else rows.none()
        return found

    def record(self, row: Any) -> Record:
        """The organisation with a link to its page."""
        page = reverse("organisations:unit", args=[row.code])
        return Record(row.unit_id, row.code, row.name, (Cell(row.code, page), Cell(row.seat or "")))

    def subjects(self, row: Any) -> set[tuple[str, str]]:
        """The organisation."""
        return {(OrganisationUnit._meta.db_table, str(row.unit_id))}

    def register(self) -> tuple[str, Any]:
        """Where registrations and certificates are recorded."""
        return reverse(RECOGNITIONS.route("list")), RECOGNITIONS.title
