"""Terms, ownership and activities of assurance programmes: plain values."""

from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActivityKind(TextChoices):
    """What was done under a programme."""

    VERIFICATION = "verification", _("Kiểm định")
    CALIBRATION = "calibration", _("Hiệu chuẩn")
    TESTING = "testing", _("Thử nghiệm")
    METHOD = "method", _("Xây dựng phương pháp đo")


def anniversary(day: date) -> date:
    """The same day a year later; 29 February becomes 1 March, so that the year is whole."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def is_at_least_a_year(first: date, last: date) -> bool:
    """A term from `first` to `last`, both days included, is a year or longer: 01/01 to 31/12 is one."""
    return last + timedelta(days=1) >= anniversary(first)


def is_cancelled_before(term_from: date, cancelled_on: date | None) -> bool:
    """The programme was cancelled before its term began."""
    return cancelled_on is not None and cancelled_on < term_from


def in_force(day: date, *, term_from: date, term_to: date, ended_on: date | None) -> bool:
    """The version runs on `day`: inside its term, last day included, and not ended on or before that day."""
    return term_from <= day <= term_to and (ended_on is None or day < ended_on)
