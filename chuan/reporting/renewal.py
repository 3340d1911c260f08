"""Keeping the states of figures up to date: what is most wanted, a few seconds a job, behind all other work."""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from chuan.audit.outbox import enqueue_once
from chuan.lib import clock
from chuan.lib.dates import day_of
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan
from chuan.programme.queries import plan_on
from chuan.reporting import members, queries
from chuan.reporting.evidence import evidence_of
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import FigureState, StateRows
from chuan.reporting.queries import Figure, Listing
from chuan.reporting.states import SINCE_PLAN, Question, forget, last_move, moved, whole

#: How many times what it took a state rests before it is computed again; the n-th question rests n times as long, so
#: that even where something is written all the time the worker has half of its time for papers.
REST = 10


def standing(plan: Plan, today: date) -> list[Question]:
    """The questions that pages ask where a register is large, the most asked first; none where all are small."""
    if not any(_is_large(code) for code, indicator in INDICATORS.items() if not indicator.spec.small):
        return []
    years = [SINCE_PLAN, *reversed(queries.year_windows(plan, today))]
    return [Question(code, frame, year) for frame in Frame for year in years for code in INDICATORS]


def _is_large(indicator: str) -> bool:
    """More rows were ever written than are counted live: their numbers ascend, and none is ever deleted."""
    return bool(evidence_of(indicator).model._default_manager.filter(pk__gt=settings.LIVE_ROWS).exists())


def most_wanted(now: datetime) -> tuple[Plan, Question] | None:
    """The first standing question without a state, or behind the ledger or the day for longer than it rests."""
    today = day_of(now)
    plan = plan_on(today)
    questions = standing(plan, today) if plan else []
    if not plan or not questions:
        return None
    position, states = last_move(), {_question(s): s for s in FigureState.objects.filter(plan=plan)}
    for rank, question in enumerate(questions, 1):
        state = states.get((*question.keys.values(),))
        if state is None:
            return plan, question
        behind = state.at != today or state.position < position
        if behind and now - state.known >= timedelta(seconds=state.seconds * REST * rank):
            return plan, question
    return None


def _question(state: FigureState) -> tuple[Any, ...]:
    return state.indicator, state.definition_sha256, state.frame, state.year


def keep_up() -> None:
    """Have the worker refresh what is most wanted, behind all other jobs; the supervisor asks every few seconds."""
    if most_wanted(clock.now()):
        enqueue_once("chuan.reporting.jobs.refresh_figures")


def refresh_next() -> FigureState | None:
    """Compute what is most wanted; a second worker at the same question only does the work twice."""
    found = most_wanted(clock.now())
    return refresh(*found) if found else None


def refresh(plan: Plan, question: Question) -> FigureState | None:
    """Compute a question now and keep the answer; None where that instant's answer changed while it was counted.

    The position is read first: whatever is written afterwards makes the state stale, counted already or not.
    """
    began, position, known = time.perf_counter(), last_move(), clock.now()
    figure, lists = whole(plan, question, at=day_of(known), known=known)
    facts = _facts(figure)
    if moved().filter(seq__gt=position, at__lte=known).exists():
        return None
    facts |= {"position": position, "seconds": round(time.perf_counter() - began, 3)}
    try:
        return _kept(FigureState(plan=plan, **question.keys, **facts), lists)
    except IntegrityError:  # another worker answered the same question meanwhile
        return None


def _kept(state: FigureState, lists: Mapping[Listing, Sequence[int]]) -> FigureState:
    """The state in the place of the one before: a new row, so that no page reads its lists for the old one's."""
    earlier = FigureState.objects.filter(plan=state.plan, indicator=state.indicator)
    others = Q(definition_sha256=state.definition_sha256) & ~Q(frame=state.frame, year=state.year)
    with transaction.atomic():
        earlier.exclude(others).delete()
        state.save(force_insert=True)
        StateRows.objects.bulk_create(_blocks(state, lists))
    forget()
    return state


def _facts(figure: Figure) -> dict[str, Any]:
    scope = figure.scope
    return {
        "first": scope.window.start,
        "last": scope.window.end,
        "at": scope.at,
        "known": scope.known,
        "value": figure.value,
        "flag": figure.flag,
        "readings": [reading.kept_plain() for reading in figure.readings],
        "in_windows": [[w.start.isoformat(), w.end.isoformat(), n] for w, n in figure.in_windows.items()],
        "groups": _pairs(figure.groups),
        "keepers": _pairs(figure.keepers),
        "companions": _pairs(figure.companions),
        "candidates": figure.candidates,
        "qualifying": figure.counted + figure.duplicates,
        "excluded": _pairs(figure.excluded),
        "members_sha256": figure.members_sha256,
    }


def _pairs(counts: Mapping[Any, int]) -> list[list[Any]]:
    """In their order, which PostgreSQL does not keep of an object's keys."""
    return [list(pair) for pair in counts.items()]


def _blocks(state: FigureState, lists: Mapping[Listing, Sequence[int]]) -> Iterable[StateRows]:
    size = StateRows.SIZE
    for listing, ids in lists.items():
        for number, start in enumerate(range(0, len(ids), size)):
            packed = members.pack_in_order(ids[start : start + size], level=6)
            yield StateRows(state=state, listing=listing, number=number, ids=packed)
