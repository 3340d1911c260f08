"""What Monte Carlo says of the GUM's interval, why, and what to do (JCGM 101 8)."""

import math

from chuan.metrology.explaining.budget import Budget, Drawn
from chuan.metrology.explaining.dof_left_out import dof_left_out
from chuan.metrology.explaining.phrases import beside, expanded, factor, joined, number, put, same
from chuan.metrology.gum import is_nonlinear
from chuan.metrology.monte_carlo.results import MOST_TRIALS
from chuan.metrology.monte_carlo.validation import tells_nothing
from chuan.metrology.special import normal_quantile
from chuan.metrology.words import Text

_VALIDATED = Text(
    "Monte Carlo xác nhận khoảng của GUM: hai đầu lệch nhiều nhất {worst}{unit}, cho phép {delta}{unit}.",
    "Monte Carlo confirms the GUM's interval: its ends differ by at most {worst}{unit}, {delta}{unit} is allowed.",
)
_NOT_VALIDATED = Text(
    "Kết quả GUM không được kiểm chứng: có đầu khoảng lệch {worst}{unit}, chỉ cho phép {delta}{unit}, vì {reason}. Hãy "
    "báo cáo khoảng của Monte Carlo, từ {low} đến {high}{unit}.",
    "The GUM result is not validated: an end of its interval is off by {worst}{unit}, only {delta}{unit} is allowed, "
    "because {reason}. Report Monte Carlo's interval, {low} to {high}{unit}.",
)
_NOTHING_TO_COMPARE = Text(
    "Không có khoảng của GUM để kiểm chứng; khoảng của Monte Carlo là từ {low} đến {high}{unit}.",
    "There is no interval of the GUM to validate; Monte Carlo's is {low} to {high}{unit}.",
)
_UNDECIDED = Text(
    "Chưa kết luận được GUM có được kiểm chứng hay không: hiện lệch {worst}{unit}, cho phép {delta}{unit}, nhưng sau "
    "{trials} lần thử các đầu khoảng của Monte Carlo chưa đủ chắc. {again}{or_report}",
    "Whether the GUM result is validated cannot be told yet: the ends now differ by {worst}{unit}, {delta}{unit} is "
    "allowed, but after {trials} trials Monte Carlo's ends are not certain enough. {again}{or_report}",
)
_HARDLY = Text(
    "Kết quả GUM gần như chắc chắn không được kiểm chứng: có đầu khoảng lệch {worst}{unit}, nhiều lần mức cho phép "
    "{delta}{unit}, vì {reason}. Hãy báo cáo khoảng của Monte Carlo, từ {low} đến {high}{unit}. {again}",
    "The GUM result is almost certainly not validated: an end of its interval is off by {worst}{unit}, many times the "
    "{delta}{unit} allowed, because {reason}. Report Monte Carlo's interval, {low} to {high}{unit}. {again}",
)
_AGAIN = Text(
    "Muốn kết luận hẳn, hãy chạy lại với khoảng {more} lần thử (--trials {plain}).",
    "For a final verdict run it again with about {more} trials (--trials {plain}).",
)
_NEVER = Text(
    "Không kết luận hẳn được: cần nhiều hơn {most} lần thử, là số lần nhiều nhất được phép.",
    "A final verdict cannot be had: it would need more than the {most} trials that are the most allowed.",
)
_OR_REPORT = Text(
    " Trong khi chưa rõ, có thể báo cáo khoảng của Monte Carlo, từ {low} đến {high}{unit}.",
    " Until then Monte Carlo's interval, {low} to {high}{unit}, may be reported.",
)
_TELLS_NOTHING = Text(
    "Không kiểm chứng được GUM bằng Monte Carlo: một số ít lần thử cho kết quả rất xa, như của một hàm mũ, "
    "nên trung bình và u của Monte Carlo là ngẫu nhiên và mức cho phép theo u ấy, {delta}{unit}, không nói lên gì. "
    "Khoảng của GUM lệch {worst}{unit}. Hãy xem lại mô hình và đầu vào; của Monte Carlo chỉ có khoảng từ {low} đến "
    "{high}{unit} là có nghĩa.",
    "Monte Carlo cannot validate the GUM: a few trials lie very far out, as of an exponential, so "
    "Monte Carlo's mean and u are chance, and the tolerance that follows from that u, {delta}{unit}, says nothing. The "
    "GUM's interval is off by {worst}{unit}. Look at the model and its inputs again; of Monte Carlo only the interval, "
    "{low} to {high}{unit}, has a meaning.",
)
_DOF_LEFT_OUT = Text(
    "Khoảng của Monte Carlo, từ {low} đến {high}{unit}, không kiểm chứng được U: nó bỏ qua bậc tự do của {names}, vì u "
    "của đại lượng ấy được dùng làm độ lệch chuẩn như thể biết chắc, còn k = {k} thì tính đến bậc tự do (GUM G.3; JCGM "
    "101 6.4.9). {remedy}",
    "Monte Carlo's interval, {low} to {high}{unit}, cannot validate U: it leaves the degrees of freedom of {names} out "
    "of account, taking that u for a standard deviation known for certain; k = {k} counts them (GUM G.3; JCGM 101 "
    "6.4.9). {remedy}",
)
_KEEP = Text(
    'Hãy giữ U = {expanded}{unit}; muốn Monte Carlo tính đến bậc tự do thì ghi distribution = "student_t" (không kèm '
    "scale) cho {names} rồi tính lại.",
    'Keep U = {expanded}{unit}; for a Monte Carlo interval that counts them, state distribution = "student_t" '
    "(without scale) for {names} and compute again.",
)
_KEEP_SO_LONG = Text(
    'Mô hình còn phi tuyến, nên hãy ghi distribution = "student_t" (không kèm scale) cho {names} rồi tính lại; cho đến '
    "lúc đó giữ U = {expanded}{unit}, rộng hơn.",
    'The model is nonlinear too, so state distribution = "student_t" (without scale) for {names} and compute again; '
    "until then keep U = {expanded}{unit}, the wider.",
)
_NEITHER = Text(
    "Nhưng khoảng ấy cũng vượt ra ngoài khoảng của GUM, vì {reason}; nên chưa khoảng nào dùng được: hãy ghi "
    'distribution = "student_t" (không kèm scale) cho {names} rồi tính lại.',
    "Yet it also reaches beyond the GUM's, because {reason}; so neither may be reported: state distribution = "
    '"student_t" (without scale) for {names} and compute again.',
)
_NO_VARIANCE = Text(
    "có đầu vào Student t với ν ≤ 2, phân bố không có phương sai",
    "an input is Student t with ν ≤ 2, whose distribution has no variance",
)
_CURVED = Text(
    "mô hình phi tuyến: Monte Carlo cho u = {drawn}{unit}, GUM bậc nhất cho {u}{unit}",
    "the model is nonlinear: Monte Carlo has u = {drawn}{unit}, the GUM's first order {u}{unit}",
)
_SHIFTED = Text(
    "mô hình phi tuyến làm giá trị trung bình dời đến {value}{unit}",
    "the nonlinear model moves the mean to {value}{unit}",
)
_HEAVY = Text(
    "các đầu vào có ít bậc tự do được rút theo Student t, rộng hơn u của chúng (u = {drawn}{unit} thay vì {u}{unit})",
    "inputs of few degrees of freedom are drawn from Student's t, wider than u (u = {drawn}{unit}, not {u}{unit})",
)
_DIFFERS = Text(
    "u của Monte Carlo là {drawn}{unit}, không phải {u}{unit}", "Monte Carlo's u is {drawn}{unit}, not {u}{unit}"
)
_SKEWED = Text("phân bố của kết quả không đối xứng", "the distribution of the result is not symmetric")
_FLAT = Text(
    "phân bố của kết quả có đuôi ngắn hơn phân bố ứng với k = {k}, như khi một thành phần chữ nhật lấn át: khoảng của "
    "GUM rộng quá mức",
    "the result's distribution has shorter tails than the one behind k = {k}, as where a rectangular contribution "
    "dominates: the GUM's interval is wider than needed",
)
_LONG = Text(
    "phân bố của kết quả có đuôi dài hơn phân bố ứng với k = {k}: khoảng của GUM hẹp quá mức",
    "the result's distribution has longer tails than the one behind k = {k}: the GUM's interval is too narrow",
)

