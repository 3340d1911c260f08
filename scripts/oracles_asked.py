"""Answers `oracles.py` with the programs that this interpreter has: suncal, metrolopy (GPL), pt13528 (LGPL).

Run in an environment of its own, never imported: `python oracles_asked.py < questions.json` prints one JSON object,
{program: {"version": …, "answers": {number of the question: {name: number}}}}.
"""

import importlib
import json
import math
import sys
from collections.abc import Callable
from typing import Any

Question = dict[str, Any]
Answer = dict[str, float]


def by_metrolopy(program: Any, asked: Question) -> Answer:
    """Law of propagation with degrees of freedom; correlated where the question says so."""
    inputs = asked["inputs"]
    if asked["correlation"]:
        matrix = [[asked["correlation"] if i != j else 1.0 for j in range(len(inputs))] for i in range(len(inputs))]
        made = program.gummy.create([i["value"] for i in inputs], u=[i["u"] for i in inputs], correlation_matrix=matrix)
    else:
        made = [program.gummy(i["value"], u=i["u"], dof=i["dof"]) for i in inputs]
    names = dict(zip((i["symbol"] for i in inputs), made, strict=True))
    functions = {name: getattr(program, name) for name in ("exp", "log", "sqrt", "sin")}
    y = eval(asked["python"], {"__builtins__": {}}, {**names, **functions})
    found = {"value": float(y.x), "u": float(y.u)}
    return found if asked["correlation"] else {**found, "dof": float(y.dof)}


def by_suncal(program: Any, asked: Question) -> Answer | None:
    """Law of propagation with degrees of freedom; None of correlated inputs, which are not asked of it."""
    if asked["correlation"]:
        return None
    model = program.Model(f"y = {asked['python']}")
    for one in asked["inputs"]:
        model.var(one["symbol"]).measure(one["value"]).typeb(dist="normal", std=one["u"], df=one["dof"])
    found = model.calculate_gum()
    return {"value": float(found.expected["y"]), "u": float(found.uncertainty["y"]), "dof": float(found.degf["y"])}


def by_pt13528(program: Any, asked: Question) -> Answer:
    """ISO 13528: a consensus, homogeneity, and the scores of the first result."""
    x, method = asked["values"], asked["method"]
    scores = program.scores
    sd = program.robust.q_method(x) if method == "q_hampel" else program.robust.algorithm_a(x).scale
    mean = program.robust.hampel(x, sd) if method == "q_hampel" else program.robust.algorithm_a(x).location
    u, spread = asked["u"], program.homogeneity.homogeneity(asked["homogeneity"])
    reference = 1.25 * sd / math.sqrt(len(x))
    return {
        "mean": mean,
        "sd": sd,
        "u": program.assigned_value.u_robust(sd, len(x)),
        "s_w": spread.s_w,
        "s_s": spread.s_s,
        "z": scores.z_score(x[0], mean, sd),
        "z_prime": scores.z_prime_score(x[0], mean, sd, reference),
        "zeta": scores.zeta_score(x[0], mean, u, reference),
        "en": scores.en_score(x[0], mean, 2 * u, 2 * reference),
        "difference_percent": scores.percent_difference(x[0], mean),
    }


PROGRAMS: dict[str, tuple[str, Callable[[Any, Question], Answer | None]]] = {
    "suncal": ("budget", by_suncal),
    "metrolopy": ("budget", by_metrolopy),
    "pt13528": ("comparison", by_pt13528),
}


def main() -> None:
    """Each question to each program that is here and answers its kind."""
    questions, told = json.load(sys.stdin), {}
    for name, (kind, ask) in PROGRAMS.items():
        try:
            program = importlib.import_module(name)
        except ImportError:
            continue
        found = ((number, ask(program, asked)) for number, asked in enumerate(questions) if asked["kind"] == kind)
        answers = {number: answer for number, answer in found if answer is not None}
        told[name] = {"version": program.__version__, "answers": answers}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
