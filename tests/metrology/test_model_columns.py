"""Many evaluations at once: shapes that are refused, rows that fail, blocks, single numbers among columns, threads."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from chuan.metrology.model import Model
from chuan.metrology.model.vector import BLOCK, compile_columns
from chuan.metrology.words import Refused

MODEL = Model.from_equations(
    [("a", "x*y - x^3/z + exp(-y)"), ("b", "a*a + hypot(x, z)*abs(y) - 2^x"), ("c", "y"), ("d", "pi/2")],
    ["x", "y", "z"],
)


def columns(rows: int, seed: int = 1) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    return list(np.random.default_rng(seed).uniform(0.5, 2.0, (3, rows)))


@pytest.mark.parametrize("shapes", [[(3,), (4,), (3,)], [(3, 2), (3, 2), (3, 2)], [(3,), (3, 1), (3,)]])
def test_columns_of_several_lengths_or_dimensions_are_refused(shapes: list[tuple[int, ...]]) -> None:
    with pytest.raises(ValueError, match="one dimension and one length"):
        MODEL.vector([np.ones(shape) for shape in shapes])


def test_a_missing_column_is_refused() -> None:
    with pytest.raises(Refused, match="needs 3 values, found 2"):
        MODEL.vector_value_and_gradient(columns(5)[:2])


def test_a_row_that_fails_is_not_finite_and_spoils_no_other() -> None:
    model = Model.from_equations([("r", "ln(x) + sqrt(y) + 1/z")], ["x", "y", "z"])
    (found,) = model.vector(
        [
            np.array([1.0, -1.0, 1.0, 1.0, 0.0]),
            np.array([4.0, 4.0, -4.0, 4.0, 4.0]),
            np.array([1.0, 1.0, 1.0, 0.0, 1.0]),
        ]
    )
    assert found[0] == 3.0
    assert not np.isfinite(found[1:]).any()


@pytest.mark.parametrize("rows", [1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 3])
def test_blocks_join_without_a_seam(rows: int) -> None:
    given = columns(rows)
    values, gradients = MODEL.vector_value_and_gradient(given)
    assert [column.shape for column in values] == [(rows,)] * 4
    for row in {0, rows // 2, min(BLOCK, rows - 1), rows - 1}:
        wanted, slopes = MODEL.value_and_gradient([float(column[row]) for column in given])
        assert [column[row] for column in values] == pytest.approx(wanted, rel=1e-14)
        for found, slope in zip(gradients, slopes, strict=True):
            assert [column[row] for column in found] == pytest.approx(slope, rel=1e-14)


def test_no_rows_give_no_rows() -> None:
    values, gradients = MODEL.vector_value_and_gradient(columns(0))
    assert {column.shape for row in (values, *gradients) for column in row} == {(0,)}


@pytest.mark.parametrize("single", [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)])
def test_single_numbers_may_stand_among_columns(single: tuple[int, ...]) -> None:
    given = columns(7)
    mixed = [float(column[0]) if slot in single else column for slot, column in enumerate(given)]
    full = [np.full(7, column[0]) if slot in single else column for slot, column in enumerate(given)]
    values, gradients = MODEL.vector_value_and_gradient(mixed)
    wanted, slopes = MODEL.vector_value_and_gradient(full)
    for found, expected in zip((values, *gradients), (wanted, *slopes), strict=True):
        for one, other in zip(found, expected, strict=True):
            assert np.broadcast_to(one, 7) == pytest.approx(other, rel=1e-15)


def test_inputs_are_left_alone_and_cannot_be_changed_through_the_answer() -> None:
    given = columns(10)
    before = [column.copy() for column in given]
    values = MODEL.vector(given)
    assert all(np.array_equal(one, other) for one, other in zip(given, before, strict=True))
    assert np.array_equal(values[2], given[1])
    with pytest.raises(ValueError, match="read-only"):
        values[2][0] = 0.0


def test_columns_may_be_views_lists_and_whole_numbers() -> None:
    table = np.arange(1.0, 13.0).reshape(4, 3)
    expected = MODEL.vector([table[:, slot].copy() for slot in range(3)])
    ways: list[Any] = [[table[:, slot] for slot in range(3)], table.T.tolist(), list(table.T.astype(int))]
    for given in ways:
        found = MODEL.vector(given)
        assert all(np.array_equal(one, other) for one, other in zip(found, expected, strict=True))


def test_two_threads_give_what_one_gives() -> None:
    jobs = [columns(3 * BLOCK, seed) for seed in range(8)]
    alone = [MODEL.vector(job) for job in jobs]
    fresh = Model.from_equations(
        [(one, MODEL.write("plain", one).split(" = ")[1]) for one in MODEL.outputs], MODEL.inputs
    )
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(fresh.vector, jobs))
    for one, other in zip(alone, together, strict=True):
        assert all(np.array_equal(first, second) for first, second in zip(one, other, strict=True))


def test_a_long_sum_needs_two_buffers_however_long_it_is() -> None:
    model = Model.from_equations([("r", "+".join(f"x*{number}^0.3" for number in range(2, 60)))], ["x"])
    graph, results = model._lowered
    assert compile_columns(graph, results, frozenset({0})).spares <= 2
