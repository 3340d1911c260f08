"""The audit as a readable text."""

from collections.abc import Mapping
from typing import Any

from chuan.metrology.files.showing import columns, lines, shown
from chuan.metrology.words import Language, Text

_HEAD = Text(
    "Đi lại {count} lần từ giá trị thật đến kết quả (số gieo {seed}).",
    "The way from truth to result, gone {count} times (seed {seed}).",
)
_STEPS = Text(
    "Bước của chỉ thị, theo số lẻ của số đọc: {steps}.", "Steps of the indication, by the readings' decimals: {steps}."
)
_COVERAGE = (
    Text("đại lượng đo", "measurand"),
    Text("công bố %", "claimed %"),
    Text("đạt %", "achieved %"),
    Text("sai số chuẩn", "std. error"),
    Text("như đã in %", "as printed %"),
    Text("U công bố", "U claimed"),
    Text("U trung vị", "U median"),
)
_LESS = Text(
    "{symbol}: khoảng phủ đạt ít hơn công bố {points} điểm phần trăm.",
    "{symbol}: the interval covers less than it claims, by {points} percentage points.",
)
_MORE = Text(
    "{symbol}: khoảng phủ đạt nhiều hơn công bố {points} điểm phần trăm (U lớn hơn cần thiết).",
    "{symbol}: the interval covers more than it claims, by {points} percentage points (U is larger than needed).",
)
_AS = Text("{symbol}: khoảng phủ đạt đúng như công bố.", "{symbol}: the interval covers what it claims.")
_CAUSES = {
    "steps": Text(
        "nguyên nhân: bước của chỉ thị (độ phân giải) so với độ tản mạn của số đọc",
        "cause: the steps of the indication (its resolution) beside the scatter of the readings",
    ),
    "nonlinearity": Text(
        "nguyên nhân: mô hình không tuyến tính trong phạm vi u; khoảng của Monte Carlo đúng hơn",
        "cause: the model is not linear within u; Monte Carlo's interval is right",
    ),
    "distribution": Text(
        "nguyên nhân: kết quả không phân bố như Student t với ν_eff (thành phần không chuẩn trội, hoặc ν_eff gần đúng)",
        "cause: the result does not follow Student's t with ν_eff (a dominant part is not normal, or ν_eff is rough)",
    ),
}
_VERDICT = Text("Phán quyết về {symbol}", "Verdict on {symbol}")
_AT = Text(
    "một mẫu đúng tại giới hạn {at}: xác suất được chấp nhận", "an item at the limit {at}: probability of acceptance"
)
_RISKS = (
    Text("rủi ro", "risk"),
    Text("công bố %", "claimed %"),
    Text("đạt %", "achieved %"),
)
_ROWS = (
    ("false_accept", Text("chấp nhận sai, P(Y ∉ T, chấp nhận)", "false accept, P(Y ∉ T, accepted)")),
    (
        "false_accept_of_accepted",
        Text("trong số được chấp nhận, P(Y ∉ T | chấp nhận)", "of the accepted, P(Y ∉ T | accepted)"),
    ),
    ("false_reject", Text("loại sai, P(Y ∈ T, loại)", "false reject, P(Y ∈ T, rejected)")),
)
_INTERVAL = (
    Text("giới hạn dưới", "lower limit"),
    Text("giới hạn trên", "upper limit"),
    Text("hệ số dải bảo vệ", "guard factor"),
)


def table(result: Mapping[str, Any], language: Language) -> str:
    """What was achieved beside what is claimed, and in words where they differ beyond chance."""
    text = [_HEAD.put(count=result["repetitions"], seed=result["seed"]).say(language)]
    if result["steps"]:
        steps = ", ".join(f"{symbol} {shown(step, language)}" for symbol, step in result["steps"].items())
        text.append(_STEPS.put(steps=steps).say(language))
    text += ["", columns(_COVERAGE, [_row(one) for one in result["measurands"]], language, 4), ""]
    text += [_words(one, language) for one in result["measurands"] if one["claimed_coverage"] is not None]
    if result["verdict"] is not None:
        text += ["", _verdict(result["verdict"], language)]
    return "\n".join(text) + "\n"


def _row(one: Mapping[str, Any]) -> list[float | str | bool | None]:
    return [
        one["symbol"],
        _percent(one["claimed_coverage"]),
        _percent(one["achieved_coverage"]),
        _percent(one["standard_error"]),
        _percent(one["achieved_coverage_as_printed"]),
        one["claimed_expanded_uncertainty"],
        one["median_expanded_uncertainty"],
    ]


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _words(one: Mapping[str, Any], language: Language) -> str:
    difference = one["achieved_coverage"] - one["claimed_coverage"]
    points = shown(abs(100 * difference), language, 2)
    if not one["causes"]:
        return _AS.put(symbol=one["symbol"]).say(language)
    told = (_LESS if difference < 0 else _MORE).put(symbol=one["symbol"], points=points).say(language)
    return "\n".join([told, *(f"  {_CAUSES[cause].say(language)}" for cause in one["causes"])])


def _verdict(verdict: Mapping[str, Any], language: Language) -> str:
    limits = lines(
        list(zip(_INTERVAL, (verdict["lower"], verdict["upper"], verdict["guard_factor"]), strict=True)), language
    )
    rows: list[list[float | str | bool | None]] = [
        [
            _AT.put(at=shown(verdict["item_at"], language)).say(language),
            _percent(verdict["claimed_acceptance_at_limit"]),
            _percent(verdict["achieved_acceptance_at_limit"]),
        ]
    ]
    production = verdict["production"]
    if production is not None:
        rows += [
            [label.say(language), _percent(production[f"claimed_{key}"]), _percent(production[f"achieved_{key}"])]
            for key, label in _ROWS
        ]
    head = _VERDICT.put(symbol=verdict["symbol"]).say(language)
    return "\n".join([head, limits, "", columns(_RISKS, rows, language, 4)])
