"""Form fields that read what people here type, and the renderer that shows every field the same way."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chuan.lib import dates, numbers, text


class Renderer(TemplatesSetting):
    """Fields and errors through `web/forms/`."""

    field_template_name = "web/forms/field.html"
    form_template_name = "web/forms/form.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """The template's text; a list of choices is written here, since Django renders two templates for each one."""
        if template_name == "django/forms/widgets/select.html":
            return select(context["widget"])
        return super().render(template_name, context, request)


def select(widget: Mapping[str, Any]) -> SafeString:
    """A `<select>` of a widget's context, as Django's template writes it."""
    groups = (
        format_html('<optgroup label="{}">{}</optgroup>', name, _options(options)) if name else _options(options)
        for name, options, _index in widget["optgroups"]
    )
    inner = format_html_join("", "{}", ((group,) for group in groups))
    return format_html('<select name="{}"{}>{}</select>', widget["name"], _attributes(widget["attrs"]), inner)


def _options(options: Iterable[Mapping[str, Any]]) -> SafeString:
    rows = ((str(one["value"]), _attributes(one["attrs"]), one["label"]) for one in options)
    return format_html_join("\n", '<option value="{}"{}>{}</option>', rows)


def _attributes(attrs: Mapping[str, Any]) -> SafeString:
    given = ((name, value) for name, value in attrs.items() if value is not False)
    return format_html_join("", "{}", ((_attribute(name, value),) for name, value in given))


def _attribute(name: str, value: Any) -> SafeString:
    return format_html(" {}", name) if value is True else format_html(' {}="{}"', name, str(value))


class LineField(forms.CharField):
    """One line of text, in NFC, spaces collapsed."""

    def to_python(self, value: Any) -> str:
        return text.nfc(super().to_python(value) or "")


class ParagraphField(forms.CharField):
    """Several lines of text, in NFC."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> str:
        return text.nfc_multiline(super().to_python(value) or "")


class DateField(forms.Field):
    """A day as typed here: `01/02/2026` is 1 February; an ISO date is understood, a US one never."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "autocomplete": "off"})

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        try:
            return dates.parse_date(str(value))
        except dates.NotADate as error:
            raise forms.ValidationError(date_message(error)) from None

    def prepare_value(self, value: Any) -> Any:
        return dates.format_date(value) if isinstance(value, date) else value


class CountField(forms.Field):
    """A whole number, not negative; `1.234` is one thousand two hundred and thirty-four."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, *, minimum: int = 0, maximum: int = 10**9, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.minimum, self.maximum = minimum, maximum

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        try:
            number = numbers.parse_count(str(value))
        except numbers.NotANumber:
            raise forms.ValidationError(
                _("“%(text)s” không phải là số đếm. Hãy nhập số nguyên, ví dụ 45.") % {"text": value}
            ) from None
        if not self.minimum <= number <= self.maximum:
            raise forms.ValidationError(
                _("Số phải từ %(low)s đến %(high)s.") % {"low": self.minimum, "high": self.maximum}
            )
        return number


class DecimalField(forms.Field):
    """A decimal number: `8,5` and `8.5` are the same; an ambiguous one is asked about, never guessed."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return numbers.parse_decimal(str(value))
        except numbers.AmbiguousNumber:
            raise forms.ValidationError(
                _("“%(text)s” có thể đọc theo hai cách. Hãy viết không có dấu phân cách hàng nghìn, ví dụ 1234,5.")
                % {"text": value}
            ) from None
        except numbers.NotANumber:
            raise forms.ValidationError(_("“%(text)s” không phải là số. Ví dụ đúng: 8,5.") % {"text": value}) from None

    def prepare_value(self, value: Any) -> Any:
        return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else value


def offer(form: forms.BaseForm, name: str, choices: Iterable[Any]) -> None:
    """Give a field of choices what there is to choose from now."""
    field: Any = form.fields[name]
    field.choices = choices


def date_message(error: dates.NotADate) -> str:
    """What is wrong with a typed date and how to write it."""
    example = _("Hãy viết ngày/tháng/năm, ví dụ 05/12/2026.")
    if error.reason == dates.DateReason.TWO_DIGIT_YEAR:
        return _("“%(text)s”: năm phải đủ bốn chữ số.") % {"text": error.text} + " " + example
    if error.reason in {dates.DateReason.NO_SUCH_DAY, dates.DateReason.NO_SUCH_MONTH}:
        return _("Không có ngày “%(text)s” trên lịch.") % {"text": error.text} + " " + example
    return _("“%(text)s” không phải là ngày.") % {"text": error.text} + " " + example
