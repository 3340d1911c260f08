"""`kind = "control-chart"`: a check standard or a process over time (ISO 7870, NIST/SEMATECH e-Handbook 6.3.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

from chuan.metrology.charts import RULES, Baseline, ControlChart, Limits, RuleSet, ewma, individuals, xbar_r, xbar_s
from chuan.metrology.charts.rules import violations
from chuan.metrology.files import Options
from chuan.metrology.files.reading import Table
from chuan.metrology.files.showing import columns, lines
from chuan.metrology.words import Language, Text

_KEYS = ("kind", "title", "chart", "data", "lambda", "baseline_mean", "baseline_sd", "rules", "limits")
_SUBGROUPS = {"xbar_s": xbar_s, "xbar_r": xbar_r}

_ONLY_EWMA = Text('chỉ dùng với chart = "ewma"', 'goes only with chart = "ewma"')

_NO_RULES = Text(
    'không dùng với chart = "ewma": các điểm phụ thuộc nhau, chỉ có quy tắc 1',
    'does not go with chart = "ewma": its points depend on each other, so only rule 1 applies',
)

_CENTER = Text("đường tâm", "centre")
_LOWER = Text("giới hạn dưới", "lower limit")
_UPPER = Text("giới hạn trên", "upper limit")
_SIGMA = Text("σ của một giá trị", "σ of one value")
_SPREAD = Text("Biểu đồ độ phân tán", "Chart of spread")
_POINT = Text("điểm", "point")
_VALUE = Text("giá trị", "value")
_SPREAD_VALUE = Text("độ phân tán", "spread")
_SAYS = Text("nghĩa là", "says")
_CHARTS = {"location": Text("vị trí", "location"), "spread": Text("độ phân tán", "spread")}
_CHART = Text("biểu đồ", "chart")
_RULE = Text("quy tắc", "rule")
_BROKEN = Text("Vi phạm (điểm đếm từ 0, là điểm hoàn tất quy tắc)", "Violations (points from 0, completing the rule)")
_NONE_BROKEN = Text("Không có vi phạm: quá trình trong tầm kiểm soát.", "No violations: the process is in control.")
_VARYING = Text("theo từng điểm", "by point")


def compute(document: Mapping[str, object], options: Options) -> dict[str, Any]:
    """The contract's keys of a control chart file."""
    return asdict(_chart(Table(document, "", _KEYS)))


def _chart(table: Table) -> ControlChart:
    chart = table.choice("chart", (*_SUBGROUPS, "individuals", "ewma"))
    rules = cast("RuleSet", table.choice("rules", tuple(RULES), "western_electric"))
    limits = cast("Limits", table.choice("limits", ("asymptotic", "exact"), "asymptotic"))
    if chart == "ewma":
        if rules != "western_electric":
            raise table.refuse("rules", _NO_RULES)
        mean, sd = table.number("baseline_mean"), table.number("baseline_sd", above=0)
        return ewma(table.numbers("data"), table.number("lambda"), mean, sd, limits)
    # A default that is written out says what is done anyway.
    for key, ignored in (("lambda", "lambda" in table), ("limits", limits != "asymptotic")):
        if ignored:
            raise table.refuse(key, _ONLY_EWMA)
    baseline = Baseline(table.optional("baseline_mean"), table.optional("baseline_sd", above=0))
    if chart == "individuals":
        return individuals(table.numbers("data", least=2), rules, baseline)
    return _SUBGROUPS[chart](table.rows("data", least=2), rules, baseline)


def table(result: Mapping[str, Any], language: Language) -> str:
    """Centre and limits of both charts, the points, and what they break."""
    parts = [_limits(result, language, ((_SIGMA, result["sigma"]),))]
    if result["spread"] is not None:
        parts.append(f"{_SPREAD.say(language)}\n{_limits(result['spread'], language)}")
        parts.append(columns((_POINT, _SPREAD_VALUE), list(enumerate(result["spread"]["points"])), language))
    parts.append(_points(result, language))
    parts.append(_violations(result, language))
    return "\n\n".join(parts)


def _points(result: Mapping[str, Any], language: Language) -> str:
    """Each plotted point, with its own limits where they vary."""
    head, cells = [_POINT, _VALUE], [range(len(result["points"])), result["points"]]
    for label, key in ((_LOWER, "lower"), (_UPPER, "upper")):
        if isinstance(result[key], (list, tuple)):
            head.append(label)
            cells.append(result[key])
    return columns(head, list(zip(*cells, strict=True)), language)


def _limits(chart: Mapping[str, Any], language: Language, more: Sequence[tuple[Text, float | str | None]] = ()) -> str:
    pairs: list[tuple[Text, float | str | None]] = []
    for label, key in ((_CENTER, "center"), (_LOWER, "lower"), (_UPPER, "upper")):
        value = chart[key]
        pairs.append((label, _VARYING.say(language) if isinstance(value, (list, tuple)) else value))
    return lines([*pairs, *more], language)


def _violations(result: Mapping[str, Any], language: Language) -> str:
    found = result["violations"]
    if not found:
        return _NONE_BROKEN.say(language)
    texts = RULES[_rules_of(result)]
    rows = [
        (_CHARTS[item["chart"]].say(language), item["rule"], item["index"], texts[item["rule"]].text.say(language))
        for item in found
    ]
    return f"{_BROKEN.say(language)}\n{columns((_CHART, _RULE, _POINT, _SAYS), rows, language)}"


def _rules_of(result: Mapping[str, Any]) -> RuleSet:
    """The set of rules that the result was judged by, which it does not name: the one whose violations it has."""
    center, upper = result["center"], result["upper"]
    if isinstance(upper, (list, tuple)) or result["spread"] is None:
        # An EWMA chart has rule 1 alone, the same in every set.
        return "western_electric"
    found = [(item["rule"], item["index"]) for item in result["violations"] if item["chart"] == "location"]
    z = [3 * (point - center) / (upper - center) for point in result["points"]]
    for rules in RULES:
        if [(item.rule, item.index) for item in violations(z, rules)] == found:
            return rules
    # A point on a boundary, which rounding puts on the other side: the set that knows all the rules broken.
    return "nelson" if any(rule not in RULES["western_electric"] for rule, _ in found) else "western_electric"
