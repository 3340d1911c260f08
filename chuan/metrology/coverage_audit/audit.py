"""Achieved beside claimed: coverage of each measurand, and the risks of the verdict on one (JCGM 106 9.2, 9.5)."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from chuan.metrology import KERNEL
from chuan.metrology.conformity import GuardFactor, Tolerance, acceptance_interval, global_risks
from chuan.metrology.coverage_audit.data_path import step_of, ways
from chuan.metrology.coverage_audit.laboratory import Stated, standard_error, stated
from chuan.metrology.distributions import Normal
from chuan.metrology.files.uncertainty import Document
from chuan.metrology.gum import GumResult, propagate
from chuan.metrology.words import Refused, Text

if TYPE_CHECKING:
    from chuan.metrology.coverage_audit import AuditOptions

Column = NDArray[np.float64]

#: A difference of so many standard errors is no chance.
CLEAR = 4.0
#: Rows without a finite result up to this share are counted and left out.
_TOLERATED = 0.001
_NO_U = Text(
    '"{symbol}" không có U để kiểm tra: bậc tự do không xác định; ghi coverage = "k=2"',
    '"{symbol}" claims no U that could be audited: its ν is undefined; state coverage = "k=2"',
)
_UNKNOWN = Text('không có đại lượng đo "{symbol}"; có: {known}', 'no measurand "{symbol}"; there are: {known}')
_NOT_FINITE = Text(
    "mô hình không cho số hữu hạn ở {found} trong {count} lần",
    "the model gives no finite number in {found} of {count} repetitions",
)


def audit(document: Document, source: Mapping[str, object], options: "AuditOptions") -> dict[str, Any]:
    """The whole audit of a document that was read; `source` is the same document as it was written."""
    measurement = document.measurement
    claims = propagate(measurement)
    for claim in claims:
        if claim.expanded_uncertainty is None:
            raise Refused(_NO_U.put(symbol=claim.symbol), "coverage")
    judged = _judged(measurement.model.outputs, options)
    steps = _steps(document, source)
    generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence(options.seed)))
    gone = ways(measurement, steps, generator, options.repetitions)
    found = [_finite(i, rows) for i, rows in enumerate(stated(measurement, gone))]
    verdict = None if judged is None else _verdict(claims[judged], found[judged], options, generator)
    measurands = [
        {**_coverage(claim, rows), "unit": unit, "causes": []}
        for claim, rows, unit in zip(claims, found, document.units, strict=True)
    ]
    if any(_off(one) for one in measurands):
        fine = stated(measurement, ways(measurement, {}, generator, options.repetitions))
        straight = stated(measurement, gone, straight=True)
        for one, claim, *others in zip(measurands, claims, fine, straight, strict=True):
            one["causes"] = _causes(one, *(_coverage(claim, rows) for rows in others))
    return {
        "kind": "coverage-audit",
        "kernel": KERNEL,
        "model_hash": measurement.model.hash,
        "repetitions": options.repetitions,
        "seed": options.seed,
        "steps": steps,
        "measurands": measurands,
        "verdict": verdict,
    }


def _off(one: Mapping[str, Any]) -> bool:
    """Whether coverage differs from the claim beyond chance."""
    claimed = one["claimed_coverage"]
    return claimed is not None and abs(one["achieved_coverage"] - claimed) > CLEAR * one["standard_error"]


def _causes(one: Mapping[str, Any], fine: Mapping[str, Any], straight: Mapping[str, Any]) -> list[str]:
    """What the difference goes away without: an indication endlessly fine, a model that is straight; else the shape."""
    if not _off(one):
        return []
    difference = abs(one["achieved_coverage"] - one["claimed_coverage"])
    found = [
        name
        for name, other in (("steps", fine), ("nonlinearity", straight))
        if abs(other["achieved_coverage"] - one["claimed_coverage"]) < difference / 2
    ]
    return found or ["distribution"]


def _judged(outputs: Sequence[str], options: "AuditOptions") -> int | None:
    """Which measurand the limits belong to; None without limits."""
    if options.measurand is not None and options.measurand not in outputs:
        raise Refused(_UNKNOWN.put(symbol=options.measurand, known=", ".join(outputs)), "measurand")
    if options.lower is None and options.upper is None:
        return None
    return 0 if options.measurand is None else outputs.index(options.measurand)


def _steps(document: Document, source: Mapping[str, object]) -> dict[str, float]:
    """Steps of the indications, by the symbols of what was read, from the readings as typed."""
    inputs = source.get("input", [])
    tables = inputs if isinstance(inputs, list) else []
    found = {table["symbol"]: step_of(table["observations"]) for table in tables if "observations" in table}
    for block in document.measurement.simultaneous:
        for symbol, readings in zip(block.symbols, zip(*block.observations, strict=True), strict=True):
            found[symbol] = step_of(readings)
    return found


def _finite(index: int, rows: Stated) -> Stated:
    """The repetitions with finite numbers; many without are refused."""
    good = np.isfinite(rows.truth) & np.isfinite(rows.estimate) & np.isfinite(rows.expanded_uncertainty)
    bad = len(good) - int(good.sum())
    if bad > _TOLERATED * len(good):
        raise Refused(_NOT_FINITE.put(found=bad, count=len(good)), f"measurand[{index}].equation")
    return rows if not bad else Stated(*(column[good] for column in vars(rows).values()))


def _coverage(claim: GumResult, rows: Stated) -> dict[str, Any]:
    error = rows.estimate - rows.truth
    inside = np.abs(error) <= rows.expanded_uncertainty * (1 + 1e-12)
    printed = np.abs(rows.printed - rows.truth) <= rows.printed_uncertainty * (1 + 1e-9)
    achieved = float(np.mean(inside))
    return {
        "symbol": claim.symbol,
        "claimed_coverage": claim.coverage_probability,
        "achieved_coverage": achieved,
        "standard_error": standard_error(achieved, len(inside)),
        "achieved_coverage_as_printed": float(np.mean(printed)),
        "truth_below": float(np.mean(error > rows.expanded_uncertainty * (1 + 1e-12))),
        "truth_above": float(np.mean(error < -rows.expanded_uncertainty * (1 + 1e-12))),
        "claimed_expanded_uncertainty": claim.expanded_uncertainty,
        "median_expanded_uncertainty": float(np.median(rows.expanded_uncertainty)),
        "root_mean_square_error": float(np.sqrt(np.mean(error * error))),
        "repetitions_used": len(error),
    }


def _verdict(claim: GumResult, rows: Stated, options: "AuditOptions", generator: np.random.Generator) -> dict[str, Any]:
    """Risks of accepting, w = r·2u with the u of each repetition; claimed ones by JCGM 106 with the file's u."""
    tolerance = Tolerance(options.lower, options.upper)
    factor = options.applied_guard_factor
    acceptance = acceptance_interval(tolerance, claim.standard_uncertainty, GuardFactor(factor))
    error = rows.estimate - rows.truth
    guard = factor * 2 * rows.standard_uncertainty
    limit = tolerance.upper if tolerance.upper is not None else tolerance.lower
    at_limit = float(limit if limit is not None else math.nan)
    accepted = float(np.mean(_accepted(at_limit + error, guard, tolerance)))
    claimed = Tolerance(acceptance.lower, acceptance.upper).conformance(at_limit, claim.standard_uncertainty)
    return {
        "symbol": claim.symbol,
        "lower": tolerance.lower,
        "upper": tolerance.upper,
        "guard_factor": factor,
        "acceptance_lower": acceptance.lower,
        "acceptance_upper": acceptance.upper,
        "item_at": at_limit,
        "claimed_acceptance_at_limit": claimed,
        "achieved_acceptance_at_limit": accepted,
        "standard_error": standard_error(accepted, len(error)),
        "production": _production(claim, error, guard, tolerance, options, generator),
        "definition": {
            "acceptance_at_limit": "P(accepted | Y = limit)",
            "false_accept": "P(Y ∉ T, accepted)",
            "false_accept_of_accepted": "P(Y ∉ T | accepted)",
            "false_reject": "P(Y ∈ T, rejected)",
        },
    }


