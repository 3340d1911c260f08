"""What each way to read the plan makes of its targets today: values that a context above judges.

The plan knows of no figure. Whoever does registers a judge, as `told` has a teller. What a reading of one contradiction
comes to can hang on others that no reply has settled: then each outcome is told.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _

from chuan.audit.actor import Actor
from chuan.lib.dates import format_date
from chuan.lib.numbers import format_count
from chuan.programme.models import Contradiction, Plan, Target
from chuan.programme.queries import Settled, remaining


@dataclass(frozen=True)
class Outcome:
    """One reading of a target as it is judged: what was counted, of how many, and the verdict in words."""

    #: None where no register holds what the reading counts.
    value: int | None
    target: int
    verdict: str


@dataclass(frozen=True)
class Effect:
    """What a target comes to under a reading: more than one outcome where other places are open."""

    target: Target
    outcomes: Sequence[Outcome]


Outcomes = Mapping[tuple[str, str], Outcome]
#: (plan, indicators, reader) → (target's code, label of its reading) → as judged today; None for who may not read it.
Judge = Callable[[Plan, Collection[str], Actor], Outcomes | None]
_judges: list[Judge] = []


def register(judge: Judge) -> None:
    """Have a context above judge; there is one."""
    if _judges and _judges[0] is not judge:
        raise RuntimeError("two contexts judge the readings of targets")
    _judges[:] = [judge]


def effects_of(contradiction: Contradiction, reader: Actor, settled: Iterable[Settled]) -> dict[str, str]:
    """What each reading makes of the targets that it leaves, in words by its label; empty for who may not read it.

    `settled`: what replies leave of the plan; the contradiction's own reply hides none of its readings.
    """
    plan = contradiction.plan
    concerned = {code for reading in contradiction.readings for code in reading["leaves"]}
    targets = [target for target in plan.targets.all() if target.code in concerned]
    indicators = {target.indicator for target in targets}
    judged = _judges[0](plan, indicators, reader) if _judges and targets else None
    if judged is None:
        return {}
    others = [one for one in settled if one.contradiction != contradiction.code]
    return {
        reading["label"]: in_words(_effects(targets, reading["leaves"], others, judged), several=len(indicators) > 1)
        for reading in contradiction.readings
    }


def _effects(
    targets: Sequence[Target], leaves: Mapping[str, Sequence[str]], others: Sequence[Settled], judged: Outcomes
) -> list[Effect]:
    found = []
    for target in targets:
        left = list(leaves.get(target.code, [said["label"] for said in target.readings]))
        if not left:
            continue
        # Replies that contradict one another settle nothing.
        labels = remaining(others, target.code, left) or left
        found.append(Effect(target, list(dict.fromkeys(judged[target.code, label] for label in labels))))
    return found


def in_words(effects: Sequence[Effect], *, several: bool) -> str:
    """Targets by indicator and horizon; each indicator is named where there are `several`."""
    found = []
    by_indicator = sorted(effects, key=lambda effect: (effect.target.indicator, effect.target.horizon))
    for indicator, group in groupby(by_indicator, key=lambda effect: effect.target.indicator):
        told = ", ".join(_until(day, list(some)) for day, some in groupby(group, key=lambda e: e.target.horizon))
        found.append(f"{indicator} {told}" if several else told)
    return "; ".join(found)


def _until(day: date, effects: Sequence[Effect]) -> str:
    """What targets of one horizon come to; a verdict that they share is said once."""
    year_ends = (day.month, day.day) == (12, 31)
    name = _("mốc %(day)s") % {"day": day.year if year_ends else format_date(day)}
    told = dict.fromkeys(_outcomes(effect.outcomes) for effect in effects)
    shared = groupby(told, key=lambda one: one[1])
    return f"{name}: {', '.join(', '.join(values for values, _verdict in some) + last for last, some in shared)}"


def _outcomes(outcomes: Sequence[Outcome]) -> tuple[str, str]:
    """In words without the last verdict, and that; what nobody can count is told where nothing else is."""
    values: dict[str, list[str]] = {}
    for one in outcomes:
        if one.value is not None:
            values.setdefault(one.verdict, []).append(f"{format_count(one.value)}/{format_count(one.target)}")
    if not values:
        return _("chưa đếm được"), ""
    either = _(" hoặc ")
    told = [(either.join(some), f" ({verdict[:1].lower()}{verdict[1:]})") for verdict, some in values.items()]
    *before, (counts, last) = told
    return either.join([*("".join(one) for one in before), counts]), last
