"""Our answers beside those of suncal, metrolopy and pt13528 on random questions, each program in its own environment.

    oracles.py PYTHON… [--questions N] [--seed S]

    python -m venv /somewhere && /somewhere/bin/pip install metrolopy pt13528
    PYTHONPATH=. .venv/bin/python scripts/oracles.py /somewhere/bin/python

Two of the programs are GPL and one LGPL: they are asked through a process and never imported. Prints the greatest
relative difference of each number; 1 where one is over its tolerance, or no interpreter has any of the programs.
"""

import argparse
import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from chuan.metrology.files import Options, compute

Question = dict[str, Any]
ASKED = Path(__file__).with_name("oracles_asked.py")
#: Relative difference allowed; suncal's and metrolopy's derivatives are exact, algorithm A stops at 1e-10 in each.
TOLERANCE = 1e-8
MODELS = ("a*b/c", "a + b - c", "a*exp(-b/c)", "sqrt(a*b) + c**2", "a*sin(b) + log(c)", "(a - b)/(a + b)*c")
#: What `python` names otherwise than our equations do.
OURS = {"log(": "ln("}


def questions(count: int, seed: int) -> Iterator[Question]:
    """Budgets, correlated ones, and rounds of comparison, in turn."""
    chance = Random(seed)
    for number in range(count):
        yield comparison(chance) if number % 3 == 2 else budget(chance, correlated=number % 3 == 1)


def budget(chance: Random, *, correlated: bool) -> Question:
    """A model of three inputs of any size."""
    inputs = []
    for symbol in "abc":
        value = chance.uniform(0.5, 4) * 10 ** chance.randint(-1, 1)
        one = {"symbol": symbol, "value": value, "u": value * 10 ** chance.uniform(-5, -1.5)}
        inputs.append(one if correlated else {**one, "dof": chance.randint(2, 60)})
    r = chance.uniform(-0.45, 0.95) if correlated else 0
    return {"kind": "budget", "python": chance.choice(MODELS), "inputs": inputs, "correlation": r}


def comparison(chance: Random) -> Question:
    """A round of laboratories, some of them astray, and the homogeneity of what was sent round."""
    centre, spread = 10 ** chance.uniform(-2, 3), 10 ** chance.uniform(-3, -1)
    values = [centre * chance.gauss(1, spread) for _ in range(chance.randint(8, 40))]
    values[-1] *= 1 + 8 * spread
    pairs = [[centre * chance.gauss(1, spread / 4) for _ in range(2)] for _ in range(10)]
    method = chance.choice(("algorithm_a", "q_hampel"))
    u = centre * spread / 3
    return {"kind": "comparison", "values": values, "method": method, "u": u, "homogeneity": pairs}


def ours(asked: Question) -> dict[str, float]:
    """The same numbers by `chuan compute`."""
    if asked["kind"] == "comparison":
        found = compute(_round(asked), Options())
        first, consensus, homogeneity = found["results"][0], found["consensus"], found["homogeneity"]
        named = {name: first[name] for name in ("z", "z_prime", "zeta", "en", "difference_percent")}
        return {
            **named,
            **{n: consensus[n] for n in ("mean", "sd", "u")},
            **{n: homogeneity[n] for n in ("s_w", "s_s")},
        }
    gum = compute(_measurement(asked), Options(method="gum"))["measurands"][0]["gum"]
    found = {"value": gum["estimate"], "u": gum["standard_uncertainty"]}
    return found if asked["correlation"] else {**found, "dof": gum["effective_dof"]}


def _round(asked: Question) -> dict[str, Any]:
    labs = [{"code": str(n), "value": v, "expanded_uncertainty": 2 * asked["u"]} for n, v in enumerate(asked["values"])]
    return {
        "kind": "comparison",
        "sigma_pt": "consensus",
        "consensus": asked["method"],
        "homogeneity": asked["homogeneity"],
        "result": labs,
    }


def _measurement(asked: Question) -> dict[str, Any]:
    equation = asked["python"]
    for theirs, own in OURS.items():
        equation = equation.replace(theirs, own)
    document: dict[str, Any] = {
        "kind": "uncertainty",
        "measurand": [{"symbol": "y", "equation": equation}],
        "input": [
            {
                "symbol": one["symbol"],
                "value": one["value"],
                "distribution": "normal",
                "standard_uncertainty": one["u"],
                **({"dof": one["dof"]} if "dof" in one else {}),
            }
            for one in asked["inputs"]
        ],
    }
    if asked["correlation"]:
        pairs = (["a", "b"], ["a", "c"], ["b", "c"])
        document["correlation"] = [{"between": pair, "coefficient": asked["correlation"]} for pair in pairs]
    return document


def compared(
    program: str, told: dict[str, Any], asked: list[Question], own: dict[int, dict[str, float]]
) -> Iterator[tuple[str, float, int]]:
    """For each number of a program: its name, the greatest relative difference, how many."""
    apart: dict[str, list[float]] = {}
    for number, theirs in told["answers"].items():
        mine = own[int(number)]
        kind = asked[int(number)].get("method") or ("correlated" if asked[int(number)]["correlation"] else "budget")
        for name, value in theirs.items():
            far = abs(mine[name] - value) / max(abs(value), sys.float_info.min)
            apart.setdefault(f"{program} {told['version']}, {kind}: {name}", []).append(far)
    for name, found in apart.items():
        yield name, max(found), len(found)


def main() -> int:
    """Ask, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pythons", nargs="+", metavar="PYTHON")
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    asked = list(questions(given.questions, given.seed))
    own = {number: ours(one) for number, one in enumerate(asked)}
    lines: list[tuple[str, float, int]] = []
    for python in given.pythons:
        done = subprocess.run([python, str(ASKED)], input=json.dumps(asked), capture_output=True, text=True, check=True)
        for program, told in json.loads(done.stdout.splitlines()[-1]).items():
            lines += compared(program, told, asked, own)
    for name, far, count in lines:
        print(f"{name:48} {count:5}  {far:.1e}{'' if far <= TOLERANCE else '  OVER'}")
    if not lines:
        print("None of the interpreters has suncal, metrolopy or pt13528.", file=sys.stderr)
    return 0 if lines and all(far <= TOLERANCE and math.isfinite(far) for _name, far, _count in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
