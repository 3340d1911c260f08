"""How a figure is asked for."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.lib import clock
from chuan.lib.dates import format_date
from chuan.organisations.territory import Frame
from chuan.web.forms import DateField, offer


class FigureForm(forms.Form):
    """How a figure is asked for."""

    frame = forms.ChoiceField(label=_("Địa bàn"), choices=Frame.choices, required=False)
    at = DateField(label=_("Tính đến hết ngày"), required=False)
    year = forms.TypedChoiceField(label=_("Kỳ báo cáo"), required=False, coerce=int, empty_value=None)

    period = forms.ChoiceField(label=_("Kỳ báo cáo đột xuất"), required=False)

    def __init__(
        self, *args: Any, years: list[int], signed: date, periods: Sequence[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "period", [("", _now("Không chọn")), *periods])
        self.signed = signed
        choices = [
            ("", _now("Lũy kế từ ngày ban hành Kế hoạch")),
            *((str(y), _now("Năm %(y)s") % {"y": y}) for y in years),
        ]
        offer(self, "year", choices)

    def clean_at(self) -> Any:
        """Not in the future: no evidence of tomorrow. Not before the plan: nothing of it counts there."""
        day = self.cleaned_data["at"]
        if day and day < self.signed:
            raise forms.ValidationError(
                _now("Kế hoạch ban hành ngày %(signed)s, trước ngày đó chưa có số liệu. Hãy chọn từ ngày này trở đi.")
                % {"signed": format_date(self.signed)}
            )
        if day and day > clock.today():
            raise forms.ValidationError(_now("Chưa thể tính đến một ngày trong tương lai."))
        return day
