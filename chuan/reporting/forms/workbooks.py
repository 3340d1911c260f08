"""A filled workbook that comes in, and the button that takes it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class WorkbookForm(forms.Form):
    """The unit's filled workbook."""

    file = forms.FileField(
        label=_("Tệp Excel đã điền"),
        help_text=_("Tệp .xlsx tải từ báo cáo này, tối đa 20 MB. Tệp được kiểm tra trước, chưa ghi gì."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


class TakeForm(forms.Form):
    """Which checked file is taken, and which amounts are confirmed."""

    token = forms.CharField(widget=forms.HiddenInput)

    def ticks(self) -> list[str]:
        """Names of the ticks that confirm an amount."""
        data: Any = self.data
        return [name for name in data if name.startswith("sure_")]
