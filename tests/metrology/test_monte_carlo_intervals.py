"""Coverage intervals: too few draws are refused, two tails give what a full sort gives, ends know their error."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuan.metrology.monte_carlo.interval import tails_of
from chuan.metrology.words import Refused

DRAWS = st.lists(st.floats(-1e6, 1e6) | st.sampled_from([0.0, 1.0, -1.0]), min_size=30, max_size=400)


@pytest.mark.parametrize(("count", "probability"), [(9, 0.95), (49, 0.99), (1, 0.5)])
def test_too_few_draws_for_the_probability_are_refused(count: int, probability: float) -> None:
    with pytest.raises(Refused) as refused:
        tails_of(np.arange(float(count)), probability)
    assert refused.value.place == "trials"
    assert f"{count} trials are too few for coverage probability {probability}" in str(refused.value)


def test_the_needed_number_that_a_refusal_names_is_enough() -> None:
    for probability in (0.5, 0.9, 0.95, 0.99, 0.999):
        with pytest.raises(Refused) as refused:
            tails_of(np.zeros(1), probability)
        needed = int(str(refused.value).split("at least ")[1].split()[0])
        tails_of(np.arange(float(needed)), probability)


def test_the_guide_counts_from_one() -> None:
    """M = 100, p = 0.9: q = 90, r = 5, [y(5), y(95)] of 1 … 100 (JCGM 101 7.7.2)."""
    assert tails_of(np.arange(1.0, 101), 0.9).symmetric == (5, 95)


def test_an_only_interval_is_the_whole_range() -> None:
    """M = 10, p = 0.9: q = 9 and r = ⌊1/2⌋ = 0 is no ordered value; y(1), y(10) are the only two nine apart."""
    tails = tails_of(np.arange(1.0, 11), 0.9)
    assert tails.symmetric == tails.shortest == (1, 10)


@settings(max_examples=30)
@given(DRAWS, st.sampled_from([0.05, 0.3, 0.5, 0.68, 0.9, 0.95]))
def test_tails_give_what_a_full_sort_gives(draws: list[float], probability: float) -> None:
    count = len(draws)
    y = sorted(draws)
    q = math.floor(probability * count + 0.5)
    r = max(1, (count - q) // 2)
    best = min(range(count - q), key=lambda i: y[i + q] - y[i])
    tails = tails_of(np.array(draws), probability)
    assert tails.symmetric == (y[r - 1], y[r - 1 + q])
    assert tails.shortest == (y[best], y[best + q])


@settings(max_examples=30)
@given(DRAWS, st.floats(0.3, 0.95))
def test_the_shortest_interval_is_no_longer_and_covers_as_much(draws: list[float], probability: float) -> None:
    tails = tails_of(np.array(draws), probability)
    for low, high in (tails.symmetric, tails.shortest):
        assert sum(low <= y <= high for y in draws) >= math.floor(probability * len(draws) + 0.5) + 1
    assert tails.shortest[1] - tails.shortest[0] <= tails.symmetric[1] - tails.symmetric[0]


def test_an_exponential_has_its_shortest_interval_at_zero() -> None:
    """The density falls from 0, so [0, −ln 0.05] is the shortest 95 % interval."""
    low, high = tails_of(np.random.default_rng(3).standard_exponential(400_000), 0.95).shortest
    assert low == pytest.approx(0, abs=0.002)
    assert high == pytest.approx(-math.log(0.05), abs=0.03)


def test_the_ends_standard_errors_are_what_repetition_shows() -> None:
    """√(a(1−a)/M)/density: for N(0, 1), a = 0.025, M = 10⁴ it is 0.0267; and what 400 repetitions scatter by."""
    generator = np.random.default_rng(11)
    runs = [tails_of(generator.standard_normal(10_000), 0.95) for _ in range(400)]
    expected = math.sqrt(0.025 * 0.975 / 10_000) / (math.exp(-(1.959964**2) / 2) / math.sqrt(2 * math.pi))
    for end in (0, 1):
        told = np.mean([run.endpoint_standard_errors[end] for run in runs])
        assert told == pytest.approx(expected, rel=0.03)
        assert np.std([run.symmetric[end] for run in runs]) == pytest.approx(told, rel=0.12)


def test_a_tail_too_short_to_tell_an_error_says_so() -> None:
    assert tails_of(np.arange(20.0), 0.95).endpoint_standard_errors == (math.inf, math.inf)
