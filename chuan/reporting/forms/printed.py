"""Fields whose words go into an official paper: what the document font lacks is refused where it was typed."""

from django import forms
from django.utils.translation import gettext as _

from chuan.rendering.fonts import lacking, spelled
from chuan.reporting.rules import placeholders_in
from chuan.web.forms import LineField, ParagraphField


def printable(value: str) -> None:
    """Name every character that could not be printed."""
    missing = lacking(value)
    if missing:
        raise forms.ValidationError(
            _("Không in được ký tự %(letters)s vào văn bản. Hãy xóa hoặc thay bằng chữ.")
            % {"letters": ", ".join(map(spelled, missing))}
        )


def filled(value: str) -> None:
    """Name every place that was left to be filled."""
    if blanks := placeholders_in(value):
        raise forms.ValidationError(
            _("Còn chỗ chưa điền: %(blanks)s. Hãy ghi đủ theo văn bản.") % {"blanks": ", ".join(blanks)}
        )


class PrintedLineField(LineField):
    """One line that is printed."""

    default_validators = [printable]


class PrintedParagraphField(ParagraphField):
    """Several lines that are printed."""

    default_validators = [printable]
