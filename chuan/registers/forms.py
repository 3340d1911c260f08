"""Forms of records: the same form reads a page and a row of a sheet, so both are judged alike."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.audit.actor import Actor
from chuan.ledger.models import Statement
from chuan.lib import text
from chuan.web.forms import LineField, ParagraphField

Kept = TypeVar("Kept")
#: The first choice where a fact may be unknown.
UNKNOWN = _("— chưa rõ —")


@dataclass(frozen=True)
class Options:
    """What may be chosen: (code, key, label), in the order in which it is offered."""

    rows: Sequence[tuple[str, int, str]]

    @cached_property
    def key_of(self) -> dict[str, int]:
        """Code → key."""
        return {code: key for code, key, _label in self.rows}

    @cached_property
    def code_of(self) -> dict[int, str]:
        """Key → code."""
        return {key: code for code, key, _label in self.rows}

    @cached_property
    def label_of(self) -> dict[int, str]:
        """Key → label, with the code behind it where two labels are alike, so that a sheet names one of them."""
        times = Counter(text.search_key(label) for _code, _key, label in self.rows)
        return {
            key: label if times[text.search_key(label)] == 1 else f"{label} [{code}]" for code, key, label in self.rows
        }

    @cached_property
    def _by_words(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code, key, label in self.rows:
            for words in {text.search_key(label), text.search_key(self.label_of[key]), text.search_key(code)}:
                found.setdefault(words, []).append(code)
        return found

    def read(self, written: str) -> list[str]:
        """Codes of what a cell names: by code, or by label without regard to marks and case."""
        return [written] if written in self.key_of else self._by_words.get(text.search_key(written), [])


class Shelf:
    """What an actor's forms choose from: each source is read once for a page or a whole file."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._kept: dict[Callable[..., Any], Any] = {}

    def once(self, read: Callable[[], Kept]) -> Kept:
        """What `read` gives, read once."""
        if read not in self._kept:
            self._kept[read] = read()
        found: Kept = self._kept[read]
        return found

    def options(self, source: "Source") -> Options:
        """The options of a source."""
        if source not in self._kept:
            self._kept[source] = Options(source(self))
        found: Options = self._kept[source]
        return found


#: (code, key, label) of what the shelf's actor may choose.
Source = Callable[[Shelf], Sequence[tuple[str, int, str]]]


