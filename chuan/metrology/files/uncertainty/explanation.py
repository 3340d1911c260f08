"""The explanation below an `uncertainty` result: what the words need, taken from the result's JSON."""

import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from chuan.metrology.explaining import Budget, Drawn, explain
from chuan.metrology.gum import BudgetLine, SecondOrder
from chuan.metrology.gum.coverage import coverage_factor
from chuan.metrology.gum.dominant import Shape, dominant_note
from chuan.metrology.words import Language, Text

_HEAD = Text("Giải thích", "Explanation")

#: A number stays on the line of its symbol; what is to be typed into a file keeps its plain spaces.
_NUMBER = re.compile(r" = (?=[\d−∞])")
#: Columns of a line of text in a terminal.
_WIDTH = 110
#: A k that somebody wrote has no more characters than this; one that was computed has seventeen digits.
_WRITTEN = 9


def explanation(measurand: Mapping[str, Any], language: Language, notes: Sequence[str]) -> list[str]:
    """The explanation of one measurand as lines of text, with the result's notes; none where the GUM was not asked."""
    if not measurand["gum"]:
        return []
    points = explain(budget(measurand, notes), drawn(measurand))
    return [_HEAD.say(language), *bullets(points, language)]


def bullets(points: Sequence[Text], language: Language) -> list[str]:
    """Each text as an item of a list, in lines of a terminal's width."""
    lines: list[str] = []
    for point in points:
        lines += textwrap.wrap(
            _NUMBER.sub("\u00a0=\u00a0", point.say(language)),
            _WIDTH,
            initial_indent="– ",
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    return lines


def shown_unit(unit: str | None) -> str:
    """A unit as it stands behind a number, without a break between; nothing for a number without one."""
    return "" if unit in (None, "", "1") else f"\u00a0{unit}"


def budget(measurand: Mapping[str, Any], notes: Sequence[str]) -> Budget:
    """The budget of a stored result, JSON's null read as infinite where degrees of freedom are."""
    shapes: tuple[Shape, ...] = ("rectangular", "double-rectangular")
    gum = measurand["gum"]
    undefined = gum["dof_method"] == "undefined"
    second = gum["second_order"]
    return Budget(
        measurand["symbol"],
        shown_unit(measurand["unit"]),
        gum["estimate"],
        gum["standard_uncertainty"],
        None if undefined else _infinite(gum["effective_dof"]),
        None if undefined else _infinite(gum["dof_used"]),
        gum["dof_method"],
        gum["coverage_probability"],
        gum["coverage_factor"],
        gum["expanded_uncertainty"],
        stated(gum),
        None if second is None else SecondOrder(second["estimate"], second["standard_uncertainty"]),
        tuple(BudgetLine(**{**line, "dof": _infinite(line["dof"])}) for line in gum["budget"]),
        dominant=next((shape for shape in shapes if dominant_note(shape, measurand["symbol"]) in notes), None),
    )


def drawn(measurand: Mapping[str, Any]) -> Drawn | None:
    """Monte Carlo's part of a stored result; None where it was not run."""
    found, validation = measurand["monte_carlo"], measurand["validation"]
    if not found or not validation:
        return None
    low, high = found["symmetric_interval"]
    return Drawn(
        found["estimate"],
        found["standard_uncertainty"],
        (low, high),
        found["trials"],
        validation["numerical_tolerance"],
        validation["d_low"],
        validation["d_high"],
        validation["gum_validated"],
    )


def _infinite(dof: float | None) -> float:
    return math.inf if dof is None else float(dof)


def stated(gum: Mapping[str, Any]) -> bool:
    """Whether k was given: a computed one is Student's t of the probability and ν beside it, with all its digits."""
    k, probability = gum["coverage_factor"], gum["coverage_probability"]
    if k is None:
        return False
    if probability is None or len(repr(k)) <= _WRITTEN:
        return True
    return bool(coverage_factor(probability, _infinite(gum["dof_used"])) != k)
