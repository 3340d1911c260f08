"""`kind = "interval"`: when to calibrate again (NCSLI RP-1 methods A3, S2, variables data; ILAC-G24 staircase)."""

from collections.abc import Callable, Mapping
from typing import Any

from chuan.metrology.files import Options
from chuan.metrology.files.reading import Table, quote
from chuan.metrology.files.showing import columns, lines, shown
from chuan.metrology.intervals import (
    drift_fit,
    interval_test,
    reliability_study,
    staircase,
    variables_interval,
)
from chuan.metrology.words import Language, Text

_COMMON = ("kind", "title", "method")
_A3 = (
    "assigned_days",
    "target_reliability",
    "confidence",
    "range_confidence",
    "max_change",
    "min_change_days",
    "min_days",
    "max_days",
    "outcomes",
    "passed",
    "total",
)
_S2 = ("days", "n", "in_tolerance", "target_reliability")
_VARIABLES = ("days", "deltas", "u0", "y0", "order", "confidence", "target_u", "lower", "upper")
_STAIRCASE = (
    "days",
    "error",
    "expanded_uncertainty",
    "maximum_permissible_error",
    "within",
    "lengthen",
    "shorten",
    "min_days",
    "max_days",
)

_OUTCOMES = Text(
    "phải chỉ gồm chữ số 1 (trong dung sai) và 0 (ngoài dung sai), đang là {found}",
    "must be of digits 1 (in tolerance) and 0 (out) alone, found {found}",
)
_EITHER = Text(
    'dùng "outcomes" hoặc "passed" và "total", không dùng cả hai', '"outcomes", or "passed" and "total", not both'
)
_WHOLE = Text("phải là số nguyên, đang là {value:g}", "must be a whole number, found {value:g}")

_RECOMMENDED = Text("chu kỳ đề nghị, ngày", "recommended interval, days")
_CALCULATED = Text("chu kỳ tính được, ngày", "calculated interval, days")
_CHANGED = Text("có đổi chu kỳ không", "is the interval changed")
_FOUND = Text("trong dung sai", "in tolerance")
_RELIABILITY = Text("độ tin cậy quan sát được", "observed reliability")
_RANGE = Text("khoảng của độ tin cậy", "interval of the reliability")
_REJECTION = Text("mức tin cậy bác bỏ độ tin cậy mục tiêu", "confidence in rejecting the target reliability")
_BEST = Text("mô hình được chọn", "chosen model")
_MODEL = Text("mô hình", "model")
_DAYS = Text("ngày", "days")
_F = Text("F", "F")
_F_CRITICAL = Text("F tới hạn", "critical F")
_REJECTED = Text("tin cậy bác bỏ", "rejection")
_ACCEPTED = Text("chấp nhận", "accepted")
_MERIT = Text("chỉ số chọn", "merit")
_PARAMETERS = Text("tham số", "parameters")
_TARGET_DAYS = Text("ngày đến khi u(t) đạt mục tiêu", "days until u(t) reaches its target")
_LIMIT_DAYS = Text("ngày đến khi có thể chạm giới hạn", "days until a limit may be reached")
_COEFFICIENTS = Text("hệ số b của d(t) = b1·t + b2·t² + …", "coefficients b of d(t) = b1·t + b2·t² + …")
_RESIDUAL = Text("độ tán quanh đường cong s", "scatter about the curve s")
_COVERAGE = Text("hệ số phủ k", "coverage factor k")
_ACTION = Text("chu kỳ được", "the interval is")
_ACTIONS = {
    "lengthened": Text("kéo dài", "lengthened"),
    "kept": Text("giữ nguyên", "kept"),
    "shortened": Text("rút ngắn", "shortened"),
}
_SHARE = Text("(|sai số| + U) so với sai số cho phép", "(|error| + U) by the maximum permissible error")


def compute(document: Mapping[str, object], options: Options) -> dict[str, Any]:
    """The contract's keys of an interval file, by its method."""
    method = Table(document, "", tuple(dict.fromkeys((*_COMMON, *_A3, *_S2, *_VARIABLES, *_STAIRCASE)))).choice(
        "method", tuple(_METHODS)
    )
    keys, computed = _METHODS[method]
    return computed(Table(document, "", (*_COMMON, *keys)))


def _a3(table: Table) -> dict[str, Any]:
    passed, total = _counted(table)
    result = interval_test(
        table.number("assigned_days", above=0),
        table.number("target_reliability", above=0, below=1),
        passed,
        total,
        confidence=table.number("confidence", 0.95, above=0, below=1),
        range_confidence=table.number("range_confidence", 0.5, above=0, below=1),
        max_change=table.number("max_change", 2, above=1),
        min_change_days=table.number("min_change_days", 5, at_least=0),
        min_days=table.number("min_days", 14, above=0),
        max_days=table.number("max_days", 1826, above=0),
    )
    return {
        "recommended_days": result.recommended_days,
        "calculated_days": result.calculated_days,
        "changed": result.changed,
        "passed": result.passed,
        "total": result.total,
        "observed_reliability": result.observed_reliability,
        "rejection_confidence": result.rejection_confidence,
        "reliability_interval": list(result.reliability_interval),
    }


def _counted(table: Table) -> tuple[int, int]:
    if "outcomes" not in table:
        return table.whole("passed"), table.whole("total", at_least=1)
    for key in ("passed", "total"):
        if key in table:
            raise table.refuse(key, _EITHER)
    outcomes = table.text("outcomes").replace(" ", "")
    if set(outcomes) - {"0", "1"}:
        raise table.refuse("outcomes", _OUTCOMES.put(found=quote(outcomes)))
    return outcomes.count("1"), len(outcomes)


