"""Constants of ranges and standard deviations of normal samples: c4, d2, d3, d2*, E2 — computed, so that no table's
misprint or rounding stands in a control limit.

The integrals run over the whole line with integrands that are analytic and die out exponentially at both ends; there
the plain trapezoidal rule converges exponentially, and a step of a tenth leaves nothing but rounding.
"""

import math
from functools import lru_cache

from chuan.metrology.words import Refused, Text

_ROOT_HALF = math.sqrt(0.5)
_STEP = 0.1
_EDGE = 9.0
#: Beyond, the ranges' integrals would need finer steps, and nobody plots ranges of such samples.
_LARGEST = 100
_SIZE = Text("phải là số nguyên từ 2 đến {most}, đang là {n}", "must be a whole number 2 to {most}, found {n}")
_GROUPS = Text("phải là số nguyên từ 1, đang là {groups}", "must be a whole number from 1, found {groups}")


def _size(n: int) -> int:
    if not 2 <= n <= _LARGEST:
        raise Refused(_SIZE.put(n=n, most=_LARGEST), "n")
    return n


def c4(n: int) -> float:
    """E[s]/σ of n normal values: √(2/(n−1)) Γ(n/2)/Γ((n−1)/2)."""
    if n < 2:
        raise Refused(_SIZE.put(n=n, most="∞"), "n")
    half = (n - 1) / 2
    return math.exp(math.lgamma(half + 0.5) - math.lgamma(half)) / math.sqrt(half)


@lru_cache(maxsize=256)
def d2(n: int) -> float:
    """E[R]/σ of the range of n normal values: ∫ 1 − Φ(x)ⁿ − (1 − Φ(x))ⁿ dx."""
    _size(n)
    return (
        2
        * _STEP
        * math.fsum(
            0.5 * _not_all_on_one_side(0.0, n) if i == 0 else _not_all_on_one_side(i * _STEP, n)
            for i in range(round(_EDGE / _STEP) + 1)
        )
    )


def _not_all_on_one_side(x: float, n: int) -> float:
    """1 − Φ(x)ⁿ − (1 − Φ(x))ⁿ for x ≥ 0, without cancellation."""
    above = 0.5 * math.erfc(x * _ROOT_HALF)
    return -math.expm1(n * math.log1p(-above)) - above**n


@lru_cache(maxsize=256)
def d3(n: int) -> float:
    """sd(R)/σ of the range of n normal values: √(E[R²] − d2²) with E[R²] = 2∫ w P(R > w) dw, w = eˢ."""
    _size(n)
    step = _STEP / 2  # in ln w: the ranges of large samples crowd about their mean
    second = math.fsum(math.exp(2 * s * step) * _range_exceeds(math.exp(s * step), n) for s in range(-370, 58))
    second *= 2 * step
    return math.sqrt(second - d2(n) ** 2)


def _range_exceeds(w: float, n: int) -> float:
    """P(R > w) for n values of N(0, 1): 1 − n∫ φ(x) [Φ(x + w) − Φ(x)]ⁿ⁻¹ dx."""
    total = math.fsum(
        density * (0.5 * (math.erf((x + w) * _ROOT_HALF) - erf)) ** (n - 1) for x, density, erf in _grid()
    )
    return 1 - n * _STEP * total


@lru_cache(maxsize=1)
def _grid() -> tuple[tuple[float, float, float], ...]:
    """x, φ(x) and erf(x/√2) at the nodes of the trapezoidal rule."""
    edge = round(_EDGE / _STEP)
    nodes = [i * _STEP for i in range(-edge, edge + 1)]
    return tuple((x, math.exp(-0.5 * x * x) / math.sqrt(2 * math.pi), math.erf(x * _ROOT_HALF)) for x in nodes)


def d2_star(n: int, groups: int) -> float:
    """√E[R̄²]/σ of the mean of `groups` ranges: √(d2² + d3²/groups), so that (R̄/d2*)² is unbiased for σ² (Duncan)."""
    if groups < 1:
        raise Refused(_GROUPS.put(groups=groups), "groups")
    return math.sqrt(d2(n) ** 2 + d3(n) ** 2 / groups)


def e2(n: int = 2) -> float:
    """3/d2: individuals' limits from the mean moving range of n."""
    return 3 / d2(n)