def _accepted(measured: Column, guard: Column, tolerance: Tolerance) -> NDArray[np.bool_]:
    inside = np.ones(measured.shape, dtype=bool)
    if tolerance.lower is not None:
        inside &= measured >= tolerance.lower + guard
    if tolerance.upper is not None:
        inside &= measured <= tolerance.upper - guard
    return inside


def _production(
    claim: GumResult,
    error: Column,
    guard: Column,
    tolerance: Tolerance,
    options: "AuditOptions",
    generator: np.random.Generator,
) -> dict[str, Any] | None:
    """Global risks over items N(prior_mean, prior_sd²); None without them."""
    if options.prior_mean is None or options.prior_sd is None:
        return None
    prior = Normal(options.prior_mean, options.prior_sd)
    u = claim.standard_uncertainty
    risks = global_risks(acceptance_interval(tolerance, u, GuardFactor(options.applied_guard_factor)), u, prior)
    y = prior.mean + prior.u * generator.standard_normal(len(error))
    accepted = _accepted(y + error, guard, tolerance)
    conforms = _accepted(y, np.zeros(len(error)), tolerance)
    false_accept = float(np.mean(accepted & ~conforms))
    share = float(np.mean(accepted))
    return {
        "prior": {"mean": prior.mean, "sd": prior.u},
        "claimed_false_accept": risks.consumer,
        "achieved_false_accept": false_accept,
        "false_accept_standard_error": standard_error(false_accept, len(error)),
        "claimed_false_accept_of_accepted": risks.conditional_consumer,
        "achieved_false_accept_of_accepted": false_accept / share if share else None,
        "claimed_false_reject": risks.producer,
        "achieved_false_reject": float(np.mean(~accepted & conforms)),
    }
