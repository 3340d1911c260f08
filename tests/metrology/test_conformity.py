"""Conformity with a tolerance: refusals, published cases, verdicts at the ends, and what must hold for any input."""

import math
from decimal import Decimal
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from chuan.metrology.checker import check as check_again
from chuan.metrology.conformity import (
    SIMPLE,
    GuardFactor,
    MaximumGlobalConsumerRisk,
    MaximumSpecificRisk,
    Prior,
    Tolerance,
    acceptance_interval,
    assess,
    capability,
    global_risks,
    nonconforming_share,
)
from chuan.metrology.distributions import Gamma, Normal
from chuan.metrology.files import KINDS, Options, compute
from chuan.metrology.words import Refused
from tests.metrology.published import check

BASE: dict[str, Any] = {"kind": "conformity", "value": 10.0, "standard_uncertainty": 0.1, "lower": 9.0, "upper": 11.0}
KEYS = {
    "conformance_probability",
    "verdict",
    "guard_band",
    "acceptance_lower",
    "acceptance_upper",
    "specific_consumer_risk",
    "global_consumer_risk",
    "global_producer_risk",
    "conditional_consumer_risk",
    "definition",
}


def run(**changes: Any) -> dict[str, Any]:
    document = {key: value for key, value in {**BASE, **changes}.items() if value is not None}
    return compute(document, Options())


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"lower": None, "upper": None}, "", "lower"),
        ({"lower": 11.0, "upper": 11.0}, "lower", "below upper"),
        ({"lower": math.nan}, "lower", "finite"),
        ({"standard_uncertainty": 0.0}, "standard_uncertainty", "above 0"),
        ({"standard_uncertainty": None}, "", "standard_uncertainty"),
        ({"value": None}, "", "value"),
        ({"value": "10,0"}, "value", "without quotes"),
        ({"rule": "strict"}, "rule", "guard_band"),
        ({"rule": "guard_band"}, "rule", "exactly one"),
        ({"rule": "guard_band", "guard_factor": 1, "maximum_specific_risk": 0.05}, "rule", "exactly one"),
        ({"guard_factor": 1.0}, "guard_factor", "only with rule"),
        ({"rule": "guard_band", "guard_factor": -1.0}, "guard_factor", "negative"),
        ({"rule": "guard_band", "guard_factor": 6.0}, "guard_factor", "leaves no acceptance"),
        ({"rule": "guard_band", "maximum_specific_risk": 0.6}, "maximum_specific_risk", "at most 0.5"),
        (
            {"rule": "guard_band", "maximum_specific_risk": 0.01, "standard_uncertainty": 0.5},
            "maximum_specific_risk",
            "midway",
        ),
        ({"rule": "guard_band", "maximum_global_consumer_risk": 0.01}, "maximum_global_consumer_risk", "prior"),
        ({"outcome": "five"}, "outcome", "proof"),
        ({"prior": {"distribution": "normal", "mean": 1.0}}, "prior", "sd"),
        ({"prior": {"distribution": "normal", "mean": 1.0, "sd": 0.0}}, "prior.sd", "above 0"),
        ({"prior": {"distribution": "gamma", "mean": 1.0, "shape": 1, "scale": 1}}, "prior", "mean"),
        ({"prior": {"distribution": "gamma", "shape": 0.0, "scale": 1}}, "prior.shape", "at least"),
        ({"rule": "guard_band", "maximum_specific_risk": 0.0}, "maximum_specific_risk", "above 0"),
        ({"rule": "guard_band", "maximum_specific_risk": 0.51}, "maximum_specific_risk", "at most 0.5"),
        ({"guard": 1}, "", "guard"),
    ],
)
def test_a_wrong_file_is_refused_at_its_key(changes: dict[str, Any], place: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        run(**changes)
    assert refused.value.place == place
    assert words in refused.value.say("en")
    assert "\n" not in refused.value.say("vi")


@pytest.mark.parametrize(
    "name",
    ["conformity_bearings", "conformity_bearings_guarded", "conformity_normal_process", "conformity_specific"],
)
def test_published_cases(name: str) -> None:
    check(name)


def test_the_share_of_bearings_that_do_not_conform_and_the_capability_index() -> None:
    assert nonconforming_share(Tolerance(upper=2.0), Gamma(4, 0.25)) == pytest.approx(0.04238011, abs=5e-9)
    assert capability(Tolerance(9, 11), 10, 0.4) == pytest.approx(0.833333, abs=5e-7)


def test_every_key_is_there_and_null_where_not_computed() -> None:
    one = run()
    assert set(one) == KEYS
    assert [key for key in KEYS if one[key] is None] == [key for key in KEYS if key.startswith(("global", "cond"))]
    production = run(value=None, prior={"distribution": "normal", "mean": 10.0, "sd": 0.4})
    assert set(production) == KEYS
    assert production["verdict"] is None
    assert production["conformance_probability"] is None
    assert production["specific_consumer_risk"] is None


def test_one_sided_guard_bands_give_their_known_risks() -> None:
    # At upper − 1.645u the probability of conformity is 95 %; at w = U (k = 2) the risk is 2.275 %.
    at_limit = run(lower=None, upper=11.0, value=11 - 0.1645, rule="guard_band", guard_factor=1.645 / 2)
    assert at_limit["verdict"] == "pass"
    assert at_limit["conformance_probability"] == pytest.approx(0.95, abs=5e-5)
    full = run(lower=None, value=10.8, rule="guard_band", guard_factor=1)
    assert full["specific_consumer_risk"] == pytest.approx(0.02275, abs=5e-6)


@pytest.mark.parametrize(
    ("value", "binary", "four", "proof"),
    [
        (9.2, "pass", "pass", "pass"),
        (10.8, "pass", "pass", "pass"),
        (10.80001, "fail", "conditionalPass", "noFail"),
        (11.0, "fail", "conditionalPass", "noFail"),
        (11.00001, "fail", "conditionalFail", "noPass"),
        (11.2, "fail", "conditionalFail", "noPass"),
        (11.20001, "fail", "fail", "fail"),
        (8.8, "fail", "conditionalFail", "noPass"),
        (8.79999, "fail", "fail", "fail"),
    ],
)
def test_verdicts_at_and_beside_every_limit(value: float, binary: str, four: str, proof: str) -> None:
    found = [
        run(value=value, rule="guard_band", guard_factor=1, outcome=o)["verdict"] for o in ("binary", "four", "proof")
    ]
    assert found == [binary, four, proof]


def test_a_value_printed_equal_to_its_acceptance_limit_passes() -> None:
    # In binary 0.3 − 0.1 is below 0.2; as decimals they are equal.
    assert 0.3 - 0.1 < 0.2
    found = run(value=0.2, lower=None, upper=0.3, standard_uncertainty=0.05, rule="guard_band", guard_factor=1)
    assert found["verdict"] == "pass"
    assert found["acceptance_upper"] == 0.2


def test_each_risk_printed_is_another_number_and_says_what_it_is() -> None:
    found = run(value=10.5, standard_uncertainty=0.3, prior={"distribution": "normal", "mean": 10.2, "sd": 0.4})
    risks = [key for key in found["definition"] if key != "conformance_probability"]
    assert len({found[key] for key in risks}) == len(risks) == 4
    assert len({found["definition"][key] for key in risks}) == 4
    assert found["conformance_probability"] + found["specific_consumer_risk"] == pytest.approx(1, abs=1e-15)


def test_small_risks_keep_their_digits() -> None:
    wanted = float(mpmath.ncdf(-20) * 2)
    assert run(standard_uncertainty=0.05)["specific_consumer_risk"] == pytest.approx(wanted, rel=1e-12)


def test_the_limits_for_a_wanted_specific_risk_count_both_tails() -> None:
    found = run(standard_uncertainty=0.4, rule="guard_band", maximum_specific_risk=0.05)
    for end in (found["acceptance_lower"], found["acceptance_upper"]):
        assert Tolerance(9, 11).nonconformance(end, 0.4) == pytest.approx(0.05, rel=1e-12)
    # One tail alone would have allowed a wider interval than is right.
    assert found["guard_band"] > 0.4 * stats.norm.ppf(0.95)


def test_no_guard_band_where_the_wanted_global_risk_is_met_already() -> None:
    found = run(
        rule="guard_band", maximum_global_consumer_risk=0.4, prior={"distribution": "normal", "mean": 10, "sd": 1}
    )
    assert found["guard_band"] == 0
    assert found["acceptance_upper"] == 11


def test_the_table_is_readable_in_both_languages() -> None:
    result = run(prior={"distribution": "normal", "mean": 10.2, "sd": 0.4})
    vietnamese, english = (KINDS["conformity"].table(result, language) for language in ("vi", "en"))
    assert "rủi ro toàn cục của người tiêu dùng" in vietnamese
    assert "0," in vietnamese
    assert "global consumer's risk" in english


def test_an_integral_that_does_not_converge_is_refused_at_the_prior(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_MOST_PANELS", -1), ("_RELATIVE", 0.0), ("_NOISE", 0.0)):
        monkeypatch.setattr(f"chuan.metrology.conformity.quadrature.{name}", value)
    with pytest.raises(Refused) as refused:
        run(prior={"distribution": "normal", "mean": 10.2, "sd": 0.4})
    assert refused.value.place == "prior"


GUARDED = {"rule": "guard_band", "maximum_global_consumer_risk": 0.0001}


@pytest.mark.parametrize("nominal", ["1000", "100000000", "-10000000"])
@pytest.mark.parametrize(("limit", "sd", "u"), [("0.005", 0.002, 0.001), ("0.00005", 0.00002, 0.00001)])
@pytest.mark.parametrize("rule", [{}, pytest.param(GUARDED, marks=pytest.mark.deep)])
def test_a_large_nominal_value_changes_no_risk(
    nominal: str, limit: str, sd: float, u: float, rule: dict[str, Any]
) -> None:
    def at(shift: str) -> dict[str, Any]:
        lower, upper, value = (float(Decimal(shift) + x) for x in (-Decimal(limit), Decimal(limit), Decimal(repr(u))))
        prior = {"distribution": "normal", "mean": float(shift), "sd": sd}
        document = {"kind": "conformity", "value": value, "lower": lower, "upper": upper, "standard_uncertainty": u}
        found = compute({**document, "prior": prior, **rule}, Options())
        assert check_again({**document, "prior": prior, **rule}, found).beyond == ()
        return found

    here, there = at("0"), at(nominal)
    for key in (key for key in KEYS if "risk" in key or key in ("guard_band", "conformance_probability")):
        assert there[key] == pytest.approx(here[key], rel=1e-11), key


def test_the_risk_of_a_frequency_standard_is_that_of_its_deviation() -> None:
    wanted = oracle(Tolerance(-2.5, 2.5), Normal(0.0, 1.0), -2.5, 2.5, 0.5)
    risks = assess(Tolerance(9999999.995, 10000000.005), 0.001, prior=Normal(1e7, 0.002)).risks
    assert risks is not None
    assert risks.consumer == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("shape", [9.9, 10.1, 400.0, 1e6, 1e10])
def test_a_gamma_prior_far_from_zero_gives_what_mpmath_integrates(shape: float) -> None:
    sd = math.sqrt(shape)
    tolerance = Tolerance(None, shape + 2 * sd)
    found = global_risks(acceptance_interval(tolerance, sd / 4, SIMPLE), sd / 4, Gamma(shape, 1.0)).consumer
    with mpmath.workdps(40):
        a, limit, spread = mpmath.mpf(shape), mpmath.mpf(repr(shape + 2 * sd)), mpmath.mpf(sd)

        def joint(z: Any) -> Any:
            y = limit + spread * z
            return mpmath.exp((a - 1) * mpmath.log(y) - y - mpmath.loggamma(a)) * mpmath.ncdf(-4 * z) * spread

        wanted = float(mpmath.quad(joint, [0, 0.25, 1, 3, 12]))
    assert found == pytest.approx(wanted, rel=1e-11)


numbers = st.floats(0.01, 10)
priors = st.one_of(
    st.builds(Normal, st.floats(-1, 3), st.floats(0.05, 3)), st.builds(Gamma, st.floats(0.2, 9), st.floats(0.05, 2))
)


@settings(max_examples=15)
@given(priors, st.floats(0.02, 2), st.floats(0, 0.4), st.floats(0, 0.4))
def test_narrower_acceptance_lowers_the_consumers_risk_and_raises_the_producers(
    prior: Prior, u: float, first: float, second: float
) -> None:
    tolerance = Tolerance(0.2, 0.2 + 4 * u)
    wide, narrow = (
        global_risks(acceptance_interval(tolerance, u, GuardFactor(r)), u, prior) for r in sorted((first, second))
    )
    assert narrow.consumer <= wide.consumer + 1e-12
    assert narrow.producer >= wide.producer - 1e-12
    assert narrow.accepted <= wide.accepted + 1e-12


@settings(max_examples=15)
@given(priors, st.floats(0.02, 2), st.floats(0, 0.9))
def test_the_four_joint_outcomes_are_probabilities_that_add_up(prior: Prior, u: float, r: float) -> None:
    tolerance = Tolerance(None, 1.5)
    risks = global_risks(acceptance_interval(tolerance, u, GuardFactor(r)), u, prior)
    conforming_accepted = risks.accepted - risks.consumer
    assert conforming_accepted + risks.producer + risks.nonconforming == pytest.approx(1, abs=1e-11)
    assert -1e-15 <= risks.consumer <= min(risks.nonconforming, risks.accepted) + 1e-12


@settings(max_examples=15)
@given(st.floats(-3, 3), st.floats(0.1, 2), numbers, st.floats(-100, 100), st.floats(0.001, 1000))
def test_another_zero_and_unit_change_no_probability(
    mean: float, sd: float, u: float, shift: float, scale: float
) -> None:
    assume(u / sd < 30)
    here = assess(Tolerance(-2, 1), u, prior=Normal(mean, sd), value=0.5)
    there = assess(
        Tolerance(-2 * scale + shift, scale + shift),
        u * scale,
        prior=Normal(mean * scale + shift, sd * scale),
        value=0.5 * scale + shift,
    )
    assert here.risks is not None
    assert there.risks is not None
    assert there.risks.consumer == pytest.approx(here.risks.consumer, rel=1e-6, abs=1e-13)
    assert there.conformance_probability == pytest.approx(here.conformance_probability, rel=1e-6)


@settings(max_examples=15)
@given(st.floats(0.001, 0.5), st.floats(0.02, 0.6))
def test_a_specific_risk_wanted_is_the_one_at_the_limits(risk: float, u: float) -> None:
    tolerance = Tolerance(-1, 1)
    if tolerance.nonconformance(0, u) > risk:
        with pytest.raises(Refused):
            acceptance_interval(tolerance, u, MaximumSpecificRisk(risk))
        return
    end = acceptance_interval(tolerance, u, MaximumSpecificRisk(risk)).upper
    assert end is not None
    assert tolerance.nonconformance(end, u) == pytest.approx(risk, rel=1e-9)


@settings(max_examples=5)
@given(priors, st.floats(0.05, 0.5), st.floats(0.0005, 0.2))
def test_a_global_risk_wanted_is_met_and_not_overdone(prior: Prior, u: float, risk: float) -> None:
    tolerance = Tolerance(0.3, 2)
    unguarded = global_risks(acceptance_interval(tolerance, u, SIMPLE), u, prior)
    found = assess(tolerance, u, MaximumGlobalConsumerRisk(risk), prior=prior)
    assert found.risks is not None
    assert found.risks.consumer == pytest.approx(min(risk, unguarded.consumer), rel=1e-9)


def oracle(tolerance: Tolerance, prior: Prior, low: float, high: float, u: float) -> float:
    """P(Y ∉ T, low ≤ X ≤ high) by scipy's own quadrature."""
    law = stats.norm(prior.mean, prior.u) if isinstance(prior, Normal) else stats.gamma(prior.shape, scale=prior.scale)

    def density(y: float) -> float:
        return float(law.pdf(y) * (stats.norm.cdf((high - y) / u) - stats.norm.cdf((low - y) / u)))

    total = 0.0
    if tolerance.lower is not None:
        total += integrate.quad(density, -np.inf if isinstance(prior, Normal) else 0, tolerance.lower, epsabs=1e-13)[0]
    if tolerance.upper is not None:
        total += integrate.quad(density, tolerance.upper, np.inf, epsabs=1e-13)[0]
    return float(total)


@pytest.mark.parametrize("prior", [Normal(1.0, 0.5), Gamma(4, 0.25), Gamma(1.0, 0.7), Gamma(2.5, 0.3)])
@pytest.mark.parametrize(("u", "r"), [(0.3, 0.0), (0.1, 0.5), (0.05, 1.0)])
def test_global_risks_agree_with_scipy(prior: Prior, u: float, r: float) -> None:
    tolerance = Tolerance(0.4, 1.8)
    acceptance = acceptance_interval(tolerance, u, GuardFactor(r))
    assert acceptance.lower is not None
    assert acceptance.upper is not None
    wanted = oracle(tolerance, prior, acceptance.lower, acceptance.upper, u)
    assert global_risks(acceptance, u, prior).consumer == pytest.approx(wanted, rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("prior", [Normal(1.0, 0.5), Gamma(2.5, 0.3), Gamma(0.3, 0.9)])
@pytest.mark.parametrize("tolerance", [Tolerance(lower=0.4), Tolerance(upper=1.8)])
def test_both_risks_of_a_single_limit_agree_with_scipy(prior: Prior, tolerance: Tolerance) -> None:
    law = stats.norm(prior.mean, prior.u) if isinstance(prior, Normal) else stats.gamma(prior.shape, scale=prior.scale)
    accepted = acceptance_interval(tolerance, 0.1, GuardFactor(0.5))
    at = accepted.lower if accepted.upper is None else accepted.upper
    assert at is not None

    def share(*, conforming: bool, passed: bool) -> float:
        def density(quantile: float) -> float:
            # In the quantile a density that is infinite at 0 is none.
            y = float(law.ppf(quantile))
            above = float(stats.norm.cdf((y - at) / 0.1))
            return above if passed == (accepted.upper is None) else 1 - above

        above = tolerance.upper is None
        edge = float(law.cdf(0.4 if above else 1.8))
        ends = (edge, 1.0) if conforming == above else (0.0, edge)
        return float(integrate.quad(density, *ends, epsabs=1e-13, limit=400)[0])

    found = global_risks(accepted, 0.1, prior)
    assert found.consumer == pytest.approx(share(conforming=False, passed=True), rel=1e-7, abs=1e-11)
    assert found.producer == pytest.approx(share(conforming=True, passed=False), rel=1e-7, abs=1e-11)


def test_the_accepted_share_of_a_normal_production_has_a_closed_form() -> None:
    acceptance = acceptance_interval(Tolerance(-1, 2), 0.3, GuardFactor(0.5))
    x = stats.norm(0.4, math.hypot(0.8, 0.3))
    wanted = float(x.cdf(acceptance.upper) - x.cdf(acceptance.lower))
    assert global_risks(acceptance, 0.3, Normal(0.4, 0.8)).accepted == pytest.approx(wanted, rel=1e-12)


@pytest.mark.deep
@pytest.mark.parametrize("prior", [Normal(1.0, 0.5), Gamma(4, 0.25), Gamma(0.3, 0.9)])
def test_global_risks_agree_with_ten_million_simulated_items(prior: Prior) -> None:
    rng = np.random.default_rng(1)
    n = 10**7
    y = rng.normal(prior.mean, prior.u, n) if isinstance(prior, Normal) else rng.gamma(prior.shape, prior.scale, n)
    x = y + rng.normal(0, 0.2, n)
    acceptance = acceptance_interval(Tolerance(0.4, 1.8), 0.2, GuardFactor(0.3))
    assert acceptance.lower is not None
    assert acceptance.upper is not None
    inside, accepted = (y >= 0.4) & (y <= 1.8), (x >= acceptance.lower) & (x <= acceptance.upper)
    risks = global_risks(acceptance, 0.2, prior)
    for found, share in ((risks.consumer, ~inside & accepted), (risks.producer, inside & ~accepted)):
        assert found == pytest.approx(float(share.mean()), abs=5 * math.sqrt(found / n))


@pytest.mark.deep
def test_global_risks_agree_with_a_double_integral() -> None:
    prior, u = Normal(0.0, 4.0), 1.0
    joint = lambda x, y: stats.norm.pdf(y, 0, 4) * stats.norm.pdf(x, y, u)  # noqa: E731
    outside = integrate.dblquad(joint, 8, 40, -8, 8, epsabs=1e-12)[0] * 2
    found = global_risks(acceptance_interval(Tolerance(-8, 8), u, SIMPLE), u, prior)
    assert found.consumer == pytest.approx(outside, abs=1e-9)
