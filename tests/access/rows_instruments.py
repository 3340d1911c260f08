"""Kinds and their intervals: law and the province's list, read by whoever reads registers, kept by the specialist."""

from datetime import date

from chuan.instruments.register import INTERVALS, KINDS
from tests.access.matrix import Grid, Outcome, Planted
from tests.access.registers import SPECIALIST, Rules, planted, rows
from tests.cast import Cast
from tests.instruments.builders import interval, kind


def seed(cast: Cast, unit: str) -> Planted:
    """A kind with an interval; nobody's secret."""
    made = kind(cast, f"Loại thử {unit}")
    every = interval(cast, made, 12, date(2020, 1, 1))
    keys = {**planted(cast, KINDS, made, cast.specialist), **planted(cast, INTERVALS, every, cast.specialist)}
    return Planted(unit, {**keys, "kind_key": made.pk})


def _new(_tenant: Planted) -> dict[str, str]:
    controls = dict.fromkeys(("type_approval", "initial", "periodic", "after_repair"), "unknown")
    return {"name": "Loại mới", "kind_list": "own", "object_type": "standard", **controls}


ROWS = (
    *rows(KINDS, Rules(SPECIALIST, public=True, new=_new, new_grid=Grid(Outcome.DONE, anywhere=SPECIALIST))),
    *rows(INTERVALS, Rules(SPECIALIST, public=True)),
)
