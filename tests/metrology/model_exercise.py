"""Hostile model texts, and everything that is done with one: read, hash, write, check units, evaluate, differentiate.

Run as a program it goes through the whole corpus under an audit hook and prints what it saw as JSON.
"""

import json
import re
import resource
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from chuan.metrology.model import Model
from chuan.metrology.model.writing import Form
from chuan.metrology.units import parse_unit
from chuan.metrology.words import Language, Refused

CORPUS = Path(__file__).parent / "hostile" / "models.toml"
FUZZED = CORPUS.with_name("fuzzed.json")
INPUTS = {"x": 1.5, "y": 2.0, "l_s": 3.0}
OUTPUT = "result"
#: Units that the inputs x, y and l_s are given in turn: exact sizes and π grow with powers, scales have a zero.
UNITS = (("mm", "mm", "mm"), ("°", "ppm", "kWh"), ("°C", "1/°C", "K"), ("Da", "eV", "nmi"))


@dataclass(frozen=True)
class Hostile:
    """One text, what is to come of it, and its value where it has one."""

    group: str
    outcome: str
    text: str
    value: float | None = None

    @property
    def label(self) -> str:
        return f"{self.text[:40]!r}+{len(self.text)}"


def corpus() -> Iterator[Hostile]:
    for group in tomllib.loads(CORPUS.read_text(encoding="utf-8"))["group"]:
        for entry in group["texts"]:
            made: dict[str, Any] = {"text": entry} if isinstance(entry, str) else entry
            text = (
                made["text"] * made.get("times", 1)
                + made.get("then", "")
                + made.get("close", "") * made.get("times", 1)
            )
            yield Hostile(group["name"], group["outcome"], text, made.get("value"))


def fuzzed() -> list[str]:
    """Texts found by coverage-guided search: each reaches what no text of the corpus does."""
    return [str(text) for text in json.loads(FUZZED.read_text(encoding="utf-8"))]


def exercise(text: str) -> tuple[str, float | None]:
    """Does everything with one text; "refused", "fails" or "value". Any other exception than Refused is a finding."""
    try:
        model = Model.from_equations([(OUTPUT, text)], list(INPUTS))
    except Refused as refusal:
        one_line(refusal)
        return "refused", None
    x = list(INPUTS.values())
    assert len(model.hash) == 64
    for form in get_args(Form):
        assert model.write(form, OUTPUT)
    for units in UNITS:
        check_units(model, dict(zip(INPUTS, units, strict=True)))
    model.vector(x)
    model.vector_value_and_gradient(x)
    try:
        value = model.values(x)[0]
        model.value_and_gradient(x)
    except Refused as refusal:
        one_line(refusal)
        return "fails", None
    try:
        model.second_order(x, 0)
        model.hessian_diagonal(x)
    except Refused as refusal:
        one_line(refusal)
    return "value", value


def check_units(model: Model, units: dict[str, str]) -> Refused | None:
    """The refusal of the model with inputs in these units, if any; its one line is looked at."""
    given = {symbol: parse_unit(unit) for symbol, unit in units.items()}
    try:
        model.check_units(given, {OUTPUT: parse_unit("mm")})
    except Refused as refusal:
        one_line(refusal)
        return refusal
    return None


def one_line(refusal: Refused) -> None:
    """A refusal says where and why in one short printable line, in both languages."""
    for language in get_args(Language):
        said = refusal.say(language)
        assert refusal.place, said
        assert said.isprintable(), repr(said)
        assert len(said) < 300, said


_WARM_UP = "exp(x)+ln(x)+log10(x)+sqrt(x)+hypot(x,y)+x^2.5+abs(x)+sin(x)*asin(x/2)-tanh(x)/pi"


def watch() -> dict[str, object]:
    """The corpus under an audit hook: what executed, the longest time in ms, and how many MB the process grew."""
    exercise(_WARM_UP)
    seen: list[str] = []
    ours = 0
    armed = False

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal ours
        if armed and _is_ours(event, arguments):
            ours += 1
        elif armed:
            seen.append(f"{event} {str(arguments)[:80]}")

    sys.addaudithook(hook)
    slowest, longest = 0.0, ""
    most, largest = 0, ""
    start = high = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for hostile in corpus():
        armed = True
        taken = _milliseconds(hostile.text)
        if taken > _LOOK_AGAIN:
            taken = min(taken, *(_milliseconds(hostile.text) for _ in range(3)))
        armed = False
        if taken > slowest:
            slowest, longest = taken, hostile.label
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if peak - high > most:
            most, largest = peak - high, hostile.label
        high = max(peak, high)
    grown = (high - start) / 1024
    return {"executed": seen, "ours": ours, "ms": slowest, "slowest": longest, "mb": grown, "largest": largest}


#: A time above this may be the machine's; the text is gone through again.
_LOOK_AGAIN = 40


def _milliseconds(text: str) -> float:
    started = time.process_time()
    exercise(text)
    return (time.process_time() - started) * 1000


_PLACEHOLDERS = re.compile(r"[t0-9 +\-*/(),]*")


def _is_ours(event: str, arguments: tuple[object, ...]) -> bool:
    """Only placeholders may be parsed, and only our own code compiled and run."""
    if event == "compile":
        source, name = arguments
        text = source.decode() if isinstance(source, bytes) else str(source)
        return name == "<model>" or (name == "<unknown>" and _PLACEHOLDERS.fullmatch(text) is not None)
    if event == "exec":
        return getattr(arguments[0], "co_filename", "") == "<model>"
    return event in ("object.__getattr__", "sys._getframe", "code.__new__", "builtins.id", "gc.get_objects")


if __name__ == "__main__":
    print(json.dumps(watch()))  # noqa: T201 - this is its answer
