"""`kind = "comparison"`: proficiency test or interlaboratory comparison (ISO 13528, ISO/IEC 17043)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from chuan.metrology.comparisons import (
    Consensus,
    ConsensusMethod,
    Participant,
    Reference,
    Scores,
    StoppingRule,
    WeightedMean,
    consensus,
    homogeneity,
    largest_consistent_subset,
    score,
    stability,
    weighted_mean,
)
from chuan.metrology.files import Options
from chuan.metrology.files.reading import Table, quote
from chuan.metrology.files.showing import columns, lines
from chuan.metrology.words import Language, Refused, Text

_KEYS = (
    "kind",
    "title",
    "assigned_value",
    "expanded_uncertainty",
    "coverage_factor",
    "sigma_pt",
    "consensus",
    "stopping_rule",
    "homogeneity",
    "stability",
    "result",
)
_RESULT = ("code", "value", "expanded_uncertainty", "coverage_factor")
_METHODS = ("algorithm_a", "q_hampel", "median")
_RULES = ("converged", "three_figures")
#: Reference values that are computed from the results and their uncertainties.
_WEIGHTED: Mapping[str, Callable[[Sequence[float], Sequence[float]], WeightedMean]] = {
    "weighted-mean": weighted_mean,
    "largest-consistent-subset": largest_consistent_subset,
}

_NO_REFERENCE = Text(
    "thiếu giá trị ấn định; cho assigned_value, hoặc consensus để lấy từ kết quả của các bên",
    "there is no assigned value; give assigned_value, or consensus to take it from the participants",
)
_CONSENSUS_U = Text(
    "chỉ đi cùng assigned_value; độ không đảm bảo đo của giá trị đồng thuận được tính từ kết quả",
    "goes only with assigned_value; a consensus value's uncertainty is computed from the results",
)
_TWICE = Text('mã "{code}" đã có ở result[{other}]', 'code "{code}" is that of result[{other}] already')
_FIRST = Text(
    "cần có homogeneity: độ ổn định so với trung bình của phép thử đồng nhất",
    "needs homogeneity: stability is compared with the mean of the homogeneity check",
)
_NO_SCATTER = Text(
    'là "consensus", nhưng quá nhiều kết quả bằng nhau: độ lệch chuẩn bền vững là 0; hãy cho σ_pt bằng số',
    'is "consensus", but so many results are equal that their robust standard deviation is 0; give σ_pt as a number',
)
_ONLY_A = Text('chỉ dùng với consensus = "algorithm_a"', 'goes only with consensus = "algorithm_a"')

_WEIGHTED_U = Text(
    "chỉ đi cùng assigned_value bằng số; U của trung bình có trọng số được tính từ kết quả",
    "goes only with an assigned_value that is a number; U of a weighted mean is computed from the results",
)
_NEEDS_U = Text(
    'assigned_value = "{name}" cần expanded_uncertainty lớn hơn 0 của mọi kết quả',
    'assigned_value = "{name}" needs an expanded_uncertainty above 0 of every result',
)
_INCONSISTENT = Text(
    "các kết quả không nhất quán (χ² = {chi_square:.4g}, {dof} bậc tự do, xác suất {p:.2g} % dưới 5 %): trung bình có "
    'trọng số không dùng được; dùng "largest-consistent-subset" hoặc cho giá trị bằng số',
    "the results do not agree (χ² = {chi_square:.4g}, {dof} degrees of freedom, probability {p:.2g} % below 5 %): "
    'their weighted mean is no reference; use "largest-consistent-subset" or give a number',
)
_NOT_NUMBER = Text(
    'phải là số, hoặc một trong {allowed}; đang là "{found}"', 'must be a number, or one of {allowed}; found "{found}"'
)

_REFERENCE = Text("giá trị quy chiếu", "reference value")
_REFERENCE_U = Text("độ không đảm bảo đo chuẩn của nó", "its standard uncertainty")
_SOURCE = Text("nguồn", "source")
_SIGMA = Text("σ_pt", "σ_pt")
_SOURCES = {
    "assigned": Text("giá trị ấn định", "assigned value"),
    "consensus": Text("đồng thuận của các bên tham gia", "consensus of the participants"),
    "weighted-mean": Text("trung bình có trọng số 1/u² của mọi kết quả", "mean of all results weighted by 1/u²"),
    "largest-consistent-subset": Text(
        "trung bình có trọng số của tập con nhất quán lớn nhất", "weighted mean of the largest consistent subset"
    ),
}
_CHI_SQUARE = Text("χ² của các kết quả được dùng", "χ² of the results used")
_PROBABILITY = Text("xác suất của χ² lớn hơn", "probability of a larger χ²")
_LEFT_OUT = Text("kết quả không dùng cho giá trị quy chiếu", "results left out of the reference")
_METHOD = Text("phương pháp đồng thuận", "method of consensus")
_METHOD_NAMES = {
    "algorithm_a": Text("thuật toán A", "algorithm A"),
    "q_hampel": Text("phương pháp Q và ước lượng Hampel", "Q method and Hampel's estimate"),
    "median": Text("trung vị và nIQR", "median and nIQR"),
}
_MEAN = Text("trung bình đồng thuận", "consensus mean")
_SD = Text("độ lệch chuẩn bền vững s*", "robust standard deviation s*")
_U = Text("u của trung bình đồng thuận", "u of the consensus mean")
_ITERATIONS = Text("số lần lặp", "iterations")
_BETWEEN = Text("độ lệch chuẩn giữa các mẫu s_s", "standard deviation between items s_s")
_HOMOGENEOUS = Text("mẫu đồng nhất (s_s ≤ 0,3 σ_pt)", "items alike (s_s ≤ 0.3 σ_pt)")
_STABLE = Text("mẫu ổn định (dịch chuyển ≤ 0,3 σ_pt)", "items stable (moved ≤ 0.3 σ_pt)")
_NEGLIGIBLE = Text(
    "u của giá trị quy chiếu không đáng kể (≤ 0,3 σ_pt), dùng được z",
    "reference u negligible (≤ 0.3 σ_pt), z may be used",
)
_HEAD = (
    Text("mã", "code"),
    Text("D", "D"),
    Text("D, %", "D, %"),
    Text("z", "z"),
    Text("z′", "z′"),
    Text("ζ", "ζ"),
    Text("En", "En"),
    Text("đánh giá", "verdict"),
)
_VERDICTS = {
    "satisfactory": Text("đạt", "satisfactory"),
    "questionable": Text("nghi ngờ", "questionable"),
    "unsatisfactory": Text("không đạt", "unsatisfactory"),
}
_SIGNS = {"z": "z", "z_prime": "z′", "zeta": "ζ", "en": "En"}


def compute(document: Mapping[str, object], options: Options) -> dict[str, Any]:
    """The contract's keys of a comparison file, and `stability`, which it asks for in the input only."""
    table = Table(document, "", _KEYS)
    participants = _participants(table)
    agreed = _consensus(table, participants)
    weighted = _weighted(table, participants)
    reference = _reference(table, agreed, weighted)
    if weighted is not None:
        participants = [replace(one, in_reference=i in weighted.used) for i, one in enumerate(participants)]
    scores = [score(participant, reference) for participant in participants]
    return {
        "reference": {
            "value": reference.value,
            "standard_uncertainty": reference.standard_uncertainty,
            "sigma_pt": reference.sigma_pt,
            "source": _source(table),
        },
        "consensus": None if agreed is None else _agreed(agreed),
        "weighted_mean": None if weighted is None else _as_weighted(weighted, participants),
        **_items(table, reference.sigma_pt),
        "results": [_scored(one) for one in scores],
    }


