"""Broken files of the statistical kinds: whatever stands in a file, a result or a one-line refusal comes back."""

import copy
import json
import math
import random
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chuan.metrology.files import KINDS, Options, compute
from chuan.metrology.words import Language, Refused

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = ["conformity", "control-chart", "gauge-study", "sampling-r87", "mass-design"]
#: What stands in a place of the file instead.
STRANGE: list[Any] = [
    0, 1, -1, 2, 0.5, 3.7, 10**6, 10**400, 1e300, -1e300, 1e-300, 5e-324, math.nan, math.inf,
    True, None, "x", "", "1.234,5", [], {}, [1, 2], [[1, 2], [3, 4]], [[[1.0, 2.0]]],
]  # fmt: skip
FACTORS = [0, -1, 10, 1e-3, 1e150, 1e-150, 1e-30, 1 + 1e-9]


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, as a path of keys and indices."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*place, key)
        yield from places(item, (*place, key))


def broken(document: dict[str, Any], choice: random.Random) -> dict[str, Any]:
    """The document with one to three places removed, replaced or scaled, places near the top more often."""
    document = copy.deepcopy(document)
    for _ in range(choice.choice([1, 1, 2, 3])):
        deep = choice.choice([1, 2, 4])
        *path, last = choice.choice([place for place in places(document) if len(place) <= deep])
        target: Any = document
        for step in path:
            target = target[step]
        value = target[last]
        scalable = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300
        if choice.random() < 0.15:
            del target[last]
        elif scalable and choice.random() < 0.5:
            target[last] = value * choice.choice(FACTORS)
        else:
            target[last] = copy.deepcopy(choice.choice(STRANGE))
    return document


def answer(document: dict[str, Any]) -> bool:
    """Whether it computes; anything but a result or a refusal fails the test."""
    languages: tuple[Language, ...] = ("vi", "en")
    try:
        result = compute(document, Options())
    except Refused as refused:
        texts = [refused.say(language) for language in languages]
    else:
        json.dumps(result, allow_nan=False)
        assert all(KINDS[document["kind"]].table(result, language) for language in languages)
        return True
    assert all(text and "\n" not in text for text in texts)
    return False


def attack(name: str, rounds: int, seed: int) -> None:
    document = tomllib.loads((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"))
    assert answer(document)
    choice = random.Random(seed)
    answers = [answer(broken(document, choice)) for _ in range(rounds)]
    # Both happen, so that neither the attack nor the refusals are idle.
    assert set(answers) == {True, False}


@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_gets_a_result_or_one_line(name: str) -> None:
    attack(name, 60, 1)


@pytest.mark.deep
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("seed", range(2, 6))
def test_many_broken_files_get_a_result_or_one_line(name: str, seed: int) -> None:
    attack(name, 1500, seed)
