"""One result in words: what dominates, why this k, correlation, curvature (GUM 7.2; G.4), and Monte Carlo's verdict."""

import math
from collections.abc import Sequence
from itertools import takewhile

from chuan.metrology.explaining import phrases
from chuan.metrology.explaining.budget import Budget, Drawn, largest_first
from chuan.metrology.explaining.dof_left_out import dof_left_out
from chuan.metrology.explaining.phrases import beside, joined, number, percent, put, same
from chuan.metrology.explaining.verdict import verdict
from chuan.metrology.gum import BudgetLine, is_nonlinear
from chuan.metrology.gum.coverage import coverage_factor, truncated
from chuan.metrology.gum.dominant import edge_of, trapezoid_factor, trapezoid_probability
from chuan.metrology.words import Text

_CERTAIN = Text(
    "Không đầu vào nào đóng góp vào độ không đảm bảo của {symbol}.",
    "No input contributes to the uncertainty of {symbol}.",
)
_FLAT_HERE = Text(
    "u = 0 chỉ vì mọi hệ số độ nhạy bằng 0 ở đúng các giá trị này, nên khai triển bậc nhất không thấy độ không đảm bảo "
    "nào; đó không phải là độ không đảm bảo của {symbol}. Kể cả số hạng bậc hai thì {symbol} = {value}{unit} và u = "
    "{u}{unit}: hãy dùng kết quả Monte Carlo.",
    "u = 0 only because every sensitivity is 0 at just these values, where the first order sees no uncertainty; that "
    "is not the uncertainty of {symbol}. With second-order terms {symbol} = {value}{unit} and u = {u}{unit}: use Monte "
    "Carlo's result.",
)
_RECTANGLE = Text(
    "Một thành phần chữ nhật, {names}, lấn át: phân bố của {symbol} gần là hình chữ nhật, không phải Student t. ",
    "One rectangular contribution, {names}, dominates: {symbol} is nearly rectangular, not Student's t. ",
)
_TRAPEZOID = Text(
    "Hai thành phần chữ nhật, {names}, lấn át: phân bố của {symbol} gần là hình thang, không phải Student t. ",
    "Two rectangular contributions, {names}, dominate: {symbol} is nearly a trapezoid, not Student's t. ",
)
_FACTOR_OF_SHAPE = Text(
    "Với xác suất phủ {p} theo phân bố ấy k = {k} là đủ, U = {expanded}{unit} (EA-4/02 {clause}).",
    "By that distribution k = {k} is enough for a probability of {p}, U = {expanded}{unit} (EA-4/02 {clause}).",
)
_PROBABILITY_OF_SHAPE = Text(
    "Theo phân bố ấy xác suất phủ của k = {k} là {p} (EA-4/02 {clause}).",
    "By that distribution the coverage probability of k = {k} is {p} (EA-4/02 {clause}).",
)
_DOMINATES = Text(
    "Thành phần lớn nhất là {name}, chiếm {share} phương sai{without}.{next}",
    "The largest contribution is {name} with {share} of the variance{without}.{next}",
)
_NONE_DOMINATES = Text(
    "Không thành phần nào chiếm quá nửa phương sai; lớn nhất là {name} với {share}{without}.{next}",
    "No contribution makes up half of the variance; the largest is {name} with {share}{without}.{next}",
)
_ALONE = Text(
    "Toàn bộ độ không đảm bảo của {symbol} do {name} gây ra.", "All of the uncertainty of {symbol} comes from {name}."
)
_NEXT = Text(" Tiếp theo là {names}.", " Next: {names}.")
_WITHOUT = Text("; nếu không có nó, u chỉ còn {u}{unit}", "; without it u would be {u}{unit}")
_CORRELATION = Text(
    "Tương quan giữa {names} làm u {way} {u}{unit}, so với {alone}{unit} nếu chúng độc lập; vì thế phần của một đầu "
    "vào có thể âm hoặc vượt 100 %.",
    "The correlation of {names} makes u {way} {u}{unit}, from {alone}{unit} if they were independent; so the share "
    "of an input may be negative or above 100 %.",
)
_DOWN, _UP = Text("giảm còn", "fall to"), Text("tăng lên", "rise to")
_NORMAL = Text(
    "k = {k} là hệ số của phân bố chuẩn cho xác suất phủ {p}: không đầu vào nào làm bậc tự do hiệu dụng hữu hạn.",
    "k = {k} is the factor of the normal distribution for a coverage probability of {p}: no input makes the effective "
    "degrees of freedom finite.",
)
_STUDENT = Text(
    "k = {k} là hệ số Student t cho xác suất phủ {p} với {dof} bậc tự do{cut}, {beside} {normal} của phân bố chuẩn.",
    "k = {k} is Student's t for a coverage probability of {p} with {dof} degrees of freedom{cut}, {beside} the "
    "{normal} of the normal distribution.",
)
_ABOVE, _NEAR = Text("lớn hơn", "above"), Text("gần bằng", "close to")
_CUT = Text(" (ν_eff = {dof}, lấy phần nguyên)", " (ν_eff = {dof}, truncated)")
_LIMITED = Text(
    "ν_eff bị giới hạn chủ yếu bởi {names}, chiếm {share} của 1/ν_eff; nếu độ không đảm bảo ấy được biết chắc thì "
    "ν_eff = {dof} và k = {k}.",
    "What limits ν_eff is mostly {names}, with {share} of 1/ν_eff; were that uncertainty known for certain, ν_eff "
    "would be {dof} and k = {k}.",
)
_LIMITED_ALONE = Text(
    "Bậc tự do ấy hoàn toàn do {names}; nếu độ không đảm bảo ấy được biết chắc thì k = {k}.",
    "They come from {names} alone; were that uncertainty known for certain, k would be {k}.",
)
_TOGETHER = Text("{names}, xác định cùng nhau (ν = {dof})", "{names}, determined together (ν = {dof})")
_SHARING = Text("{names}, có sai số chung", "{names}, which share an error")
_STATED = Text(
    "k = {k} là số cho trước; theo Student t với ν_eff = {dof}, xác suất phủ là {p}.",
    "k = {k} is stated; by Student's t with ν_eff = {dof} the coverage probability is {p}.",
)
_STATED_ONLY = Text(
    "k = {k} là số cho trước; xác suất phủ không nói được, vì bậc tự do hiệu dụng không xác định.",
    "k = {k} is stated; its coverage probability cannot be told, since the effective degrees of freedom are undefined.",
)
_UNDEFINED = Text(
    "Không có k và U: có đầu vào vừa tương quan vừa có bậc tự do hữu hạn, công thức Welch–Satterthwaite không dùng "
    'được. Hãy đưa số liệu gốc vào [[simultaneous]], hoặc đặt coverage = "k=2".',
    "There is no k and no U: some input both correlates and has finite degrees of freedom, where the "
    'Welch–Satterthwaite formula does not hold. Give the observations in [[simultaneous]], or state coverage = "k=2".',
)
_CURVED = Text(
    "Mô hình phi tuyến: kể cả số hạng bậc hai thì {second} thay vì {first}; chữ số được in đổi theo, nên {use}.",
    "The model is nonlinear: with second-order terms {second} instead of {first}; printed digits change, so {use}.",
)
_USE_DRAWN = Text("hãy dùng kết quả Monte Carlo", "use Monte Carlo's result")
_NOT_ENOUGH = Text("chỉ bậc nhất là chưa đủ", "the first order alone is not enough")
_VALUE_AND_U = Text("{symbol} = {value}{unit} và u = {u}{unit}", "{symbol} = {value}{unit} and u = {u}{unit}")
_U_ALONE = Text("u = {u}{unit}", "u = {u}{unit}")
_TOO_CURVED = Text(
    "Mô hình phi tuyến quá mạnh để khai triển đến bậc hai: {use}.",
    "The model is too nonlinear for second-order terms: {use}.",
)