def _s2(table: Table) -> dict[str, Any]:
    study = reliability_study(
        table.numbers("days", least=3),
        _wholes(table, "n"),
        _wholes(table, "in_tolerance"),
        table.number("target_reliability", above=0, below=1),
    )
    return {
        "recommended_days": study.recommended_days,
        "best": study.best,
        "models": [
            {
                "name": fit.name,
                "parameters": list(fit.parameters),
                "days": fit.days,
                "f": fit.f,
                "f_critical": fit.f_critical,
                "rejection_confidence": fit.rejection_confidence,
                "accepted": fit.accepted,
                "figure_of_merit": fit.figure_of_merit,
            }
            for fit in study.models
        ],
    }


def _wholes(table: Table, key: str) -> tuple[int, ...]:
    values = table.numbers(key)
    for i, value in enumerate(values):
        if value != int(value):
            raise table.refuse(f"{key}[{i}]", _WHOLE.put(value=value))
    return tuple(map(int, values))


def _variables(table: Table) -> dict[str, Any]:
    fit = drift_fit(table.numbers("days"), table.numbers("deltas"), table.whole("order", 2, at_least=1, at_most=4))
    result = variables_interval(
        fit,
        u0=table.number("u0", at_least=0),
        y0=table.number("y0", 0.0),
        confidence=table.number("confidence", 0.95, above=0, below=1),
        target_u=table.optional("target_u", above=0),
        lower=table.optional("lower"),
        upper=table.optional("upper"),
    )
    return {
        "recommended_days": result.recommended_days,
        "days_uncertainty_target": result.days_uncertainty_target,
        "days_limits": result.days_limits,
        "fit": {
            "coefficients": list(fit.coefficients),
            "covariance": [list(row) for row in fit.covariance],
            "residual_sd": fit.residual_sd,
        },
        "coverage_factor": result.coverage_factor,
    }


def _staircase(table: Table) -> dict[str, Any]:
    """One step longer or shorter by the last calibration (ILAC-G24:2022 method 1)."""
    error, expanded = table.number("error"), table.number("expanded_uncertainty", 0.0, at_least=0)
    permissible = table.number("maximum_permissible_error", above=0)
    step = staircase(
        table.number("days", above=0),
        error,
        permissible,
        lengthen=table.number("lengthen", at_least=1),
        shorten=table.number("shorten", above=0, below=1),
        expanded_uncertainty=expanded,
        within=table.number("within", 0.8, above=0, at_most=1),
        min_days=table.number("min_days", 14, above=0),
        max_days=table.number("max_days", 1826, above=0),
    )
    return {
        "recommended_days": step.days,
        "action": step.action,
        "share_of_permissible_error": (abs(error) + expanded) / permissible,
    }


_METHODS: Mapping[str, tuple[tuple[str, ...], Callable[[Table], dict[str, Any]]]] = {
    "A3": (_A3, _a3),
    "S2": (_S2, _s2),
    "variables": (_VARIABLES, _variables),
    "staircase": (_STAIRCASE, _staircase),
}


def table(result: Mapping[str, Any], language: Language) -> str:
    """The interval first, then what it rests on."""
    if "models" in result:
        return _show_s2(result, language)
    if "fit" in result:
        return _show_variables(result, language)
    if "action" in result:
        action = _ACTIONS[result["action"]].say(language)
        share = result["share_of_permissible_error"]
        return lines(((_RECOMMENDED, result["recommended_days"]), (_ACTION, action), (_SHARE, share)), language)
    low, high = result["reliability_interval"]
    return lines(
        (
            (_RECOMMENDED, result["recommended_days"]),
            (_CALCULATED, result["calculated_days"]),
            (_CHANGED, result["changed"]),
            (_FOUND, f"{result['passed']}/{result['total']}"),
            (_RELIABILITY, result["observed_reliability"]),
            (_RANGE, f"{shown(low, language, 4)} … {shown(high, language, 4)}"),
            (_REJECTION, result["rejection_confidence"]),
        ),
        language,
    )


def _show_s2(result: Mapping[str, Any], language: Language) -> str:
    head = lines(((_RECOMMENDED, result["recommended_days"]), (_BEST, result["best"])), language)
    rows = [
        [
            fit["name"],
            fit["days"],
            fit["f"],
            fit["f_critical"],
            fit["rejection_confidence"],
            fit["accepted"],
            fit["figure_of_merit"],
            "; ".join(shown(p, language, 4) for p in fit["parameters"]),
        ]
        for fit in result["models"]
    ]
    names = (_MODEL, _DAYS, _F, _F_CRITICAL, _REJECTED, _ACCEPTED, _MERIT, _PARAMETERS)
    return f"{head}\n\n{columns(names, rows, language, 4)}"


def _show_variables(result: Mapping[str, Any], language: Language) -> str:
    fit = result["fit"]
    return lines(
        (
            (_RECOMMENDED, result["recommended_days"]),
            (_TARGET_DAYS, result["days_uncertainty_target"]),
            (_LIMIT_DAYS, result["days_limits"]),
            (_COVERAGE, result["coverage_factor"]),
            (_COEFFICIENTS, "; ".join(shown(b, language) for b in fit["coefficients"])),
            (_RESIDUAL, fit["residual_sd"]),
        ),
        language,
    )
