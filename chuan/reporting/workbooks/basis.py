"""What a unit's workbook is filled with, and held against when it comes back: figures, tasks, last year, the draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import translation

from chuan.lib import canonical
from chuan.organisations.queries import unit_names
from chuan.reporting import obligations, unit_reports
from chuan.reporting.collecting import MoneySource, Parts
from chuan.reporting.confirmed import Prefilled
from chuan.reporting.forms.money import typed_dong
from chuan.reporting.models import Obligation
from chuan.reporting.unit_reports import Attempts, Filled
from chuan.reporting.workbooks.layout import (
    DIFFICULTIES,
    FIGURES,
    GENERAL,
    MARKS,
    MONEY,
    PARTS,
    PROPOSALS,
    TASKS,
    Section,
)

#: What was typed: (section, key, column) → the text as a form takes it; lists have the line's number as their key.
Typed = dict[tuple[str, str, str], str]


@dataclass(frozen=True)
class Basis:
    """One unit's report as it stands."""

    obligation: Obligation
    unit_name: str
    lines: list[Prefilled]
    filled: Filled
    draft: Mapping[str, Any]
    version: int
    #: Last year's figures as the unit reported them.
    before: Mapping[str, int]

    @cached_property
    def typed(self) -> Typed:
        """What the draft says, as a form would have it typed; what is not said is not there."""
        parts, found = self.filled.parts, {}
        for line in self.lines:
            if line.right is not None:
                found[FIGURES.code, line.id, "right"] = "yes" if line.right else "no"
            found[FIGURES.code, line.id, "missing"] = line.missing
        for task in self.filled.tasks:
            found[TASKS.code, task.code, "status"] = task.said.status
            found[TASKS.code, task.code, "words"] = task.said.words
            for kind, amount in task.said.amounts().items():
                found[TASKS.code, task.code, kind] = typed_dong(amount)
        for source, amount in parts.money.items():
            found[MONEY.code, source, "amount"] = typed_dong(amount)
        found |= self._lists()
        found[GENERAL.code, "narrative", "answer"] = self.draft.get("narrative", "")
        marks = {"nil": bool(self.draft.get("nil")), **{f"no_{part}": True for part in parts.none}}
        found |= {(GENERAL.code, mark, "answer"): "on" for mark in MARKS if marks.get(mark)}
        return {place: words for place, words in found.items() if words}

    def rows(self, section: Section) -> list[tuple[str, str]]:
        """(key, what names it in Vietnamese) of the rows that a section has beforehand."""
        with translation.override("vi"):
            known: dict[str, list[tuple[str, str]]] = {
                FIGURES.code: [(line.id, line.id) for line in self.lines],
                TASKS.code: [(task.code, task.label) for task in self.filled.tasks],
                MONEY.code: [(source, str(MoneySource(source).label)) for source in MoneySource.values],
                GENERAL.code: list(PARTS.items()),
            }
        return known.get(section.code, [])

    def _lists(self) -> Typed:
        """Lines as a form has them; a task that is not the unit's own any more is offered to nobody."""
        found: Typed = {}
        own = {task.code for task in self.filled.tasks}
        for index, line in enumerate(self.filled.parts.difficulties):
            for name in ("words", "cause", "kind", "to"):
                found[DIFFICULTIES.code, str(index), name] = getattr(line, name)
        for index, proposal in enumerate(self.filled.parts.proposals):
            found[PROPOSALS.code, str(index), "words"] = proposal.words
            found[PROPOSALS.code, str(index), "task"] = proposal.task if proposal.task in own else ""
            for source, amount in proposal.money.items():
                found[PROPOSALS.code, str(index), source] = typed_dong(amount)
        return found


def mark_of(words: str) -> str:
    """A short hash by which a file says what stood in a cell when it was made."""
    return canonical.sha256(words)[:16]


def basis(
    obligation: Obligation,
    attempts: Attempts,
    *,
    with_draft: bool,
    values: Mapping[str, Mapping[int, int]] | None = None,
    names: Mapping[int, str] | None = None,
) -> Basis:
    """The report as it stands; without the draft, what a unit that has written nothing would begin with.

    What a unit is still writing is its own: who sends the letter fills the workbooks without it. `values` and `names`
    of every unit, where many are asked about at once.
    """
    current = attempts.current
    draft = current.draft if current is not None and with_draft else begun(attempts)
    return Basis(
        obligation=obligation,
        unit_name=(unit_names() if names is None else names).get(obligation.unit_id, obligation.unit.code),
        lines=obligations.prefilled(obligation, draft, values=values),
        filled=unit_reports.filled(obligation, draft, attempts.last_year),
        draft=draft,
        version=current.draft_version if current is not None and with_draft else 0,
        before=attempts.last_figures,
    )


def begun(attempts: Attempts) -> dict[str, Any]:
    """What a report begins with: last year's proposals, to be kept, changed or left out."""
    last: Parts | None = attempts.last_year
    return {"proposals": last.plain()["proposals"]} if last else {}
