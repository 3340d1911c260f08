"""What a workbook would do to a unit's report: the same form that the page posts, and a verdict on each row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from chuan.lib import canonical
from chuan.registers.rules import Verdict
from chuan.registers.telling import Change
from chuan.reporting.forms.submissions import UnitReportForm
from chuan.reporting.unit_reports import part_title, sums_of
from chuan.reporting.workbooks.basis import Basis, Typed
from chuan.reporting.workbooks.layout import (
    DIFFICULTIES,
    FIGURES,
    GENERAL,
    MARKS,
    MONEY,
    PARTS,
    PROPOSALS,
    SECTIONS,
    TASKS,
    Column,
    Section,
    choices,
    heading,
)
from chuan.reporting.workbooks.reading import Place, Read, read

#: Sections whose rows are lines of a list, and what the page calls such a line.
LINES = {DIFFICULTIES.code: "difficulty", PROPOSALS.code: "proposal"}


@dataclass(frozen=True)
class Judged:
    """One row: where it stands, what it would do, why not, and what is asked of it."""

    where: str
    title: str
    verdict: Verdict
    #: (cell, what is wrong there).
    problems: Sequence[tuple[str, str]] = ()
    changes: Sequence[Change] = ()
    #: Amounts that look mistyped: (name of the tick that confirms it, words).
    asked: Sequence[tuple[str, str]] = ()
    note: str = ""


@dataclass(frozen=True)
class Check:
    """A whole workbook."""

    form: UnitReportForm
    rows: Sequence[Judged]
    counts: Mapping[Verdict, int]
    #: What is to be known of the file as a whole.
    notes: Sequence[str] = ()
    #: Of what it would do, so that what is applied is what was shown.
    sha256: str = ""

    @property
    def wrong(self) -> int:
        """How many rows stand in the way."""
        return self.counts[Verdict.WRONG]

    @property
    def asked(self) -> bool:
        """An amount waits for a tick."""
        return any(row.asked for row in self.rows)

    @property
    def ticks(self) -> list[tuple[str, str]]:
        """(name of the tick, question) of every amount that is asked about."""
        return [one for row in self.rows for one in row.asked]

    @property
    def told(self) -> list[tuple[str, int]]:
        """(verdict in words, how many rows)."""
        return [(str(verdict.label), self.counts[verdict]) for verdict in Verdict]

    @property
    def doing(self) -> list[Judged]:
        """Rows that do something or stand in the way, what is wrong first: the page is about what is to be done."""
        order = {Verdict.WRONG: 0, Verdict.CHANGED: 1, Verdict.ADDED: 1, Verdict.SAME: 2}
        rows = [row for row in self.rows if row.verdict != Verdict.SAME or row.note]
        return sorted(rows, key=lambda row: 0 if row.asked else order[row.verdict])

    @property
    def same(self) -> list[Judged]:
        """Rows that say nothing new."""
        return [row for row in self.rows if row.verdict == Verdict.SAME and not row.note]

    @property
    def changed(self) -> bool:
        """Something would be saved."""
        return bool(self.counts[Verdict.ADDED] + self.counts[Verdict.CHANGED])


def check(content: bytes, basis: Basis, ticks: Iterable[str] = ()) -> Check:
    """Judge a workbook against the report as it stands; SheetUnread where it is not taken as a whole."""
    return _Judge(basis, read(content, basis), ticks).check()


@dataclass
class _Typing:
    """What would be posted: typed places, and the values that figures were judged at."""

    typed: Typed
    seen: dict[str, int] = field(default_factory=dict)


class _Judge:
    """Judges one file."""

    def __init__(self, basis: Basis, found: Read, ticks: Iterable[str]) -> None:
        self.basis, self.read = basis, found
        self.offered = choices(basis.filled.tasks)
        #: Figures that the file judges at a value that they have no more.
        self.stale = [line for line in basis.lines if self._stale(line.id, line.value)]
        self.old, self.new = self._typing({}, {}), self._typing(self._said(), found.lists)
        self.before = self._form(self.old)
        self.before.is_valid()
        self.form = self._form(self.new, dict.fromkeys(ticks, "on"))
        self.form.is_valid()

    def _stale(self, code: str, value: int) -> bool:
        made = self.read.facts.get(f"value {code}")
        return made is not None and made != str(value)

    def _said(self) -> Typed:
        """What the file says, without the judgement of figures that have changed since it was made."""
        gone = {(FIGURES.code, line.id, name) for line in self.stale for name in ("right", "missing")}
        return {place: words for place, words in self.read.said.items() if place not in gone}

    def _typing(self, said: Typed, lists: Mapping[str, Sequence[Mapping[str, str]]]) -> _Typing:
        typed = {place: words for place, words in self.basis.typed.items() if place[0] not in lists}
        typed |= said
        for code, lines in lists.items():
            typed |= {(code, str(i), name): words for i, line in enumerate(lines) for name, words in line.items()}
        judged = {place[1] for place in said if place[0] == FIGURES.code}
        seen = {
            line.id: line.value if line.id in judged or line.seen is None else line.seen for line in self.basis.lines
        }
        return _Typing({place: words for place, words in typed.items() if words}, seen)

    def _form(self, typing: _Typing, ticks: Mapping[str, str] | None = None) -> UnitReportForm:
        data: dict[str, Any] = {self._name(place): words for place, words in typing.typed.items()}
        data |= {f"seen_{code}": str(value) for code, value in typing.seen.items()}
        for code, kind in LINES.items():
            data[f"{kind}_lines"] = str(max((int(p[1]) + 1 for p in typing.typed if p[0] == code), default=0))
        return UnitReportForm(self.basis.filled, self.basis.lines, self.basis.draft, data={**data, **(ticks or {})})

    def _name(self, place: Place) -> str:
        """A place as the page's form calls it."""
        section, key, column = place
        if section == TASKS.code:
            index = [task.code for task in self.basis.filled.tasks].index(key)
            return f"task_{index}-{column}"
        if section in LINES:
            return f"{LINES[section]}_{key}-{column}"
        return {FIGURES.code: f"{column}_{key}", MONEY.code: f"money-{key}"}.get(section, key)

    def check(self) -> Check:
        rows = [row for section in SECTIONS for row in self._rows(section)]
        counts = {verdict: sum(row.verdict == verdict for row in rows) for verdict in Verdict}
        does = [[*place, words] for place, words in sorted(self.new.typed.items())]
        sha = canonical.sha256([self.basis.version, does, self.new.seen, counts[Verdict.WRONG]])
        return Check(self.form, rows, counts, self._notes(), sha)

    def _notes(self) -> list[str]:
        found = [
            _("Số liệu %(code)s đã đổi từ lúc tạo tệp: %(old)s → %(new)s. Xác nhận lại số này trên trang báo cáo.")
            % {"code": line.id, "old": self.read.facts[f"value {line.id}"], "new": line.value}
            for line in self.stale
        ]
        if self.read.facts.get("version") not in {str(self.basis.version), "0"}:
            found.append(
                _("Báo cáo trên hệ thống đã được sửa sau khi tạo tệp; phần tệp không sửa thì giữ như hiện nay.")
            )
        if self.read.absent:
            names = ", ".join(section.name for section in self.read.absent)
            found.append(_("Tệp không có các trang sau, phần đó giữ như hiện nay: %(names)s.") % {"names": names})
        if self.read.apart:
            found.append(_("Bỏ qua vì không phải nội dung báo cáo: %(rows)s.") % {"rows": "; ".join(self.read.apart)})
        if over := self.form.excess:
            asked = _("Khi trình sẽ hỏi lại: %(sums)s.") % {"sums": sums_of(over)}
            found.append(asked)
        return found

    def _rows(self, section: Section) -> list[Judged]:
        if section.code in LINES:
            return self._lines(section)
        rows = [self._row(section, key, self._title(section, key)) for key, _name in self.basis.rows(section)]
        known = {key for key, _name in self.basis.rows(section)}
        strange = [one for one in self.read.problems if one[0][0] == section.code and one[0][1] not in known]
        return rows + [self._strange(place, said) for place, said in strange]

    def _strange(self, place: Place, said: str) -> Judged:
        """A row that is none of the report's."""
        where = self.read.where[place]
        return Judged(where, "", Verdict.WRONG, [(where, said)])

    def _title(self, section: Section, key: str) -> str:
        if section is TASKS:
            task = next(task for task in self.basis.filled.tasks if task.code == key)
            return f"{task.label}. {task.title}"
        if section is FIGURES:
            return part_title(key)
        return dict(self.basis.rows(section))[key] if section is MONEY else PARTS[key].partition(":")[0]

    def _row(self, section: Section, key: str, title: str) -> Judged:
        places = [(section.code, key, column.name) for column in section.typed]
        changes = self._changes(section, key, self.old.typed, self.new.typed)
        had = any(place in self.old.typed for place in places)
        note = ""
        if section is FIGURES and key in {line.id for line in self.stale}:
            note = _("chưa nhận ý kiến về số này vì số đã đổi")
        return self._judged(section, key, title, changes, had=had, note=note)

    def _judged(
        self, section: Section, key: str, title: str, changes: Sequence[Change], *, had: bool, note: str = ""
    ) -> Judged:
        where = self.read.where.get((section.code, key, ""), section.name)
        asked = self._asked(section, key)
        problems = self._problems(section, key, {name for name, _words in asked})
        verdict = Verdict.SAME if not changes else Verdict.CHANGED if had else Verdict.ADDED
        ticks = [(self.form.asked[name], words) for name, words in asked]
        return Judged(where, title, Verdict.WRONG if problems else verdict, problems, changes, ticks, note)

    def _problems(self, section: Section, key: str, asked: set[str]) -> list[tuple[str, str]]:
        """What cannot be read, then what the form says of it."""
        found = []
        for place, said in self.read.problems:
            if place[:2] == (section.code, key):
                found.append((self.read.where.get(place, self.read.where.get((*place[:2], ""), section.name)), said))
        for column in section.typed:
            place = (section.code, key, column.name)
            name = self._name(place)
            where = self.read.where.get(place, self.read.where.get((*place[:2], ""), section.name))
            label = f"{heading(column)}: " if len(section.typed) > 1 else ""
            errors = [] if name in asked else self.form.errors.get(name, [])
            found += [(where, f"{label}{said}") for said in errors]
        return found

    def _asked(self, section: Section, key: str) -> list[tuple[str, str]]:
        """(field, question) of the row's amounts that look mistyped."""
        names = [self._name((section.code, key, column.name)) for column in section.typed if column.trieu]
        return [(name, str(self.form.errors[name][0])) for name in names if name in self.form.asked]

    def _changes(self, section: Section, key: str, old: Typed, new: Typed, before: str = "") -> list[Change]:
        found = []
        for column in section.typed:
            was = old.get((section.code, before or key, column.name), "")
            now = new.get((section.code, key, column.name), "")
            if was != now:
                label = heading(column) if len(section.typed) > 1 else ""
                found.append(Change(label, *(self._in_words(section, key, column, words) for words in (was, now))))
        return found

    def _in_words(self, section: Section, key: str, column: Column, words: str) -> str:
        name = "mark" if section is GENERAL and key in MARKS else column.chosen_from
        if not name or not words:
            return words
        return next((label for code, label in self.offered[name] if code == words), words)

    def _lines(self, section: Section) -> list[Judged]:
        """Lines of a list: one is the same as before by its words; those that are no more are told last."""
        old, new = ({p[1] for p in typed if p[0] == section.code} for typed in (self.old.typed, self.new.typed))
        new |= {place[1] for place, _said in self.read.problems if place[0] == section.code}
        left = {self.old.typed.get((section.code, key, "words"), ""): key for key in sorted(old, key=int)}
        rows = []
        for key in sorted(new, key=int):
            words = self.new.typed.get((section.code, key, "words"), "")
            before = left.pop(words, None) if words else None
            known = self.old.typed if before is not None else {}
            changes = self._changes(section, key, known, self.new.typed, before or key)
            rows.append(self._judged(section, key, words[:120], changes, had=before is not None))
        for words in left:
            gone = [Change("", words, "")]
            rows.append(Judged(section.name, words[:120], Verdict.CHANGED, changes=gone, note=_("bỏ dòng này")))
        return rows
