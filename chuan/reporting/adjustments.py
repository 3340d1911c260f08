"""What an issued figure would be today, and which records make the difference, one by one."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import accumulate

from django.db.models import Q

from chuan.audit import memory
from chuan.audit.models import AuditEntry
from chuan.ledger.models import Statement
from chuan.reporting import members, queries
from chuan.reporting.evidence import evidence_of
from chuan.reporting.evidence.base import Evidence, Record, then_or_last
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.engine import Standing
from chuan.reporting.indicators.scope import Scope
from chuan.reporting.models import FrozenFigure

_today: memory.Memory[tuple[Scope, list[int], int]] = memory.Memory(size=64)


@dataclass(frozen=True)
class Change:
    """One record that entered or left the figure, in its own words, and what was done since."""

    record: Record
    added: bool
    #: Codes of the reasons why it is not counted now.
    reasons: tuple[str, ...]
    #: Code of the record that counts instead, where the identity is counted through another one; of the course that
    #: another unit recorded, where a line gives way to that.
    counted_in: str
    entries: tuple[AuditEntry, ...]
    #: What the record added to the figure then, where it left; what it adds now, where it came.
    weight: int = 1
    #: The record was first written after the freeze.
    later: bool = False


@dataclass(frozen=True)
class Adjustment:
    """The difference between a frozen figure and the same question asked today."""

    frozen: FrozenFigure
    value: int
    changes: list[Change]
    same_definition: bool

    @property
    def difference(self) -> int:
        """Today's value less the frozen one."""
        return self.value - self.frozen.value

    def steps(self) -> list[tuple[str, int]]:
        """What changed the value, by kind: taken out by reason, put in, then what no record that came or went explains.

        Kinds are codes of reasons, `later` (written since), `counted_now` and `reweighed`. Where weights do not add
        up to a level that can be drawn, the difference stands alone as `reweighed`.
        """
        out: Counter[str] = Counter()
        into: Counter[str] = Counter()
        for change in self.changes:
            if change.added:
                into["later" if change.later else "counted_now"] += change.weight
            else:
                out[change.reasons[0] if change.reasons else "line_voided"] -= change.weight
        rest = self.difference - sum(out.values()) - sum(into.values())
        found = [*sorted(out.items()), *sorted(into.items()), *([("reweighed", rest)] if rest else [])]
        levels = accumulate((step for _kind, step in found), initial=self.frozen.value)
        return found if min(levels) >= 0 else [("reweighed", self.difference)]


def explain(frozen: FrozenFigure) -> Adjustment:
    """Compare the frozen members with today's and say of each difference what was done to the record since.

    The number of queries does not depend on the number of differences.
    """
    indicator = INDICATORS[frozen.indicator]
    scope, now, value = _today.ask(frozen.pk, lambda: queries.today_of(frozen))
    changed = sorted(set(now) ^ set(members.unpack(frozen.members)))
    changes = _changes(frozen, scope, changed, set(now)) if changed else []
    return Adjustment(frozen, value, changes, indicator.definition_sha256() == frozen.definition_sha256)


def _changes(frozen: FrozenFigure, scope: Scope, changed: list[int], now: set[int]) -> list[Change]:
    indicator, evidence = INDICATORS[frozen.indicator], evidence_of(frozen.indicator)
    standings = indicator.standings(scope, set(changed))
    through = evidence.through(indicator.instead(scope, {pk: one.reasons for pk, one in standings.items()}))
    others = {standing.counted_in for standing in standings.values() if standing.counted_in is not None}
    histories = evidence.histories({*changed, *others})
    elsewhere = evidence.elsewhere((said for pk in changed for said in histories[pk]), since=frozen.known)
    subjects = {pk: _subjects(evidence, histories[pk]) | elsewhere.get(pk, set()) for pk in changed}
    entries = _entries(frozen, set().union(*subjects.values()))
    weight = indicator.spec.weight
    found = []
    for pk in changed:
        # A record that left is shown as it was when it counted, one that came as it is.
        said = then_or_last(histories[pk], None if pk in now else frozen.known)
        standing = standings.get(pk) or Standing(("line_voided",), None)
        other = standing.counted_in
        code = "".join(through.get((pk, reason), "") for reason in standing.reasons)
        found.append(
            Change(
                record=evidence.record(said),
                added=pk in now,
                reasons=("duplicate",) if other is not None else standing.reasons,
                counted_in=evidence.record(histories[other][-1]).code if other is not None else code,
                entries=tuple(e for e in entries if (e.subject_table, e.subject_id) in subjects[pk]),
                weight=int(getattr(said, weight)) if weight else 1,
                later=histories[pk][0].recorded_at > frozen.known,
            )
        )
    return found


def _subjects(evidence: Evidence, history: Iterable[Statement]) -> set[tuple[str, str]]:
    """Whatever a deed on the record was filed under, whichever person or course it named at the time."""
    return set().union(*(evidence.subjects(said) for said in history))


def _entries(frozen: FrozenFigure, subjects: Collection[tuple[str, str]]) -> list[AuditEntry]:
    """What was done since the freeze to the records and to what they name, oldest first."""
    keys: dict[str, set[str]] = {}
    for table, key in subjects:
        keys.setdefault(table, set()).add(key)
    touched = Q()
    for table, ids in keys.items():
        touched |= Q(subject_table=table, subject_id__in=ids)
    return list(AuditEntry.objects.filter(touched, at__gt=frozen.known).order_by("seq"))
