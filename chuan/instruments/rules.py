"""Lists of kinds and what is measured with: plain values."""

from collections.abc import Mapping
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class KindList(TextChoices):
    """Which list names the kind."""

    GROUP_1 = "group_1", _("Nhóm 1")
    GROUP_2 = "group_2", _("Nhóm 2")
    OWN = "own", _("Danh mục của tỉnh")


class ObjectType(TextChoices):
    """What the kind is a kind of."""

    INSTRUMENT = "instrument", _("Phương tiện đo")
    STANDARD = "standard", _("Chuẩn đo lường")
    REFERENCE_MATERIAL = "reference_material", _("Chất chuẩn")


def within(day: date, begins: date | None, ends: date | None) -> bool:
    """`day` lies in [begins, ends); a bound that is not known bounds nothing."""
    return (begins is None or begins <= day) and (ends is None or day < ends)


def leads_to(start: int, parents: Mapping[int, int | None], goal: int) -> bool:
    """Going up from `start` one comes to `goal`; a circle in the data ends the walk."""
    met: set[int] = set()
    at: int | None = start
    while at is not None and at not in met:
        if at == goal:
            return True
        met.add(at)
        at = parents.get(at)
    return False