#: An end must be known to a fifth of the tolerance (JCGM 101 8.2); trials are advised with this much in hand.
_IN_HAND = 1.5
#: An end that is off by so many tolerances, and standard errors, will not come back.
_MANY = 5


def verdict(budget: Budget, drawn: Drawn | None) -> Text | None:
    """Whether the GUM's interval is validated, why not, and what to do; None where Monte Carlo was not run."""
    if drawn is None:
        return None
    half = (drawn.interval[1] - drawn.interval[0]) / 2
    low, high = (beside(end, half) for end in drawn.interval)
    if drawn.d_low is None or drawn.d_high is None or drawn.tolerance is None:
        return put(_NOTHING_TO_COMPARE, low=low, high=high, unit=budget.unit)
    worst = max(drawn.d_low, drawn.d_high)
    reason = _reason(budget, drawn, half, drawn.tolerance)
    left_out = dof_left_out(budget, drawn.standard_uncertainty)
    if left_out and not drawn.validated and worst > drawn.tolerance:
        names = joined([same(symbol) for symbol in left_out])
        k = factor(budget.coverage_factor or 0.0)
        remedy = put(_remedy(budget, drawn), reason=reason, names=names, unit=budget.unit, expanded=_stated_u(budget))
        return put(_DOF_LEFT_OUT, low=low, high=high, unit=budget.unit, names=names, k=k, remedy=remedy)
    return put(
        _kind(budget, drawn, worst),
        worst=number(worst, 2),
        delta=number(drawn.tolerance, 2),
        unit=budget.unit,
        low=low,
        high=high,
        reason=reason,
        trials=number(drawn.trials, 10),
        again=_again(budget, drawn),
        or_report=same("") if left_out else put(_OR_REPORT, low=low, high=high, unit=budget.unit),
    )


