"""Money as people type it, in million đồng, and keep it, in đồng."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.reporting.collecting import TRIEU, MoneySource
from chuan.web.forms import DecimalField

#: More than the budget of the State; a longer number is a slip.
_MOST = 10**16


def typed_number(value: Decimal) -> str:
    """A number as one would type it so that it is read in one way: without grouping, never with three decimals.

    `1,234` may mean one thousand two hundred and thirty-four; `1,2340` may not.
    """
    whole, _point, fraction = f"{value.normalize():f}".partition(".")
    return f"{whole},{fraction}{'0' if len(fraction) == 3 else ''}" if fraction else whole


def typed_dong(amount: int) -> str:
    """Đồng as one would type them in triệu đồng."""
    return typed_number(Decimal(amount) / TRIEU)


class TrieuField(DecimalField):
    """An amount typed in *triệu đồng*; the value is in whole đồng."""

    unit = _("triệu đồng")

    def to_python(self, value: Any) -> Any:
        """Đồng, exactly; a part of a đồng and a negative amount are refused."""
        typed = super().to_python(value)
        if typed is None:
            return None
        dong = Decimal(typed) * TRIEU
        if dong != dong.to_integral_value() or not 0 <= dong <= _MOST:
            raise forms.ValidationError(
                _now("“%(text)s” triệu đồng không ra số đồng chẵn từ 0 trở lên.") % {"text": value}
            )
        return int(dong)

    def prepare_value(self, value: Any) -> Any:
        """Million đồng without grouping: `1.234` would be read in two ways when it comes back."""
        if isinstance(value, int) and not isinstance(value, bool):
            return typed_dong(value)
        return value


class MoneyForm(forms.Form):
    """A field for each source, in the plan's words and order; one left blank is not said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for source in MoneySource:
            self.fields[source.value] = TrieuField(label=source.label, required=False)

    def sources(self) -> list[forms.BoundField]:
        """The money fields, the state budget's first."""
        return [self[source] for source in MoneySource.values]

    @property
    def has_other_sources(self) -> bool:
        """Something was typed of a source behind the first, which is the only one that most units have."""
        return any(field.value() not in ("", None) or field.errors for field in self.sources()[1:])

    def money(self) -> dict[str, int]:
        """What was typed, in đồng by source."""
        return {s: self.cleaned_data[s] for s in MoneySource.values if self.cleaned_data.get(s) is not None}