#: Contributions smaller than this part of the variance are not worth naming after the largest.
_WORTH_NAMING = 0.05
#: A k this near that of the normal distribution needs no reason.
_NEAR_NORMAL = 0.01


def explain(budget: Budget, drawn: Drawn | None = None) -> tuple[Text, ...]:
    """The explanation, one sentence or two for each point that there is to make."""
    if not budget.standard_uncertainty:
        return _without_uncertainty(budget, drawn)
    points = (dominance(budget), correlation(budget), factor(budget), shape(budget), curvature(budget, drawn))
    return tuple(point for point in (*points, verdict(budget, drawn)) if point is not None)


def _without_uncertainty(budget: Budget, drawn: Drawn | None) -> tuple[Text, ...]:
    """What there is to say where u = 0: nothing of k; of Monte Carlo where its draws do scatter."""
    second = budget.second_order
    scatters = drawn is not None and drawn.interval[0] < drawn.interval[1]
    judged = [found for found in (verdict(budget, drawn) if scatters else None,) if found is not None]
    if second is None or not second.standard_uncertainty:
        return put(_CERTAIN, symbol=budget.symbol), *judged
    value, u = beside(second.estimate, second.standard_uncertainty), number(second.standard_uncertainty)
    return put(_FLAT_HERE, symbol=budget.symbol, value=value, u=u, unit=budget.unit), *judged


