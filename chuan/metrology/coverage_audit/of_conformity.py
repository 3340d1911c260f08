"""The way from a true value to a verdict: what a conformity file accepts and rejects (JCGM 106 9.2, 9.5).

Values are counted from an origin near the limits, so that a large one loses no digit.
"""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chuan.metrology import files
from chuan.metrology.conformity import Tolerance
from chuan.metrology.conformity.limits import exact
from chuan.metrology.coverage_audit import shares
from chuan.metrology.coverage_audit.data_path import believed_step

Column = NDArray[np.float64]


class _Case:
    """A conformity document with its result, counted from `origin`."""

    def __init__(self, document: Mapping[str, Any], result: Mapping[str, Any]) -> None:
        self.document, self.result = document, result
        self.u = float(document["standard_uncertainty"])
        value = document.get("value")
        self.step = 0.0 if value is None else believed_step([value], self.u)
        near = exact(next(document[key] for key in ("lower", "upper") if key in document))
        grid = exact(self.step) if self.step else Fraction(1)
        self.origin = near // grid * grid
        self.tolerance = self.ends("lower", "upper", document)
        self.acceptance = self.ends("acceptance_lower", "acceptance_upper", result)

    def ends(self, low: str, high: str, of: Mapping[str, Any]) -> tuple[float, float]:
        """Two limits from the origin; infinite where there is none."""
        return (
            -math.inf if of.get(low) is None else self.counted(of[low]),
            math.inf if of.get(high) is None else self.counted(of[high]),
        )

    def counted(self, value: float) -> float:
        """A value from the origin."""
        return float(exact(value) - self.origin)

    def accepted(self, truth: Column | float, noise: Column, step: float) -> NDArray[np.bool_]:
        """What is measured, shown in steps, held against the acceptance limits, ends included."""
        measured = truth + self.u * noise
        if step:
            measured = np.rint(measured / step) * step
        low, high = self.acceptance
        slack = 1e-9 * (step or self.u)
        accepted: NDArray[np.bool_] = (measured >= low - slack) & (measured <= high + slack)
        return accepted

    def conforms(self, truth: Column) -> NDArray[np.bool_]:
        """Whether true values lie in the tolerance."""
        low, high = self.tolerance
        inside: NDArray[np.bool_] = (truth >= low) & (truth <= high)
        return inside

    def production(self, generator: np.random.Generator, count: int) -> Column | None:
        """True values of items by the prior; None without one."""
        prior = self.document.get("prior")
        if prior is None:
            return None
        if prior["distribution"] == "normal":
            drawn: Column = generator.normal(self.counted(prior["mean"]), prior["sd"], count)
        else:
            drawn = generator.gamma(prior["shape"], prior["scale"], count) - float(self.origin)
        return drawn


def audit(document: Mapping[str, Any], repetitions: int, seed: int) -> dict[str, Any]:
    """Acceptance at the limits, conformance of the value, with a prior the global risks; achieved beside claimed."""
    case = _Case(document, files.compute(document, files.Options()))
    generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed)))
    noise = generator.standard_normal(repetitions)
    items = case.production(generator, repetitions)
    rows = _shares(case, noise, items, case.step)
    rows = shares.with_causes(rows, _shares(case, noise, items, 0.0) if case.step else rows)
    steps = {"value": case.step} if case.step else {}
    return shares.result("conformity", repetitions, seed, steps, rows)


def _shares(case: _Case, noise: Column, items: Column | None, step: float) -> list[dict[str, Any]]:
    count, rows = len(noise), []
    result = case.result
    acceptance = Tolerance(result["acceptance_lower"], result["acceptance_upper"])
    for key in ("lower", "upper"):
        if key in case.document:
            limit = case.document[key]
            accepted = case.accepted(case.counted(limit), noise, step)
            claimed = acceptance.conformance(limit, case.u)
            rows.append(shares.share(f"acceptance_at_{key}", limit, claimed, float(np.mean(accepted)), count))
    value = case.document.get("value")
    if value is not None:
        conforming = float(np.mean(case.conforms(case.counted(value) + case.u * noise)))
        rows.append(
            shares.share("conformance_probability", value, result["conformance_probability"], conforming, count)
        )
    return rows if items is None else rows + _risks(case, noise, items, step)


def _risks(case: _Case, noise: Column, items: Column, step: float) -> list[dict[str, Any]]:
    count = len(noise)
    accepted, conforms = case.accepted(items, noise, step), case.conforms(items)
    passed, false = int(accepted.sum()), int((accepted & ~conforms).sum())
    found = (
        ("global_consumer_risk", false / count, count),
        ("global_producer_risk", float(np.mean(~accepted & conforms)), count),
        ("conditional_consumer_risk", false / passed if passed else None, passed),
    )
    return [shares.share(key, None, case.result[key], achieved, of) for key, achieved, of in found]
