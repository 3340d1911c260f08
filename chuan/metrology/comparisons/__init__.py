"""Interlaboratory comparisons: robust statistics, scores, test items (ISO 13528) and reference values (Cox)."""

from chuan.metrology.comparisons.hampel import hampel_mean, q_standard_deviation
from chuan.metrology.comparisons.items import Homogeneity, Stability, homogeneity, stability
from chuan.metrology.comparisons.reference_values import (
    WeightedMean,
    largest_consistent_subset,
    weighted_mean,
)
from chuan.metrology.comparisons.robust import (
    Consensus,
    ConsensusMethod,
    StoppingRule,
    algorithm_a,
    consensus,
    made,
    median,
    niqr,
    quantile,
)
from chuan.metrology.comparisons.scores import Participant, Reference, Scores, Verdict, horwitz, score

__all__ = [
    "Consensus",
    "ConsensusMethod",
    "Homogeneity",
    "Participant",
    "Reference",
    "Scores",
    "Stability",
    "StoppingRule",
    "Verdict",
    "WeightedMean",
    "algorithm_a",
    "consensus",
    "hampel_mean",
    "homogeneity",
    "horwitz",
    "largest_consistent_subset",
    "made",
    "median",
    "niqr",
    "q_standard_deviation",
    "quantile",
    "score",
    "stability",
    "weighted_mean",
]
