"""Fuzz the reading of model texts: any exception but a refusal, a slow text or a hungry one is a finding.

    fuzz_models.py [SECONDS] [SEED]

With atheris (Apache-2.0; not among this project's dependencies: an environment of its own, with numpy) the search is
guided by coverage; without it the texts of tests/metrology/hostile/models.toml are mutated at random. What is found
goes into that file, in the group "found by fuzzing", and from then on is a test; texts that reach code that no other
reaches are kept in fuzzed.json beside it.
"""

import random
import sys
import tempfile
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.metrology.model_exercise import corpus, exercise, fuzzed  # noqa: E402 - the path is set above

SLOW = 0.1
#: Code that is watched for coverage takes several times as long.
WATCHED = 5 * SLOW
LONGEST = 2_000
LETTERS = "xyl_s0123456789.,+-*/^()² \u200bαπ·−×eE\n'\"\\[]{}:;=<>@#$%&|~!?"
WORDS = (
    "sin(",
    "hypot(",
    "**",
    "1e",
    "9**9",
    "0,5",
    "1,234",
    "l_s",
    "pi",
    "x",
    "y",
    "sqrt(x-x)",
    "ln(",
    "e308",
    "^-",
    "/0",
)


def one(text: str, slow: float = SLOW) -> None:
    """Everything that is done with one text; raises where something is wrong."""
    started = time.process_time()
    exercise(text)
    taken = time.process_time() - started
    if taken > slow:
        started = time.process_time()
        exercise(text)
        taken = min(taken, time.process_time() - started)
    assert taken <= slow, f"{taken * 1000:.0f} ms"


def mutated(text: str, chance: random.Random, texts: list[str]) -> str:
    """A text changed in one to four places."""
    for _ in range(chance.randint(1, 4)):
        place = chance.randint(0, len(text))
        end = min(len(text), place + chance.randint(0, 4))
        piece = chance.choice(
            (
                "",
                chance.choice(LETTERS),
                chance.choice(WORDS),
                chr(chance.randint(0, 0x10FFFF)),
                text[place:end] * chance.randint(1, 5),
                chance.choice(texts)[:40],
            )
        )
        text = text[:place] + piece + text[end:]
    return text[:LONGEST]


def at_random(seconds: float, seed: int) -> int:
    """Mutate the corpus for so long; the number of findings, each printed."""
    chance = random.Random(seed)
    texts = [hostile.text for hostile in corpus() if len(hostile.text) <= LONGEST]
    until, tried, found = time.monotonic() + seconds, 0, 0
    while time.monotonic() < until:
        text = mutated(chance.choice(texts), chance, texts)
        tried += 1
        try:
            one(text)
        except Exception as error:
            found += 1
            print(f"FOUND {type(error).__name__}: {error}\n  {text!r}")
    print(f"{tried} texts in {seconds:.0f} s, {found} findings")
    return found


def guided(seconds: int) -> None:
    """Search for so long, guided by coverage; what is found is printed by atheris, with its text, and ends the search.

    Begins with the hostile texts and those kept from earlier searches; ends with the folder that holds what was new.
    """
    atheris = import_module("atheris")
    atheris.instrument_all()
    folder = Path(tempfile.mkdtemp(prefix="fuzz_models."))
    for i, text in enumerate([*(hostile.text for hostile in corpus()), *fuzzed()]):
        (folder / f"seed{i}").write_bytes(text.encode("utf-8", "replace")[:LONGEST])
    print(f"texts in {folder}", flush=True)
    limits = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=60", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], *limits, str(folder)], lambda data: one(data.decode("utf-8", "replace"), WATCHED))
    atheris.Fuzz()


def main() -> int:
    """Search, guided where atheris is installed."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    if find_spec("atheris") is not None:
        guided(seconds)
        return 0
    print("atheris is not installed: mutating the corpus at random")
    return min(1, at_random(seconds, int(sys.argv[2]) if len(sys.argv) > 2 else 1))


if __name__ == "__main__":
    raise SystemExit(main())
