"""The engine: an endless sequence of trials, computed in chunks as far as asked (JCGM 101 7.2–7.5).

Chunk i has a stream of its own, SFC64 seeded by the i-th child of SeedSequence(seed), and is always drawn whole, input
after input. So trial number n is the same whatever the number of threads and however many trials follow it: a run of
50,000 is the beginning of a run of 10⁶, and an adaptive run that stops at N equals a run of exactly N, bit for bit.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chuan.metrology.monte_carlo.moments import Account, account_of, add_up
from chuan.metrology.monte_carlo.results import CHUNK
from chuan.metrology.monte_carlo.sources import Source
from chuan.metrology.words import Refused, Text

Values = NDArray[np.float64]
Work = Callable[[int, Values, Values], None]

#: Values kept in memory for a run of several measurands, 80 MB; what one measurand takes at the cap of 10⁷ trials.
MOST_KEPT = 10_000_000
#: The share of draws without a finite result up to which they may be left out.
TOLERATED = 0.001
_REJECTED = Text(
    "mô hình không cho số hữu hạn ở {rejected} trong {trials} lần rút (được phép nhiều nhất 0,1 %)",
    "the model gives no finite number for {rejected} of {trials} draws (at most 0.1 % is allowed)",
)


@dataclass(frozen=True)
class Plan:
    """What is simulated: the sources fill `inputs` columns, `evaluate` turns them into `outputs` columns.

    `evaluate` takes arrays of one length (single numbers for the inputs in `fixed`) and gives arrays of that length, or
    single numbers where nothing is random. It is called from several threads at once and must not write into what it is
    given.
    """

    sources: tuple[Source, ...]
    inputs: int
    outputs: int
    evaluate: Callable[[Sequence[Values | float]], Sequence[Values | float]]
    #: Inputs without uncertainty, given to `evaluate` as single numbers; no source fills them.
    fixed: tuple[tuple[int, float], ...] = ()


class TooManyRejected(Refused):
    """More than 0.1 % of the draws of the measurand `output` are not finite."""

    def __init__(self, output: int, rejected: int, trials: int) -> None:
        self.output = output
        super().__init__(_REJECTED.put(rejected=rejected, trials=trials), f"measurand[{output}].equation")


def refuse_many_rejected(output: int, rejected: int, trials: int) -> None:
    """Refuse when more than 0.1 % of a measurand's draws are not finite: the rest would be another distribution."""
    if rejected > TOLERATED * trials:
        raise TooManyRejected(output, rejected, trials)


def drawn_inputs(plan: Plan, seed: int, index: int) -> list[Values | float]:
    """The inputs of one chunk as `evaluate` takes them, by themselves."""
    return _draw(plan, seed, index, np.empty((plan.inputs, CHUNK)), np.empty(CHUNK))


def _draw(plan: Plan, seed: int, index: int, columns: Values, scratch: Values) -> list[Values | float]:
    generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(index,))))
    for source in plan.sources:
        source.draw(generator, columns, scratch)
    given: list[Values | float] = list(columns)
    for column, value in plan.fixed:
        given[column] = value
    return given


