"""An `uncertainty` result as a technician reads it: the statement first, then the budget, Monte Carlo and notes."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from chuan.metrology.files.showing import columns, shown
from chuan.metrology.files.uncertainty.explanation import explanation
from chuan.metrology.numerals import round_to_place, write_number
from chuan.metrology.words import Language, Text

_HEAD = (
    Text("Đại lượng", "Quantity"),
    Text("Giá trị", "Value"),
    Text("u", "u"),
    Text("ν", "ν"),
    Text("Hệ số độ nhạy c", "Sensitivity c"),
    Text("c·u", "c·u"),
    Text("Phần của u²", "Share of u²"),
)
_STATEMENT = Text(
    "{symbol} = {value} ± {U}{unit}   (k = {k}, xác suất phủ {p} %)",
    "{symbol} = {value} ± {U}{unit}   (k = {k}, coverage probability {p} %)",
)
_NO_U = Text(
    "{symbol} = {value}{unit}, u = {u}{unit}   (không có k và U)",
    "{symbol} = {value}{unit}, u = {u}{unit}   (no k and no U)",
)
_U = Text(
    "Độ không đảm bảo đo chuẩn tổng hợp u = {u}{unit}; bậc tự do hiệu dụng ν = {dof}",
    "Combined standard uncertainty u = {u}{unit}; effective degrees of freedom ν = {dof}",
)
_MONTE_CARLO = Text(
    "Monte Carlo ({trials} lần, số gieo {seed}): {value}{unit}, u = {u}{unit}",
    "Monte Carlo ({trials} trials, seed {seed}): {value}{unit}, u = {u}{unit}",
)
_SYMMETRIC = Text("  khoảng đối xứng  [{low}; {high}]", "  symmetric interval  [{low}; {high}]")
_SHORTEST = Text("  khoảng ngắn nhất [{low}; {high}]", "  shortest interval   [{low}; {high}]")
#: A nonlinear model is said with each measurand, in its explanation.
_NOTES = {
    "autocorrelated": Text(
        "Các lần quan trắc liên tiếp giống nhau quá mức ngẫu nhiên: s/√n nhỏ hơn thực tế (GUM 4.2.7).",
        "Successive observations are alike beyond chance: s/√n is too small (GUM 4.2.7).",
    ),
    "no-variance": Text(
        "Có đầu vào Student t với ν ≤ 2: phân bố không có phương sai, u của Monte Carlo không tồn tại.",
        "An input is Student t with ν ≤ 2: its distribution has no variance, so Monte Carlo has no u.",
    ),
    "no-joint-distribution": Text(
        'Đầu vào tương quan không phải chuẩn: chưa biết phân bố đồng thời (joint = "gaussian-copula" nếu chấp nhận).',
        'Correlated inputs are not normal: their joint distribution is unknown (joint = "gaussian-copula" is one).',
    ),
    "not-stable": Text(
        "Monte Carlo chưa ổn định đến hai chữ số sau số lần thử nhiều nhất.",
        "Monte Carlo is not stable to two digits after the largest number of trials.",
    ),
    "rejected-draws": Text(
        "Một số lần thử không cho giá trị hữu hạn và bị bỏ.", "Some draws gave no finite value and were left out."
    ),
}
_UNITS = Text(
    "Thứ nguyên chưa được kiểm tra: có đại lượng chưa ghi đơn vị.",
    "Dimensions were not checked: some quantity has no unit.",
)
_CORRELATION = Text("Hệ số tương quan giữa các kết quả (GUM):", "Correlation of the results (GUM):")


def table(result: Mapping[str, Any], language: Language) -> str:
    """The whole result as text."""
    parts = [_measurand(measurand, language) for measurand in result["measurands"]]
    if len(result["measurands"]) > 1 and result["correlation"]["gum"]:
        parts.append(_correlation(result, language))
    remarks = [_NOTES[note].say(language) for note in result["notes"] if note in _NOTES]
    if not result["units_checked"]:
        remarks.append(_UNITS.say(language))
    parts += ["\n".join(f"• {remark}" for remark in remarks)] if remarks else []
    return "\n\n".join(parts) + "\n"


def _measurand(measurand: Mapping[str, Any], language: Language) -> str:
    unit = _unit(measurand)
    blocks: list[list[str]] = []
    if measurand["gum"]:
        blocks.append(_gum(measurand, unit, language))
    if measurand["monte_carlo"]:
        blocks.append(_drawn(measurand, unit, language))
    blocks.append(explanation(measurand, language))
    return "\n\n".join("\n".join(block) for block in blocks if block) or f"{measurand['symbol']}: –"


def _gum(measurand: Mapping[str, Any], unit: str, language: Language) -> list[str]:
    gum = measurand["gum"]
    lines = [statement(measurand, language)]
    if gum["expanded_uncertainty"] is not None:
        u = shown(gum["standard_uncertainty"], language, 4)
        lines.append(_U.put(u=u, unit=unit, dof=_dof(gum["effective_dof"], language)).say(language))
    return [*lines, "", columns(_HEAD, [_line(line, language) for line in gum["budget"]], language)]


def statement(measurand: Mapping[str, Any], language: Language) -> str:
    """The result of one measurand as it is reported: value, U, k and coverage probability."""
    gum, reported = measurand["gum"], measurand["reported"]
    symbol, unit = measurand["symbol"], _unit(measurand)
    if reported["expanded_uncertainty"] is None:
        value = _beside(gum["estimate"], gum["standard_uncertainty"], language)
        u = shown(gum["standard_uncertainty"], language, 4)
        return _NO_U.put(symbol=symbol, value=value, u=u, unit=unit).say(language)
    probability = gum["coverage_probability"]
    return _STATEMENT.put(
        symbol=symbol,
        value=reported["value"],
        U=reported["expanded_uncertainty"],
        unit=unit,
        k=reported["coverage_factor"],
        p=shown(None if probability is None else 100 * probability, language, 4),
    ).say(language)


def _unit(measurand: Mapping[str, Any]) -> str:
    return "" if measurand["unit"] in (None, "", "1") else f" {measurand['unit']}"


def _dof(dof: float | None, language: Language) -> str:
    return "∞" if dof is None else shown(dof, language, 4)


def _name(line: Mapping[str, Any]) -> str:
    return f"{line['symbol']} ({line['label']})" if line["label"] else str(line["symbol"])


def _line(line: Mapping[str, Any], language: Language) -> list[str]:
    share = line["share"]
    return [
        _name(line),
        shown(line["value"], language, 9),
        shown(line["standard_uncertainty"], language, 4),
        _dof(line["dof"], language),
        shown(line["sensitivity"], language, 5),
        shown(line["contribution"], language, 4),
        shown(None, language) if share is None else f"{shown(float(f'{100 * share:.1f}'), language, 4)} %",
    ]


def _drawn(measurand: Mapping[str, Any], unit: str, language: Language) -> list[str]:
    drawn = measurand["monte_carlo"]
    return [
        _MONTE_CARLO.put(
            trials=shown(drawn["trials"], language),
            seed=drawn["seed"],
            value=_beside(drawn["estimate"], drawn["standard_uncertainty"], language),
            u=shown(drawn["standard_uncertainty"], language, 4),
            unit=unit,
        ).say(language),
        _SYMMETRIC.put(**_ends(drawn["symmetric_interval"], language)).say(language),
        _SHORTEST.put(**_ends(drawn["shortest_interval"], language)).say(language),
    ]


def _beside(value: float | None, u: float | None, language: Language) -> str:
    """A value to the place of the third digit of the u beside it; with 9 digits where there is none."""
    if value is None or not u:
        return shown(value, language, 9)
    return write_number(round_to_place(value, math.floor(math.log10(u)) - 2), language)


def _ends(interval: Sequence[float], language: Language) -> dict[str, str]:
    """The ends of an interval to the third digit of half its width."""
    half = (interval[1] - interval[0]) / 2
    return {"low": _beside(interval[0], half, language), "high": _beside(interval[1], half, language)}


def _correlation(result: Mapping[str, Any], language: Language) -> str:
    symbols = [measurand["symbol"] for measurand in result["measurands"]]
    head = [Text("", ""), *(Text(symbol, symbol) for symbol in symbols)]
    rows = [[symbol, *row] for symbol, row in zip(symbols, result["correlation"]["gum"], strict=True)]
    return f"{_CORRELATION.say(language)}\n{columns(head, rows, language, 3)}"
