"""A list pasted from Excel or Word: read line by line, refused with each wrong line named, asked who is who."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.lib import text
from chuan.organisations import queries as units
from chuan.organisations.forms import is_full_name
from chuan.organisations.models import OrganisationUnit, PersonFacts
from chuan.training.forms import employer_choices, unit_of, who_choices
from chuan.training.rules import MAX_LINES
from chuan.training.services import LineEntry
from chuan.web.forms import offer

MAX_CELL = 200
#: First cells that head a column rather than name a person.
HEADINGS = frozenset({"stt", "tt", "ho va ten", "ho ten", "ho va ten hoc vien", "hoc vien"})


@dataclass(frozen=True)
class Row:
    """One person of a pasted list."""

    number: int
    name: str
    position: str
    #: How many cells the line had beside its serial number.
    cells: int

    @property
    def key(self) -> str:
        """The name without marks and case, as names are compared."""
        return text.search_key(self.name)


def read(pasted: str) -> list[Row]:
    """The people of a pasted text: columns by tab or semicolon, serial numbers and the heading left out."""
    rows: list[Row] = []
    for number, raw in enumerate(pasted.splitlines(), 1):
        cells = [text.nfc(cell) for cell in raw.replace("\t", ";").split(";")]
        while cells and (not cells[0] or cells[0].rstrip(".").isdigit()):
            cells.pop(0)
        while cells and not cells[-1]:
            cells.pop()
        if cells and not (not rows and text.search_key(cells[0]) in HEADINGS):
            rows.append(Row(number, cells[0], cells[1] if len(cells) > 1 else "", len(cells)))
    return rows


def wrong_lines(rows: Sequence[Row], listed: frozenset[str]) -> list[str]:
    """What is wrong, line by line; `listed` are the keys of the names that stand on the course's list."""
    wrong, seen = [], dict.fromkeys(listed, 0)
    for row in rows:
        said = ""
        if not is_full_name(row.name):
            said = _now("cần đủ họ và tên")
        elif len(row.name) > MAX_CELL or len(row.position) > MAX_CELL:
            said = _now("dài quá %(n)s ký tự") % {"n": MAX_CELL}
        elif row.cells > 2:
            said = _now("có %(n)s cột; chỉ dán hai cột: họ và tên, chức vụ") % {"n": row.cells}
        elif row.key in seen:
            said = _repeated(seen[row.key])
        if said:
            wrong.append(
                _now("dòng %(n)s “%(text)s”: %(said)s") % {"n": row.number, "text": row.name[:60], "said": said}
            )
        seen.setdefault(row.key, row.number)
    return wrong


def _repeated(earlier: int) -> str:
    if earlier:
        return _now("trùng tên với dòng %(n)s; nếu là hai người, bỏ dòng này rồi thêm riêng") % {"n": earlier}
    return _now("đã có trong danh sách lớp; nếu là người khác cùng tên, bỏ dòng này rồi thêm riêng")


class PasteForm(forms.Form):
    """A list pasted from Excel or Word: one person a line, columns by tab or semicolon.

    `known` holds the people on record by the key of their name: of each of them the form asks who it is.
    """

    lines = forms.CharField(
        label=_("Danh sách"),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=_("Mỗi dòng một người: họ và tên; chức vụ. Dán thẳng hai cột từ Excel cũng được."),
    )
    employer = forms.ChoiceField(label=_("Đơn vị công tác (chung cho cả danh sách)"), required=False)
    completed = forms.BooleanField(label=_("Tất cả đã hoàn thành lớp học"), required=False, initial=True)

    def __init__(
        self,
        *args: Any,
        on: date,
        listed: frozenset[str] = frozenset(),
        known: Mapping[str, Sequence[PersonFacts]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.listed, self.known = listed, known or {}
        offer(self, "employer", employer_choices(on))
        names = units.unit_names() if self.known else {}
        for row in read(self.data.get("lines", "")) if self.known else ():
            if row.key in self.known and row.key not in listed:
                self.fields[f"who_{row.number}"] = forms.ChoiceField(
                    label=_now("Dòng %(n)s “%(name)s”") % {"n": row.number, "name": row.name},
                    choices=who_choices(self.known[row.key], names),
                    widget=forms.RadioSelect,
                    error_messages={"required": _now("Chọn đúng người, hoặc chọn “Người khác, cùng tên”.")},
                )

    def questions(self) -> list[forms.BoundField]:
        """The fields that ask who is who."""
        return [self[name] for name in self.fields if name.startswith("who_")]

    def clean_lines(self) -> list[Row]:
        """The people of the list; every wrong line is named at once."""
        rows = read(self.cleaned_data["lines"])
        if not rows:
            raise forms.ValidationError(_now("Chưa có dòng nào. Mỗi dòng một người."))
        if len(rows) > MAX_LINES:
            raise forms.ValidationError(_now("Tối đa %(n)s dòng một lần; hãy chia danh sách.") % {"n": MAX_LINES})
        if wrong := wrong_lines(rows, self.listed):
            raise forms.ValidationError(wrong)
        return rows

    def entries(self) -> list[LineEntry]:
        """The valid list as the services take it."""
        employer = unit_of(self.cleaned_data["employer"])
        return [self._entry(row, employer) for row in self.cleaned_data["lines"]]

    def _entry(self, row: Row, employer: OrganisationUnit | None) -> LineEntry:
        chosen = self.cleaned_data.get(f"who_{row.number}")
        person = next((p.person for p in self.known.get(row.key, ()) if p.person.code == chosen), None)
        return LineEntry(
            role="learner",
            full_name="" if person else row.name,
            person=person,
            position=row.position,
            employer=employer,
            completed=self.cleaned_data["completed"],
        )
