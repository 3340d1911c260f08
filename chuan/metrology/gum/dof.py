"""Effective degrees of freedom: Welch–Satterthwaite with blocks, and Willink–Hall for correlated inputs.

GUM G.4.1 for independent terms; R. Willink and B. D. Hall, Metrologia 39 (2002) 361, for simultaneous observations.
"""

import math
from collections.abc import Sequence
from operator import mul
from typing import Literal

from chuan.metrology.distributions import positive
from chuan.metrology.inputs import Group
from chuan.metrology.words import Refused, Text

DofMethod = Literal["welch-satterthwaite", "block", "undefined"]

_SHAPE = Text(
    "cần một số hiệu chính cho mỗi bộ quan trắc",
    "one number of degrees of freedom is needed for each set of observations",
)


def grouped_uncertainty(contributions: Sequence[float], group: Group) -> float:
    """√ΣΣ c_i u_i c_j u_j r_ij of one correlated group (GUM 5.2.2); rounding below zero is zero."""
    own = [contributions[i] for i in group.indices]
    largest = max(map(abs, own))
    if not largest or not math.isfinite(largest):
        return largest
    # In units of the largest, so that no square overflows or vanishes.
    own = [contribution / largest for contribution in own]
    rows = zip(own, group.correlation, strict=True)
    total = math.fsum(a * b * r for a, row in rows for b, r in zip(own, row, strict=True))
    return largest * math.sqrt(max(0.0, total))


def effective_dof(
    contributions: Sequence[float], u: float, inverse_dof: Sequence[float], groups: Sequence[Group]
) -> tuple[float | None, DofMethod]:
    """ν_eff and how it was found, by the rules of computation files; None where it is not defined.

    Independent inputs are terms of their own (their `inverse_dof` holds their components' terms); each block of
    simultaneous observations is one term with ν = n − 1; inputs that only shared identities correlate are the terms of
    their independent errors; stated correlations are one term with ν = ∞ when all that correlate have ν = ∞, else
    ν_eff is undefined.
    """
    if not u:
        return math.inf, "welch-satterthwaite"
    alone = set(range(len(contributions)))
    inverse, method = 0.0, "welch-satterthwaite"
    for group in groups:
        if group.terms:
            alone.difference_update(group.indices)
            inverse += _shared(contributions, u, group)
            continue
        if group.block_dof is None:
            correlated = _correlating(contributions, group)
            if any(group.finite[k] for k in correlated):
                return None, "undefined"
            alone.difference_update(group.indices[k] for k in correlated)
            continue
        alone.difference_update(group.indices)
        share = (grouped_uncertainty(contributions, group) / u) ** 2
        if share:
            inverse, method = inverse + share * share / group.block_dof, "block"
    inverse += math.fsum((contributions[i] / u) ** 4 * inverse_dof[i] for i in alone)
    return (1 / inverse if inverse else math.inf), "block" if method == "block" else "welch-satterthwaite"


def _shared(contributions: Sequence[float], u: float, group: Group) -> float:
    """Σ u_k⁴/(u⁴ ν_k) over the independent errors of inputs that share identities."""
    own = [contributions[i] / u for i in group.indices]
    return math.fsum(
        math.fsum(map(mul, own, term.weights)) ** 4 * term.inverse_dof for term in group.terms if term.inverse_dof
    )


def _correlating(contributions: Sequence[float], group: Group) -> set[int]:
    """Members of a group that correlate with another one in this measurand: both must contribute."""
    active = [k for k, i in enumerate(group.indices) if contributions[i]]
    return {k for k in active if any(j != k and group.correlation[k][j] for j in active)}


def willink_hall(
    sets: Sequence[tuple[Sequence[float], Sequence[Sequence[float]], float]],
    independent: Sequence[tuple[float, float]] = (),
) -> float:
    """ν_eff of a sum over several sets of simultaneous observations (Willink and Hall 2002, equation 12 for a scalar).

    `sets` holds (sensitivities g, covariance matrix C of the set's means, ν); `independent` (c·u, ν) of further
    inputs. For one measurand each set has the variance gᵀCg, which is distributed as σ²χ²/ν with the set's own ν,
    so ν_eff = (Σ v_m)² / Σ v_m²/ν_m whatever the correlations within the sets. Infinite where nothing varies.
    """
    terms = []
    for gradient, covariance, dof in sets:
        if len(gradient) != len(covariance):
            raise Refused(_SHAPE, "sets")
        variance = math.fsum(
            a * math.fsum(b * c for b, c in zip(gradient, row, strict=True))
            for a, row in zip(gradient, covariance, strict=True)
        )
        terms.append((max(0.0, variance), positive(dof, "dof")))
    terms += [(contribution**2, dof) for contribution, dof in independent]
    total = math.fsum(v for v, _ in terms)
    inverse = math.fsum((v / total) ** 2 / dof for v, dof in terms) if total else 0.0
    return 1 / inverse if inverse else math.inf
