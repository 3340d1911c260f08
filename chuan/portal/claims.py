"""What the keeper of records is told of claims on them, on the first page."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuan.audit import memory
from chuan.lib.dates import day_of, format_date
from chuan.organisations.queries import unit_names
from chuan.registers.models import Claim
from chuan.registers.queries import claimed_lately


@dataclass(frozen=True)
class Told:
    """The latest claim in a sentence, and where its record is."""

    title: str
    sentence: str
    url: str


_lately: memory.Memory[tuple[list[Claim], dict[int, str]]] = memory.Memory(size=64)


def told(unit_id: int | None, today: date, log: memory.Log | None = None) -> Told | None:
    """The latest claim of the last weeks on what a unit keeps, and how many more there were; remembered."""
    found, names = _lately.ask((unit_id, today), lambda: _read(unit_id, today), log) if unit_id else ([], {})
    if not found:
        return None
    latest = found[0]
    values = {"unit": names[latest.unit_id], "code": latest.code, "day": format_date(day_of(latest.recorded_at))}
    sentence = _("%(unit)s cùng ghi nhận bản ghi %(code)s ngày %(day)s.") % values
    if more := len(found) - 1:
        words = ngettext("Còn %(n)s lần ghi nhận khác.", "Còn %(n)s lần ghi nhận khác.", more) % {"n": more}
        sentence = f"{sentence} {words}"
    context, _dot, word = latest.register.partition(".")
    url = reverse(f"{context}:{word.replace('_', '-')}-record", args=[latest.code])
    return Told(_("Đơn vị khác cùng ghi nhận"), sentence, url)


def _read(unit_id: int, today: date) -> tuple[list[Claim], dict[int, str]]:
    found = list(claimed_lately(unit_id, today))
    return found, unit_names(of={claim.unit_id for claim in found}) if found else {}
