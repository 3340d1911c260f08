"""`kind = "gauge-study"`: repeatability and reproducibility of a measuring system (AIAG MSA 4th ed.)."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast

from chuan.metrology.files import Options
from chuan.metrology.files.reading import Table, numbers
from chuan.metrology.files.showing import columns, lines
from chuan.metrology.gauges import Method, gauge_study
from chuan.metrology.words import Language, Refused, Text

_KEYS = ("kind", "title", "data", "method", "tolerance", "pool_above")

_LIST = Text("phải là danh sách: data[chi tiết][người đo][lần đo]", "must be a list: data[part][operator][trial]")

_SOURCE = Text("nguồn", "source")
_SOURCES = {
    "repeatability": Text("lặp lại (thiết bị)", "repeatability"),
    "operator": Text("người đo", "operator"),
    "interaction": Text("tương tác", "interaction"),
    "reproducibility": Text("tái lập", "reproducibility"),
    "grr": Text("hệ thống đo (GRR)", "measuring system (GRR)"),
    "part": Text("chi tiết", "part"),
    "total": Text("tổng", "total"),
}
_HEAD = (
    _SOURCE,
    Text("phương sai", "variance"),
    Text("độ lệch chuẩn", "sd"),
    Text("% tổng", "% of total"),
    Text("% dung sai", "% of tolerance"),
)
_ANOVA = (_SOURCE, Text("bậc tự do", "df"), Text("tổng bình phương", "ss"), Text("bình phương trung bình", "ms"))
_TESTS = (Text("F", "F"), Text("p", "p"))
_POOLED = Text("tương tác gộp vào lặp lại", "interaction pooled into repeatability")
_GRR = Text("GRR, % tổng", "GRR, % of total")
_NDC = Text("số mức phân biệt được", "distinct categories")


def compute(document: Mapping[str, object], options: Options) -> dict[str, Any]:
    """The contract's keys of a gauge study file."""
    table = Table(document, "", _KEYS)
    method = cast("Method", table.choice("method", ("anova", "range"), "anova"))
    result = gauge_study(
        _readings(table),
        method,
        tolerance=table.optional("tolerance", above=0),
        pool_above=table.number("pool_above", 0.05),
    )
    return {
        "components": {name: item and asdict(item) for name, item in result.components.items()},
        "anova": None if result.anova is None else [asdict(row) for row in result.anova],
        "interaction_pooled": result.interaction_pooled,
        "percent_grr": result.percent_grr,
        "ndc": result.ndc,
    }


def _readings(table: Table) -> list[list[tuple[float, ...]]]:
    if "data" not in table:
        table.numbers("data")
    data = _list(table.data["data"], "data")
    return [
        [numbers(cell, f"data[{i}][{j}]") for j, cell in enumerate(_list(part, f"data[{i}]"))]
        for i, part in enumerate(data)
    ]


def _list(value: object, place: str) -> list[object]:
    if not isinstance(value, list):
        raise Refused(_LIST, place)
    return value


def table(result: Mapping[str, Any], language: Language) -> str:
    """Components, then the analysis of variance, then what is made of them."""
    fields = ("variance", "sd", "percent", "percent_tolerance")
    components = [
        (_SOURCES[name].say(language), *(item[field] if item else None for field in fields))
        for name, item in result["components"].items()
    ]
    parts = [columns(_HEAD, components, language)]
    if result["anova"] is not None:
        rows = [
            (_SOURCES[row["source"]].say(language), *(row[field] for field in ("df", "ss", "ms", "f", "p")))
            for row in result["anova"]
        ]
        parts.append(columns((*_ANOVA, *_TESTS), rows, language))
    parts.append(
        lines([(_POOLED, result["interaction_pooled"]), (_GRR, result["percent_grr"]), (_NDC, result["ndc"])], language)
    )
    return "\n\n".join(parts)
