"""Gauge studies: refusals, the published case, both methods against each other and against simulated truth."""

import copy
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from chuan.metrology.files import KINDS, Options, compute
from chuan.metrology.gauges import gauge_study
from chuan.metrology.words import Refused
from tests.metrology.published import check, published

DATA: list[list[list[float]]] = published("gauge_anova")["document"]["data"]
NAMES = ["repeatability", "operator", "interaction", "reproducibility", "grr", "part", "total"]


def run(**document: Any) -> dict[str, Any]:
    return compute({"kind": "gauge-study", **document}, Options())


def changed(path: tuple[int, ...], value: Any) -> Any:
    data = copy.deepcopy(DATA)
    target: Any = data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("document", "place", "words"),
    [
        ({}, "", "data"),
        ({"data": 3}, "data", "list"),
        ({"data": [1.0, 2.0]}, "data[0]", "list"),
        ({"data": [[1.0]]}, "data[0][0]", "list"),
        ({"data": DATA[:1]}, "data", "2 parts"),
        ({"data": [part[:1] for part in DATA]}, "data[0]", "2 operators"),
        ({"data": [[cell[:1] for cell in part] for part in DATA]}, "data[0][0]", "2 trials"),
        ({"data": changed((2,), DATA[2][:2])}, "data[2]", "3 items"),
        ({"data": changed((1, 2), [1.0, 2.0])}, "data[1][2]", "3 items"),
        ({"data": changed((1, 2, 0), math.inf)}, "data[1][2][0]", "finite"),
        ({"data": changed((1, 2, 0), "2.1")}, "data[1][2][0]", "number"),
        ({"data": [[[1.0, 1.0]] * 2] * 2}, "data", "equal"),
        ({"data": DATA, "method": "eye"}, "method", "range"),
        ({"data": DATA, "tolerance": 0}, "tolerance", "above 0"),
        ({"data": DATA, "pool_above": 1.5}, "pool_above", "0 to 1"),
        ({"data": DATA, "operators": 3}, "", "operators"),
    ],
)
def test_a_wrong_file_is_refused_at_its_key(document: dict[str, Any], place: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        run(**document)
    assert refused.value.place == place
    assert words in refused.value.say("en")
    assert "\n" not in refused.value.say("vi")


def test_published_study() -> None:
    check("gauge_anova")


def test_every_key_is_there() -> None:
    found = run(data=DATA)
    assert set(found) == {"components", "anova", "interaction_pooled", "percent_grr", "ndc"}
    assert list(found["components"]) == NAMES
    for item in found["components"].values():
        assert set(item) == {"variance", "sd", "percent", "percent_tolerance"}
        assert item["percent_tolerance"] is None
    assert [row["source"] for row in found["anova"]] == ["part", "operator", "interaction", "repeatability", "total"]
    ranges = run(data=DATA, method="range")
    assert set(ranges) == set(found)
    assert list(ranges["components"]) == NAMES
    assert [ranges["components"]["interaction"], ranges["anova"], ranges["interaction_pooled"]] == [None, None, None]


def test_per_cent_of_tolerance_counts_six_standard_deviations() -> None:
    found = run(data=DATA, tolerance=8.0)["components"]["grr"]
    assert found["percent_tolerance"] == pytest.approx(600 * found["sd"] / 8)


def test_an_interaction_that_matters_is_kept() -> None:
    data = [[[10.0 * ((i * j) % 2) + k * 0.1 for k in range(2)] for j in range(3)] for i in range(4)]
    found = run(data=data)
    assert found["interaction_pooled"] is False
    assert found["components"]["interaction"]["variance"] > 1
    pooled_whatever = run(data=data, pool_above=0.0)
    assert pooled_whatever["interaction_pooled"] is True


def test_perfect_repeatability_has_no_test_and_no_ratio_to_divide_by() -> None:
    found = run(data=[[[1.0, 1.0], [1.0, 1.0]], [[2.0, 2.0], [2.0, 2.0]]])
    assert found["anova"][2]["f"] is None
    assert found["percent_grr"] == 0
    assert found["ndc"] is None


def test_the_sums_of_squares_are_those_of_a_linear_model() -> None:
    """Each source as the drop of the residual sum of squares when its columns join the model, by numpy's lstsq."""
    y = np.array(DATA)
    i, j, _ = (axis.ravel() for axis in np.indices(y.shape))
    one = np.ones((y.size, 1))
    part, operator = np.eye(5)[i], np.eye(3)[j]
    cell = np.eye(15)[i * 3 + j]

    def rss(*blocks: Any) -> float:
        x = np.hstack(blocks)
        return float(((y.ravel() - x @ np.linalg.lstsq(x, y.ravel(), rcond=None)[0]) ** 2).sum())

    additive = rss(one, part, operator)
    wanted = [
        rss(one) - rss(one, part),
        rss(one) - rss(one, operator),
        additive - rss(cell),
        rss(cell),
        rss(one),
    ]
    rows = run(data=DATA)["anova"]
    assert [row["ss"] for row in rows] == pytest.approx(wanted, rel=1e-10)
    assert [row["df"] for row in rows] == [4, 2, 8, 30, 44]
    f = rows[0]["ms"] / rows[2]["ms"]
    assert rows[0]["f"] == pytest.approx(f)
    assert rows[0]["p"] == pytest.approx(float(stats.f.sf(f, 4, 8)), rel=1e-10)


def test_the_range_method_by_hand() -> None:
    """Against AIAG's tables: 1/d2* is K2 = 0.5231 for three operators, K3 = 0.4030 for five parts."""
    y = np.array(DATA)
    found = run(data=DATA, method="range")["components"]
    ev = float(np.ptp(y, axis=2).mean()) * 0.5908  # AIAG's K1 for three trials, of d2 instead of d2*(3, 15)
    assert found["repeatability"]["sd"] == pytest.approx(ev, rel=1e-2)
    spread = float(np.ptp(y.mean(axis=(0, 2)))) * 0.5231
    assert found["operator"]["sd"] == pytest.approx(math.sqrt(spread**2 - ev**2 / 15), rel=1e-3)
    assert found["part"]["sd"] == pytest.approx(float(np.ptp(y.mean(axis=(1, 2)))) * 0.4030, rel=2e-4)


readings = st.lists(
    st.lists(st.lists(st.floats(-9, 9), min_size=2, max_size=2), min_size=3, max_size=3), min_size=3, max_size=5
)


@settings(max_examples=40)
@given(readings, st.randoms(use_true_random=False), st.sampled_from(["anova", "range"]))
def test_the_order_of_parts_operators_and_trials_does_not_matter(data: Any, random: Any, method: Any) -> None:
    if np.ptp(np.ptp(data, axis=2)) < 1e-3:
        return
    here = gauge_study(data, method)
    operators = random.sample(range(3), 3)
    other = [[random.sample(list(part[j]), 2) for j in operators] for part in random.sample(list(data), len(data))]
    there = gauge_study(other, method)
    assert there.percent_grr == pytest.approx(here.percent_grr, rel=1e-6)
    assert there.interaction_pooled == here.interaction_pooled


@settings(max_examples=40)
@given(readings)
def test_sums_of_squares_and_variances_add_up(data: Any) -> None:
    if np.ptp(np.ptp(data, axis=2)) < 1e-3:
        return
    study = gauge_study(data)
    assert study.anova is not None
    y = np.array(data)
    assert study.anova[-1].ss == pytest.approx(float(((y - y.mean()) ** 2).sum()), rel=1e-9)
    parts = {name: item.variance for name, item in study.components.items() if item is not None}
    assert parts["total"] == pytest.approx(
        parts["repeatability"] + parts["operator"] + parts["interaction"] + parts["part"]
    )
    assert all(variance >= 0 for variance in parts.values())


@pytest.mark.deep
def test_variance_components_are_unbiased() -> None:
    rng = np.random.default_rng(5)
    found = []
    for _ in range(3000):
        y = rng.normal(0, 2, (6, 1, 1)) + rng.normal(0, 1, (1, 4, 1)) + rng.normal(0, 0.8, (6, 4, 1))
        study = gauge_study((y + rng.normal(0, 0.5, (6, 4, 3))).tolist(), pool_above=1)
        assert study.anova is not None
        part, operator, interaction, error = (row.ms or 0.0 for row in study.anova[:4])
        found.append((error, (operator - interaction) / 18, (interaction - error) / 3, (part - interaction) / 12))
    mean, error_of_mean = np.mean(found, axis=0), np.std(found, axis=0) / math.sqrt(3000)
    assert np.all(np.abs(mean - [0.25, 1.0, 0.64, 4.0]) < 5 * error_of_mean)


@pytest.mark.deep
def test_the_range_methods_repeatability_is_unbiased() -> None:
    rng = np.random.default_rng(6)
    found = []
    for _ in range(4000):
        item = gauge_study(rng.normal(0, 0.5, (4, 2, 3)).tolist(), "range").components["repeatability"]
        assert item is not None
        found.append(item.variance)
    assert float(np.mean(found)) == pytest.approx(0.25, abs=5 * float(np.std(found)) / math.sqrt(4000))


def test_the_table_is_readable_in_both_languages() -> None:
    for method in ("anova", "range"):
        result = run(data=DATA, method=method)
        assert "người đo" in KINDS["gauge-study"].table(result, "vi")
        assert "distinct categories" in KINDS["gauge-study"].table(result, "en")
