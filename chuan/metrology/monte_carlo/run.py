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

#: The share of draws without a finite result up to which they may be left out.
_TOLERATED = 0.001
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


def refuse_many_rejected(output: int, rejected: int, trials: int) -> None:
    """Refuse when more than 0.1 % of a measurand's draws are not finite: the rest would be another distribution."""
    if rejected > _TOLERATED * trials:
        raise Refused(_REJECTED.put(rejected=rejected, trials=trials), f"measurand[{output}].equation")


class Trials:
    """The first trials of the sequence that `plan` and `seed` fix; `values` (outputs, capacity) is filled by `reach`.

    Memory is asked for once and touched only as it is filled, so a large capacity costs nothing until it is used.
    """

    def __init__(self, plan: Plan, *, seed: int, capacity: int, threads: int = 1) -> None:
        self.values: Values = np.empty((plan.outputs, capacity))
        self.count = 0
        self._plan = plan
        self._seed = seed
        self._threads = threads
        self._accounts: list[Account | None] = []

    def reach(self, trials: int) -> None:
        """Compute chunks until at least `trials` trials are there, or the capacity is.

        As many chunks at a time as there are threads: one alone would leave the others idle, and what lies beyond
        `trials` is most often asked for next.
        """
        capacity = self.values.shape[1]
        done = len(self._accounts)
        needed = -(-min(trials, capacity) // CHUNK)
        if needed <= done:
            return
        needed = min(done + -(-(needed - done) // self._threads) * self._threads, -(-capacity // CHUNK))
        self._accounts.extend([None] * (needed - done))
        pending = iter(range(done, needed))
        workers = min(self._threads, needed - done)
        if workers == 1:
            self._work(pending)
        else:
            with ThreadPoolExecutor(workers) as pool:
                # list() so that what one worker raises is raised here.
                list(pool.map(self._work, [pending] * workers))
        self.count = min(needed * CHUNK, capacity)

    def account(self, trials: int) -> Account:
        """The moments of the first `trials` of them, the same whatever was computed beyond."""
        whole, rest = divmod(trials, CHUNK)
        accounts = [a for a in self._accounts[:whole] if a is not None]
        if rest:
            last = whole * CHUNK
            accounts.append(account_of(self.values[:, last : last + rest]))
        return add_up(accounts)

    def _work(self, pending: Iterator[int]) -> None:
        """Take chunk after chunk until none is left; `pending` is shared between threads."""
        columns = np.empty((self._plan.inputs, CHUNK))
        scratch = np.empty((self._plan.outputs, CHUNK))
        with np.errstate(all="ignore"):  # what is not finite is counted, not warned of
            for index in pending:
                self._compute(index, columns, scratch)

    def _compute(self, index: int, columns: Values, scratch: Values) -> None:
        generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence(self._seed, spawn_key=(index,))))
        for source in self._plan.sources:
            source.draw(generator, columns, scratch[0])
        first = index * CHUNK
        part = self.values[:, first : first + CHUNK]
        given: list[Values | float] = list(columns)
        for column, value in self._plan.fixed:
            given[column] = value
        for row, output in zip(part, self._plan.evaluate(given), strict=True):
            row[:] = output[: len(row)] if isinstance(output, np.ndarray) and output.ndim else output
        self._accounts[index] = account_of(part, scratch)
