"""Whether a plan's declarations hold against its text, and against one another; what a loader may rely on."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from chuan.organisations.rules import UnitKind
from chuan.programme.errors import PlanFileWrong, Problem
from chuan.programme.plan_file import TEXT, ItemDraft, Place, PlanDraft, TargetDraft, parse
from chuan.programme.rules import (
    BASES,
    MAPPED,
    OPERATORS,
    OWNERSHIPS,
    ROWS,
    TIMINGS,
    Duty,
    ItemKind,
    SlipKind,
)
from chuan.programme.spans import Span, agrees

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,39}")
_EXCERPT = 60
_DUTY_CELL = {Duty.LEAD: "lead", Duty.COORDINATE: "coordinators"}


def read_plan(folder: Path) -> PlanDraft:
    """A plan's folder, checked; PlanFileWrong names each file, line and span that does not hold."""
    draft = parse(folder)
    problems = problems_of(draft)
    if problems:
        raise PlanFileWrong(problems)
    return draft


def problems_of(draft: PlanDraft) -> list[Problem]:
    """Everything that does not hold, in order of the files."""
    checks = _Checks(draft)
    checks.head()
    checks.class_kinds()
    for item in draft.items:
        checks.item(item)
    checks.coverage()
    checks.slips()
    for target in draft.targets:
        checks.target(target)
    checks.contradictions()
    return checks.problems


