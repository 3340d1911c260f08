"""A plan as text and as JSON: what must improve, how many readings, which standard, and a sweep."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from chuan.metrology import KERNEL
from chuan.metrology.command.results import as_document
from chuan.metrology.explaining.phrases import called, degrees, factor, joined, number, put, same
from chuan.metrology.files.showing import columns, shown
from chuan.metrology.files.uncertainty.explanation import bullets, shown_unit
from chuan.metrology.numerals import round_to_place, write_number
from chuan.metrology.planning import Choice, Improvement, Reached, ReadingsPlan, SweepPoint
from chuan.metrology.words import Language, Text

_NOW = Text(
    "{symbol}: hiện nay U = {U}{unit} (u = {u}{unit}, ν_eff = {dof}, k = {k}); mục tiêu U ≤ {target}{unit}.",
    "{symbol}: now U = {U}{unit} (u = {u}{unit}, ν_eff = {dof}, k = {k}); the target is U ≤ {target}{unit}.",
)
_MET = Text(
    "Mục tiêu đã đạt. Mỗi đầu vào, một mình, còn có thể kém đi đến:",
    "The target is met already. Each input alone may get worse, up to:",
)
_ONE = Text("Nếu chỉ cải thiện một đầu vào:", "If one input alone improves:")
_HEAD = (
    Text("Đầu vào", "Input"),
    Text("u hiện nay", "u now"),
    Text("u cần đạt", "u needed"),
    Text("còn", "of it"),
    Text("ν_eff", "ν_eff"),
    Text("k", "k"),
    Text("U", "U"),
)
_UNREACHED = Text("không đạt", "not reached")
_ALONE = Text(
    "Không đạt: một mình đầu vào ấy không đủ; U ở dòng đó là nhỏ nhất có thể.{rising}",
    "Not reached: that input alone is not enough; U in its line is the smallest possible.{rising}",
)
_RISING = Text(
    " Với {names}, u nhỏ hơn nữa lại làm U tăng (k tăng khi ν_eff giảm, hoặc tương quan thôi bù trừ).",
    " Of {names} a still smaller u makes U rise again (k grows as ν_eff falls, or correlation no longer compensates).",
)
_NONE = Text(
    "Không đầu vào nào một mình đủ để đạt mục tiêu; U ở mỗi dòng là nhỏ nhất có thể.{rising}",
    "No input alone can reach the target; U in each line is the smallest possible.{rising}",
)
_TOGETHER = Text(
    "Cùng cải thiện mọi đầu vào như nhau: mỗi u còn {share} %.",
    "If all inputs improve alike: each u to {share} % of what it is.",
)
_READINGS = Text(
    "Số lần đọc ít nhất của {symbol}: {n} (hiện nay {now}), khi đó U = {U}{unit}.",
    "The fewest readings of {symbol}: {n} (now {now}), which give U = {U}{unit}.",
)
_NO_READINGS = Text(
    "Đọc {symbol} nhiều lần hơn không đủ: với {most} lần, U vẫn là {U}{unit}.",
    "More readings of {symbol} are not enough: with {most}, U is still {U}{unit}.",
)
_CHEAPEST = Text(
    "Chuẩn rẻ nhất đạt mục tiêu: {name}, giá {cost}, U = {U}{unit}.",
    "The cheapest standard that meets the target: {name}, cost {cost}, U = {U}{unit}.",
)
_NO_OFFER = Text("Không chuẩn nào được chào đạt mục tiêu.", "None of the standards on offer meets the target.")
_OFFERS = (
    Text("Chuẩn", "Standard"),
    Text("u", "u"),
    Text("Giá", "Cost"),
    Text("ν_eff", "ν_eff"),
    Text("k", "k"),
    Text("U", "U"),
    Text("Đạt", "Meets"),
)


@dataclass(frozen=True)
class Plan:
    """Everything that was found for one target."""

    symbol: str
    target: float
    now: Reached
    improvements: tuple[Improvement, ...]
    readings: tuple[ReadingsPlan, ...]
    choice: Choice | None

    @property
    def together(self) -> float:
        """The factor on every u that reaches the target: shares and ν_eff stay, so U falls with it."""
        u = self.now.expanded_uncertainty
        return self.target / u if u else math.inf


def plan_document(plan: Plan) -> dict[str, Any]:
    """The plan as JSON; `needed` null is not reachable by that lever alone."""
    return {"kind": "plan", "kernel": KERNEL, **as_document(plan), "together": as_document(plan.together)}


def plan_text(plan: Plan, unit: str | None, language: Language) -> str:
    """The plan as a person reads it."""
    behind = shown_unit(unit)
    met = plan.now.expanded_uncertainty <= plan.target
    blocks = [_now(plan, behind, language)]
    if plan.improvements:
        rows = [_row(one, language) for one in plan.improvements]
        blocks.append(f"{(_MET if met else _ONE).say(language)}\n{columns(_HEAD, rows, language)}")
    remarks = _remarks(plan)
    if not met:
        share = shown(float(_down(100 * plan.together, 4)), language, 4)
        remarks.append(_TOGETHER.put(share=share))
    remarks += [_readings(one, behind, language) for one in plan.readings]
    if remarks:
        blocks.append("\n".join(bullets(remarks, language)))
    if plan.choice is not None:
        blocks.append(_choice(plan.choice, behind, language))
    return "\n\n".join(blocks) + "\n"


def _now(plan: Plan, unit: str, language: Language) -> str:
    return _NOW.put(
        symbol=plan.symbol, unit=unit, target=shown(plan.target, language), **_chain(plan.now, language)
    ).say(language)


def _chain(found: Reached, language: Language) -> dict[str, str]:
    return {
        "U": shown(found.expanded_uncertainty, language, 4),
        "u": shown(found.standard_uncertainty, language, 4),
        "dof": _dof(found.effective_dof, language),
        "k": factor(found.coverage_factor).say(language),
    }


def _dof(dof: float | None, language: Language) -> str:
    return shown(None, language) if dof is None else degrees(dof).say(language)


def _row(one: Improvement, language: Language) -> list[str]:
    chain = _chain(one.reached, language)
    needed, share = _UNREACHED.say(language), ""
    if one.needed is not None:
        needed = write_number(_down(one.needed, 4), language)
        share = f"{shown(float(_down(100 * one.needed / one.standard_uncertainty, 3)), language, 3)} %"
    return [
        _name(one).say(language),
        shown(one.standard_uncertainty, language, 4),
        needed,
        share,
        chain["dof"],
        chain["k"],
        chain["U"],
    ]


def _name(one: Improvement) -> Text:
    if one.lever.component is not None and not one.label:
        return same(f"{one.lever.symbol} [{one.lever.component}]")
    return called(one.lever.symbol, one.label)


def _down(value: float, digits: int) -> Decimal:
    """So many digits and never above: what is printed as needed must be enough."""
    power = math.floor(math.log10(value)) - digits + 1
    near = round_to_place(value, power)
    return near if near <= Decimal(value) else near - Decimal((0, (1,), power))


def _remarks(plan: Plan) -> list[Text]:
    unreached = [one for one in plan.improvements if one.needed is None]
    if not unreached:
        return []
    names = [put(same("{name} (u = {u})"), name=_name(one), u=number(one.best, 4)) for one in unreached if one.best]
    rising = put(_RISING, names=joined(names)) if names else same("")
    text = _NONE if len(unreached) == len(plan.improvements) else _ALONE
    return [put(text, rising=rising)]


def _readings(one: ReadingsPlan, unit: str, language: Language) -> Text:
    expanded = shown(one.reached.expanded_uncertainty, language, 4)
    symbol = ", ".join(one.symbols)
    if one.n is None:
        return _NO_READINGS.put(symbol=symbol, most=shown(one.most, language), U=expanded, unit=unit)
    n, now = shown(one.n, language), shown(one.n_now, language)
    return _READINGS.put(symbol=symbol, n=n, now=now, U=expanded, unit=unit)


def _choice(choice: Choice, unit: str, language: Language) -> str:
    rows = []
    for one in choice.judged:
        chain = _chain(one.reached, language)
        u, cost = shown(one.offer.standard_uncertainty, language, 4), shown(one.offer.cost, language, 12)
        meets = shown(one.meets, language)
        rows.append([one.offer.name, u, cost, chain["dof"], chain["k"], chain["U"], meets])
    said = _NO_OFFER
    if choice.chosen is not None:
        offer = choice.chosen.offer
        expanded = shown(choice.chosen.reached.expanded_uncertainty, language, 4)
        said = _CHEAPEST.put(name=offer.name, cost=shown(offer.cost, language, 12), U=expanded, unit=unit)
    return f"{said.say(language)}\n{columns(_OFFERS, rows, language)}"


def sweep_text(points: Sequence[SweepPoint], symbol: str, name: str, unit: str | None, language: Language) -> str:
    """One line for each point; `name` is what is swept."""
    behind = "" if unit in (None, "", "1") else f" ({unit})"
    heads = [name, f"{symbol}{behind}", "u", "ν_eff", "k", "U"]
    rows = []
    for point in points:
        chain = _chain(point.reached, language)
        at, estimate = shown(point.at, language, 9), shown(point.reached.estimate, language, 9)
        rows.append([at, estimate, chain["u"], chain["dof"], chain["k"], chain["U"]])
    return columns([Text(head, head) for head in heads], rows, language) + "\n"