def _participants(table: Table) -> list[Participant]:
    found: list[Participant] = []
    for item in table.tables("result", _RESULT, least=1):
        code = item.text("code")
        for i, other in enumerate(found):
            if other.code == code:
                raise item.refuse("code", _TWICE.put(code=code, other=i))
        found.append(
            Participant(
                code,
                item.number("value"),
                item.optional("expanded_uncertainty", at_least=0),
                item.number("coverage_factor", 2.0, above=0),
            )
        )
    return found


def _consensus(table: Table, participants: list[Participant]) -> Consensus | None:
    """What is asked for by name, or by a σ_pt that is to come from it."""
    if "consensus" not in table and table.data.get("sigma_pt") != "consensus":
        if "stopping_rule" in table:
            raise table.refuse("stopping_rule", _ONLY_A)
        return None
    method = cast("ConsensusMethod", table.choice("consensus", _METHODS, "algorithm_a"))
    if "stopping_rule" in table and method != "algorithm_a":
        raise table.refuse("stopping_rule", _ONLY_A)
    rule = cast("StoppingRule", table.choice("stopping_rule", _RULES, "converged"))
    return consensus([participant.value for participant in participants], method, rule)


def _source(table: Table) -> str:
    """Where the reference comes from."""
    if "assigned_value" not in table:
        return "consensus"
    value = table.data["assigned_value"]
    return value if isinstance(value, str) and value in _WEIGHTED else "assigned"