class Trials:
    """The first trials of the sequence that `plan` and `seed` fix, up to `capacity`.

    The first trials are kept in `values` (outputs, kept); of those beyond only their moments and the latest chunks stay
    in memory, and `rows` computes them again, a few measurands at a time. So memory is bounded whatever the number of
    measurands. It is asked for once and touched only as it is filled: a large capacity costs nothing until it is used.
    """

    def __init__(self, plan: Plan, *, seed: int, capacity: int, threads: int = 1) -> None:
        # One measurand alone is always kept.
        kept = capacity if plan.outputs == 1 else max(MOST_KEPT // plan.outputs // CHUNK, 1) * CHUNK
        self.values: Values = np.empty((plan.outputs, min(kept, capacity)))
        self.capacity = capacity
        self._plan = plan
        self._seed = seed
        self._threads = threads
        self._accounts: list[Account | None] = []
        #: By index, the latest of the chunks that are not kept.
        self._passing: dict[int, Values] = {}

    def reach(self, trials: int, since: int | None = None) -> None:
        """Compute chunks until at least `trials` trials are there, or the capacity is.

        As many chunks at a time as there are threads: one alone would leave the others idle, and what lies beyond
        `trials` is most often asked for next. Of chunks that are not kept those before trial `since` are let go, by
        default all but the one with the last of `trials`.
        """
        since = trials if since is None else since
        done = len(self._accounts)
        needed = -(-min(trials, self.capacity) // CHUNK)
        last = -(-self.capacity // CHUNK)
        while done < needed:
            # Chunks that pass by are few at a time; those that are kept have their place already.
            kept = min(needed, -(-self.values.shape[1] // CHUNK))
            aim = max(kept, done + self._threads) if done < kept else done + self._threads
            until = min(done + -(-(aim - done) // self._threads) * self._threads, last)
            self._accounts.extend([None] * (until - done))
            self._spread_over(range(done, until), self._count_in)
            for index in [index for index in self._passing if (index + 1) * CHUNK <= since]:
                del self._passing[index]
            done = until

    def block(self, first: int, size: int) -> Values:
        """Trials `first` to `first + size`, (outputs, size); blocks are asked for in their order."""
        self.reach(first + size, first)
        if first + size <= self.values.shape[1]:
            return self.values[:, first : first + size]
        pieces = []
        for index in range(first // CHUNK, -(-(first + size) // CHUNK)):
            low = index * CHUNK
            pieces.append(self._part(index)[:, max(first - low, 0) : first + size - low])
        return np.concatenate(pieces, axis=1)

    def rows(self, trials: int) -> Iterator[Values]:
        """Each output's first `trials` values in turn, to be put in another order before the next is asked for."""
        if trials <= self.values.shape[1]:
            yield from (row[:trials] for row in self.values)
            return
        self._passing.clear()
        outputs = len(self.values)
        # What was kept is computed again with the rest: its memory goes first.
        self.values = np.empty((outputs, 0))
        rows = np.empty((min(max(MOST_KEPT // trials, 1), outputs), trials))
        for first in range(0, outputs, len(rows)):
            group = rows[: outputs - first]
            self._spread_over(range(-(-trials // CHUNK)), self._filling(group, first))
            yield from group

    def _filling(self, rows: Values, first: int) -> Work:
        """The work of computing a chunk of the outputs from `first` on into `rows`."""

        def fill(index: int, columns: Values, scratch: Values) -> None:
            low = index * CHUNK
            self._compute(index, columns, scratch, rows[:, low : low + CHUNK], slice(first, first + len(rows)))

        return fill

    def account(self, trials: int) -> Account:
        """The moments of the first `trials` of them, the same whatever was computed beyond."""
        whole, rest = divmod(trials, CHUNK)
        accounts = [a for a in self._accounts[:whole] if a is not None]
        if rest:
            accounts.append(account_of(self._part(whole)[:, :rest]))
        return add_up(accounts)

    def _part(self, index: int) -> Values:
        """The values of a chunk that is kept or has just passed, (outputs, ≤ CHUNK)."""
        low = index * CHUNK
        return self._passing[index] if index in self._passing else self.values[:, low : low + CHUNK]

    def _spread_over(self, indices: Sequence[int], work: Work) -> None:
        """`work` on every chunk, by the threads."""
        pending = iter(indices)
        workers = min(self._threads, len(indices))
        if workers == 1:
            self._take(pending, work)
        else:
            with ThreadPoolExecutor(workers) as pool:
                # list() so that what one worker raises is raised here.
                list(pool.map(lambda _: self._take(pending, work), range(workers)))

    def _take(self, pending: Iterator[int], work: Work) -> None:
        """Take chunk after chunk until none is left; `pending` is shared between threads."""
        columns = np.empty((self._plan.inputs, CHUNK))
        scratch = np.empty((self._plan.outputs, CHUNK))
        with np.errstate(all="ignore"):  # what is not finite is counted, not warned of
            for index in pending:
                work(index, columns, scratch)

    def _count_in(self, index: int, columns: Values, scratch: Values) -> None:
        """Compute one chunk where it is kept, or as one that passes, and its account."""
        low = index * CHUNK
        if low < self.values.shape[1]:
            part = self.values[:, low : low + CHUNK]
        else:
            part = self._passing[index] = np.empty((len(self.values), min(CHUNK, self.capacity - low)))
        self._compute(index, columns, scratch, part, slice(None))
        self._accounts[index] = account_of(part, scratch)

    def _compute(self, index: int, columns: Values, scratch: Values, part: Values, chosen: slice) -> None:
        given = _draw(self._plan, self._seed, index, columns, scratch[0])
        for row, output in zip(part, self._plan.evaluate(given)[chosen], strict=True):
            row[:] = output[: len(row)] if isinstance(output, np.ndarray) and output.ndim else output
