"""A stored result of any kind beside what the second kernel makes of its document."""

from collections.abc import Iterator, Mapping
from typing import Any

from chuan.metrology.checker import propagation
from chuan.metrology.checker.agreement import TOLERANCE, Agreement, Difference, compare
from chuan.metrology.checker.draws import STANDARD_ERRORS, STATISTICAL
from chuan.metrology.checker.kinds import KINDS
from chuan.metrology.checker.uncertainty import compare_uncertainty
from chuan.metrology.words import Refused, Text

_KIND = Text('bộ tính thứ hai không tính lại kind = "{kind}"', 'the second kernel does not recompute kind = "{kind}"')
_FAILED = Text(
    "bộ tính thứ hai không tính được ({why}); không kết luận",
    "the second kernel cannot compute this ({why}); no conclusion",
)


def check(document: Mapping[str, Any], result: Mapping[str, Any]) -> Agreement:
    """Recompute a stored result from its document at 50 digits, and compare every value.

    Relative differences; signed numbers are taken relative to u, or to what they are a difference of, where they are
    smaller than doubles allow; what hangs on u relative to the variance before correlations cancel it. What was drawn
    is compared with other draws, within their scatter.
    Errors: `Refused` for an unknown kind, and where the document cannot be read or computed by this kernel.
    """
    try:
        found = list(_compared(document, result))
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(_FAILED.put(why=" ".join(f"{type(error).__name__} {error}".split()))) from None
    differences = [item for item in found if isinstance(item, Difference)]
    drawn = [item for item in differences if _is_drawn(item)]
    computed = [item for item in differences if not _is_drawn(item)]
    return Agreement(
        len(computed),
        max(computed, key=lambda difference: difference.relative, default=None),
        tuple(difference for difference in differences if not difference.relative <= TOLERANCE),
        tuple(item for item in found if isinstance(item, str)),
        len(drawn),
        max((item.relative for item in drawn), default=0.0) / TOLERANCE * STANDARD_ERRORS,
    )


def _is_drawn(difference: Difference) -> bool:
    return any(part in difference.key for part in STATISTICAL)


def _compared(document: Mapping[str, Any], result: Mapping[str, Any]) -> Iterator[Difference | str]:
    kind, ctx = str(document.get("kind")), propagation.context()
    if kind == "uncertainty":
        yield from compare_uncertainty(ctx, document, result)
    elif kind in KINDS:
        yield from compare(result, KINDS[kind](ctx, document, result), "")
    else:
        raise Refused(_KIND.put(kind=kind), "kind")
