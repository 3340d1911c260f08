"""A unit's workbook coming back: whose it is, what each cell says, and what cannot be read.

Sheets are found by their headings, rows by their hidden key or by what stands in the column that names them. A cell
that holds what stood there when the file was made says nothing: what was written on the page meanwhile is kept.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from chuan.lib import text
from chuan.lib.dates import format_date
from chuan.registers.errors import SheetUnread
from chuan.registers.workbook import Line, Sheet, Written, columns_at, set_apart, sheets
from chuan.reporting.forms.lines import MOST_LINES
from chuan.reporting.forms.money import typed_number
from chuan.reporting.workbooks.basis import Basis, Typed, mark_of
from chuan.reporting.workbooks.layout import (
    GENERAL,
    KEY,
    MARK,
    MARKS,
    SECTIONS,
    Column,
    Section,
    choices,
    heading,
)

#: Where something stands: (section, key, column); a problem of a row as a whole has no column.
Place = tuple[str, str, str]


@dataclass
class Read:
    """What a file says."""

    facts: Mapping[str, str]
    #: What was typed or taken out since the file was made.
    said: Typed = field(default_factory=dict)
    #: Lists that were changed, whole: their lines in order.
    lists: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    #: Where each place stands in the file, as the person finds it.
    where: dict[Place, str] = field(default_factory=dict)
    problems: list[tuple[Place, str]] = field(default_factory=list)
    #: Sheets that the file does not have: they say nothing.
    absent: list[Section] = field(default_factory=list)
    #: Where rows stand that number the columns or add up the others.
    apart: list[str] = field(default_factory=list)


def read(content: bytes, basis: Basis) -> Read:
    """Read a workbook; SheetUnread where it is none of ours, another unit's or another period's."""
    found = sheets(content)
    facts = _facts(found)
    _require_own(facts, basis)
    reader = _Reader(basis, Read(facts))
    taken: set[str] = set()
    for section in SECTIONS:
        reader.section(section, [sheet for sheet in found if sheet.name not in taken], taken)
    return reader.read


def _facts(found: Sequence[Sheet]) -> dict[str, str]:
    """What the hidden sheet says; it may have been shown or renamed, it begins with the mark."""
    for sheet in found:
        first = sheet.lines[0].cells.get(0) if sheet.lines else None
        if first is not None and first.value == MARK:
            pairs = ((line.cells.get(0), line.cells.get(1)) for line in sheet.lines)
            return {str(name.value): str(value.value) if value else "" for name, value in pairs if name}
    raise SheetUnread(
        _("Tệp này không phải mẫu báo cáo do hệ thống tạo, hoặc đã mất trang ẩn. Tải mẫu mới, chép nội dung sang.")
    )


def _require_own(facts: Mapping[str, str], basis: Basis) -> None:
    """The file was made for this unit and this period."""
    own = basis.obligation
    if facts[MARK] == own.code:
        return
    told = {"unit": facts.get("unit", ""), "period": facts.get("period", ""), "own": basis.unit_name}
    if told["unit"] != basis.unit_name:
        raise SheetUnread(_("Tệp này là mẫu của “%(unit)s”, không phải của %(own)s. Chọn đúng tệp của đơn vị.") % told)
    told["now"] = str(own.period)
    raise SheetUnread(_("Tệp này là mẫu của kỳ “%(period)s”, không phải “%(now)s”. Tải mẫu của kỳ này.") % told)


def _lacking(sheet: Sheet, names: Sequence[str]) -> SheetUnread:
    said = _("Trang “%(sheet)s” thiếu cột: %(names)s. Thứ tự cột không quan trọng, tên cột phải như trong mẫu.")
    return SheetUnread(said % {"sheet": sheet.name, "names": "; ".join(names)})


class _Reader:
    """Reads the sections of one file."""

    def __init__(self, basis: Basis, read: Read) -> None:
        self.basis, self.read = basis, read
        self.offered = choices(basis.filled.tasks)

    def section(self, section: Section, found: Sequence[Sheet], taken: set[str]) -> None:
        """The sheet that has the section's headings, wherever it stands and whatever it is called."""
        wanted = {text.search_key(heading(column)): column.name for column in section.columns}
        wanted[text.search_key(KEY)] = KEY
        headed = ((*columns_at(wanted, sheet.lines), sheet) for sheet in found)
        best = max(headed, key=lambda one: len(one[0]), default=None)
        typed = {column.name for column in section.typed}
        if best is None or not typed & best[0].keys():
            for sheet in found:
                # None of its columns is left, but its name is: the sheet is there and says nothing that can be read.
                if text.search_key(sheet.name) == text.search_key(section.name):
                    raise _lacking(sheet, [heading(column) for column in section.typed])
            self.read.absent.append(section)
            return
        at, top, sheet = best
        lacking = [heading(column) for column in section.typed if column.name not in at]
        if lacking:
            raise _lacking(sheet, lacking)
        taken.add(sheet.name)
        body = self._body(sheet, top, {column for name, column in at.items() if name != KEY})
        if section.label:
            self._known(section, sheet, at, body)
        else:
            self._list(section, sheet, at, body)

    def _body(self, sheet: Sheet, top: int, columns: Collection[int]) -> list[Line]:
        """The rows under the headings, without those that say nothing of the unit's."""
        below = [line for line in sheet.lines if line.number > top]
        apart = set_apart(below, columns)
        for number, kind in apart.items():
            said = {"sheet": sheet.name, "n": number, "kind": kind.label}
            self.read.apart.append(_("%(sheet)s, dòng %(n)s (%(kind)s)") % said)
        return [line for line in below if line.number not in apart]

    def _known(self, section: Section, sheet: Sheet, at: Mapping[str, int], body: Sequence[Line]) -> None:
        """Rows that were there when the file was made; a row that was taken out says nothing."""
        keys = self._keys(section)
        met: set[str] = set()
        for line in body:
            key = self._key(line, at, section, keys)
            typed = [c for c in section.typed if at[c.name] in line.cells]
            if key is None and not typed:
                continue
            where = f"{sheet.name}, {_('dòng %(n)s') % {'n': line.number}}"
            if key is None or key in met:
                name = key or f"? {line.number}"
                self.read.where[section.code, name, ""] = where
                twice, unknown = (
                    _("dòng này trùng với một dòng ở trên"),
                    _("không nhận ra dòng này; giữ nguyên cột đầu"),
                )
                self.read.problems.append(((section.code, name, ""), twice if key else unknown))
                continue
            met.add(key)
            self.read.where[section.code, key, ""] = where
            self._row(section, sheet, at, line, key)

    def _keys(self, section: Section) -> dict[str, str]:
        """What names a row → its key; a name that two rows share names neither."""
        labels: dict[str, list[str]] = {}
        for key, name in self.basis.rows(section):
            labels.setdefault(text.search_key(name), []).append(key)
        return {name: keys[0] for name, keys in labels.items() if len(keys) == 1}

    def _key(self, line: Line, at: Mapping[str, int], section: Section, keys: Mapping[str, str]) -> str | None:
        held = {key for key, _name in self.basis.rows(section)}
        hidden = line.cells.get(at.get(KEY, -1))
        if hidden is not None and str(hidden.value) in held:
            return str(hidden.value)
        label = line.cells.get(at.get(section.label, -1))
        return keys.get(text.search_key(str(label.value))) if label is not None else None

    def _row(self, section: Section, sheet: Sheet, at: Mapping[str, int], line: Line, key: str) -> None:
        self._unchanged_value(section, sheet, at, line, key)
        for column in section.typed:
            place = (section.code, key, column.name)
            cell = line.cells.get(at[column.name])
            self._at(place, sheet, cell)
            words = self._words(section, column, cell, key, place)
            if words is not None and mark_of(words) != self._made(place):
                self.read.said[place] = words

    def _unchanged_value(self, section: Section, sheet: Sheet, at: Mapping[str, int], line: Line, key: str) -> None:
        """A figure is not typed: one that was says so."""
        made = self.read.facts.get(f"value {key}")
        cell = line.cells.get(at.get("value", -1))
        if made is None or cell is None or str(cell.value) == made:
            return
        self._at((section.code, key, "value"), sheet, cell)
        words = _("số liệu lấy từ sổ (%(made)s), không sửa ở đây; chọn “Chưa đúng” và ghi bản ghi còn thiếu, thừa")
        self.read.problems.append(((section.code, key, "value"), words % {"made": made}))

    def _list(self, section: Section, sheet: Sheet, at: Mapping[str, int], body: Sequence[Line]) -> None:
        """Lines that are typed: the list as a whole is said where anything of it was changed."""
        lines: list[dict[str, str]] = []
        for line in body:
            if not any(at[column.name] in line.cells for column in section.typed if column.name != "task"):
                continue
            key, row = str(len(lines)), {}
            self.read.where[section.code, key, ""] = f"{sheet.name}, {_('dòng %(n)s') % {'n': line.number}}"
            for column in section.typed:
                place = (section.code, key, column.name)
                cell = line.cells.get(at[column.name])
                self._at(place, sheet, cell)
                words = self._words(section, column, cell, key, place)
                row[column.name] = words or ""
            lines.append(row)
        if len(lines) > MOST_LINES:
            raise SheetUnread(_("Trang “%(sheet)s” có hơn %(n)s dòng.") % {"sheet": sheet.name, "n": MOST_LINES})
        wrong = any(place[0] == section.code for place, _said in self.read.problems)
        if wrong or self._list_changed(section, lines):
            self.read.lists[section.code] = lines

    def _list_changed(self, section: Section, lines: Sequence[Mapping[str, str]]) -> bool:
        now = {
            f"made {section.code} {index} {name}": mark_of(words)
            for index, row in enumerate(lines)
            for name, words in row.items()
            if words
        }
        return now != {name: made for name, made in self.read.facts.items() if name.startswith(f"made {section.code} ")}

    def _made(self, place: Place) -> str:
        return self.read.facts.get(f"made {' '.join(place)}", mark_of(""))

    def _at(self, place: Place, sheet: Sheet, cell: Written | None) -> None:
        if cell is not None:
            self.read.where[place] = f"{sheet.name}, {_('ô %(cell)s') % {'cell': cell.address}}"

    def _words(self, section: Section, column: Column, cell: Written | None, key: str, place: Place) -> str | None:
        """The cell as a form takes it; None where it cannot be read, which is said."""
        if cell is None:
            return ""
        if cell.formula:
            said = _("ô có công thức hoặc lỗi (%(text)s); dán giá trị thay công thức") % {"text": cell.value}
            self.read.problems.append((place, said))
            return None
        name = "mark" if section is GENERAL and key in MARKS else column.chosen_from
        return self._chosen(name, str(cell.value), place) if name else _typed(cell)

    def _chosen(self, name: str, value: str, place: Place) -> str | None:
        words = text.search_key(value)
        for code, label in self.offered[name]:
            if words == text.search_key(label) or (code and value == code):
                return code
        offered = "; ".join(label for _code, label in self.offered[name])
        said = _("“%(text)s” không có trong các lựa chọn: %(offered)s") % {"text": value[:60], "offered": offered}
        self.read.problems.append((place, said))
        return None


def _typed(cell: Written) -> str:
    """A cell's value as one would type it; a number without grouping, so that it is read in one way."""
    match cell.value:
        case Decimal() as number:
            return typed_number(number)
        case str() as words:
            return words
        case int() as number:
            return str(number)
        case value:
            return format_date(value)