def name_of(line: BudgetLine) -> Text:
    """How a line is called: its symbol, with the component's label."""
    return phrases.called(line.symbol, line.label)


def dominance(budget: Budget) -> Text:
    """Which contribution dominates, with its share, what follows, and what u would be without it."""
    lines = largest_first(budget.lines)
    if not lines:
        return put(_CERTAIN, symbol=budget.symbol)
    largest, rest = lines[0], lines[1:]
    share = largest.share or 0.0
    if not rest:
        return put(_ALONE, symbol=budget.symbol, name=name_of(largest))
    worth = list(takewhile(lambda line: abs(line.share or 0.0) >= _WORTH_NAMING, rest))[:2]
    named = [put(same("{name} ({share})"), name=name_of(line), share=percent(line.share or 0.0)) for line in worth]
    following = put(_NEXT, names=joined(named)) if named else same("")
    text = _DOMINATES if share >= 0.5 or budget.correlated else _NONE_DOMINATES
    return put(text, name=name_of(largest), share=percent(share), next=following, without=_without(budget, largest))


def _without(budget: Budget, largest: BudgetLine) -> Text:
    if budget.correlated:
        return same("")
    rest = math.hypot(*(line.contribution for line in budget.lines if line is not largest))
    return put(_WITHOUT, u=number(rest), unit=budget.unit)


def correlation(budget: Budget) -> Text | None:
    """What correlation does to u; None where there is none."""
    if not budget.correlated:
        return None
    names = [same(symbol) for symbol in dict.fromkeys(line.symbol for line in budget.correlated)]
    alone, u = math.hypot(*(line.contribution for line in budget.lines)), budget.standard_uncertainty
    way = _DOWN if u < alone else _UP
    return put(_CORRELATION, names=joined(names), way=way, u=number(u), alone=number(alone), unit=budget.unit)


def factor(budget: Budget) -> Text:
    """Why k is what it is: its distribution, ν_eff, and which input limits ν_eff (GUM G.4)."""
    k, probability, dof = budget.coverage_factor, budget.coverage_probability, budget.effective_dof
    if k is None:
        return _UNDEFINED
    if budget.stated:
        if dof is None or probability is None:
            return put(_STATED_ONLY, k=number(k, 9))
        return put(_STATED, k=number(k, 9), dof=phrases.degrees(dof), p=_probability(probability))
    if dof is None or probability is None or math.isinf(dof):
        return put(_NORMAL, k=phrases.factor(k), p=_probability(probability or 0.0))
    return _student(budget, k, probability, dof)


