"""`kind = "conformity"`: a value, a production, or both, against a tolerance (JCGM 106, ILAC-G8, ISO 14253-1)."""

from collections.abc import Mapping
from typing import Any, cast

from chuan.metrology.conformity import (
    SIMPLE,
    GuardFactor,
    MaximumGlobalConsumerRisk,
    MaximumSpecificRisk,
    Outcome,
    Prior,
    Rule,
    Tolerance,
    assess,
)
from chuan.metrology.distributions import Gamma, Normal
from chuan.metrology.files import Options
from chuan.metrology.files.reading import Table
from chuan.metrology.files.showing import lines
from chuan.metrology.words import Language, Text

_RULES = ("guard_factor", "maximum_specific_risk", "maximum_global_consumer_risk")
_KEYS = ("kind", "title", "value", "standard_uncertainty", "lower", "upper", "rule", *_RULES, "outcome", "prior")
#: Below, a gamma distribution is all but one spike at 0.
_LEAST_SHAPE = 0.001
_PRIORS = {"normal": ("mean", "sd"), "gamma": ("shape", "scale")}

_ONE_RULE = Text(
    'rule = "guard_band" cần đúng một trong {allowed}; đang có {found}',
    'rule = "guard_band" needs exactly one of {allowed}; found {found}',
)
_NOT_SIMPLE = Text(
    'chỉ dùng với rule = "guard_band"; đang là "simple"', 'goes only with rule = "guard_band"; found "simple"'
)
_NONE = Text("không có gì", "none")

_VERDICTS = {
    "pass": Text("đạt", "pass"),
    "conditionalPass": Text("đạt có điều kiện", "conditional pass"),
    "conditionalFail": Text("không đạt có điều kiện", "conditional fail"),
    "fail": Text("không đạt", "fail"),
    "noPass": Text("chưa chứng minh được là đạt", "conformity not proved"),
    "noFail": Text("chưa chứng minh được là không đạt", "non-conformity not proved"),
}
_LABELS = {
    "verdict": Text("kết luận", "verdict"),
    "acceptance_lower": Text("giới hạn chấp nhận dưới", "lower acceptance limit"),
    "acceptance_upper": Text("giới hạn chấp nhận trên", "upper acceptance limit"),
    "guard_band": Text("dải bảo vệ w", "guard band w"),
    "conformance_probability": Text("xác suất phù hợp", "conformance probability"),
    "specific_consumer_risk": Text("rủi ro riêng của người tiêu dùng", "specific consumer's risk"),
    "global_consumer_risk": Text("rủi ro toàn cục của người tiêu dùng", "global consumer's risk"),
    "global_producer_risk": Text("rủi ro toàn cục của nhà sản xuất", "global producer's risk"),
    "conditional_consumer_risk": Text(
        "tỷ lệ không phù hợp trong số được chấp nhận", "share not conforming among the accepted"
    ),
}
_MEANS = Text("Mỗi xác suất là của", "What each probability is of")
_LEGEND = Text(
    "Y: giá trị của sản phẩm, phân bố [prior]; X = Y + N(0, u²): giá trị đo; T: dung sai; A: khoảng chấp nhận",
    "Y: value of an item, distributed as [prior]; X = Y + N(0, u²): measured; T: tolerance; A: acceptance interval",
)


def compute(document: Mapping[str, object], options: Options) -> dict[str, Any]:
    """The contract's keys of a conformity file."""
    table = Table(document, "", _KEYS)
    tolerance = Tolerance(table.optional("lower"), table.optional("upper"))
    result = assess(
        tolerance,
        table.number("standard_uncertainty", above=0),
        _rule(table),
        outcome=cast("Outcome", table.choice("outcome", ("binary", "four", "proof"), "binary")),
        value=table.optional("value"),
        prior=_prior(table),
    )
    risks = result.risks
    return {
        "conformance_probability": result.conformance_probability,
        "verdict": result.verdict,
        "guard_band": result.guard_band,
        "acceptance_lower": result.acceptance_lower,
        "acceptance_upper": result.acceptance_upper,
        "specific_consumer_risk": result.specific_consumer_risk,
        "global_consumer_risk": None if risks is None else risks.consumer,
        "global_producer_risk": None if risks is None else risks.producer,
        "conditional_consumer_risk": None if risks is None else risks.conditional_consumer,
        "definition": dict(result.definition),
    }


def _rule(table: Table) -> Rule:
    given = [key for key in _RULES if key in table]
    if table.choice("rule", ("simple", "guard_band"), "simple") == "simple":
        for key in given:
            raise table.refuse(key, _NOT_SIMPLE)
        return SIMPLE
    if len(given) != 1:
        allowed, found = ", ".join(_RULES), ", ".join(given)
        raise table.refuse(
            "rule",
            Text(
                _ONE_RULE.vi.format(allowed=allowed, found=found or _NONE.vi),
                _ONE_RULE.en.format(allowed=allowed, found=found or _NONE.en),
            ),
        )
    number = table.number(given[0])
    if given[0] == "guard_factor":
        return GuardFactor(number)
    return MaximumSpecificRisk(number) if given[0] == "maximum_specific_risk" else MaximumGlobalConsumerRisk(number)


def _prior(table: Table) -> Prior | None:
    if "prior" not in table:
        return None
    every = ("distribution", *(key for keys in _PRIORS.values() for key in keys))
    name = table.table("prior", every).choice("distribution", tuple(_PRIORS))
    inner = table.table("prior", ("distribution", *_PRIORS[name]))
    if name == "normal":
        return Normal(inner.number("mean"), inner.number("sd", above=0))
    return Gamma(inner.number("shape", at_least=_LEAST_SHAPE), inner.number("scale", above=0))


def table(result: Mapping[str, Any], language: Language) -> str:
    """Verdict, limits and risks, then what each probability is the probability of."""
    verdict = result["verdict"]
    pairs = [
        (label, _VERDICTS[verdict].say(language) if key == "verdict" and verdict else result[key])
        for key, label in _LABELS.items()
    ]
    meanings = [
        (_LABELS[key], str(formula).partition(";")[0])
        for key, formula in result["definition"].items()
        if result[key] is not None
    ]
    text = f"{lines(pairs, language)}\n\n{_MEANS.say(language)}:\n{lines(meanings, language)}"
    return text if result["global_consumer_risk"] is None else f"{text}\n{_LEGEND.say(language)}"
