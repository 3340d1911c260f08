"""Numbers and dates in templates: thin wrappers of `chuan.lib`, so that each is written one way everywhere."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chuan.lib import dates, numbers
from chuan.lib.clock import VN

register = template.Library()


def _lang() -> str:
    return "en" if (get_language() or "vi").startswith("en") else "vi"


@register.filter
def count(value: int | None) -> str:
    """`1.234`; nothing where there is no value (no data is never 0)."""
    return "" if value is None else numbers.format_count(int(value), _lang())


@register.filter
def decimal(value: Decimal | int | str | None, places: int | None = None) -> str:
    """`1.234,5`, with the value's own decimals or rounded to `places`."""
    if value is None or value == "":
        return ""
    return numbers.format_decimal(Decimal(value), None if places is None else int(places), _lang())


@register.filter
def two_digits(value: int | None) -> str:
    """A count as official letters write it: `03`."""
    return "" if value is None else numbers.format_two_digits(int(value))


@register.filter
def dong(value: int | None) -> str:
    """An amount in đồng, without the unit, which the column's head names."""
    return "" if value is None else numbers.format_dong(int(value), unit=False)


@register.filter
def trieu(value: int | None) -> str:
    """An amount in đồng as million đồng, without the unit."""
    return "" if value is None else numbers.format_trieu(int(value), unit=False)


@register.filter
def day(value: date | datetime | None) -> str:
    """`05/12/2026`; an instant is shown as its Vietnamese day. (`date` is Django's own filter.)"""
    if not value:
        return ""
    return dates.format_date(dates.day_of(value) if isinstance(value, datetime) else value)


@register.filter
def instant(value: datetime | None) -> str:
    """`14:05 05/12/2026`, Vietnamese time."""
    if not value:
        return ""
    local = value.astimezone(VN)
    return f"{local:%H:%M} {dates.format_date(local.date())}"


@register.filter
def weekday(value: date | None) -> str:
    """`thứ Năm`."""
    if not value:
        return ""
    return value.strftime("%A") if _lang() == "en" else dates.weekday_name(value)


@register.simple_tag
def quantity(value: Decimal | int | str | None, unit: str = "", places: int | None = None) -> SafeString:
    """A number with its unit smaller and grey; a dash, read out as "không có số liệu", where there is none."""
    if value is None or value == "":
        return no_data()
    text = decimal(value, places)
    if not unit:
        return format_html('<span class="num">{}</span>', text)
    return format_html('<span class="num">{} <span class="unit">{}</span></span>', text, unit)


@register.simple_tag
def no_data() -> SafeString:
    """The mark of an unknown value."""
    said = _("Không có số liệu")
    return format_html('<span class="no-data" title="{0}">—<span class="visually-hidden"> {0}</span></span>', said)
