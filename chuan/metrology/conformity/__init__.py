"""Conformity with a tolerance: decision rules, guard bands, verdicts and risks (JCGM 106, ILAC-G8, ISO 14253-1)."""

from collections.abc import Mapping
from dataclasses import dataclass

from chuan.metrology.conformity.limits import (
    SIMPLE,
    Acceptance,
    GuardFactor,
    MaximumGlobalConsumerRisk,
    MaximumSpecificRisk,
    Outcome,
    Rule,
    Tolerance,
    Verdict,
    guard_band_of_factor,
    guard_band_of_specific_risk,
)
from chuan.metrology.conformity.risks import (
    GlobalRisks,
    Prior,
    capability,
    global_risks,
    guard_band_of_global_risk,
    nonconforming_share,
)
from chuan.metrology.distributions import finite, positive
from chuan.metrology.words import Refused, Text

__all__ = [
    "SIMPLE",
    "Acceptance",
    "Conformity",
    "GlobalRisks",
    "GuardFactor",
    "MaximumGlobalConsumerRisk",
    "MaximumSpecificRisk",
    "Outcome",
    "Prior",
    "Rule",
    "Tolerance",
    "Verdict",
    "acceptance_interval",
    "assess",
    "capability",
    "definitions",
    "global_risks",
    "guard_band_of_global_risk",
    "nonconforming_share",
]

_NOTHING = Text(
    'không có gì để đánh giá: cần "value" hoặc bảng [prior]', 'nothing to assess: needs "value" or a table [prior]'
)
_NO_PRIOR = Text(
    "cần bảng [prior]: rủi ro toàn cục phụ thuộc phân bố của sản phẩm",
    "needs a table [prior]: a global risk depends on the distribution of what is produced",
)

_JOINT = "Y ~ prior, X = Y + N(0, u²), T = tolerance, A = acceptance interval"


@dataclass(frozen=True)
class Conformity:
    """The assessment of one value, of a production, or of both; None where there is no value or no prior."""

    conformance_probability: float | None
    verdict: Verdict | None
    guard_band: float
    acceptance_lower: float | None
    acceptance_upper: float | None
    #: 1 − P, without its cancellation: the risk taken if an item with this value is accepted.
    specific_consumer_risk: float | None
    #: Of the production and its measurement, or None without a prior.
    risks: GlobalRisks | None
    #: The formula of each probability above, by its name.
    definition: Mapping[str, str]


def acceptance_interval(tolerance: Tolerance, u: float, rule: Rule, prior: Prior | None = None) -> Acceptance:
    """The acceptance interval that a decision rule gives (JCGM 106 clauses 8 and 9.5)."""
    positive(u, "standard_uncertainty")
    if isinstance(rule, GuardFactor):
        return Acceptance(tolerance, guard_band_of_factor(rule.factor, u))
    if isinstance(rule, MaximumSpecificRisk):
        return Acceptance(tolerance, guard_band_of_specific_risk(rule.risk, tolerance, u))
    if prior is None:
        raise Refused(_NO_PRIOR, "maximum_global_consumer_risk")
    return Acceptance(tolerance, guard_band_of_global_risk(rule.risk, tolerance, u, prior))


def assess(
    tolerance: Tolerance,
    u: float,
    rule: Rule = SIMPLE,
    *,
    outcome: Outcome = "binary",
    value: float | None = None,
    prior: Prior | None = None,
) -> Conformity:
    """Verdict and risks of a measured value with standard uncertainty u, of a production (`prior`), or of both."""
    if value is None and prior is None:
        raise Refused(_NOTHING)
    acceptance = acceptance_interval(tolerance, u, rule, prior)
    return Conformity(
        conformance_probability=None if value is None else tolerance.conformance(finite(value, "value"), u),
        verdict=None if value is None else acceptance.verdict(value, outcome),
        guard_band=float(acceptance.guard_band),
        acceptance_lower=acceptance.lower,
        acceptance_upper=acceptance.upper,
        specific_consumer_risk=None if value is None else tolerance.nonconformance(value, u),
        risks=None if prior is None else global_risks(acceptance, u, prior),
        definition=definitions(tolerance),
    )


def definitions(tolerance: Tolerance) -> dict[str, str]:
    """What each printed probability is the probability of.

    Programs that print "the risk" leave it to guess whether it is that of this item, of all items, or of the accepted
    ones, and the three differ by much for the same inputs (JCGM 106 3.3.13–3.3.16).
    """
    terms = []
    if tolerance.upper is not None:
        terms.append("Φ((upper − value)/u)")
    if tolerance.lower is not None:
        terms.append("Φ((lower − value)/u)")
    probability = " − ".join(terms if tolerance.upper is not None else ["1", *terms])
    return {
        "conformance_probability": probability,
        "specific_consumer_risk": f"1 − [{probability}]",
        "global_consumer_risk": f"P(Y ∉ T, X ∈ A); {_JOINT}",
        "global_producer_risk": f"P(Y ∈ T, X ∉ A); {_JOINT}",
        "conditional_consumer_risk": f"P(Y ∉ T | X ∈ A) = global_consumer_risk / P(X ∈ A); {_JOINT}",
    }
