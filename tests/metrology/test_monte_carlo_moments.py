"""Moments by chunks: draws that are not finite are left out, and the parts give what the whole gives."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuan.metrology.monte_carlo.moments import account_of, add_up, merge, moments_of

ROWS = st.integers(1, 3)
SEEDS = st.integers(0, 10_000)


def drawn(rows: int, count: int, seed: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    mixing = generator.standard_normal((rows, rows))
    return mixing @ generator.standard_normal((rows, count)) + 100 * generator.standard_normal((rows, 1))


def test_draws_that_are_not_finite_are_left_out_of_their_row_and_of_what_is_joint() -> None:
    values = drawn(2, 100, 1)
    values[0, 3] = np.nan
    values[0, 0] = np.inf
    values[1, 7] = -np.inf
    account = account_of(values)
    assert [moments.count for moments in account.single] == [98, 99]
    assert account.joint.count == 97
    kept = np.isfinite(values).all(axis=0)
    assert account.joint.covariance == pytest.approx(np.cov(values[:, kept]))
    assert account.single[0].mean[0] == pytest.approx(values[0][np.isfinite(values[0])].mean())


def test_a_row_without_a_finite_draw_counts_none() -> None:
    values = np.vstack([np.full(10, np.nan), np.arange(10.0)])
    account = add_up([account_of(values), account_of(values)])
    assert [moments.count for moments in account.single] == [0, 20]
    assert account.single[1].mean[0] == 4.5
    assert account.joint.count == 0


@settings(max_examples=40)
@given(ROWS, st.lists(st.integers(1, 50), min_size=1, max_size=5), SEEDS)
def test_chunks_add_up_to_the_whole(rows: int, counts: list[int], seed: int) -> None:
    values = drawn(rows, sum(counts) + 1, seed)
    counts = [*counts[:-1], counts[-1] + 1]
    ends = np.cumsum([0, *counts])
    parts = [account_of(values[:, a:b]) for a, b in itertools.pairwise(ends)]
    whole = add_up(parts).joint
    assert whole.count == values.shape[1]
    assert whole.mean == pytest.approx(values.mean(axis=1))
    expected = np.atleast_2d(np.cov(values))
    assert whole.covariance == pytest.approx(expected, rel=1e-9, abs=1e-9 * float(np.max(np.abs(expected))))


@given(ROWS, SEEDS)
@settings(max_examples=20)
def test_the_order_of_two_parts_does_not_matter(rows: int, seed: int) -> None:
    first, second = moments_of(drawn(rows, 20, seed)), moments_of(drawn(rows, 31, seed + 1))
    one, other = merge(first, second), merge(second, first)
    assert one.mean == pytest.approx(other.mean)
    assert one.scatter == pytest.approx(other.scatter)


def test_scratch_changes_nothing() -> None:
    values = drawn(2, 50, 3)
    before = values.copy()
    with_scratch, without = account_of(values, np.empty((2, 80))), account_of(values)
    assert np.array_equal(with_scratch.joint.scatter, without.joint.scatter)
    assert np.array_equal(values, before)


def test_a_constant_does_not_scatter_and_a_large_value_hides_nothing() -> None:
    assert moments_of(np.full((1, 1000), 0.1)).scatter[0, 0] == 0
    noise = np.random.default_rng(2).standard_normal(10_000)
    found = moments_of((1e9 + 1e-4 * noise)[np.newaxis])
    assert found.standard_deviation[0] == pytest.approx(1e-4 * noise.std(ddof=1), rel=1e-3)
