"""The JSON of an `uncertainty` file: every key of the contract, null where a part was not computed."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chuan.metrology import KERNEL
from chuan.metrology.files import Options
from chuan.metrology.files.uncertainty.document import Document, read
from chuan.metrology.gum import GumResult, is_nonlinear, propagate
from chuan.metrology.gum.dominant import dominant, dominant_note
from chuan.metrology.gum.multivariate import multivariate
from chuan.metrology.gum.second_order import too_large
from chuan.metrology.inputs import Measurement
from chuan.metrology.numerals import report, write_number
from chuan.metrology.words import Language, Refused

if TYPE_CHECKING:
    from chuan.metrology.monte_carlo import MonteCarloResult, Simulation

NONLINEAR = "nonlinear"
AUTOCORRELATED = "autocorrelated"
NO_SCATTER = "no-scatter"
BESIDE_REPEATABILITY = "resolution-beside-repeatability"
NO_SECOND_ORDER = "no-second-order"


def compute(document: Mapping[str, object], options: Options) -> dict[str, Any]:
    """The result of an `uncertainty` document by the contract."""
    return document_result(read(document), options)


def document_result(document: Document, options: Options) -> dict[str, Any]:
    """The result of a document that was read; Monte Carlo and its libraries are loaded only when the method asks."""
    measurement = document.measurement
    gum = propagate(measurement) if options.method != "monte-carlo" else None
    simulation = _simulation(document, options) if options.method != "gum" else None
    drawn = simulation.results if simulation is not None else None
    notes = list(simulation.notes) if simulation is not None else []
    if any(item.readings is not None and item.readings.autocorrelated for item in measurement.inputs):
        notes.append(AUTOCORRELATED)
    if gum and any(is_nonlinear(r.estimate, r.standard_uncertainty, r.second_order) for r in gum):
        notes.append(NONLINEAR)
    if gum:
        large = (symbol for i, symbol in enumerate(measurement.model.outputs) if too_large(measurement, i))
        notes += [f"{NO_SECOND_ORDER}: {symbol}" for symbol in large]
    if _without_scatter(measurement):
        notes.append(NO_SCATTER)
    notes += [f"{BESIDE_REPEATABILITY}: {symbol}" for symbol in document.beside_repeatability]
    for one in gum or ():
        shape = dominant(one)
        notes += [dominant_note(shape.kind, one.symbol)] if shape else []
    measurands = [
        {
            "symbol": symbol,
            "unit": unit,
            "gum": _gum(gum[i]) if gum else None,
            "monte_carlo": _monte_carlo(drawn[i]) if drawn else None,
            "validation": _validation(gum[i], drawn[i]) if gum and drawn else None,
            "reported": _reported(gum[i], unit, options.language) if gum else None,
        }
        for i, (symbol, unit) in enumerate(zip(measurement.model.outputs, document.units, strict=True))
    ]
    return {
        "kind": "uncertainty",
        "kernel": KERNEL,
        "model_hash": measurement.model.hash,
        "units_checked": document.units_checked,
        "notes": notes,
        "measurands": measurands,
        "correlation": {
            "gum": _matrix(multivariate(gum).correlation) if gum else None,
            "monte_carlo": _matrix(simulation.correlation) if simulation and simulation.correlation else None,
        },
    }


def _without_scatter(measurement: Measurement) -> bool:
    """Whether observations of some input are all alike, and nothing else makes it uncertain."""
    alike = (item.readings is not None and not item.standard_uncertainty for item in measurement.inputs)
    return any(alike) or any(not all(block.standard_uncertainties) for block in measurement.simultaneous)


def _simulation(document: Document, options: Options) -> "Simulation":
    """All measurands drawn at once, each interval with the probability of the GUM's, to compare them (JCGM 101 8.1)."""
    from chuan.metrology.monte_carlo import propagate_distributions  # noqa: PLC0415 - only when the method asks

    return propagate_distributions(
        document.measurement,
        trials=options.trials,
        seed=options.seed,
        threads=options.threads,
        coverage_probability=_probabilities(document.measurement),
        to_validate=options.to_validate and options.method == "both",
    )


