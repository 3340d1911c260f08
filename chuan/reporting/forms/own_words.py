"""What Sở itself says of the plan's rows and bullets: one form for the page, a part for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.reporting.forms.lines import TaskForm
from chuan.reporting.forms.printed import PrintedLineField, PrintedParagraphField
from chuan.reporting.own_words import EVIDENCE, LONGEST, OwnLine, OwnWord, Section

_FIELDS = ("status", "words", "evidence", "planned", "spent")


class OwnWordForm(TaskForm):
    """How far one task is, what was done, by which evidence, at what cost."""

    words = PrintedParagraphField(
        label=_("Kết quả Sở đã thực hiện"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
    evidence = PrintedLineField(label=_("Minh chứng"), required=False, max_length=EVIDENCE)

    def clean(self) -> dict[str, Any]:
        """Whatever is said begins with how far the task is."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("status") and any(data.get(name) not in ("", None) for name in _FIELDS):
            self.add_error("status", _now("Chọn tình trạng, hoặc bỏ trống cả mục này."))
        return data

    def said(self) -> OwnWord:
        """What was typed."""
        return OwnWord(**{name: self.cleaned_data[name] for name in _FIELDS})

    def saved_otherwise(self, line: OwnLine) -> OwnWord | None:
        """What is saved of the line, where it reads otherwise than what was typed."""
        typed = (str(self[name].value() or "") for name in ("status", "words", "evidence"))
        return None if tuple(typed) == (line.said.status, line.said.words, line.said.evidence) else line.said


class OwnWordsForm:
    """The page: its sections with a form for each line."""

    def __init__(self, sections: Sequence[Section], data: Mapping[str, Any] | None = None) -> None:
        self.bound = data is not None
        self.sections = [(one, [(line, self._form(line, data)) for line in one.lines]) for one in sections]

    def saved_otherwise(self) -> dict[str, OwnWord]:
        """What is saved, of the lines that were typed otherwise; for a page that somebody else saved meanwhile."""
        found = {line.code: form.saved_otherwise(line) for line, form in self._all()}
        return {code: word for code, word in found.items() if word is not None}

    @staticmethod
    def _form(line: OwnLine, data: Mapping[str, Any] | None) -> OwnWordForm:
        name = f"so-{line.code}"
        if data is not None:
            return OwnWordForm(data, prefix=name, task=line)
        return OwnWordForm(initial=asdict(line.said), prefix=name, task=line)

    def _all(self) -> Iterator[tuple[OwnLine, OwnWordForm]]:
        for _section, lines in self.sections:
            yield from lines

    @property
    def codes(self) -> list[str]:
        """What the page offers, which stays offered when it is sent."""
        return [line.code for line, _form in self._all()]

    @property
    def errors(self) -> list[tuple[str, OwnWordForm]]:
        """The lines in which something is wrong, by their labels."""
        return [(line.label, form) for line, form in self._all() if form.is_bound and form.errors]

    def is_valid(self) -> bool:
        """Every line can be kept."""
        judged = [form.is_valid() for _line, form in self._all()]  # every one, so that each shows its own errors
        return all(judged)

    def said(self) -> dict[str, OwnWord]:
        """What is said, of what anything is said."""
        return {line.code: form.said() for line, form in self._all() if form.cleaned_data["status"]}