@dataclass
class _Checks:
    draft: PlanDraft
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.items = {item.code: item for item in self.draft.items}
        self.targets = {target.code: target for target in self.draft.targets}
        self.classes = {one.code for one in self.draft.classes}
        self.before: set[str] = set()

    def say(self, place: Place, what: str) -> None:
        """One more problem."""
        self.problems.append(Problem(str(place), what))

    # -- spans

    def spans(self, place: Place, spans: Sequence[Span], name: str) -> None:
        """Each span lies in the text, on letters' boundaries, and reads as quoted; together they are in order."""
        for span in spans:
            self._span(place, span, name)
        for one, other in pairwise(spans):
            if other.start < one.end:
                self.say(place, f"{name}: khoảng {_shown(other)} không đứng sau khoảng {_shown(one)}")

    def _span(self, place: Place, span: Span, name: str) -> None:
        text = self.draft.text
        if not 0 <= span.start < span.end <= len(text):
            self.say(place, f"{name}: khoảng {_shown(span)} không nằm trong {TEXT} (dài {len(text)} byte)")
            return
        line = text[: span.start].count(b"\n") + 1
        try:
            found = text[span.start : span.end].decode()
        except UnicodeDecodeError:
            self.say(place, f"{name}: khoảng {_shown(span)} ({TEXT} dòng {line}) cắt giữa một chữ cái")
            return
        if not agrees(found, span.words):
            excerpt = found if len(found) <= _EXCERPT else f"{found[:_EXCERPT]}…"
            self.say(
                place, f"{name}: khoảng {_shown(span)} ({TEXT} dòng {line}) là “{excerpt}”, không phải “{span.words}”"
            )

    def inside(self, place: Place, spans: Sequence[Span], item: str, name: str, cell: str = "") -> None:
        """The spans hold, and lie in the item's cells (in one cell, where it is named)."""
        holder = self.items.get(item)
        if holder is None:
            self.say(place, f"{name}: không có mục {item}")
            return
        cells = [s for c, held in holder.cells.items() if not cell or c == cell for s in held]
        self.spans(place, spans, name)
        for span in spans:
            if not any(held.holds(span) for held in cells):
                self.say(place, f"{name}: khoảng {_shown(span)} nằm ngoài mục {item}")

    # -- the head and the items

    def class_kinds(self) -> None:
        """The kinds whose every unit a class is said to name are there."""
        for named in self.draft.classes:
            for kind in sorted(set(named.kinds) - set(UnitKind.values)):
                self.say(named.place, f"kinds: không có loại đơn vị {kind}")

    def head(self) -> None:
        """The hash of the text, the days, codes that are used once."""
        head, draft = self.draft.head, self.draft
        place = Place("plan.toml", 1, "phần đầu")
        if hashlib.sha256(draft.text).hexdigest() != head["text_sha256"]:
            self.say(place, f"mã băm của {TEXT} khác với text_sha256")
        if head["ends"] <= head["signed"]:
            self.say(place, "ends phải sau signed")
        for name in ("year_closes", "report_due"):
            if set(head[name]) != {"month", "day"}:
                self.say(place, f"{name} phải có month và day")
        if not draft.items:
            self.say(place, "không có mục nào")
        for entries in (draft.classes, draft.items, draft.slips, draft.targets, draft.contradictions):
            counted = Counter(entry.code for entry in entries)
            for entry in entries:
                if counted[entry.code] > 1:
                    self.say(entry.place, "mã này được dùng hai lần")
                if not _CODE.fullmatch(entry.code):
                    self.say(entry.place, "mã chỉ gồm chữ không dấu, số, dấu chấm và gạch nối")

    def item(self, item: ItemDraft) -> None:
        """One item: kind, parent before it, cells, and what its kind needs."""
        if item.kind not in ItemKind.values:
            self.say(item.place, f"không có loại {item.kind}; chọn: {', '.join(ItemKind.values)}")
        if item.under and item.under not in self.before:
            self.say(item.place, f"mục cha {item.under} không có, hoặc đứng sau")
        self.before.add(item.code)
        for cell, spans in item.cells.items():
            if not spans:
                self.say(item.place, f"ô {cell} trống; bỏ ô này nếu văn bản không nêu")
            self.spans(item.place, spans, f"ô {cell}")
        columns = set(item.cells) - {"number", "text"}
        if columns and item.kind not in ROWS:
            self.say(item.place, f"loại {item.kind} không có ô {', '.join(sorted(columns))}")
        self._timing(item)
        self._parties(item)
        self._mapping(item)

    def _timing(self, item: ItemDraft) -> None:
        for rule in item.when:
            keys = TIMINGS.get(rule.get("rule", ""))
            if keys is None or set(rule) - {"rule"} != keys:
                self.say(item.place, f"when: quy tắc {dict(rule)} không hiểu được; chọn: {', '.join(TIMINGS)}")
        if item.kind == ItemKind.TASK and bool(item.when) != ("timing" in item.cells):
            self.say(item.place, "ô timing và when phải cùng có hoặc cùng không")

    def _parties(self, item: ItemDraft) -> None:
        if item.kind != ItemKind.TASK:
            if item.parties:
                self.say(item.place, "chỉ nhiệm vụ có parties")
            return
        for duty, cell in _DUTY_CELL.items():
            if any(p.duty == duty for p in item.parties) != (cell in item.cells):
                self.say(item.place, f"ô {cell} và parties “{duty}” phải cùng có hoặc cùng không")
        for party in item.parties:
            if party.duty not in _DUTY_CELL:
                self.say(item.place, f"parties: duty “{party.duty}” không hiểu được")
                continue
            if bool(party.unit) == bool(party.party_class):
                self.say(item.place, "parties: mỗi bên là một unit hoặc một class")
            if party.party_class and party.party_class not in self.classes:
                self.say(item.place, f"parties: class {party.party_class} chưa được khai trong [[class]]")
            if not party.spans:
                self.say(item.place, "parties: thiếu at")
            self.inside(item.place, party.spans, item.code, "parties", _DUTY_CELL[Duty(party.duty)])

    def _mapping(self, item: ItemDraft) -> None:
        if item.kind not in MAPPED:
            if item.rows is not None or item.body_only:
                self.say(item.place, f"loại {item.kind} không có rows, body_only")
            return
        if item.rows is None:
            self.say(item.place, "thiếu rows: dòng phụ lục tương ứng, [] nếu chỉ nêu ở phần thân")
        for row in item.rows or ():
            if row not in self.items or self.items[row].kind != ItemKind.TASK:
                self.say(item.place, f"rows: {row} không phải là một dòng nhiệm vụ")
        self.inside(item.place, item.body_only, item.code, "body_only", "text")

    def coverage(self) -> None:
        """Every letter of the text lies in exactly one item, or in a range declared outside."""
        text, place = self.draft.text, Place("plan.toml", 1, "outside")
        self.spans(place, self.draft.outside, "outside")
        held = [(s, f"mục {i.code}", i.place) for i in self.draft.items for c in i.cells.values() for s in c]
        held += [(s, "outside", place) for s in self.draft.outside]
        held.sort(key=lambda one: (one[0].start, one[0].end))
        at = 0
        for span, name, where in held:
            if span.start < at:
                self.say(where, f"khoảng {_shown(span)} của {name} trùng với mục khác")
            self._gap(text[at : span.start], at)
            at = max(at, span.end)
        self._gap(text[at:], at)

    def _gap(self, left: bytes, at: int) -> None:
        words = left.decode("utf-8", "replace").strip()
        if words:
            line = self.draft.text[: at + len(left) - len(left.lstrip())].count(b"\n") + 1
            excerpt = words if len(words) <= _EXCERPT else f"{words[:_EXCERPT]}…"
            self.say(Place(TEXT, line, f"sau byte {at}"), f"“{excerpt}” không thuộc mục nào")

    # -- slips, targets, contradictions

    def slips(self) -> None:
        """Each slip stands in the cells of the item that it is listed under; no two share a byte."""
        all_spans = []
        for slip in self.draft.slips:
            if slip.kind not in SlipKind.values:
                self.say(slip.place, f"không có loại {slip.kind}; chọn: {', '.join(SlipKind.values)}")
            self.inside(slip.place, slip.spans, slip.item, "spans")
            all_spans += [(span, slip.place) for span in slip.spans]
        all_spans.sort(key=lambda one: one[0].start)
        for (one, _place), (other, place) in pairwise(all_spans):
            if one.meets(other):
                self.say(place, f"khoảng {_shown(other)} trùng với lỗi khác")

    def target(self, target: TargetDraft) -> None:
        """The phrase stands in the item and names the number; readings have labels of their own."""
        self.inside(target.place, target.spans, target.item, "at")
        words = b" ".join(self.draft.text[s.start : s.end] for s in target.spans).decode("utf-8", "replace")
        shown = ", ".join(map(_shown, target.spans))
        if str(target.value) not in {str(int(number)) for number in re.findall(r"\d+", words)}:
            self.say(target.place, f"số {target.value} không có trong đoạn trích {shown}")
        if target.operator not in OPERATORS:
            self.say(target.place, f"operator {target.operator} không hiểu được; chọn: {', '.join(sorted(OPERATORS))}")
        for part in target.composition:
            if part.get("ownership") not in OWNERSHIPS or not isinstance(part.get("least"), int):
                self.say(target.place, f"composition {dict(part)} không hiểu được; chọn: {', '.join(OWNERSHIPS)}")
        self._labels(target.place, target.readings, 1)
        for reading in target.readings:
            if reading.get("basis") not in BASES:
                self.say(
                    target.place, f"basis {reading.get('basis')} không hiểu được; chọn: {', '.join(sorted(BASES))}"
                )

    def _labels(self, place: Place, readings: Sequence[Mapping[str, Any]], least: int) -> None:
        labels = [reading.get("label") for reading in readings]
        if len(labels) < least:
            self.say(place, f"cần ít nhất {least} cách hiểu")
        if len(set(labels)) != len(labels):
            self.say(place, "hai cách hiểu trùng nhãn")

    def contradictions(self) -> None:
        """Each quotes places of the text and leaves readings that exist."""
        for one in self.draft.contradictions:
            if not one.sources:
                self.say(one.place, "thiếu sources")
            for source in one.sources:
                self.inside(one.place, source.spans, source.item, "sources")
            self._labels(one.place, one.readings, 2)
            for reading in one.readings:
                for code, labels in reading["leaves"].items():
                    target = self.targets.get(code)
                    known = {r.get("label") for r in target.readings} if target else set()
                    if target is None or not set(labels) <= known:
                        self.say(one.place, f"leaves: chỉ tiêu {code} không có cách hiểu {', '.join(labels) or '–'}")


def _shown(span: Span) -> str:
    return f"[{span.start}, {span.end})"
