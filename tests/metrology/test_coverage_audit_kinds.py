"""Audits of conformity and line files: options without use are refused; right procedures achieve what they claim."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chuan.metrology import files
from chuan.metrology.command import main
from chuan.metrology.coverage_audit import AuditOptions, run, table
from chuan.metrology.coverage_audit.of_line import fit_columns
from chuan.metrology.coverage_audit.shares import CLEAR, differs
from chuan.metrology.files.reading import parse
from chuan.metrology.lines import fit
from chuan.metrology.words import Refused

EXAMPLES = Path(__file__).parents[2] / "examples"
SPRINGS: dict[str, Any] = {
    "kind": "conformity",
    "standard_uncertainty": 0.1,
    "lower": 9,
    "upper": 11,
    "prior": {"distribution": "normal", "mean": 10.2, "sd": 0.5},
}
X = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
Y = [3.3, 5.6, 7.1, 9.3, 10.7, 12.1]


def shares_of(document: dict[str, Any], **options: Any) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in run(document, AuditOptions(**options))["shares"]}


# What is refused


@pytest.mark.parametrize(
    "options", [{"upper": 1.0}, {"measurand": "y"}, {"upper": 1.0, "prior_mean": 1, "prior_sd": 1}]
)
def test_options_that_the_kind_has_no_use_for_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(Refused, match='goes only with kind = "uncertainty"'):
        run(SPRINGS, AuditOptions(**options))


def test_points_exactly_on_a_line_claim_nothing_to_audit() -> None:
    with pytest.raises(Refused, match="lie on the line exactly"):
        run({"kind": "line", "x": [1.0, 2.0, 3.0], "y": [1.0, 2.0, 3.0]})


def test_a_wrong_file_is_refused_as_it_is_when_computed() -> None:
    with pytest.raises(Refused, match='unknown key "uper"'):
        run({**SPRINGS, "uper": 11})
    with pytest.raises(Refused, match="must have 6 values"):
        run({"kind": "line", "x": X, "y": Y[:-1]})


# Conformity


@pytest.mark.parametrize("rule", [{}, {"rule": "guard_band", "guard_factor": 1.0}])
def test_measured_finely_every_share_is_what_is_claimed(rule: dict[str, Any]) -> None:
    found = shares_of({**SPRINGS, **rule})
    assert set(found) == {
        "acceptance_at_lower",
        "acceptance_at_upper",
        "global_consumer_risk",
        "global_producer_risk",
        "conditional_consumer_risk",
    }
    assert not any(map(differs, found.values()))
    assert all(one["standard_error"] < 0.002 for one in found.values())


def test_an_item_at_the_limit_is_accepted_every_second_time_and_with_a_guard_band_of_u_one_in_44() -> None:
    simple = shares_of(SPRINGS)["acceptance_at_upper"]
    guarded = shares_of({**SPRINGS, "rule": "guard_band", "guard_factor": 1.0})["acceptance_at_upper"]
    assert simple["achieved"] == pytest.approx(0.5, abs=CLEAR * simple["standard_error"])
    assert guarded["achieved"] == pytest.approx(0.02275, abs=CLEAR * guarded["standard_error"])


def test_a_display_in_coarse_steps_is_named_as_what_moves_the_risks() -> None:
    """Steps as wide as u: at the limit itself a reading half a step beyond is still shown as the limit."""
    found = shares_of({**SPRINGS, "value": 10.3})
    at_limit = found["acceptance_at_upper"]
    # Accepted up to 11.05 as shown.
    exactly = 0.5 * math.erfc(-0.5 / math.sqrt(2))
    assert at_limit["achieved"] == pytest.approx(exactly, abs=CLEAR * at_limit["standard_error"])
    assert at_limit["cause"] == "steps"
    assert found["conformance_probability"]["cause"] is None


def test_a_wrong_claim_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = files.compute
    wrong = lambda *asked: right(*asked) | {"global_consumer_risk": 0.02}  # noqa: E731
    monkeypatch.setattr(files, "compute", wrong)
    found = shares_of(SPRINGS)
    assert differs(found["global_consumer_risk"])
    assert found["global_consumer_risk"]["cause"] is None


def test_a_frequency_standard_is_audited_as_its_deviation() -> None:
    prior = {"distribution": "normal", "mean": 10000000, "sd": 0.002}
    document = {"kind": "conformity", "value": 10000000.0, "standard_uncertainty": 0.001, "prior": prior}
    found = shares_of({**document, "lower": 9999999.995, "upper": 10000000.005})
    assert not any(map(differs, found.values()))
    assert found["global_producer_risk"]["achieved"] == pytest.approx(0.01658, abs=0.002)


def test_the_published_bearings_have_their_published_risks() -> None:
    """JCGM 106 9.5.4, without the single bearing, whose value is known in steps of 0.1 only."""
    document = parse((EXAMPLES / "conformity.toml").read_bytes())
    found = shares_of({key: item for key, item in document.items() if key != "value"})
    assert found["global_consumer_risk"]["achieved"] == pytest.approx(0.001, abs=0.0004)
    assert not any(map(differs, found.values()))


# Lines


@pytest.mark.parametrize(
    "known",
    [{}, {"u_y": 0.5}, {"u_y": [0.5, 0.3, 0.5, 0.3, 0.5, 0.9]}, {"u_y": 0.3, "u_x": 0.05}],
    ids=["ols", "wls", "weights", "gdr"],
)
def test_the_intervals_of_each_fit_cover_what_they_say(known: dict[str, Any]) -> None:
    document = {"kind": "line", "x": X, "y": Y, "predict": [0.0, 3.5, 10.0], "invert": [{"y": 8.0, "u": 0.0}], **known}
    found = run(document, AuditOptions(repetitions=40_000))["shares"]
    assert [one["name"] for one in found] == ["intercept", "slope", *["predictions"] * 3, "inversions"]
    for one in found:
        assert one["achieved"] == pytest.approx(0.95, abs=0.01)


def test_columns_are_fitted_as_single_lines_are() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.normal(0, 1, (6, 5)) + np.array(X)[:, None], rng.normal(0, 0.5, (6, 5)) + np.array(Y)[:, None]
    u_x, u_y = rng.uniform(0.05, 0.3, 6), rng.uniform(0.1, 0.6, 6)
    found, chi_square = fit_columns(x, y, u_x, u_y)
    for i in range(5):
        one = fit(x[:, i].tolist(), y[:, i].tolist(), u_y.tolist(), u_x.tolist())
        assert found.slope[i] == pytest.approx(one.slope, rel=1e-6)
        assert found.value_at(0.0)[i] == pytest.approx(one.intercept, rel=1e-6)
        assert math.sqrt(found.variance_at(0.0)[i]) == pytest.approx(one.standard_uncertainties[0], rel=1e-6)
        assert chi_square[i] == pytest.approx(one.chi_square, rel=1e-6)


def test_steps_wider_than_the_scatter_are_named() -> None:
    """A line read in steps of 0.1 whose u is all but that of the steps: its points are nearly the same every time."""
    document = {"kind": "line", "x": X, "y": Y, "u_y": 0.03}
    found = run(document, AuditOptions(repetitions=5_000))["shares"]
    assert any(one["cause"] == "steps" for one in found)


# The command


@pytest.mark.parametrize("name", ["conformity", "line"])
def test_the_examples_are_audited_in_both_languages(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(EXAMPLES / f"{name}.toml")
    assert main(["metrology", "audit", path, "--repetitions", "5000", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["audited"]) == ("coverage-audit", name)
    assert "công bố %" in table(found, "vi")
    assert "achieved %" in table(found, "en")
    assert max(map(len, table(found, "vi").splitlines())) <= 120
