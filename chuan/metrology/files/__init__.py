"""Computation files: what `kind = "…"` may be, and the module that reads, computes and shows each kind."""

import importlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, cast

from chuan.metrology.files.reading import one_line, quote
from chuan.metrology.words import Language, Refused, Text

Method = Literal["gum", "monte-carlo", "both"]

_UNKNOWN_KIND = Text(
    "không có loại tệp {found}; được phép: {allowed}", "unknown kind of file {found}; allowed: {allowed}"
)
_NO_KIND = Text('thiếu khóa "kind"; được phép: {allowed}', 'key "kind" is missing; allowed: {allowed}')
_NOT_FINITE = Text("kết quả không hữu hạn ({found})", "the result is not finite ({found})")
_OVERFLOW = Text(
    "có số quá lớn, phép tính vượt phạm vi số thực",
    "some number is too large, the computation leaves the range of numbers",
)


@dataclass(frozen=True)
class Options:
    """What the command line asks; kinds that need none of it ignore it."""

    method: Method = "both"
    #: Exactly so many draws; None is adaptive (JCGM 101 7.9).
    trials: int | None = None
    seed: int = 1
    threads: int = 1
    #: Of the rounded strings in `reported`.
    language: Language = "vi"
    #: Whether an adaptive run beside the GUM goes on until its validation is decided (JCGM 101 8.2).
    to_validate: bool = True


class _Module(Protocol):
    def compute(self, document: Mapping[str, object], options: Options) -> dict[str, Any]: ...

    def table(self, result: Mapping[str, Any], language: Language) -> str: ...


class _Described(Protocol):
    def table(self, result: Mapping[str, Any], language: Language, document: Mapping[str, Any]) -> str: ...


@dataclass(frozen=True)
class Kind:
    """One kind of file; its module is imported when it is first used, so that start-up stays small."""

    name: str
    module: str

    def _load(self) -> _Module:
        return cast("_Module", importlib.import_module(f"chuan.metrology.files.{self.module}"))

    def compute(self, document: Mapping[str, object], options: Options) -> dict[str, Any]:
        """The result by the contract, every key present; a wrong document is refused."""
        return self._load().compute(document, options)

    def table(self, result: Mapping[str, Any], language: Language, document: Mapping[str, Any] | None = None) -> str:
        """The result as a readable text, under the title of the document that it was computed from."""
        module = self._load()
        if document is None:
            return module.table(result, language)
        described = self.name in _DESCRIBED
        text = (
            cast("_Described", module).table(result, language, document)
            if described
            else module.table(result, language)
        )
        title = " ".join(str(document.get("title", "")).split())
        return f"{title}\n{'─' * min(len(title), 118)}\n\n{text}" if title else text


#: Kinds whose text shows more of the document than its title.
_DESCRIBED = frozenset({"uncertainty"})

#: To add a kind: one line here, and `compute` and `table` in its module in this folder.
KINDS: Mapping[str, Kind] = {
    name: Kind(name, module)
    for name, module in {
        "uncertainty": "uncertainty",
        "conformity": "conformity",
        "line": "line",
        "interval": "interval",
        "comparison": "comparison",
        "control-chart": "control_chart",
        "gauge-study": "gauge_study",
        "sampling": "sampling",
        "mass-design": "mass_design",
    }.items()
}


def kind_of(document: Mapping[str, object]) -> Kind:
    """The kind that a document names; an unknown one is refused with the known."""
    allowed = ", ".join(KINDS)
    if "kind" not in document:
        raise Refused(_NO_KIND.put(allowed=allowed))
    name = document["kind"]
    if not isinstance(name, str) or name not in KINDS:
        raise Refused(_UNKNOWN_KIND.put(found=quote(name), allowed=allowed), "kind")
    return KINDS[name]


def compute(document: Mapping[str, object], options: Options) -> dict[str, Any]:
    """The result of any document by its kind, every number in it finite."""
    kind = kind_of(document)
    try:
        result = kind.compute(document, options)
    except Refused as refused:
        raise one_line(refused) from None
    except OverflowError:
        raise Refused(_OVERFLOW) from None
    refuse_not_finite(result, "")
    return result


def refuse_not_finite(value: object, place: str) -> None:
    """Refuse NaN and infinity anywhere in a result, naming where; JSON has no such numbers."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Refused(_NOT_FINITE.put(found=value), place)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            refuse_not_finite(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            refuse_not_finite(item, f"{place}[{i}]")
