"""An `uncertainty` result as a technician reads it: the statement first, then the budget, Monte Carlo and notes."""

import math
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from chuan.metrology.explaining.phrases import called, degrees
from chuan.metrology.files.showing import NOTHING, columns, shown
from chuan.metrology.files.uncertainty.description import Description, description, quotient
from chuan.metrology.files.uncertainty.explanation import explanation, stated
from chuan.metrology.numerals import round_to_place, write_number
from chuan.metrology.words import Language, Text

_HEAD = (
    Text("Đại lượng", "Quantity"),
    Text("Phân bố", "Distribution"),
    Text("Giá trị", "Value"),
    Text("u", "u"),
    Text("Đơn vị", "Unit"),
    Text("ν", "ν"),
    Text("Độ nhạy c", "Sensitivity c"),
    Text("", ""),
    Text("c·u{unit}", "c·u{unit}"),
    Text("Phần của u²", "Share of u²"),
)
#: Columns of words.
_LEFT = (0, 1, 4, 7)
#: Of a terminal, or of a page on its side.
_WIDTH = 118
_SUMMARY = (
    Text("Kết quả", "Result"),
    Text("Giá trị", "Value"),
    Text("U", "U"),
    Text("Đơn vị", "Unit"),
    Text("k", "k"),
    Text("ν", "ν"),
    Text("GUM được kiểm chứng", "GUM validated"),
)
#: A matrix of more results is no longer read.
_MOST_CORRELATED = 8
_STRONGEST = Text(
    "Hệ số tương quan giữa {n} kết quả (GUM) có trong --json; lớn nhất về độ lớn: r({a}, {b}) = {r}.",
    "Correlation of the {n} results (GUM) is in --json; the largest in size: r({a}, {b}) = {r}.",
)
_STATEMENT = Text(
    "{symbol} = {value} ± {U}{unit}   (k = {k}, xác suất phủ {p} %)",
    "{symbol} = {value} ± {U}{unit}   (k = {k}, coverage probability {p} %)",
)
_STATED = Text(
    "{symbol} = {value} ± {U}{unit}   (k = {k} cho trước, xác suất phủ {p} % theo Student t)",
    "{symbol} = {value} ± {U}{unit}   (k = {k} as stated, coverage probability {p} % by Student's t)",
)
_STATED_ONLY = Text(
    "{symbol} = {value} ± {U}{unit}   (k = {k} cho trước, xác suất phủ không xác định)",
    "{symbol} = {value} ± {U}{unit}   (k = {k} as stated, coverage probability undefined)",
)
_NO_UNCERTAINTY = Text(
    "{symbol} = {value}{unit}   (u = 0: không đầu vào nào cho độ không đảm bảo)",
    "{symbol} = {value}{unit}   (u = 0: no input brings an uncertainty)",
)
_FLAT_HERE = Text(
    "{symbol} = {value}{unit}   (u = 0 chỉ ở bậc nhất; không có U)",
    "{symbol} = {value}{unit}   (u = 0 in first order only; there is no U)",
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
_NO_VARIANCE = Text(
    "Monte Carlo ({trials} lần, số gieo {seed}): {value}{unit}, không có u (phân bố không có phương sai)",
    "Monte Carlo ({trials} trials, seed {seed}): {value}{unit}, no u (the distribution has no variance)",
)
_NO_MEAN = Text(
    "Monte Carlo ({trials} lần, số gieo {seed}): phân bố không có trung bình và phương sai",
    "Monte Carlo ({trials} trials, seed {seed}): the distribution has no mean and no variance",
)
_UNDEFINED = Text("không xác định", "undefined")
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
    "no-scatter": Text(
        "Các lần quan trắc giống hệt nhau: độ phân giải che mất độ tản mát, s/√n = 0 không phải độ không đảm bảo. Hãy "
        'thêm components = [{ label = "độ phân giải", distribution = "rectangular", half_width = nửa vạch chia }].',
        "Observations are all alike: the resolution hides their scatter, and s/√n = 0 is not their uncertainty. Add "
        'components = [{ label = "resolution", distribution = "rectangular", half_width = half a step }].',
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
#: Notes about one input, named behind a colon.
_NOTES_OF_ONE = {
    "resolution-beside-repeatability": Text(
        "{symbol}: độ phân giải đứng cạnh độ lặp lại; nếu là của cùng một phương tiện đo thì bị tính hai lần, chỉ giữ "
        "cái lớn hơn (observations + resolution tự chọn). Ghi instrument ở cả hai để được kiểm tra.",
        "{symbol}: a resolution stands beside a repeatability; of one instrument they would be counted twice, keep the "
        "larger (observations + resolution does). Name the instrument of both to have it checked.",
    ),
}
_NO_SECOND_ORDER = Text(
    "Mô hình của {symbols} quá lớn để tính số hạng bậc hai; hãy so với Monte Carlo.",
    "The model of {symbols} is too large for second-order terms; compare with Monte Carlo.",
)
_UNITS = Text(
    "Thứ nguyên chưa được kiểm tra: có đại lượng chưa ghi đơn vị.",
    "Dimensions were not checked: some quantity has no unit.",
)
_CORRELATION = Text("Hệ số tương quan giữa các kết quả (GUM):", "Correlation of the results (GUM):")


def table(result: Mapping[str, Any], language: Language, document: Mapping[str, Any] | None = None) -> str:
    """The whole result as text; with its document also what is not in the result: equations, units, distributions."""
    known = Description() if document is None else description(document)
    measurands, notes = result["measurands"], result["notes"]
    parts = [_summary(measurands, language)] if len(measurands) > 1 and measurands[0]["gum"] else []
    parts += [_measurand(measurand, language, notes, known) for measurand in measurands]
    if len(measurands) > 1 and result["correlation"]["gum"]:
        parts.append(_correlation(result, language))
    remarks = [said.say(language) for note in result["notes"] if (said := _note(note)) is not None]
    large = [note.partition(": ")[2] for note in result["notes"] if note.startswith("no-second-order: ")]
    if large:
        remarks.append(_NO_SECOND_ORDER.put(symbols=", ".join(large)).say(language))
    if not result["units_checked"]:
        remarks.append(_UNITS.say(language))
    parts += ["\n".join(f"• {remark}" for remark in remarks)] if remarks else []
    return "\n\n".join(parts) + "\n"


def _note(note: str) -> Text | None:
    """What a note says; None of one that stands elsewhere."""
    name, _, symbol = note.partition(": ")
    return _NOTES_OF_ONE[name].put(symbol=symbol) if name in _NOTES_OF_ONE else _NOTES.get(note)


def _summary(measurands: Sequence[Mapping[str, Any]], language: Language) -> str:
    """Several results at a glance, before the budget of each."""
    rows: list[list[str | bool | None]] = []
    for one in measurands:
        gum, reported, validation = one["gum"], one["reported"], one["validation"]
        expanded = reported["expanded_uncertainty"]
        value = (
            _beside(gum["estimate"], gum["standard_uncertainty"], language) if expanded is None else reported["value"]
        )
        dof = NOTHING if gum["dof_method"] == "undefined" else _dof(gum["effective_dof"], language)
        validated = validation["gum_validated"] if validation else None
        rows.append([one["symbol"], value, expanded, one["unit"] or "", reported["coverage_factor"], dof, validated])
    head = _SUMMARY if any(one["validation"] for one in measurands) else _SUMMARY[:-1]
    return columns(head, rows, language, left=(0, 3), most=_WIDTH)


def _measurand(measurand: Mapping[str, Any], language: Language, notes: Sequence[str], known: Description) -> str:
    unit, symbol = _unit(measurand), measurand["symbol"]
    blocks: list[list[str]] = []
    if symbol in known.equations:
        blocks.append(_wrapped(known.equations[symbol]))
    if measurand["gum"]:
        blocks.append(_gum(measurand, unit, language, known))
    if measurand["monte_carlo"]:
        blocks.append(_drawn(measurand, unit, language))
    blocks.append(explanation(measurand, language, notes))
    return "\n\n".join("\n".join(block) for block in blocks if block) or f"{measurand['symbol']}: –"


def _wrapped(equation: str) -> list[str]:
    """The equation as it was written, on as many lines as it needs."""
    return textwrap.wrap(" ".join(equation.split()), _WIDTH, subsequent_indent="    ")


def _gum(measurand: Mapping[str, Any], unit: str, language: Language, known: Description) -> list[str]:
    gum = measurand["gum"]
    lines = [statement(measurand, language)]
    if gum["expanded_uncertainty"] is not None:
        u = shown(gum["standard_uncertainty"], language, 4)
        undefined = gum["dof_method"] == "undefined"
        dof = _UNDEFINED.say(language) if undefined else _dof(gum["effective_dof"], language)
        lines.append(_U.put(u=u, unit=unit, dof=dof).say(language))
    return [*lines, "", _budget(measurand, language, known)]


def _budget(measurand: Mapping[str, Any], language: Language, known: Description) -> str:
    """The budget's lines of the inputs that act on the measurand."""
    seen: Counter[str] = Counter()
    rows = []
    for line in measurand["gum"]["budget"]:
        symbol = line["symbol"]
        if line["sensitivity"] or known.acts(symbol, measurand["symbol"]):
            unit = known.units.get(symbol, "")
            of_c = quotient(measurand["unit"] or "", unit) if unit and measurand["unit"] else ""
            rows.append(_line(line, language, (known.distribution(symbol, seen[symbol]), unit, of_c)))
        seen[symbol] += 1
    unit = f", {measurand['unit']}" if _unit(measurand) else ""
    head = [text.put(unit=unit) for text in _HEAD]
    return columns(head, rows, language, left=_LEFT, most=_WIDTH)


def statement(measurand: Mapping[str, Any], language: Language) -> str:
    """The result of one measurand as it is reported: value, U, k and coverage probability."""
    gum, reported = measurand["gum"], measurand["reported"]
    symbol, unit = measurand["symbol"], _unit(measurand)
    if reported["expanded_uncertainty"] is None:
        value = _beside(gum["estimate"], gum["standard_uncertainty"], language)
        u = shown(gum["standard_uncertainty"], language, 4)
        return _NO_U.put(symbol=symbol, value=value, u=u, unit=unit).say(language)
    if not gum["standard_uncertainty"]:
        second = gum["second_order"]
        text = _FLAT_HERE if second and second["standard_uncertainty"] != 0 else _NO_UNCERTAINTY
        return text.put(symbol=symbol, value=reported["value"], unit=unit).say(language)
    probability = gum["coverage_probability"]
    text = _STATED_ONLY if probability is None else _STATED if stated(gum) else _STATEMENT
    return text.put(
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
    return degrees(math.inf if dof is None else dof).say(language)


def _name(line: Mapping[str, Any], language: Language) -> str:
    return called(line["symbol"], line["label"]).say(language)


def _line(line: Mapping[str, Any], language: Language, said: tuple[Text, str, str]) -> list[str]:
    """A line of the budget; `said` is its distribution, its unit and that of its sensitivity."""
    distribution, unit, of_c = said
    share = line["share"]
    return [
        _name(line, language),
        distribution.say(language),
        shown(line["value"], language, 9),
        shown(line["standard_uncertainty"], language, 4),
        unit,
        _dof(line["dof"], language),
        shown(line["sensitivity"], language, 5),
        of_c,
        shown(line["contribution"], language, 4),
        shown(None, language) if share is None else f"{shown(float(f'{100 * share:.1f}'), language, 4)} %",
    ]


def _drawn(measurand: Mapping[str, Any], unit: str, language: Language) -> list[str]:
    drawn = measurand["monte_carlo"]
    low, high = drawn["symmetric_interval"]
    mean, u = drawn["estimate"], drawn["standard_uncertainty"]
    text = _NO_MEAN if mean is None else _NO_VARIANCE if u is None else _MONTE_CARLO
    return [
        text.put(
            trials=shown(drawn["trials"], language),
            seed=drawn["seed"],
            value=_beside(mean, (high - low) / 2 if u is None else u, language),
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
    matrix = result["correlation"]["gum"]
    if len(symbols) > _MOST_CORRELATED:
        pairs = [(i, j) for i, j in combinations(range(len(symbols)), 2) if matrix[i][j] is not None]
        i, j = max(pairs, key=lambda pair: abs(matrix[pair[0]][pair[1]]), default=(0, 1))
        r = shown(matrix[i][j], language, 3)
        return _STRONGEST.put(n=len(symbols), a=symbols[i], b=symbols[j], r=r).say(language)
    head = [Text("", ""), *(Text(symbol, symbol) for symbol in symbols)]
    rows = [[symbol, *row] for symbol, row in zip(symbols, matrix, strict=True)]
    return f"{_CORRELATION.say(language)}\n{columns(head, rows, language, 3)}"
