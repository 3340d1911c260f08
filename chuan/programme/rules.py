"""Kinds of what a plan's text holds, and how its timing is read: plain values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ItemKind(TextChoices):
    """What an item of the text is."""

    HEAD = "head", _("Thể thức")
    TITLE = "title", _("Tên loại, trích yếu")
    PREAMBLE = "preamble", _("Đoạn mở đầu")
    HEADING = "heading", _("Đề mục")
    PARAGRAPH = "paragraph", _("Đoạn văn")
    BULLET = "bullet", _("Gạch đầu dòng")
    CLOSING = "closing", _("Đoạn kết")
    RECIPIENTS = "recipients", _("Nơi nhận")
    SIGNATURE = "signature", _("Người ký")
    COLUMNS = "columns", _("Tên cột của phụ lục")
    GROUP = "group", _("Nhóm nhiệm vụ")
    TASK = "task", _("Nhiệm vụ")


#: Items of the body that ask something of somebody: each is mapped to annex rows, or said to stand in the body alone.
MAPPED = frozenset({ItemKind.PARAGRAPH, ItemKind.BULLET})

#: Rows of the annex's table.
ROWS = frozenset({ItemKind.COLUMNS, ItemKind.GROUP, ItemKind.TASK})

#: Cells that an item may have, in the order of the printed columns; an item of the body has the first two.
CELLS = ("number", "text", "lead", "coordinators", "timing")

#: How a target's number is meant.
OPERATORS: Mapping[str, Any] = {">=": _("ít nhất"), "=": _("đúng"), "<=": _("không quá")}
#: Parts that a composition rule may ask for.
OWNERSHIPS: Mapping[str, Any] = {
    "state": _("doanh nghiệp có vốn nhà nước"),
    "private": _("doanh nghiệp khu vực kinh tế tư nhân"),
}

BASES = frozenset({"cumulative", "stage", "level"})


class SlipKind(TextChoices):
    """Where a slip comes from; what cannot be told is said not to be."""

    PRINT = "print", _("Lỗi của bản in")
    EXTRACTION = "extraction", _("Do việc số hóa")
    UNCLEAR = "unclear", _("Không rõ do bản in hay do số hóa")


class Duty(TextChoices):
    """As what a party takes part in a task."""

    LEAD = "lead", _("Chủ trì")
    COORDINATE = "coordinate", _("Phối hợp")
    ADVISE = "advise", _("Tham mưu")


#: Rule → the keys it is declared with.
TIMINGS: Mapping[str, frozenset[str]] = {
    "annual": frozenset(),
    "ad_hoc": frozenset(),
    "by": frozenset({"year"}),
    "after": frozenset({"years"}),
}


@dataclass(frozen=True)
class TimingRule:
    """When a task is due: every year, on demand, by the end of a year, or so many years after the plan was signed."""

    rule: str
    year: int = 0
    years: tuple[int, ...] = ()

    @classmethod
    def of(cls, declared: Mapping[str, Any]) -> "TimingRule":
        """As a plan's file and the database hold it."""
        return cls(declared["rule"], declared.get("year", 0), tuple(declared.get("years", ())))

    def is_due_in(self, year: int, signed: date) -> bool:
        """The task has something to show in a year; what is asked for on demand never does of itself."""
        if self.rule == "annual":
            return signed.year <= year
        if self.rule == "by":
            return signed.year <= year <= self.year
        return year in self.ends(signed)

    def ends(self, signed: date) -> tuple[int, ...]:
        """Years by whose ends the task was due, the last one last; none for what goes on or is asked for on demand."""
        if self.rule == "by":
            return (self.year,)
        return tuple(signed.year + years for years in sorted(self.years)) if self.rule == "after" else ()

    def is_over(self, day: date, signed: date) -> bool:
        """The last year by whose end the task was due has passed."""
        ends = self.ends(signed)
        return bool(ends) and ends[-1] < day.year


def overlap(first: tuple[date, date | None], second: tuple[date, date | None]) -> bool:
    """Two half-open ranges of days share a day; None is open."""
    (a, b), (c, d) = first, second
    return (b is None or c < b) and (d is None or a < d)