def _probabilities(measurement: Measurement) -> list[float]:
    """Coverage probability of each measurand: the file's, or with a stated k that of Student's t at ν_eff."""
    stated = [measurement.coverage_probability] * len(measurement.model.outputs)
    if measurement.coverage_factor is None:
        return stated
    try:
        results = propagate(measurement)
    except Refused:
        # Where the GUM has no result, Monte Carlo may have one.
        return stated
    return [
        p if r.coverage_probability is None else r.coverage_probability for p, r in zip(stated, results, strict=True)
    ]


def _finite(dof: float | None) -> float | None:
    """Degrees of freedom as JSON has them: null is infinite, or not defined."""
    return None if dof is None or math.isinf(dof) else dof


def _whole(dof: float | None) -> float | None:
    """A whole number without a decimal point, as ν truncated is one."""
    return int(dof) if dof is not None and dof.is_integer() else dof


def _matrix(rows: Sequence[Sequence[float | None]]) -> list[list[float | None]]:
    return [list(row) for row in rows]


def _gum(result: GumResult) -> dict[str, Any]:
    second = result.second_order
    return {
        "estimate": result.estimate,
        "standard_uncertainty": result.standard_uncertainty,
        "effective_dof": _finite(result.effective_dof),
        "dof_used": _whole(_finite(result.dof_used)),
        "dof_method": result.dof_method,
        "coverage_probability": result.coverage_probability,
        "coverage_factor": result.coverage_factor,
        "expanded_uncertainty": result.expanded_uncertainty,
        "interval": None if result.interval is None else list(result.interval),
        "second_order": None
        if second is None
        else {"estimate": second.estimate, "standard_uncertainty": second.standard_uncertainty},
        "budget": [
            {
                "symbol": line.symbol,
                "label": line.label,
                "value": line.value,
                "standard_uncertainty": line.standard_uncertainty,
                "dof": _finite(line.dof),
                "sensitivity": line.sensitivity,
                "contribution": line.contribution,
                "share": line.share,
            }
            for line in result.budget
        ],
    }


def _monte_carlo(result: "MonteCarloResult") -> dict[str, Any]:
    return {
        "estimate": result.estimate,
        "standard_uncertainty": result.standard_uncertainty,
        "symmetric_interval": list(result.symmetric_interval),
        "shortest_interval": list(result.shortest_interval),
        "trials": result.trials,
        "seed": result.seed,
        "generator": result.generator,
        "chunk": result.chunk,
        "adaptive": result.adaptive,
        "rejected_draws": result.rejected_draws,
    }


def _validation(gum: GumResult, drawn: "MonteCarloResult") -> dict[str, Any]:
    from chuan.metrology.monte_carlo import validate  # noqa: PLC0415 - only when the method asks

    found = validate(
        gum.interval,
        gum.standard_uncertainty,
        drawn.symmetric_interval,
        drawn.standard_uncertainty,
        drawn.endpoint_standard_errors,
        stable=drawn.stable,
    )
    return {
        "numerical_tolerance": found.numerical_tolerance,
        "d_low": found.d_low,
        "d_high": found.d_high,
        "gum_validated": found.gum_validated,
    }


def _reported(result: GumResult, unit: str | None, language: Language) -> dict[str, str | None]:
    expanded, k = result.expanded_uncertainty, result.coverage_factor
    if expanded is None or k is None:
        return {"value": None, "expanded_uncertainty": None, "coverage_factor": None, "unit": unit}
    rounded = report(result.estimate, expanded, rule=result.measurement.rounding, digits=2, language=language)
    return {
        "value": rounded.value,
        "expanded_uncertainty": rounded.expanded_uncertainty,
        "coverage_factor": factor_text(k, stated=result.measurement.coverage_factor is not None, language=language),
        "unit": unit,
    }


def factor_text(k: float, *, stated: bool, language: Language) -> str:
    """k as certificates print it: two decimals where it is computed, as written where it is stated."""
    number = Decimal(repr(k)).normalize() if stated else Decimal(repr(k)).quantize(Decimal("0.01"))
    return write_number(number, language)