class PickField(forms.ChoiceField):
    """A record chosen by its code; cleans to its key, None where nothing is chosen."""

    def __init__(self, *, source: Source, blank: Any = UNKNOWN, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source, self.blank = source, blank
        self.options = Options(())

    def offer(self, options: Options) -> None:
        """Take what may be chosen."""
        self.options = options
        # Read when the choices are drawn: a row of a sheet has the same form and draws nothing.
        self.choices = lambda: [("", self.blank), *((code, label) for code, _key, label in options.rows)]

    def valid_value(self, value: Any) -> bool:
        """A code that is offered."""
        return value in self.options.key_of

    def clean(self, value: Any) -> Any:
        """The key of the chosen record."""
        return self.options.key_of.get(super().clean(value))


class RecordForm(forms.Form):
    """A record, added or corrected.

    `fixed` fields belong to the identity: they are said once and a correction does not ask for them.
    """

    fixed: tuple[str, ...] = ()

    def __init__(
        self, *args: Any, shelf: Shelf, seen: Statement | None = None, why: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.shelf, self.seen = shelf, seen
        for name in self.fixed if seen else ():
            del self.fields[name]
        for field in self.fields.values():
            if isinstance(field, PickField):
                field.offer(self.shelf.options(field.source))
        if why:
            self.fields["reason"] = reason_field(_("Lý do sửa"))

    def facts(self) -> dict[str, Any]:
        """What the valid form says, by attribute name of the statement's column."""
        return {
            attname(name, self.fields[name]): value for name, value in self.cleaned_data.items() if name != "reason"
        }

    @classmethod
    def initial_of(cls, said: Statement, shelf: Shelf) -> dict[str, Any]:
        """A statement as the form shows it."""
        found: dict[str, Any] = {}
        for name, field in cls.base_fields.items():
            if name in cls.fixed:
                continue
            value = getattr(said, attname(name, field))
            found[name] = shelf.options(field.source).code_of.get(value, "") if isinstance(field, PickField) else value
        return found

    def dates_in_order(self, first: str, last: str) -> None:
        """Refuse a range that ends before it begins; one day is a range."""
        data = self.cleaned_data
        start, end = data.get(first), data.get(last)
        if start and end and end < start:
            said = _now("Ngày %(end)s trước ngày %(start)s ở ô “%(first)s”. Kiểm tra lại hai ngày.")
            words = {"end": f"{end:%d/%m/%Y}", "start": f"{start:%d/%m/%Y}", "first": self.fields[first].label}
            self.add_error(last, said % words)


def choices_of(field: forms.Field) -> list[tuple[str, str]]:
    """(code, words) of a field of choices."""
    return [(str(code), str(label)) for code, label in getattr(field, "choices", ())]


def attname(name: str, field: forms.Field) -> str:
    """The statement's attribute that a form field says."""
    return f"{name}_id" if isinstance(field, PickField) else name


def reason_field(label: Any) -> ParagraphField:
    """Why something is corrected or taken back."""
    return ParagraphField(label=label, max_length=500, help_text=_("Ghi vào lịch sử, người xem sau đọc được."))


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = reason_field(_("Lý do"))


class ClaimForm(forms.Form):
    """Why what another unit keeps is one's own unit's too."""

    document = LineField(
        label=_("Văn bản, tài liệu của đơn vị bạn làm căn cứ"),
        max_length=300,
        help_text=_("Ví dụ: Kế hoạch số 12/KH-UBND ngày 05/02/2026, hợp đồng, biên bản."),
    )
    note = ParagraphField(
        label=_("Điều đơn vị bạn ghi khác bản ghi đã có, nếu có"),
        max_length=1000,
        required=False,
        help_text=_("Nội dung bản ghi do đơn vị ghi quản lý; đơn vị ghi và Sở KH&CN đọc được điều này."),
    )


class FileForm(forms.Form):
    """A file that proves a record."""

    title = LineField(label=_("Tên tài liệu"), max_length=200, required=False)
    file = forms.FileField(label=_("Tệp"), help_text=_("pdf, docx, xlsx, png, jpg; tối đa 20 MB."))


class SheetForm(forms.Form):
    """A sheet to be taken in."""

    file = forms.FileField(label=_("Tệp Excel (.xlsx)"), help_text=_("Tối đa 2.000 dòng một lần."))


class ApplyForm(forms.Form):
    """A checked sheet is taken in; corrections say why, claims on which paper they rest."""

    token = forms.CharField(widget=forms.HiddenInput)
    reason = reason_field(_("Lý do sửa các dòng đã có"))
    document = LineField(
        label=_("Văn bản, tài liệu làm căn cứ ghi nhận cùng"),
        max_length=300,
        help_text=_("Dòng nào không phải việc của đơn vị bạn thì xóa khỏi tệp, rồi kiểm tra lại."),
    )

    def __init__(self, *args: Any, corrects: bool, claims: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not corrects:
            del self.fields["reason"]
        if not claims:
            del self.fields["document"]


class FilterForm(forms.Form):
    """What a register's list shows: any words, and those of the record's choices that the register names."""

    q = LineField(label=_("Tìm"), required=False, max_length=100)

    def __init__(self, *args: Any, record: type[RecordForm], names: Sequence[str], shelf: Shelf, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in names:
            field = record.base_fields[name]
            rows = self._rows(field, shelf)
            self.fields[name] = forms.ChoiceField(
                label=field.label, required=False, choices=[("", _now("Tất cả")), *rows]
            )

    @staticmethod
    def _rows(field: forms.Field, shelf: Shelf) -> list[tuple[Any, Any]]:
        if isinstance(field, PickField):
            return [(code, label) for code, _key, label in shelf.options(field.source).rows]
        return [pair for pair in choices_of(field) if pair[0]]
