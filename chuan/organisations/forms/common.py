"""What several forms of this context ask."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chuan.web.forms import ParagraphField


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = ParagraphField(label=_("Lý do"), max_length=500)
