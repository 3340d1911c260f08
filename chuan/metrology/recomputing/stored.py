"""The way through many stored results: read, sort by form, compute in columns, and by itself what that leaves."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import Any

from chuan.metrology.files.reading import quote
from chuan.metrology.proof import Mismatch, no_number, shaped
from chuan.metrology.recomputing import alone
from chuan.metrology.recomputing.budgets import Form, Unlike, differing, words_of
from chuan.metrology.recomputing.rows import Key, Layout, row_of
from chuan.metrology.words import Refused, Text

#: A proof's file, or its parsed JSON.
Stored = bytes | dict[str, Any]

#: Results that are in memory together; enough of each form for columns to pay.
_TOGETHER = 4000
#: Fewer of one form are computed one by one.
_FEW = 4
#: Forms whose model stays compiled.
_MOST_FORMS = 256

_NO_JSON = Text("không phải tệp bằng chứng: {why}", "not a proof file: {why}")


@dataclass(frozen=True)
class Outcome:
    """A stored result that did not come out again, or a file that is none; `place` is what it was given with."""

    place: str
    mismatches: tuple[Mismatch, ...] = ()
    refusal: Refused | None = None


@dataclass(frozen=True)
class Recomputed:
    """What was gone through: results with a budget, results without one, and everything that is not as it should be."""

    budgets: int
    without_budget: int
    outcomes: tuple[Outcome, ...]


def recompute(stored: Iterable[tuple[str, Stored]]) -> Recomputed:
    """The budgets of stored results, each given with its place, computed anew and compared (`recomputing`).

    Taken a part at a time, so that memory does not grow with their number. Outcomes are in the order given.
    """
    going, forms = iter(stored), _Forms()
    outcomes: list[Outcome] = []
    budgets = without = 0
    while part := list(islice(going, _TOGETHER)):
        sorted_out = _sort(part)
        found = dict(sorted_out.wrong)
        suspects = [*sorted_out.odd, *_suspects(part, sorted_out, forms)]
        for number in suspects:
            place, content = part[number]
            try:
                mismatches = alone.differences(_parsed(content))
            except Refused as refused:
                # Of parsed JSON: what JSON cannot hold.
                found[number] = Outcome(place, refusal=refused)
                continue
            if mismatches:
                found[number] = Outcome(place, mismatches)
        outcomes += [found[number] for number in sorted(found)]
        without += sorted_out.without
        budgets += len(part) - sorted_out.without - len(sorted_out.wrong)
    return Recomputed(budgets, without, tuple(outcomes))


@dataclass
class _Sorted:
    """A part's results by their form: numbers in the part with their rows of leaves; and what has no form."""

    alike: dict[Key, tuple[list[int], list[list[Any]]]] = field(default_factory=dict)
    odd: list[int] = field(default_factory=list)
    wrong: dict[int, Outcome] = field(default_factory=dict)
    without: int = 0


def _parsed(content: Stored) -> dict[str, Any]:
    """The proof in a file's bytes; what is none is refused."""
    if isinstance(content, dict):
        return shaped(content)
    try:
        return shaped(json.loads(content, parse_constant=no_number))
    except (ValueError, RecursionError) as error:
        raise Refused(_NO_JSON.put(why=quote(str(error)))) from None


def _sort(part: list[tuple[str, Stored]]) -> _Sorted:
    """Results as leaves; their tables are let go at once."""
    found = _Sorted()
    for number, (place, content) in enumerate(part):
        try:
            proof = _parsed(content)
        except Refused as refused:
            found.wrong[number] = Outcome(place, refusal=refused)
            continue
        if not alone.has_budget(proof):
            found.without += 1
            continue
        row = row_of(proof)
        if row is None:
            found.odd.append(number)
        else:
            numbers, rows = found.alike.setdefault(row[0], ([], []))
            numbers.append(number)
            rows.append(row[1])
    return found


class _Forms:
    """The forms met so far, each with its layout and its model."""

    def __init__(self) -> None:
        self._layouts: dict[Key, tuple[Layout, Callable[[list[Any]], Key]]] = {}
        self._forms: dict[tuple[Key, Key], Form | None] = {}

    def layout(self, key: Key) -> tuple[Layout, Callable[[list[Any]], Key]]:
        """Where leaves stand, and what gives a row's words."""
        if key not in self._layouts:
            if len(self._layouts) >= _MOST_FORMS:
                self._layouts.clear()
            layout = Layout.of(key)
            self._layouts[key] = layout, itemgetter(*words_of(layout))
        return self._layouts[key]

    def form(self, key: Key, words: Key, content: Stored, row: list[Any]) -> Form | None:
        """The form of results that also share their words, as read from one; None where that is refused."""
        if (key, words) not in self._forms:
            if len(self._forms) >= _MOST_FORMS:
                self._forms.clear()
            try:
                self._forms[key, words] = Form.of(self.layout(key)[0], _parsed(content), row)
            except (Refused, Unlike):
                self._forms[key, words] = None
        return self._forms[key, words]


def _suspects(part: list[tuple[str, Stored]], found: _Sorted, forms: _Forms) -> Iterator[int]:
    """The numbers of results that columns did not find right."""
    for key, (numbers, rows) in found.alike.items():
        _, words = forms.layout(key)
        groups: dict[Key, list[int]] = defaultdict(list)
        for at, row in enumerate(rows):
            try:
                groups[words(row)].append(at)
            except TypeError:
                # A list where a word should be.
                yield numbers[at]
        for said, group in groups.items():
            first = group[0]
            form = forms.form(key, said, part[numbers[first]][1], rows[first]) if len(group) >= _FEW else None
            yield from (numbers[group[i]] for i in _wrong(form, [rows[at] for at in group]))


def _wrong(form: Form | None, rows: list[list[Any]]) -> Sequence[int]:
    """Which rows of one form differ or cannot be told in columns."""
    if form is None:
        return range(len(rows))
    try:
        return [int(i) for i in differing(form, list(zip(*rows, strict=True))).nonzero()[0]]
    except Unlike:
        return range(len(rows))
