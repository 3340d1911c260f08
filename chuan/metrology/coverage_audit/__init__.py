"""Coverage audit: does the way from readings to verdict do what it claims? (GUM 6.3.3; JCGM 106 9.2)

A file claims a coverage probability, and with tolerance limits a risk of accepting what does not conform. The audit
goes the whole way many times from a known truth: readings scatter and are shown in steps of the indication, mean and
s/√n are taken from them, uncertainties that were themselves estimated vary as their ν says, U = k·u is formed anew and
rounded as the file asks, the verdict is given. What was achieved is printed beside what is claimed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chuan.metrology.coverage_audit import shares
from chuan.metrology.coverage_audit.table import table as table_of_uncertainty
from chuan.metrology.words import Language, Refused, Text

__all__ = ["AuditOptions", "run", "table"]

_REPETITIONS = Text("phải từ 1000 đến 10⁶, đang là {found}", "must be 1000 to 10⁶, found {found}")
_SEED = Text("không được âm, đang là {found}", "must not be negative, found {found}")
_PRIOR = Text(
    "cần cả prior_mean và prior_sd (lớn hơn 0), cùng với lower hoặc upper",
    "needs both prior_mean and prior_sd (above 0), together with lower or upper",
)
_GUARD = Text("không có giới hạn nào để áp dụng: cần lower hoặc upper", "has no limits to act on: needs lower or upper")
_KINDS = ("uncertainty", "conformity", "line")
_KIND = Text(
    "chỉ kiểm tra được tệp kind = {allowed}, đang là {found}",
    "only files of kind = {allowed} can be audited, found {found}",
)
_ONLY_UNCERTAINTY = Text(
    'chỉ dùng với kind = "uncertainty"; tệp này tự nêu giới hạn và phân bố của nó',
    'goes only with kind = "uncertainty"; this file states its limits and its distribution itself',
)
_OF_A_MEASURAND = ("measurand", "lower", "upper", "guard_factor", "prior_mean", "prior_sd")


@dataclass(frozen=True)
class AuditOptions:
    """How often the way is gone, and what the verdict is about.

    Limits and prior are of `measurand` (the first where it is None). w = guard_factor·2u, as in conformity files, and 0
    where it is None.
    """

    repetitions: int = 100_000
    seed: int = 1
    measurand: str | None = None
    lower: float | None = None
    upper: float | None = None
    guard_factor: float | None = None
    #: Of the items that come to be measured, N(prior_mean, prior_sd²); without it only items at a limit are judged.
    prior_mean: float | None = None
    prior_sd: float | None = None

    @property
    def applied_guard_factor(self) -> float:
        """r, 0 where none was asked for."""
        return self.guard_factor or 0.0

    def __post_init__(self) -> None:
        if not 1000 <= self.repetitions <= 1_000_000:
            raise Refused(_REPETITIONS.put(found=self.repetitions), "repetitions")
        if self.seed < 0:
            raise Refused(_SEED.put(found=self.seed), "seed")
        if self.guard_factor is not None and self.lower is self.upper is None:
            raise Refused(_GUARD, "guard_factor")
        given = (self.prior_mean is not None, self.prior_sd is not None)
        if any(given) and (not all(given) or not (self.prior_sd or 0) > 0 or self.lower is self.upper is None):
            raise Refused(_PRIOR, "prior_sd")


def run(document: Mapping[str, object], options: AuditOptions | None = None) -> dict[str, Any]:
    """Achieved beside claimed, of an `uncertainty`, a `conformity` or a `line` document.

    Refused: a document that cannot be computed, one that claims no U (undefined ν without "k=…"), correlated inputs
    without a joint distribution, options that its kind has no use for.
    """
    from chuan.metrology.coverage_audit import of_conformity, of_line  # noqa: PLC0415 - brings numpy, for start-up
    from chuan.metrology.coverage_audit.audit import audit  # noqa: PLC0415 - with it
    from chuan.metrology.files.reading import quote  # noqa: PLC0415 - with it
    from chuan.metrology.files.uncertainty import read  # noqa: PLC0415 - with it

    options = options or AuditOptions()
    kind = document.get("kind")
    if kind not in _KINDS:
        raise Refused(_KIND.put(allowed=", ".join(map(quote, _KINDS)), found=quote(kind)), "kind")
    if kind == "uncertainty":
        return audit(read(document), document, options)
    for key in _OF_A_MEASURAND:
        if getattr(options, key) is not None:
            raise Refused(_ONLY_UNCERTAINTY, key)
    audit_of = of_conformity.audit if kind == "conformity" else of_line.audit
    return audit_of(document, options.repetitions, options.seed)


def table(result: Mapping[str, Any], language: Language) -> str:
    """The audit as a readable text."""
    return (shares.table if "shares" in result else table_of_uncertainty)(result, language)
