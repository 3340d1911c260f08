"""Words that go with a step."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _

from chuan.reporting.unit_reports import PARTS, TASK, part_title
from chuan.web.forms import ParagraphField, offer


class ReasonForm(forms.Form):
    """Words that go with a step."""

    note = ParagraphField(label=_("Ý kiến, lý do"), max_length=2000, required=False)

    def __init__(self, *args: Any, longest: int = 2000, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].validators.append(MaxLengthValidator(longest))

    def clean_note(self) -> str:
        """A NUL is refused, not dropped: no browser sends one."""
        ProhibitNullCharactersValidator()(self.data.get("note", ""))
        said: str = self.cleaned_data["note"]
        return said


class NoteForm(ReasonForm):
    """Words that go with a step of a unit's report, and the lines that are returned."""

    lines = forms.MultipleChoiceField(label=_("Dòng cần sửa"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, figures: Iterable[str] = (), tasks: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Every line of the report by its own name: figures, the unit's tasks by their labels, the other parts.
        codes = [*figures, *(f"{TASK}{label}" for label in tasks), *PARTS]
        offer(self, "lines", [(code, part_title(code)) for code in codes])
