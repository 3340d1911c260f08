"""Lines of a unit's report: a task's state, a difficulty, a proposal, and lists of them that grow without a script."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.reporting.collecting import (
    Addressed,
    Difficulty,
    DifficultyKind,
    MoneySource,
    Proposal,
    TaskAmount,
    TaskStatus,
    TaskWord,
)
from chuan.reporting.forms.money import MoneyForm, TrieuField
from chuan.reporting.forms.printed import PrintedLineField, PrintedParagraphField
from chuan.reporting.unit_reports import TaskLine
from chuan.web.forms import offer

MOST_LINES = 40
"""As many lines as one list may have."""

_CHOOSE = ("", _("Chọn"))


class TaskForm(forms.Form):
    """How far the unit is with one task, what was done, and what it was planned to cost and did where that is known."""

    status = forms.ChoiceField(label=_("Tình trạng"), required=False, choices=[_CHOOSE, *TaskStatus.choices])
    words = PrintedParagraphField(
        label=_("Kết quả năm nay"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    planned = TrieuField(required=False)
    spent = TrieuField(required=False)

    def __init__(self, *args: Any, task: TaskLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Many fields of the page are called so: what is wrong with one says of which task.
        self.fields["planned"].label = _now("Dự toán, nhiệm vụ %(label)s") % {"label": task.label}
        self.fields["spent"].label = _now("Thực hiện trong năm, nhiệm vụ %(label)s") % {"label": task.label}

    def money(self) -> list[forms.BoundField]:
        """The fields of amounts."""
        return [self[kind] for kind in TaskAmount.values]

    def money_said(self) -> str:
        """The amounts as they are typed now, for a page that keeps their fields folded."""
        shown = [(TaskAmount(field.name).label.lower(), field.value()) for field in self.money()]
        return "; ".join(f"{label} {value}" for label, value in shown if value)

    def said(self) -> TaskWord:
        """What was typed."""
        return TaskWord(**{name: self.cleaned_data[name] for name in ("status", "words", *TaskAmount.values)})


class DifficultyForm(forms.Form):
    """A difficulty: what about, which, what causes it, to whom it is put."""

    kind = forms.ChoiceField(label=_("Loại"), required=False, choices=[_CHOOSE, *DifficultyKind.choices])
    words = PrintedParagraphField(
        label=_("Nội dung"), required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 2})
    )
    cause = PrintedParagraphField(
        label=_("Nguyên nhân (nếu xác định được)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    to = forms.ChoiceField(label=_("Kiến nghị tới"), required=False, choices=[_CHOOSE, *Addressed.choices])

    @property
    def has_cause(self) -> bool:
        """A cause was typed, or something is wrong with it."""
        return bool(self["cause"].value() or self["cause"].errors)

    def clean(self) -> dict[str, Any]:
        """All of a line or nothing of it."""
        data: dict[str, Any] = super().clean() or {}
        names = ("kind", "words", "to")
        if any(data.get(name) for name in (*names, "cause")):
            for name in names:
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _now("Dòng này còn thiếu phần này; bỏ trống cả dòng nếu không dùng."))
        return data

    def value(self) -> Difficulty | None:
        """The line; None where it is blank."""
        data = self.cleaned_data
        return Difficulty(**data) if data["words"] else None


class ProposalForm(MoneyForm):
    """A proposal for the next year: under which task, what, with what money."""

    task = forms.ChoiceField(label=_("Thuộc nhiệm vụ"), required=False)
    words = PrintedLineField(label=_("Nội dung đề xuất"), required=False, max_length=1000)

    def __init__(self, *args: Any, tasks: Sequence[TaskLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _now("Ngoài Phụ lục")), *((t.code, t.label) for t in tasks)]
        offer(self, "task", choices)

    def clean(self) -> dict[str, Any]:
        """Money without words proposes nothing."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("words") and (data.get("task") or any(data.get(s) is not None for s in MoneySource.values)):
            self.add_error("words", _now("Ghi nội dung đề xuất; bỏ trống cả dòng nếu không dùng."))
        return data

    def value(self) -> Proposal | None:
        """The line; None where it is blank."""
        data = self.cleaned_data
        return Proposal(data["task"], data["words"], self.money()) if data["words"] else None


LineForm = TypeVar("LineForm", bound=forms.Form)
_BUTTON = re.compile(r"(add|drop)-(difficulty|proposal)(?:-([0-9]{1,2}))?")


def count(data: Mapping[str, Any], kind: str) -> int:
    """How many lines of a kind were posted, within reason."""
    typed = str(data.get(f"{kind}_lines", "0"))
    return min(int(typed), MOST_LINES) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0


def edited(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """What was posted with the line added or left out that the pressed button asks for; None where none was pressed."""
    pressed = _BUTTON.fullmatch(str(data.get("line", "")))
    if pressed is None:
        return None
    verb, kind, place = pressed.groups()
    typed = {name: data.get(name) for name in data}
    lines = count(data, kind)
    if verb == "add":
        return {**typed, f"{kind}_lines": str(min(lines + 1, MOST_LINES))}
    dropped = int(place or lines)
    kept = [index for index in range(lines) if index != dropped]
    rows = {index: _row(typed, kind, index) for index in range(lines)}
    bare = {name: value for name, value in typed.items() if not re.match(rf"{kind}_[0-9]+-", name)}
    for new, old in enumerate(kept):
        bare |= {f"{kind}_{new}-{name}": value for name, value in rows[old].items()}
    return {**bare, f"{kind}_lines": str(len(kept))}


def _row(typed: Mapping[str, Any], kind: str, index: int) -> dict[str, Any]:
    prefix = f"{kind}_{index}-"
    return {name.removeprefix(prefix): value for name, value in typed.items() if name.startswith(prefix)}
