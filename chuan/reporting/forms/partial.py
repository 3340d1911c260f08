"""A report that saves itself while a field is half typed: what is right is saved, what is wrong stays as stored."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from django.forms import BoundField

from chuan.reporting.forms.submissions import UnitReportForm
from chuan.reporting.unit_reports import PARTS, TASK, part_title

#: Lists of lines: the name that their fields begin with → their part of the report.
_LISTS = {"difficulty": "difficulties", "proposal": "proposals"}


class Build(Protocol):
    """Makes the page's form: of what is posted, or of what is stored."""

    def __call__(self, *, data: Mapping[str, Any] | None = None) -> UnitReportForm:
        """The form."""


def without_wrong(posted: Mapping[str, Any], build: Build) -> tuple[UnitReportForm, list[str]]:
    """The posted form with what is stored in the place of what is wrong, and the names of what was left out.

    A list of lines is left out as a whole: a line is known by its place alone, so that a stored one could push out
    another. Invalid where what is stored is wrong itself.
    """
    stored = build()
    data = {name: posted.get(name) for name in posted}
    form, left_out = build(data=data), dict[str, str]()
    while not form.is_valid():
        wrong = {place: title for place, title in _wrong(form) if place not in left_out}
        if not wrong:
            break
        left_out |= wrong
        for place in wrong:
            data |= _stored(stored, place)
        form = build(data=data)
    return form, list(dict.fromkeys(left_out.values()))


def _wrong(form: UnitReportForm) -> Iterator[tuple[str, str]]:
    """(field's name on the page, or its list's; how people call it)."""
    for part in (form.general, form.money):
        yield from ((field.html_name, str(field.label)) for field in part if field.errors)
    for task, part in form.tasks:
        yield from ((field.html_name, part_title(f"{TASK}{task.label}")) for field in part if field.errors)
    for kind, name in _LISTS.items():
        if any(line.errors for line in getattr(form, name)):
            yield kind, str(PARTS[name])


def _stored(stored: UnitReportForm, place: str) -> dict[str, str]:
    """What the page would post of a field, or of a list, that nobody touched."""
    if place not in _LISTS:
        return {field.html_name: _as_posted(field) for field in stored if field.html_name == place}
    lines = getattr(stored, _LISTS[place])
    return {f"{place}_lines": str(len(lines))} | {f.html_name: _as_posted(f) for line in lines for f in line}


def _as_posted(field: BoundField) -> str:
    value = field.value()
    return "" if value is None else str(value)