def _weighted(table: Table, participants: Sequence[Participant]) -> WeightedMean | None:
    """The weighted mean that the file asks for by name; one whose results do not agree is refused."""
    name = table.data.get("assigned_value")
    if not isinstance(name, str):
        return None
    if name not in _WEIGHTED:
        allowed = ", ".join(f'"{known}"' for known in _WEIGHTED)
        raise table.refuse("assigned_value", _NOT_NUMBER.put(allowed=allowed, found=quote(name)[1:-1]))
    if "expanded_uncertainty" in table:
        raise table.refuse("expanded_uncertainty", _WEIGHTED_U)
    us = []
    for i, one in enumerate(participants):
        if not one.standard_uncertainty:
            raise Refused(_NEEDS_U.put(name=name), f"result[{i}].expanded_uncertainty")
        us.append(one.standard_uncertainty)
    try:
        found = _WEIGHTED[name]([one.value for one in participants], us)
    except Refused as refused:
        raise Refused(refused.reason, "result") from None
    if not found.consistent:
        text = _INCONSISTENT.put(chi_square=found.chi_square, dof=found.dof, p=100 * found.probability)
        raise table.refuse("assigned_value", text)
    return found


def _as_weighted(found: WeightedMean, participants: Sequence[Participant]) -> dict[str, Any]:
    return {
        "chi_square": found.chi_square,
        "dof": found.dof,
        "probability": found.probability,
        "used": [participants[i].code for i in found.used],
    }


def _reference(table: Table, agreed: Consensus | None, weighted: WeightedMean | None) -> Reference:
    """The assigned value with U as stated; a weighted mean or the consensus, whose U is k·u."""
    k = table.number("coverage_factor", 2.0, above=0)
    if agreed and table.data.get("sigma_pt") == "consensus":
        if not agreed.sd:
            raise table.refuse("sigma_pt", _NO_SCATTER)
        sigma_pt: float | None = agreed.sd
    else:
        sigma_pt = table.optional("sigma_pt", above=0)
    if weighted is not None:
        return Reference(weighted.value, weighted.standard_uncertainty, k * weighted.standard_uncertainty, sigma_pt)
    if "assigned_value" in table:
        expanded = table.optional("expanded_uncertainty", at_least=0)
        u = None if expanded is None else expanded / k
        return Reference(table.number("assigned_value"), u, expanded, sigma_pt)
    if agreed is None:
        raise table.refuse("assigned_value", _NO_REFERENCE)
    if "expanded_uncertainty" in table:
        raise table.refuse("expanded_uncertainty", _CONSENSUS_U)
    return Reference(agreed.mean, agreed.u, k * agreed.u, sigma_pt)