def _remedy(budget: Budget, drawn: Drawn) -> Text:
    """To keep U, unless Monte Carlo's interval is not even within the GUM's."""
    expanded_uncertainty, allowed = budget.expanded_uncertainty or 0.0, drawn.tolerance or 0.0
    low, high = drawn.interval
    below, above = budget.estimate - low - expanded_uncertainty, high - budget.estimate - expanded_uncertainty
    if max(below, above) > allowed:
        return _NEITHER
    bent = is_nonlinear(budget.estimate, budget.standard_uncertainty, budget.second_order)
    return _KEEP_SO_LONG if bent else _KEEP


def _stated_u(budget: Budget) -> Text:
    return expanded(budget.expanded_uncertainty or 0.0, budget.rounding)


def _again(budget: Budget, drawn: Drawn) -> Text:
    """How many trials would decide, where so many may be asked for."""
    more = trials_needed(budget, drawn)
    if more > MOST_TRIALS:
        return put(_NEVER, most=number(MOST_TRIALS, 10))
    return put(_AGAIN, more=number(more, 10), plain=str(more))


def _kind(budget: Budget, drawn: Drawn, worst: float) -> Text:
    """Which of the verdicts; where chance may still decide, whether it hardly will."""
    if tells_nothing(drawn.tolerance or 0.0, drawn.interval):
        return _TELLS_NOTHING
    if drawn.validated is not None:
        return _VALIDATED if drawn.validated else _NOT_VALIDATED
    tolerance = drawn.tolerance or 0.0
    error = tolerance / 5 * math.sqrt(_least(budget, drawn) / drawn.trials)
    return _HARDLY if worst > _MANY * max(tolerance, error) else _UNDECIDED


def trials_needed(budget: Budget, drawn: Drawn) -> int:
    """About how many trials make the ends certain to a fifth of the tolerance, one significant digit, rounded up."""
    least = _IN_HAND * _least(budget, drawn)
    # The distribution may be less kind than a normal one, as this run has shown if it was as long.
    wanted = least if least > drawn.trials else 4.0 * drawn.trials
    power = math.floor(math.log10(wanted))
    return math.ceil(wanted / 10.0**power) * int(10.0**power)


def _least(budget: Budget, drawn: Drawn) -> float:
    """Trials for ends of a normal distribution certain to a fifth of the tolerance.

    The standard error of a quantile is √(q(1 − q)/M)/g, with the density g there.
    """
    u = drawn.standard_uncertainty or budget.standard_uncertainty
    q = (1 - (budget.coverage_probability or 0.95)) / 2
    z = normal_quantile(q)
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi) / u if u else 0.0
    wanted = density * (drawn.tolerance or 0.0) / 5
    return q * (1 - q) / wanted**2 if wanted else 0.0


def _reason(budget: Budget, drawn: Drawn, half: float, tolerance: float) -> Text:
    mean, u = drawn.estimate, drawn.standard_uncertainty
    if mean is None or u is None:
        return _NO_VARIANCE
    if abs(u - budget.standard_uncertainty) > tolerance:
        return put(_of_spread(budget, u), drawn=number(u), u=number(budget.standard_uncertainty), unit=budget.unit)
    if abs(mean - budget.estimate) > tolerance:
        return put(_SHIFTED, value=beside(mean, 10 * tolerance), unit=budget.unit)
    if abs(drawn.interval[0] + drawn.interval[1] - 2 * mean) > 2 * tolerance:
        return _SKEWED
    flat = half < (budget.expanded_uncertainty or 0.0)
    return put(_FLAT if flat else _LONG, k=factor(budget.coverage_factor or 0.0))


def _of_spread(budget: Budget, u: float) -> Text:
    """Why Monte Carlo's u is another: curvature where second-order terms come nearer to it, else Student t."""
    first, second = budget.standard_uncertainty, budget.second_order
    if second is not None and second.standard_uncertainty is not None:
        if abs(second.standard_uncertainty - u) < abs(first - u) / 2:
            return _CURVED
    elif is_nonlinear(budget.estimate, first, second):
        return _CURVED
    few = any(line.contribution and not math.isinf(line.dof) for line in budget.lines)
    return _HEAVY if few and u > first else _DIFFERS
