"""A file against a register: which column is which, and what each row would do, before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from chuan.audit.actor import Actor
from chuan.lib import canonical, text
from chuan.organisations.policies import sees_whole_province
from chuan.registers.errors import AlreadyRecorded, NotAllowed, RecordedElsewhere, RegisterError, SheetUnread
from chuan.registers.forms import PickField, RecordForm, Shelf, attname, choices_of
from chuan.registers.policies import claimed
from chuan.registers.register import Register, Words
from chuan.registers.rules import MAX_ROWS, Apart, Verdict
from chuan.registers.services import Planned
from chuan.registers.telling import Change
from chuan.registers.workbook import Line, Written, columns_at, lines, set_apart
from chuan.web.forms import CountField, DateField, DecimalField

#: Name of the column that holds a record's code.
CODE = "code"
_YES = frozenset({"co", "x", "yes", "true", "1"})
_NO = frozenset({"khong", "no", "false", "0"})


@dataclass(frozen=True)
class Judged:
    """One row, what it would do, and why not."""

    number: int
    verdict: Verdict
    code: str = ""
    label: str = ""
    #: (cell, what is wrong there); no cell where the row is wrong as a whole.
    problems: Sequence[tuple[str, str]] = ()
    #: What is said of a row that is not wrong.
    remark: str = ""
    changes: Sequence[Change] = ()
    planned: Planned | None = None


@dataclass(frozen=True)
class Check:
    """A whole file: its rows, and a hash of what it would do, so that what is taken in is what was shown."""

    rows: Sequence[Judged]
    counts: Mapping[Verdict, int] = field(default_factory=dict)
    sha256: str = ""
    #: Rows that hold no record and were not judged, by number.
    apart: Mapping[int, Apart] = field(default_factory=dict)

    @property
    def wrong(self) -> int:
        """How many rows stand in the way."""
        return self.counts[Verdict.WRONG]

    @property
    def planned(self) -> list[Planned]:
        """What would be written."""
        return [row.planned for row in self.rows if row.planned]


def heading_of_code() -> str:
    """Heading of the column of codes."""
    return _("Mã")


def check(actor: Actor, register: Register, content: bytes) -> Check:
    """Judge a file row by row; SheetUnread where it is not taken as a whole."""
    found = lines(content)
    places, start = _headings(register, found)
    below = [line for line in found if line.number > start and line.cells.keys() & places.values()]
    apart = set_apart(below, places.values())
    body = [line for line in below if line.number not in apart]
    if len(body) > MAX_ROWS:
        raise SheetUnread(_("Bảng tính có hơn %(n)s dòng. Chia thành nhiều tệp.") % {"n": MAX_ROWS})
    if not body:
        raise SheetUnread(_("Dưới dòng tiêu đề không có dòng nào để nhập."))
    judge = _Judge(actor, register, places)
    rows = [judge.row(line) for line in body]
    counts = {v: sum(row.verdict == v for row in rows) for v in Verdict}
    plan = [[r.number, r.code, r.verdict, r.planned and [dict(r.planned.facts), _key(r)]] for r in rows]
    return Check(rows, counts, canonical.sha256(canonical.plain(plan)), apart)


def _key(row: Judged) -> Any:
    about = (row.planned.seen or row.planned.claims) if row.planned else None
    return about.pk if about else None


def _headings(register: Register, found: Sequence[Line]) -> tuple[dict[str, int], int]:
    """Field → column, and the number of the row of headings; SheetUnread where a column is missing."""
    wanted = {text.search_key(str(f.label)): name for name, f in register.form.base_fields.items()}
    wanted[text.search_key(heading_of_code())] = CODE
    best = columns_at(wanted, found)
    missing = [str(f.label) for name, f in register.form.base_fields.items() if f.required and name not in best[0]]
    if missing:
        said = _("Thiếu cột: %(names)s. Thứ tự cột không quan trọng, tên cột phải đúng như trong mẫu.")
        raise SheetUnread(said % {"names": "; ".join(missing)})
    return best


class _Judge:
    """Judges the rows of one file, with what they are compared with read once."""

    def __init__(self, actor: Actor, register: Register, places: Mapping[str, int]) -> None:
        self.actor, self.register, self.places = actor, register, places
        self.shelf = Shelf(actor)
        self.words = Words(register, self.shelf)
        self.fields = register.form.base_fields
        self.by_code: dict[str, Any] = {}
        self.by_nature: dict[tuple[Any, ...], list[Any]] = {}
        for said in register.rows(actor):
            self.by_code[getattr(said, register.subject).code] = said
            self.by_nature.setdefault(self._key(said), []).append(said)
        #: What a row speaks of → the number of the first row that did.
        self.met: dict[Any, int] = {}

    def _key(self, said: Any) -> tuple[Any, ...]:
        return self.register.natural_key(self.register.facts_of(said))

    @cached_property
    def elsewhere(self) -> dict[tuple[Any, ...], Any]:
        """Records that the actor may not see, by what they speak of."""
        register = self.register
        if sees_whole_province(self.actor) or not register.refuses_twins:
            return {}
        others = register.model._default_manager.filter(voided_at__isnull=True)
        others = others.exclude(pk__in=[said.pk for said in self.by_code.values()])
        return {self._key(said): said for said in others.select_related(register.subject, *register.related)}

    def row(self, line: Line) -> Judged:
        """The verdict on one row."""
        cells = {name: line.cells.get(index) for name, index in self.places.items()}
        code = str(cell.value) if (cell := cells.pop(CODE, None)) else ""
        seen = self.by_code.get(code)
        if code and seen is None:
            said = _("không có bản ghi mã %(code)s mà bạn được xem; để trống ô mã nếu ghi mới") % {"code": code[:40]}
            return Judged(line.number, Verdict.WRONG, code, problems=[(cell.address if cell else "", said)])
        if seen is not None and self._as_it_went_out(cells, seen):
            said = self.register.label(seen)
            return self._again(line, self._key(seen), code) or Judged(line.number, Verdict.SAME, code, said)
        data, problems = self._data(cells)
        form = self.register.form({**self._unsaid(seen), **data}, shelf=self.shelf)
        problems += [] if problems else self._errors(form, cells, line)
        if problems:
            return Judged(line.number, Verdict.WRONG, code, problems=problems)
        return self._placed(line, form.facts(), seen, code)

    def _as_it_went_out(self, cells: Mapping[str, Written | None], seen: Any) -> bool:
        """The row says what a sheet of the record says: it came back as it went, whatever may be chosen today."""
        for name, cell in cells.items():
            out = self.words.in_sheet(seen, name)
            if (text.nfc_multiline(out) or None if isinstance(out, str) else out) != (cell.value if cell else None):
                return False
        return True

    def _again(self, line: Line, key: tuple[Any, ...], code: str) -> Judged | None:
        """The verdict on a row that speaks of what an earlier one spoke of.

        Where twins are allowed a code tells them apart; where they are not, what they say does.
        """
        what = code if code and not self.register.refuses_twins else key
        if (earlier := self.met.setdefault(what, line.number)) == line.number:
            return None
        return self._wrong(line, code, _("trùng với dòng %(n)s của tệp") % {"n": earlier})

    @staticmethod
    def _wrong(line: Line, code: str, said: str, label: str = "") -> Judged:
        """A row that is wrong as a whole."""
        return Judged(line.number, Verdict.WRONG, code, label, [("", said)])

    def _placed(self, line: Line, facts: dict[str, Any], seen: Any, code: str) -> Judged:
        """Which record the row is about: the one of its code, the one that speaks of the same thing, or a new one."""
        register, key = self.register, self.register.natural_key(facts)
        if again := self._again(line, key, code):
            return again
        same = [s for s in self.by_nature.get(key, ()) if seen is None or s.pk != seen.pk]
        if same and seen is not None and register.refuses_twins:
            twin = AlreadyRecorded(getattr(same[0], register.subject).code, register.label(same[0]))
            return self._wrong(line, code, str(twin))
        if seen is not None:
            return self._compared(line, facts, seen)
        if len(same) > 1:
            said = _("có %(n)s bản ghi như vậy; ghi mã của bản ghi cần sửa")
            return self._wrong(line, code, said % {"n": len(same)})
        other = same[0] if same else self.elsewhere.get(key)
        if other is not None and self._may_claim(other, facts):
            return self._claimed(line, facts, other)
        if same:
            return self._compared(line, facts, same[0])
        if other is not None:
            return self._wrong(line, code, str(RecordedElsewhere()))
        return self._may(line, Planned(facts), Verdict.ADDED, "", [])

    def _may_claim(self, other: Any, facts: Mapping[str, Any]) -> bool:
        """Another unit keeps it, and the actor's own unit may say that it is its work too and has not yet."""
        if not self.register.claimable:
            return False
        mine = other.owner_id == self.actor.unit_id or getattr(other, self.register.subject).pk in self.claimed
        return not mine and self.register.can_claim(self.actor, facts)

    @cached_property
    def claimed(self) -> frozenset[int]:
        """Records that the actor's unit claims."""
        return frozenset(claimed(self.actor, self.register.name))

    def _claimed(self, line: Line, facts: dict[str, Any], other: Any) -> Judged:
        """A row that claims; a record that the actor may not see is not named."""
        seen = getattr(other, self.register.subject).code in self.by_code
        code = getattr(other, self.register.subject).code if seen else ""
        said = _("đơn vị khác đã ghi nên không ghi lại: tỉnh tính một lần, số liệu đơn vị bạn tính thêm")
        label, planned = self._first_words(facts), Planned(facts, claims=other)
        return Judged(line.number, Verdict.CLAIMED, code, label, remark=said, planned=planned)

    def _compared(self, line: Line, facts: dict[str, Any], seen: Any) -> Judged:
        """What the row changes in a record."""
        register = self.register
        # A column that the file does not have says nothing.
        said_facts = {attname(n, f): facts[attname(n, f)] for n, f in self.fields.items() if n in self.places}
        old = register.facts_of(seen)
        differing = {name: value for name, value in said_facts.items() if old[name] != value}
        code = getattr(seen, register.subject).code
        fixed = {attname(n, self.fields[n]) for n in register.form.fixed} & differing.keys()
        # What is said once for all cannot be cleared: an empty cell says nothing of it.
        for name in [n for n in fixed if differing[n] in (None, "")]:
            fixed.remove(name)
            del differing[name]
        if fixed:
            labels = "; ".join(str(register.fields[name].label) for name in sorted(fixed))
            said = _("bản ghi %(code)s: không đổi được %(what)s; hủy bản ghi rồi ghi mới")
            return self._wrong(line, code, said % {"code": code, "what": labels})
        if not differing:
            return Judged(line.number, Verdict.SAME, code, register.label(seen))
        pairs = {name: [old[name], value] for name, value in differing.items()}
        changes = register.vocabulary.changes(pairs, self.words.names)
        return self._may(line, Planned(differing, seen), Verdict.CHANGED, code, changes)

    def _may(self, line: Line, planned: Planned, verdict: Verdict, code: str, changes: list[Change]) -> Judged:
        """What the services would refuse is refused here, with the row's number."""
        register, seen = self.register, planned.seen
        whole = {**register.facts_of(seen), **planned.facts} if seen else planned.facts
        label = register.label(seen) if seen else self._first_words(whole)
        try:
            allowed = register.can_correct(self.actor, seen) if seen else register.can_add(self.actor, whole)
            if not allowed:
                raise NotAllowed
            register.check(self.actor, whole, seen)
        except NotAllowed:
            return self._wrong(line, code, _("bạn không có quyền ghi hoặc sửa bản ghi này"), label)
        except RegisterError as error:
            return self._wrong(line, code, str(error), label)
        return Judged(line.number, verdict, code, label, changes=changes, planned=planned)

    def _first_words(self, facts: Mapping[str, Any]) -> str:
        """What a new record is called: the facts that make it one, bare numbers aside."""
        told = (n for n in self.register.natural if n.endswith("_id") or not isinstance(facts.get(n), int))
        words = (self.register.vocabulary.say(n, facts.get(n), self.words.names) for n in told)
        return " · ".join(w for w in words if w)

    def _unsaid(self, seen: Any) -> dict[str, Any]:
        """What the columns that the file does not have say: what the record says, or what a form begins with."""
        absent = {name: f for name, f in self.fields.items() if name not in self.places}
        if seen is None:
            return {name: f.initial for name, f in absent.items() if f.initial}
        said = self.register.form.initial_of(seen, self.shelf)
        return {name: said[name] for name in absent if said.get(name)}

    def _errors(self, form: RecordForm, cells: Mapping[str, Written | None], line: Line) -> list[tuple[str, str]]:
        found = []
        for name, messages in form.errors.items():
            cell = cells.get(name)
            label = str(self.fields[name].label) if name in self.fields else ""
            address = cell.address if cell else self._address(name, line)
            found += [(address, f"{label}: {message}" if label else str(message)) for message in messages]
        return found

    def _address(self, name: str, line: Line) -> str:
        """Where a fact would stand; empty where its column is not in the file."""
        return f"{get_column_letter(self.places[name] + 1)}{line.number}" if name in self.places else ""

    def _data(self, cells: Mapping[str, Written | None]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """The row as the form takes it, and what is wrong with single cells."""
        data: dict[str, Any] = {}
        problems: list[tuple[str, str]] = []
        for name, cell in cells.items():
            if cell is None:
                continue
            if cell.formula:
                said = _("ô có công thức hoặc lỗi (%(text)s); dán giá trị thay công thức") % {"text": cell.value}
                problems.append((cell.address, f"{self.fields[name].label}: {said}"))
                continue
            value, said = self._value(self.fields[name], cell.value)
            if said:
                problems.append((cell.address, f"{self.fields[name].label}: {said}"))
            elif value is not None:
                data[name] = value
        return data, problems

    def _value(self, asked: forms.Field, value: Any) -> tuple[Any, str]:
        """What the form's field is given for what the cell holds, or what is wrong."""
        if isinstance(asked, forms.BooleanField):
            words = text.search_key(str(value))
            if words in _NO:
                return None, ""
            return ("on", "") if words in _YES else (None, _("ghi Có hoặc Không"))
        if isinstance(asked, PickField):
            return self._picked(asked, str(value))
        if isinstance(asked, forms.ChoiceField):
            return self._chosen(asked, str(value))
        if isinstance(asked, CountField) and isinstance(value, Decimal):
            return None, _("%(number)s không phải là số nguyên") % {"number": str(value).replace(".", ",")}
        if isinstance(asked, DateField | DecimalField):
            return value, ""
        return str(value), ""

    @staticmethod
    def _chosen(asked: forms.ChoiceField, value: str) -> tuple[Any, str]:
        words, choices = text.search_key(value), choices_of(asked)
        for code, label in choices:
            if words in {text.search_key(label), code}:
                return code, ""
        said = _("“%(text)s” không có trong các lựa chọn: %(offered)s")
        return None, said % {"text": value[:60], "offered": "; ".join(label for code, label in choices if code)}

    def _picked(self, asked: PickField, value: str) -> tuple[Any, str]:
        codes = self.shelf.options(asked.source).read(value)
        if len(codes) == 1:
            return codes[0], ""
        if not codes:
            return None, _("không có “%(text)s” trong danh mục; ghi đúng tên hoặc mã") % {"text": value[:60]}
        return None, _("“%(text)s” là tên của nhiều mục; ghi một trong các mã %(codes)s") % {
            "text": value[:60],
            "codes": ", ".join(codes[:6]),
        }