def shape(budget: Budget) -> Text | None:
    """What k or what probability belongs to one or two dominating rectangles; None where none dominate."""
    kind, k, probability = budget.dominant, budget.coverage_factor, budget.coverage_probability
    if kind is None or k is None or probability is None:
        return None
    largest = largest_first(budget.lines)[: 1 if kind == "rectangular" else 2]
    edge = edge_of([line.contribution for line in largest])
    first = _RECTANGLE if kind == "rectangular" else _TRAPEZOID
    own = trapezoid_factor(probability, edge)
    second = put(
        _PROBABILITY_OF_SHAPE if budget.stated else _FACTOR_OF_SHAPE,
        p=_probability(trapezoid_probability(k, edge) if budget.stated else probability),
        k=number(k, 9) if budget.stated else phrases.factor(own),
        expanded=phrases.expanded(own * budget.standard_uncertainty, budget.rounding),
        unit=budget.unit,
        clause="S9" if kind == "rectangular" else "S10",
    )
    names = joined([name_of(line) for line in largest])
    return put(same("{first}{second}"), first=put(first, names=names, symbol=budget.symbol), second=second)


def _student(budget: Budget, k: float, probability: float, dof: float) -> Text:
    whole = budget.dof_used is not None and budget.dof_used != dof
    normal = coverage_factor(probability, math.inf)
    near = k <= normal * (1 + _NEAR_NORMAL)
    used = phrases.degrees(budget.dof_used or dof, 9 if whole else 4)
    cut = phrases.degrees(dof)
    text = put(
        _STUDENT,
        k=phrases.factor(k),
        p=_probability(probability),
        dof=used,
        cut=put(_CUT, dof=cut) if whole and cut != used and not near else same(""),
        beside=_NEAR if near else _ABOVE,
        normal=phrases.factor(normal),
    )
    terms = budget.dof_terms
    if near or not terms:
        return text
    lines, size = terms[0]
    rest = math.fsum(term for _, term in terms[1:])
    better = 1 / rest if rest else math.inf
    other = coverage_factor(probability, truncated(better) if budget.dof_used != dof else better)
    limited = put(
        _LIMITED if rest else _LIMITED_ALONE,
        names=_limiting(lines, together=budget.dof_method == "block"),
        share=percent(size * dof),
        dof=phrases.degrees(better),
        k=phrases.factor(other),
    )
    return put(same("{first} {second}"), first=text, second=limited)


def _limiting(lines: Sequence[BudgetLine], *, together: bool) -> Text:
    """The line, or the quantities determined together, or those that share an error, behind one term of 1/ν_eff."""
    first = lines[0]
    if len(lines) > 1:
        names = joined([same(symbol) for symbol in dict.fromkeys(line.symbol for line in lines)])
        return put(_TOGETHER, names=names, dof=phrases.degrees(first.dof)) if together else put(_SHARING, names=names)
    label = put(same("{label}, "), label=phrases.label_of(first.label)) if first.label else same("")
    return put(same("{symbol} ({label}ν = {dof})"), symbol=first.symbol, label=label, dof=phrases.degrees(first.dof))


def _probability(probability: float) -> Text:
    return put(same("{p}\u00a0%"), p=number(100 * probability, 4))


def curvature(budget: Budget, drawn: Drawn | None = None) -> Text | None:
    """What second-order terms change of what is printed; None where they change nothing (GUM 5.1.2 note).

    Monte Carlo is the remedy, unless the run at hand left degrees of freedom out.
    """
    second, u = budget.second_order, budget.standard_uncertainty
    if second is None or not is_nonlinear(budget.estimate, u, second):
        return None
    left_out = drawn is not None and dof_left_out(budget, drawn.standard_uncertainty)
    use = _NOT_ENOUGH if left_out else _USE_DRAWN
    if second.standard_uncertainty is None:
        return put(_TOO_CURVED, use=use)
    values = beside(second.estimate, second.standard_uncertainty), beside(budget.estimate, u)
    text = _U_ALONE if values[0] == values[1] else _VALUE_AND_U
    first, other = (
        put(text, symbol=budget.symbol, value=value, u=number(spread), unit=budget.unit)
        for value, spread in ((values[1], u), (values[0], second.standard_uncertainty))
    )
    return put(_CURVED, first=first, second=other, use=use)
