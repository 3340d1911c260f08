"""Cases that are no computation file: which function of the kernel each is put to, by the case's `function`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chuan.metrology.comparisons import horwitz
from chuan.metrology.control.assurance import pooled_deviation
from chuan.metrology.files import uncertainty
from chuan.metrology.gum import propagate
from chuan.metrology.gum.dominant import dominant
from chuan.metrology.inputs.type_a import between_days, type_a
from chuan.metrology.mass_designs import Design, solve
from chuan.metrology.sampling import correction_factor
from chuan.metrology.sampling.acceptance import acceptance_probability
from chuan.metrology.special import f_quantile, f_sf

Case = Mapping[str, Any]


def _pooled_deviation(case: Case) -> dict[str, Any]:
    found = pooled_deviation(case["inputs"]["sums_of_squares"], case["inputs"]["dofs"])
    return {"sd": found.sd, "dof": found.dof}


def _analysis_of_variance(case: Case) -> dict[str, Any]:
    groups = [type_a(readings) for readings in case["inputs"]["groups"]]
    (size,) = {group.n for group in groups}
    found = between_days([g.mean for g in groups], [g.standard_deviation for g in groups], size)
    return {
        "f": found.f,
        "p": f_sf(found.f, found.dof_days, found.dof_within),
        "critical": f_quantile(0.95, found.dof_days, found.dof_within),
        "dof_between": found.dof_days,
        "dof_within": found.dof_within,
        "pooled_sd": found.pooled_standard_deviation,
        "between_sd": found.day_standard_deviation,
    }


def _horwitz(case: Case) -> dict[str, Any]:
    return {"sigma_mg_per_kg": 1e6 * horwitz(case["inputs"]["mass_fraction"])}


def _correction_factor(case: Case) -> dict[str, Any]:
    return {"factors": [correction_factor(n) for n in case["inputs"]["sizes"]]}


def _acceptance_probability(case: Case) -> dict[str, Any]:
    given = case["inputs"]
    plan = (given["lot"], given["sample"], given["accepted"])
    return {"probabilities": [acceptance_probability(*plan, bad) for bad in given["defective"]]}


def _mass_designs(case: Case) -> dict[str, Any]:
    return {"design": [_mass_design(entry) for entry in case["design"]]}


def _mass_design(entry: Case) -> dict[str, Any]:
    """A design's solution as catalogues print it: times the divisor, one row for each observation."""
    found = solve(Design(tuple(map(tuple, entry["rows"])), tuple(entry["nominal"]), tuple(entry["restraint"])))
    rows = zip(*found.multipliers, strict=True)
    return {
        "dof": found.dof,
        "divisor": found.divisor,
        "solution": [[float(value * found.divisor) for value in row] for row in rows],
        "share": [float(value * found.divisor) for value in found.share],
        "k1": [found.repeatability_factor(vector) for vector in entry["sums"]],
        "k2": [found.between_day_factor(vector) for vector in entry["sums"][: len(entry["k2"])]],
    }


@dataclass(frozen=True)
class Function:
    """What computes a case, and the kind of file that it belongs to."""

    kind: str
    compute: Callable[[Case], dict[str, Any]]


FUNCTIONS: Mapping[str, Function] = {
    "pooled_deviation": Function("control-chart", _pooled_deviation),
    "analysis_of_variance": Function("gauge-study", _analysis_of_variance),
    "horwitz": Function("comparison", _horwitz),
    "correction_factor": Function("sampling", _correction_factor),
    "acceptance_probability": Function("sampling", _acceptance_probability),
    "mass_designs": Function("mass-design", _mass_designs),
}


def dominant_rectangles(case: Case) -> dict[str, Any] | None:
    """What EA-4/02 S9 and S10 find beside the budget: the dominating rectangles and their k."""
    found = dominant(propagate(uncertainty.read(case["document"]).measurement)[0])
    if found is None:
        return None
    return {
        "kind": found.kind,
        "edge": found.edge,
        "coverage_factor": found.coverage_factor,
        "expanded_uncertainty": found.expanded_uncertainty,
    }
