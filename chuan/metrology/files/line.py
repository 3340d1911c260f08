"""`kind = "line"`: a straight line through calibration points, its values and their inversion (ISO/TS 28037)."""

from collections.abc import Mapping
from typing import Any

from chuan.metrology.files import Options
from chuan.metrology.files.reading import Table
from chuan.metrology.files.showing import columns, lines, shown
from chuan.metrology.lines import Line, LineValue, fit, fit_correlated
from chuan.metrology.special import chi2_quantile
from chuan.metrology.words import Language, Refused, Text

_KEYS = (
    "kind",
    "title",
    "x",
    "y",
    "u_x",
    "u_y",
    "covariance_xy",
    "covariance_x",
    "covariance_y",
    "predict",
    "invert",
)
_MATRIX = Text(
    "covariance_x, covariance_y chứa cả phương sai: không đi cùng {key}",
    "covariance_x and covariance_y hold the variances too: they do not go with {key}",
)
_ONLY_Y = Text("cần covariance_y", "needs covariance_y")
_BOTH = Text("cần cả u_x và u_y", "needs both u_x and u_y")
_COUNT = Text("phải có {wanted} giá trị như x, đang có {found}", "must have {wanted} values as x has, found {found}")
_ROWS = Text("phải là ma trận {n} × {n}", "must be a matrix of {n} × {n}")

_MODELS = {
    "ols": Text(
        "bình phương tối thiểu, s từ độ tán của các điểm (GUM H.3)",
        "least squares, s from the scatter of the points (GUM H.3)",
    ),
    "wls": Text(
        "bình phương tối thiểu có trọng số theo u(y) (ISO/TS 28037 mục 6, 9)",
        "least squares weighted by u(y) (ISO/TS 28037 clauses 6, 9)",
    ),
    "gdr": Text(
        "hồi quy khoảng cách suy rộng, sai số ở cả hai trục (ISO/TS 28037 mục 7, 8, 10)",
        "generalised distance regression, errors in both axes (ISO/TS 28037 clauses 7, 8, 10)",
    ),
}
_METHOD = Text("phương pháp", "method")
_INTERCEPT = Text("hệ số chặn a", "intercept a")
_SLOPE = Text("độ dốc b", "slope b")
_COVARIANCE = Text("hiệp phương sai u(a, b)", "covariance u(a, b)")
_RESIDUAL = Text("độ lệch chuẩn của các điểm quanh đường thẳng s", "standard deviation of the points about the line s")
_DOF = Text("bậc tự do", "degrees of freedom")
_CHI_SQUARE = Text("χ²", "χ²")
_CRITICAL = Text("phân vị 95 % của χ²", "95 % quantile of χ²")
_CONSISTENT = Text("các điểm có hợp với đường thẳng không", "do the points agree with a line")
_X = Text("x", "x")
_Y = Text("y", "y")
_U = Text("u", "u")
_PREDICTIONS = Text("Giá trị của đường thẳng", "Values of the line")
_INVERSIONS = Text("x suy ngược từ y", "x found from y")


def compute(document: Mapping[str, object], options: Options) -> dict[str, Any]:
    """The contract's keys of a line file."""
    table = Table(document, "", _KEYS)
    line = _line(table)
    predictions = [line.predict(at) for at in (table.numbers("predict", least=0) if "predict" in table else ())]
    inversions = [
        line.invert(item.number("y"), item.number("u", at_least=0)) for item in table.tables("invert", ("y", "u"))
    ]
    return {
        **_fitted(line),
        "predictions": [_value("x", point) for point in predictions],
        "inversions": [_value("y", point) for point in inversions],
    }


def _line(table: Table) -> Line:
    """The line by what the file knows of its points (ISO/TS 28037 clauses 6–10)."""
    x, y = table.numbers("x", least=2), table.numbers("y")
    matrices = [key for key in ("covariance_y", "covariance_x") if key in table]
    if not matrices:
        u_y, u_x = (uncertainties_of_points(table, key, len(x)) for key in ("u_y", "u_x"))
        try:
            return fit(x, y, u_y, u_x, _mixed(table))
        except Refused as refused:
            raise Refused(refused.reason, refused.place.replace("covariances", "covariance_xy")) from None
    for key in ("u_x", "u_y", "covariance_xy"):
        if key in table:
            raise table.refuse(key, _MATRIX.put(key=key))
    if "covariance_y" not in table:
        raise table.refuse("covariance_x", _ONLY_Y)
    found = [table.rows(key, width=len(x)) for key in matrices]
    for key, rows in zip(matrices, found, strict=True):
        if len(rows) != len(x):
            raise table.refuse(key, _ROWS.put(n=len(x)))
    return fit_correlated(x, y, *found)


def _mixed(table: Table) -> tuple[float, ...] | None:
    """Covariance of x and y at each point (clause 8)."""
    if "covariance_xy" not in table:
        return None
    if "u_x" not in table or "u_y" not in table:
        raise table.refuse("covariance_xy", _BOTH)
    found = table.numbers("covariance_xy")
    if len(found) != len(table.numbers("x")):
        raise table.refuse("covariance_xy", _COUNT.put(wanted=len(table.numbers("x")), found=len(found)))
    return found


def uncertainties_of_points(table: Table, key: str, n: int) -> tuple[float, ...] | None:
    """A list, or one number for every point."""
    if key not in table:
        return None
    if isinstance(table.data[key], list):
        return table.numbers(key)
    return (table.number(key, at_least=0),) * n


def _fitted(line: Line) -> dict[str, Any]:
    return {
        "model": line.model,
        "intercept": line.intercept,
        "slope": line.slope,
        "standard_uncertainties": list(line.standard_uncertainties),
        "covariance": [list(row) for row in line.covariance],
        "residual_sd": line.residual_sd,
        "chi_square": line.chi_square,
        "dof": line.dof,
    }


def _value(key: str, point: LineValue) -> dict[str, float]:
    return {key: point.at, "value": point.value, "standard_uncertainty": point.standard_uncertainty}


def table(result: Mapping[str, Any], language: Language) -> str:
    """The line with its uncertainties, whether the points agree with it, and what was read from it."""
    u_a, u_b = result["standard_uncertainties"]

    def with_u(value: float, u: float) -> str:
        return f"{shown(value, language)}  (u = {shown(u, language, 3)})"

    pairs: list[tuple[Text, float | str | bool | None]] = [
        (_METHOD, _MODELS[result["model"]].say(language)),
        (_INTERCEPT, with_u(result["intercept"], u_a)),
        (_SLOPE, with_u(result["slope"], u_b)),
        (_COVARIANCE, result["covariance"][0][1]),
        (_DOF, result["dof"]),
    ]
    if result["residual_sd"] is not None:
        pairs.append((_RESIDUAL, result["residual_sd"]))
    if result["chi_square"] is not None and result["dof"]:
        critical = chi2_quantile(0.95, result["dof"])
        pairs += [
            (_CHI_SQUARE, result["chi_square"]),
            (_CRITICAL, critical),
            (_CONSISTENT, result["chi_square"] <= critical),
        ]
    parts = [lines(pairs, language)]
    for title, head, key, rows in (
        (_PREDICTIONS, (_X, _Y, _U), "x", result["predictions"]),
        (_INVERSIONS, (_Y, _X, _U), "y", result["inversions"]),
    ):
        if rows:
            cells = [[row[key], row["value"], row["standard_uncertainty"]] for row in rows]
            parts.append(f"{title.say(language)}:\n{columns(head, cells, language)}")
    return "\n\n".join(parts)
