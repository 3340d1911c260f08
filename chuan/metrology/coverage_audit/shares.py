"""Shares that a file claims beside those that many repetitions give, as result and as readable text."""

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chuan.metrology import KERNEL
from chuan.metrology.files.showing import NOTHING, columns, shown
from chuan.metrology.words import Language, Text

#: A difference of so many standard errors is no chance.
CLEAR = 4.0

_HEAD = Text(
    "Đi lại {count} lần từ giá trị thật đến kết luận (số gieo {seed}).",
    "The way from truth to what is stated, gone {count} times (seed {seed}).",
)
_STEPS = Text(
    "Bước của chỉ thị, theo số lẻ của số đọc: {steps}.", "Steps of the indication, by the readings' decimals: {steps}."
)
_COLUMNS = (
    Text("xác suất", "share"),
    Text("tại", "at"),
    Text("công bố %", "claimed %"),
    Text("đạt %", "achieved %"),
    Text("sai số chuẩn", "std. error"),
)
_NAMES = {
    "acceptance_at_lower": Text("chấp nhận một mẫu đúng tại giới hạn dưới", "accepting an item at the lower limit"),
    "acceptance_at_upper": Text("chấp nhận một mẫu đúng tại giới hạn trên", "accepting an item at the upper limit"),
    "conformance_probability": Text("phù hợp, cho giá trị đo được", "conforming, for the value measured"),
    "global_consumer_risk": Text("chấp nhận sai, P(Y ∉ T, X ∈ A)", "false accept, P(Y ∉ T, X ∈ A)"),
    "global_producer_risk": Text("loại sai, P(Y ∈ T, X ∉ A)", "false reject, P(Y ∈ T, X ∉ A)"),
    "conditional_consumer_risk": Text(
        "không phù hợp trong số được chấp nhận, P(Y ∉ T | X ∈ A)", "not conforming of the accepted, P(Y ∉ T | X ∈ A)"
    ),
    "intercept": Text("phủ hệ số chặn a", "covering the intercept a"),
    "slope": Text("phủ độ dốc b", "covering the slope b"),
    "predictions": Text("phủ giá trị của đường thẳng", "covering a value of the line"),
    "inversions": Text("phủ x suy ngược từ y", "covering an x found from y"),
}
_AS = Text("Đạt đúng như công bố.", "What is claimed is achieved.")
_DIFFERS = Text(
    "{name}{at}: đạt {sign} công bố {points} điểm phần trăm{cause}.",
    "{name}{at}: {points} percentage points {sign} than claimed{cause}.",
)
_MORE, _LESS = Text("nhiều hơn", "more"), Text("ít hơn", "less")
_BY_STEPS = Text(
    ", vì bước của chỉ thị (độ phân giải); chỉ thị vô cùng mịn thì không còn",
    ", for the steps of the indication (its resolution); without them the difference is gone",
)
_ASSUMED = {
    "conformity": Text(
        "Giá trị thật Y; X = Y + N(0, u²) là giá trị đo; A là khoảng chấp nhận đang áp dụng.",
        "Y is the true value; X = Y + N(0, u²) is measured; A is the acceptance interval in force.",
    ),
    "line": Text(
        "Giá trị thật nằm trên đường thẳng của tệp; khoảng là giá trị ± k·u, xác suất phủ 95 %, k theo Student t với "
        "n − 2 bậc tự do (x suy ngược: ν_eff), hoặc của phân bố chuẩn khi u của các điểm đã cho.",
        "Truth lies on the file's line; intervals are value ± k·u of 95 % coverage, k of Student's t with n − 2 "
        "degrees of freedom (of an x found from y: ν_eff), or normal where the points' u is given.",
    ),
}


def share(name: str, at: float | None, claimed: float | None, achieved: float | None, count: int) -> dict[str, Any]:
    """One share; `count` is of how many repetitions it is, and the standard error that of a binomial share."""
    error = None
    if achieved is not None and count:
        inside = min(max(achieved, 1 / count), 1 - 1 / count)
        error = math.sqrt(inside * (1 - inside) / count)
    return {"name": name, "at": at, "claimed": claimed, "achieved": achieved, "standard_error": error, "cause": None}


def differs(one: Mapping[str, Any]) -> bool:
    """Whether what is achieved is not what is claimed, beyond chance."""
    if one["claimed"] is None or one["achieved"] is None or not one["standard_error"]:
        return False
    return bool(abs(one["achieved"] - one["claimed"]) > CLEAR * one["standard_error"])


def with_causes(rows: Iterable[dict[str, Any]], fine: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The shares, those that differ only with steps of the indication marked so; `fine` are the same without steps."""
    return [
        {**one, "cause": "steps" if differs(one) and not differs(other) else None}
        for one, other in zip(rows, fine, strict=True)
    ]


def result(
    audited: str, repetitions: int, seed: int, steps: Mapping[str, float], rows: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The audit as a JSON document."""
    return {
        "kind": "coverage-audit",
        "kernel": KERNEL,
        "audited": audited,
        "repetitions": repetitions,
        "seed": seed,
        "steps": dict(steps),
        "shares": list(rows),
    }


def table(found: Mapping[str, Any], language: Language) -> str:
    """Every share claimed and achieved, and in words those that differ beyond chance."""
    text = [_HEAD.put(count=found["repetitions"], seed=found["seed"]).say(language)]
    if found["steps"]:
        steps = ", ".join(f"{name} {shown(step, language)}" for name, step in found["steps"].items())
        text.append(_STEPS.put(steps=steps).say(language))
    rows = [
        [
            _NAMES[one["name"]].say(language),
            NOTHING if one["at"] is None else shown(one["at"], language),
            *(None if one[key] is None else 100 * one[key] for key in ("claimed", "achieved", "standard_error")),
        ]
        for one in found["shares"]
    ]
    text += [*_wrapped(_ASSUMED[found["audited"]].say(language)), "", columns(_COLUMNS, rows, language, 4), ""]
    told = [_said(one, language) for one in found["shares"] if differs(one)] or [_AS.say(language)]
    text += [line for one in told for line in _wrapped(one)]
    return "\n".join(text) + "\n"


def _wrapped(sentence: str) -> list[str]:
    return textwrap.wrap(sentence, 110, subsequent_indent="  ")


def _said(one: Mapping[str, Any], language: Language) -> str:
    difference = one["achieved"] - one["claimed"]
    name = _NAMES[one["name"]].say(language)
    return _DIFFERS.put(
        name=name[0].upper() + name[1:],
        at="" if one["at"] is None else f" ({shown(one['at'], language)})",
        sign=_LESS if difference < 0 else _MORE,
        points=shown(abs(100 * difference), language, 2),
        cause=_BY_STEPS if one["cause"] == "steps" else "",
    ).say(language)
