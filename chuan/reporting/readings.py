"""Every reading of a plan's targets, judged; none is preferred (architecture rule 6)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from chuan.lib.dates import Window
from chuan.programme.models import Plan, Target
from chuan.programme.queries import Settled, remaining, settled_readings
from chuan.reporting.indicators.engine import Ask
from chuan.reporting.indicators.scope import Scope
from chuan.reporting.rules import NOT_DUE, Part, Verdict, judge

AskKey = tuple[Window, str, str]

#: Part of the members of which nobody knows to which part they belong.
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reading:
    """One reading of one printed target, judged."""

    label: str
    basis: str
    words: str
    horizon: date
    operator: str
    target: int
    #: None where the reading counts what no register holds ("cái, bộ").
    value: int | None
    unit: str
    #: How many of each part a composition rule asks for; empty without such a rule.
    composition: dict[str, int]
    verdict: str
    source: str
    spans: tuple[tuple[int, int], ...]
    #: A reply that settled how the plan is read leaves this reading; without a reply every one is left.
    kept: bool = True
    #: The reply's document; empty where no reply speaks of the target.
    settled_by: str = ""
    #: Its day was still to come when it was judged.
    ahead: bool = False
    #: Its value some years before, where the pace of an open target is told; no part of what is frozen.
    past: int | None = None

    def plain(self) -> dict[str, Any]:
        """As it is frozen and printed in JSON."""
        return {
            "label": self.label,
            "basis": self.basis,
            "words": self.words,
            "horizon": self.horizon.isoformat(),
            "operator": self.operator,
            "target": self.target,
            "value": self.value,
            "unit": self.unit,
            "composition": self.composition or None,
            "verdict": self.verdict,
            "source": self.source,
            "source_spans": [list(span) for span in self.spans],
            "kept": self.kept,
            "settled_by": self.settled_by,
            "ahead": self.ahead,
        }

    def kept_plain(self) -> dict[str, Any]:
        """As the worker keeps it for pages."""
        return {**self.plain(), "past": self.past}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """The reading that `plain` wrote down."""
        told = {name: said for name, said in plain.items() if name != "source_spans"}
        spans = tuple((start, end) for start, end in plain["source_spans"])
        horizon, parts = date.fromisoformat(plain["horizon"]), plain["composition"] or {}
        return cls(**{**told, "horizon": horizon, "composition": parts, "spans": spans})


def source_of(target: Target) -> str:
    """Where a target stands, with its words."""
    return f"{target.place}: “{target.words}”"


def left(readings: Iterable[Any]) -> list[Any]:
    """Of readings, live ones or as they were frozen, those that the recorded replies leave, in their order.

    Where replies that contradict one another leave none of a target, nothing is settled: all of that target's.
    """
    found = list(readings)
    targets = {_target(r) for r in found if _said(r, "kept")}
    return [r for r in found if _said(r, "kept") or _target(r) not in targets]


def verdict_in_words(reading: Any) -> str:
    """The verdict of a reading, a live one or as it was frozen, in words."""
    verdict, value = Verdict(_said(reading, "verdict")), _said(reading, "value")
    ahead = reading.get("ahead", False) if isinstance(reading, Mapping) else reading.ahead
    return str(NOT_DUE if verdict == Verdict.UNDETERMINED and ahead and value is not None else verdict.label)


def _target(reading: Any) -> tuple[str, str]:
    return str(_said(reading, "source")), str(_said(reading, "horizon"))


def _said(reading: Any, name: str) -> Any:
    return reading[name] if isinstance(reading, Mapping) else getattr(reading, name)


@dataclass(frozen=True)
class Wanted:
    """A reading and the values that judging it takes."""

    target: Target
    said: dict[str, Any]
    ask: Ask | None
    parts: dict[str, Ask] = field(default_factory=dict)
    settled: Sequence[Settled] = ()
    #: The same count some years before.
    past: Ask | None = None

    @property
    def asks(self) -> list[Ask]:
        """Everything that must be counted for it."""
        return [*(one for one in (self.ask, self.past) if one), *self.parts.values()]

    def judged(self, values: dict[AskKey, int], at: date, *, recorded: bool) -> Reading:
        """The reading with its value and verdict; where nothing was ever recorded, nothing is known to be lacking."""
        target = self.target
        value = values[self.ask.key] if self.ask else None
        counted = {name: values[ask.key] for name, ask in self.parts.items()}
        unknown = counted.get(UNKNOWN, 0)
        rules = [Part(rule["least"], counted[rule["ownership"]], unknown) for rule in target.composition if counted]
        verdict = judge(value, target.value, target.operator, horizon=target.horizon, at=at, parts=rules)
        if verdict == Verdict.NOT_MET and not recorded:
            verdict = Verdict.UNDETERMINED
        replies = [one for one in self.settled if target.code in one.leaves]
        labels = [said["label"] for said in target.readings]
        return Reading(
            label=self.said["label"],
            basis=self.said["basis"],
            words=self.said["words"],
            horizon=target.horizon,
            operator=target.operator,
            target=target.value,
            value=value,
            unit=self.said.get("unit", target.unit),
            composition=counted,
            verdict=verdict.value,
            source=source_of(target),
            spans=tuple((start, end) for start, end in target.spans),
            kept=self.said["label"] in remaining(replies, target.code, labels),
            settled_by="; ".join(one.document for one in replies),
            ahead=at < target.horizon,
            past=values[self.past.key] if self.past else None,
        )


def wanted(plan: Plan, indicator: str, scope: Scope, back: date | None = None) -> Iterator[Wanted]:
    """The readings of a figure's targets, in order of horizon, and what each asks to be counted.

    `back`: a day on which those that are still open are counted too, if they had begun.
    """
    targets = [target for target in plan.targets.all() if target.indicator == indicator]
    settled = settled_readings(plan, scope.at, scope.known) if targets else []
    for target in targets:
        for said, window in target.windows():
            if said.get("unit", target.unit) != target.unit:
                yield Wanted(target, said, None, settled=settled)
                continue
            over, variant = scope.over(window), said.get("counts") or said.get("labs") or ""
            names = [rule["ownership"] for rule in target.composition]
            parts = {name: Ask(over, variant, name) for name in [*names, UNKNOWN]} if names else {}
            tells = back and window.start <= back and scope.at < target.horizon
            past = Ask(scope.over(Window(window.start, back)), variant) if tells and back else None
            yield Wanted(target, said, Ask(over, variant), parts, settled, past)
