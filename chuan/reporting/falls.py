"""The waterfall from an issued value to today's: one drawing for page, Word and PDF."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chuan.lib.dates import day_of, format_date
from chuan.rendering.waterfall import Step, Waterfall, waterfall
from chuan.reporting.adjustments import Adjustment
from chuan.reporting.indicators.texts import REASONS


def of(found: Adjustment) -> Waterfall:
    """From the frozen value by what was taken out and put in, each with its reason, to today's."""
    frozen = found.frozen
    issued = _("Chốt ngày %(day)s") % {"day": format_date(day_of(frozen.known))}
    steps = [Step(_words(kind), change) for kind, change in found.steps()]
    title = _("Từ lúc chốt đến nay: %(code)s") % {"code": frozen.code}
    unit, lang = frozen.unit, get_language() or "vi"
    return waterfall(title, (issued, frozen.value), steps, _("Hỏi lại hôm nay"), unit=unit, lang=lang)


def _words(kind: str) -> str:
    if kind == "later":
        return _("Tính thêm: bản ghi vào sổ sau lúc chốt")
    if kind == "counted_now":
        return _("Tính thêm: bản ghi đã có, nay đủ điều kiện")
    if kind == "reweighed":
        return _("Số lượt của bản ghi vẫn được tính đã khác")
    return _("Thôi tính: %(reason)s") % {"reason": REASONS.get(kind, kind)}
