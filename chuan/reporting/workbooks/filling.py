"""A unit's workbook going out: every sheet filled with what is known, the rest left to be typed."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils import translation

from chuan.lib import text
from chuan.rendering.form_sheets import Field, FormSheet, write_form
from chuan.reporting.collecting import TRIEU, MoneySource
from chuan.reporting.indicators.texts import SENTENCES, TITLES
from chuan.reporting.workbooks.basis import Basis, mark_of
from chuan.reporting.workbooks.layout import (
    BLANK_ROWS,
    DIFFICULTIES,
    FIGURES,
    GENERAL,
    KEY,
    MARK,
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
    words_of,
)

Row = tuple[str, Mapping[str, object]]


def workbook(basis: Basis) -> bytes:
    """The workbook's bytes; the same report gives the same bytes."""
    with translation.override("vi"):
        filler = _Filler(basis)
        sheets = [filler.sheet(section) for section in SECTIONS]
        lists = {name: [words for _code, words in offered] for name, offered in filler.offered.items()}
        return write_form(f"{basis.obligation.period}: {basis.unit_name}", sheets, facts(basis), lists)


def name_of(basis: Basis) -> str:
    """The file's name: the period and the unit, without marks."""
    return f"{basis.obligation.code}-{text.slug(basis.unit_name)}.xlsx"


def facts(basis: Basis) -> dict[str, str]:
    """What the file says of itself: for whom it was made, from which values, and what stood in each cell."""
    told = {
        MARK: basis.obligation.code,
        "unit": basis.unit_name,
        "period": str(basis.obligation.period),
        "version": str(basis.version),
    }
    told |= {f"value {line.id}": str(line.value) for line in basis.lines}
    told |= {f"made {' '.join(place)}": mark_of(words) for place, words in basis.typed.items()}
    return told


def bundle(made: Iterable[tuple[str, bytes]]) -> bytes:
    """Workbooks as one ZIP; the same workbooks give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in made:
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


class _Filler:
    """Fills the sheets of one unit's report."""

    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        self.offered = choices(basis.filled.tasks)

    def sheet(self, section: Section) -> FormSheet:
        columns = section.columns
        fields = [Field(heading(c), c.width, typed=c.typed, chosen_from=c.chosen_from) for c in columns]
        rows = [[key, *(values.get(c.name, "") for c in columns)] for key, values in self._rows(section)]
        title = f"{section.title} – {self.basis.unit_name}"
        key = Field(KEY, 8, hidden=True)
        blank = 0 if section.label else BLANK_ROWS
        return FormSheet(section.name, title, [key, *fields], rows, section.notes, blank)

    def _rows(self, section: Section) -> list[Row]:
        known = {FIGURES: self._figures, TASKS: self._tasks, MONEY: self._money, GENERAL: self._general}
        if section in known:
            return [(key, {**told, **self._typed(section, key)}) for key, told in known[section]()]
        count = len(
            self.basis.filled.parts.difficulties if section is DIFFICULTIES else self.basis.filled.parts.proposals
        )
        return [(str(index), self._typed(section, str(index))) for index in range(count)]

    def _typed(self, section: Section, key: str) -> dict[str, object]:
        return {column.name: self._cell(section, key, column) for column in section.typed}

    def _cell(self, section: Section, key: str, column: Column) -> object:
        words = self.basis.typed.get((section.code, key, column.name), "")
        if section is GENERAL and key in MARKS:
            return words_of(self.offered, "mark", words)
        if column.chosen_from:
            return words_of(self.offered, column.chosen_from, words) if words or section is PROPOSALS else ""
        return Decimal(words.replace(",", ".")) if words and column.trieu else words

    def _figures(self) -> list[Row]:
        return [
            (
                line.id,
                {
                    "code": line.id,
                    "title": str(TITLES[line.id]),
                    "before": self.basis.before.get(line.id, ""),
                    "value": line.value,
                    "unit": line.unit,
                    "counted": str(SENTENCES[line.id]),
                },
            )
            for line in self.basis.lines
        ]

    def _tasks(self) -> list[Row]:
        found: list[Row] = []
        for task in self.basis.filled.tasks:
            before = task.before
            told: dict[str, Any] = {"label": task.label, "title": task.title}
            if before:
                told["status_before"] = words_of(self.offered, "status", before.status) if before.status else ""
                told["words_before"] = before.words
                told["spent_before"] = "" if before.spent is None else Decimal(before.spent) / TRIEU
            found.append((task.code, told))
        return found

    def _money(self) -> list[Row]:
        last = self.basis.filled.last_year
        before = last.money if last else {}
        return [
            (
                source,
                {
                    "source": str(MoneySource(source).label),
                    "before": Decimal(before[source]) / TRIEU if source in before else "",
                },
            )
            for source in MoneySource.values
        ]

    def _general(self) -> list[Row]:
        return [(part, {"part": words}) for part, words in PARTS.items()]
