"""Every register in one place, with how many records an actor sees in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuan.assurance import register as assurance
from chuan.audit.actor import Actor
from chuan.audit.models import ChainHead
from chuan.instruments import register as instruments
from chuan.laboratories import register as laboratories
from chuan.registers.policies import can_list as can_list
from chuan.registers.register import Register
from chuan.reporting.register import REGISTERS as BESIDE_FIGURES
from chuan.training.register import COURSES

GROUPS: Sequence[tuple[Any, Sequence[Register]]] = (
    (_("Đào tạo"), (COURSES,)),
    (_("Doanh nghiệp"), (assurance.VERSIONS, assurance.ACTIVITIES)),
    (
        _("Tổ chức kiểm định, hiệu chuẩn, thử nghiệm"),
        (
            laboratories.LABORATORIES,
            laboratories.RECOGNITIONS,
            laboratories.STOPS,
            laboratories.LINES,
            laboratories.AVAILABILITIES,
            laboratories.ASSESSMENTS,
        ),
    ),
    (_("Danh mục dùng chung"), (instruments.KINDS, instruments.INTERVALS, laboratories.CRITERIA)),
    (_("Số liệu ghi kèm báo cáo"), BESIDE_FIGURES),
)


@dataclass(frozen=True)
class Book:
    """A register as the page lists it."""

    title: Any
    lead: Any
    url: str
    records: int


def groups(actor: Actor) -> list[tuple[Any, list[Book]]]:
    """The registers that the actor may open, each with the number of records in force that they see; one query."""
    mine = [(title, [r for r in members if r.can_list(actor)]) for title, members in GROUPS]
    registers = [register for _title, members in mine for register in members]
    counted = {f"n{i}": Subquery(_count(r, actor), output_field=IntegerField()) for i, r in enumerate(registers)}
    found: list[Any] = list(ChainHead.objects.values(**counted)[:1])
    row = found[0] if found else {}
    records = {register.name: row.get(f"n{i}", 0) for i, register in enumerate(registers)}
    return [
        (title, [_book(register, records[register.name]) for register in members]) for title, members in mine if members
    ]


def _count(register: Register, actor: Actor) -> QuerySet[Any]:
    rows: QuerySet[Any] = register.visible_to(actor).filter(voided_at__isnull=True).order_by()
    number: QuerySet[Any] = rows.annotate(counted=Func(F("pk"), function="COUNT", output_field=IntegerField()))
    return number.values("counted")


def _book(register: Register, records: int) -> Book:
    address = "training:courses" if register is COURSES else register.route("list")
    return Book(register.title, register.lead, reverse(address), records)
