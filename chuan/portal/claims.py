"""What the keeper of records is told of claims on them, on the first page."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuan.lib.dates import day_of, format_date
from chuan.organisations.queries import unit_names
from chuan.registers.queries import claimed_lately


@dataclass(frozen=True)
class Told:
    """The latest claim in a sentence, and where its record is."""

    title: str
    sentence: str
    url: str


def told(unit_id: int | None, today: date) -> Told | None:
    """The latest claim of the last weeks on what a unit keeps, and how many more there were; two queries at most."""
    found = list(claimed_lately(unit_id, today)) if unit_id else []
    if not found:
        return None
    latest, names = found[0], unit_names(of={found[0].unit_id})
    values = {"unit": names[latest.unit_id], "code": latest.code, "day": format_date(day_of(latest.recorded_at))}
    sentence = _("%(unit)s cùng ghi nhận bản ghi %(code)s ngày %(day)s.") % values
    if more := len(found) - 1:
        words = ngettext("Còn %(n)s lần ghi nhận khác.", "Còn %(n)s lần ghi nhận khác.", more) % {"n": more}
        sentence = f"{sentence} {words}"
    context, _dot, word = latest.register.partition(".")
    url = reverse(f"{context}:{word.replace('_', '-')}-record", args=[latest.code])
    return Told(_("Đơn vị khác cùng ghi nhận"), sentence, url)