def _agreed(agreed: Consensus) -> dict[str, Any]:
    return {
        "method": agreed.method,
        "mean": agreed.mean,
        "sd": agreed.sd,
        "u": agreed.u,
        "n": agreed.n,
        "iterations": agreed.iterations,
        "stopping_rule": agreed.stopping_rule,
    }


def _items(table: Table, sigma_pt: float | None) -> dict[str, Any]:
    if "homogeneity" not in table:
        if "stability" in table:
            raise table.refuse("stability", _FIRST)
        return {"homogeneity": None, "stability": None}
    alike = homogeneity(table.rows("homogeneity", least=2, width=2), sigma_pt)
    checked: dict[str, Any] = {
        "homogeneity": {
            "mean": alike.mean,
            "s_x": alike.s_x,
            "s_w": alike.s_w,
            "s_s": alike.s_s,
            "adequate": alike.adequate,
        },
        "stability": None,
    }
    if "stability" in table:
        later = stability(table.rows("stability", width=2), alike.mean, sigma_pt)
        checked["stability"] = {"mean": later.mean, "difference": later.difference, "adequate": later.adequate}
    return checked


def _scored(one: Scores) -> dict[str, Any]:
    return {
        "code": one.code,
        "difference": one.difference,
        "difference_percent": one.difference_percent,
        "z": one.z,
        "z_prime": one.z_prime,
        "zeta": one.zeta,
        "en": one.en,
        "verdicts": dict(one.verdicts),
    }


def table(result: Mapping[str, Any], language: Language) -> str:
    """The reference, what the participants agree on, the items, and each participant's scores with their verdicts."""
    reference, agreed = result["reference"], result["consensus"]
    u, sigma = reference["standard_uncertainty"], reference["sigma_pt"]
    pairs: list[tuple[Text, float | str | bool | None]] = [
        (_REFERENCE, reference["value"]),
        (_SOURCE, _SOURCES[reference["source"]].say(language)),
        (_REFERENCE_U, u),
        (_SIGMA, sigma),
    ]
    if u is not None and sigma is not None:
        pairs.append((_NEGLIGIBLE, u <= 0.3 * sigma))
    if agreed is not None:
        pairs += [
            (_METHOD, _METHOD_NAMES[agreed["method"]].say(language)),
            (_MEAN, agreed["mean"]),
            (_SD, agreed["sd"]),
            (_U, agreed["u"]),
            (_ITERATIONS, agreed["iterations"]),
        ]
    if result["weighted_mean"] is not None:
        weighted = result["weighted_mean"]
        left_out = [one["code"] for one in result["results"] if one["code"] not in weighted["used"]]
        pairs += [
            (_CHI_SQUARE, weighted["chi_square"]),
            (_PROBABILITY, weighted["probability"]),
            (_LEFT_OUT, ", ".join(left_out) or None),
        ]
    if result["homogeneity"] is not None:
        pairs += [(_BETWEEN, result["homogeneity"]["s_s"]), (_HOMOGENEOUS, result["homogeneity"]["adequate"])]
    if result["stability"] is not None:
        pairs.append((_STABLE, result["stability"]["adequate"]))
    rows = [_row(one, language) for one in result["results"]]
    return f"{lines(pairs, language)}\n\n{columns(_HEAD, rows, language, 4)}"


def _row(one: Mapping[str, Any], language: Language) -> list[float | str | bool | None]:
    said = ", ".join(
        f"{_SIGNS[key]} {_VERDICTS[verdict].say(language)}" for key, verdict in one["verdicts"].items() if verdict
    )
    numbers = [one[key] for key in ("difference", "difference_percent", "z", "z_prime", "zeta", "en")]
    return [one["code"], *numbers, said or None]
