"""Times suncal on the bench's models; run by an interpreter that has it, never imported: suncal is GPL.

    SUNCAL_PYTHON=/path/to/its/python python bench/metrology.py

Prints one JSON object: {"budget": s, "9.2.2": {"seconds", "symmetric", "standard_error"}, …}, processor seconds.
"""

import json
import time
from collections.abc import Callable
from typing import Any

import suncal

TRIALS = 1_000_000


def timed(action: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Least processor seconds of `runs`, and the last answer."""
    best, answer = float("inf"), None
    for _ in range(runs):
        before = time.process_time()
        answer = action()
        best = min(best, time.process_time() - before)
    return best, answer


def end_gauge_budget() -> Any:
    """JCGM 100 H.1."""
    model = suncal.Model("y = ls + d - ls*(da*th + al*dth)")
    model.var("ls").measure(50000623).typeb(dist="normal", std=25, df=18)
    d = model.var("d").measure(215)
    for i, (u, dof) in enumerate(((5.8, 24), (3.9, 5), (6.7, 8))):
        d.typeb(dist="normal", std=u, df=dof, name=f"d{i}")
    model.var("al").measure(11.5e-6).typeb(dist="uniform", a=2e-6)
    model.var("da").measure(0).typeb(dist="uniform", a=1e-6, df=50)
    model.var("th").measure(-0.1).typeb(dist="normal", std=0.2, name="n").typeb(dist="arcsine", a=0.5, name="c")
    model.var("dth").measure(0).typeb(dist="uniform", a=0.05, df=2)
    return model


def additive() -> Any:
    """JCGM 101 9.2.2."""
    model = suncal.Model("y = x1 + x2 + x3 + x4")
    for i in range(1, 5):
        model.var(f"x{i}").measure(0).typeb(dist="normal", std=1)
    return model


def end_gauge() -> Any:
    """JCGM 101 9.5."""
    model = suncal.Model("y = ls + d + d1 + d2 - ls*(da*(th + de) + al*dth)")
    for symbol, mean, u, dof in (("ls", 50000623, 25, 18), ("d", 215, 6, 24), ("d1", 0, 4, 5), ("d2", 0, 7, 8)):
        model.var(symbol).measure(mean).typeb(dist="t", std=u, df=dof)
    model.var("al").measure(11.5e-6).typeb(dist="uniform", a=2e-6)
    model.var("th").measure(-0.1).typeb(dist="normal", std=0.2)
    model.var("de").measure(0).typeb(dist="arcsine", a=0.5)
    model.var("da").measure(0).typeb(dist="curvtrap", a=1e-6, d=0.1e-6)
    model.var("dth").measure(0).typeb(dist="curvtrap", a=0.05, d=0.025)
    return model


def nonlinear() -> Any:
    """The ten-input model of `metrology_models.py`, whose numbers it repeats."""
    model = suncal.Model("y = a*b/c + exp(d/10)*sqrt(f) - g**2*sin(h) + log(i)*j/(1 + k**2)")
    means = {"a": 5.0, "b": 3.0, "c": 2.0, "d": 7.0, "f": 4.0, "g": 1.5, "h": 0.8, "i": 6.0, "j": 2.5, "k": 0.7}
    spread = {"a": 0.05, "b": 0.02, "c": 0.03, "d": 0.2, "f": 0.1, "g": 0.04, "h": 0.02, "i": 0.3, "j": 0.05, "k": 0.03}
    for symbol, mean in means.items():
        model.var(symbol).measure(mean).typeb(dist="normal", std=spread[symbol])
    return model


def endpoint_error(samples: Any) -> float:
    """Standard error of the 97.5 % end, from the ordered values around it."""
    ordered = sorted(float(value) for value in samples)
    rank, steps = round(0.975 * len(ordered)), round((len(ordered) * 0.025 * 0.975) ** 0.5)
    spread: float = ordered[rank + steps] - ordered[rank - steps]
    return spread / 2


def monte_carlo(model: Any) -> dict[str, Any]:
    """10⁶ samples with a 95 % interval."""

    def run() -> Any:
        result = model.monte_carlo(samples=TRIALS)
        return result, result.expanded(0.95)["y"]

    seconds, (result, interval) = timed(run, 3)
    return {
        "seconds": seconds,
        "uncertainty": float(result.uncertainty["y"]),
        "interval": [float(interval.low), float(interval.high)],
        "standard_error": endpoint_error(result.samples["y"]),
    }


def main() -> None:
    """Print the figures."""
    model = end_gauge_budget()
    seconds, _ = timed(model.calculate_gum, 7)
    found = {"budget": seconds, "version": suncal.__version__}
    found |= {"9.2.2": monte_carlo(additive()), "9.5": monte_carlo(end_gauge()), "nonlinear": monte_carlo(nonlinear())}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
