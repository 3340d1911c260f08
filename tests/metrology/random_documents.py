"""Random `uncertainty` documents over everything that the contract allows, from one seeded generator."""

from random import Random
from typing import Any

_UNARY = (
    "exp({}/40)",
    "ln(60 + {})",
    "sqrt(50 + {})",
    "sin({}/7)",
    "tanh({}/9)",
    "atan({}/5)",
    "abs(70 + {})",
    "{}²/20",
)
_BINARY = (
    "{} + {}",
    "{} − {}",
    "({})*({})/10",
    "({})/(30 + {})",
    "hypot(40 + {}, {})",
    "(20 + ({})/5)^(1,5 + ({})/90)",
)


def document(random: Random) -> dict[str, Any]:
    """A document with one to five inputs and one or two measurands; a few are refused by the kernel."""
    symbols = ["a", "theta_1", "ΔT", "x₂", "đ"][: random.randint(1, 5)]
    block = symbols[-2:] if len(symbols) > 3 and random.random() < 0.4 else []
    singles = [symbol for symbol in symbols if symbol not in block]
    inputs = [_input(random, symbol) for symbol in singles]
    equations = [_equation(random, symbols)]
    if random.random() < 0.4:
        equations.append(f"y1/3 − ({_equation(random, symbols)})")
    found: dict[str, Any] = {
        "kind": "uncertainty",
        "coverage_probability": random.choice([0.9, 0.95, 0.9545, 0.99, 0.9973]),
        "coverage": random.choice(["t", "t", "t-real", "k=2", "k=3.5"]),
        "measurand": [{"symbol": f"y{i + 1}", "equation": text} for i, text in enumerate(equations)],
        "input": inputs,
    }
    if block:
        rows = random.randint(3, 8)
        readings = [[random.gauss(3, 0.5), random.gauss(-2, 0.2)] for _ in range(rows)]
        for row in readings:
            row[1] += 0.3 * row[0]
        found["simultaneous"] = [{"symbols": block, "observations": readings}]
    normal = [table["symbol"] for table in inputs if table.get("distribution") == "normal"]
    if len(normal) > 1 and random.random() < 0.6:
        pair = random.sample(normal, 2)
        found["correlation"] = [{"between": pair, "coefficient": round(random.uniform(-0.95, 0.95), 2)}]
    return found


def _equation(random: Random, symbols: list[str]) -> str:
    """Every symbol once, in random operations."""
    terms = [random.choice(_UNARY).format(symbol) if random.random() < 0.5 else symbol for symbol in symbols]
    random.shuffle(terms)
    while len(terms) > 1:
        joined = random.choice(_BINARY).format(terms.pop(), terms.pop())
        terms.append(random.choice(["({})", "({})*2", "-({})^2/30"]).format(joined))
    return terms[0]


def _u(random: Random) -> float:
    return 10 ** random.uniform(-4, 0)


def _input(random: Random, symbol: str) -> dict[str, Any]:
    value = random.uniform(-9, 9)
    way = random.random()
    if way < 0.2:
        return {
            "symbol": symbol,
            "observations": [random.gauss(value, _u(random)) for _ in range(random.randint(2, 9))],
        }
    if way < 0.4:
        parts = [{"label": f"{k}", **_spread(random)} for k in range(random.randint(1, 3))]
        return {"symbol": symbol, "value": value, "components": parts}
    if way < 0.5:
        return {"symbol": symbol, **_asymmetric(random)}
    return {"symbol": symbol, "value": value, **_spread(random)}


def _asymmetric(random: Random) -> dict[str, Any]:
    low = random.uniform(-5, 5)
    return random.choice(
        [
            {"distribution": "exponential", "value": random.uniform(0.1, 3)},
            {"distribution": "gamma", "shape": random.uniform(1, 9), "scale": random.uniform(0.1, 0.5)},
            {"distribution": "rectangular", "low": low, "high": low + _u(random)},
            {"distribution": "constant", "value": low},
        ]
    )


def _spread(random: Random) -> dict[str, Any]:
    u = _u(random)
    dof: dict[str, Any] = random.choice(
        [{}, {"dof": random.randint(1, 60)}, {"relative_uncertainty_of_uncertainty": random.uniform(0.05, 0.6)}]
    )
    found: dict[str, Any] = random.choice(
        [
            {"distribution": "normal", "standard_uncertainty": u},
            {"distribution": "normal", "standard_uncertainty": u},
            {"distribution": "normal", "expanded_uncertainty": u, "coverage_factor": 2},
            {"distribution": "student_t", "standard_uncertainty": u, "dof": random.uniform(1, 30)},
            {"distribution": "rectangular", "half_width": u},
            {"distribution": "triangular", "half_width": u},
            {"distribution": "trapezoidal", "half_width": u, "beta": random.random()},
            {"distribution": "arcsine", "half_width": u},
            {"distribution": "curvilinear_trapezoid", "half_width": u, "half_width_limit": u * random.random()},
        ]
    )
    return found if "dof" in found else found | dof
