"""The kernel's figures, each beside its peer or its floor in the same run, as ratios.

    PYTHONPATH=. python bench/metrology.py [--write] [--short]
    SUNCAL_PYTHON=/path/to/its/python …     suncal too, from an environment of its own (it is GPL); else "not run"

What runs on one core is measured in processor time, ours and the other in turn, the best of each; two threads and whole
processes need the clock on the wall, so the load of the machine is printed first and last. Answers are compared too.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench import metrology_models as models  # noqa: E402
from bench import metrology_peers as peers  # noqa: E402
from bench import metrology_stored as stored  # noqa: E402
from chuan.metrology import recomputing  # noqa: E402
from chuan.metrology.gum import propagate  # noqa: E402
from chuan.metrology.gum.many import propagate_many  # noqa: E402
from chuan.metrology.inputs import Measurement  # noqa: E402
from chuan.metrology.monte_carlo import MonteCarloResult, simulate  # noqa: E402
from chuan.metrology.monte_carlo.run import Trials  # noqa: E402
from chuan.metrology.monte_carlo.sobol import preview  # noqa: E402
from chuan.metrology.monte_carlo.translation import problem_of  # noqa: E402

OUT = ROOT / "docs" / "reliability" / "bench-metrology.json"
TRIALS = 1_000_000
STORED = 100_000
NOT_RUN = "not run"


@dataclass(frozen=True)
class Row:
    """One figure: what, ours, the other's, how they compare, what was to be reached, and whether it was."""

    what: str
    ours: str
    other: str
    ratio: str
    target: str
    reached: bool | None


def race(ours: Callable[[], Any], other: Callable[[], Any], runs: int, repeat: int = 1) -> tuple[float, float]:
    """Processor seconds of one call of each: in turn, the first not counted, the best of `runs`."""
    best = [float("inf"), float("inf")]
    for run in range(runs + 1):
        for i, action in enumerate((ours, other)):
            before = time.process_time()
            for _ in range(repeat):
                action()
            if run:
                best[i] = min(best[i], (time.process_time() - before) / repeat)
    return best[0], best[1]


def agree(found: float, wanted: float, tolerance: float) -> None:
    """A faster wrong answer stops the bench."""
    if not abs(found - wanted) <= tolerance:
        raise SystemExit(f"bench: {found} is not {wanted} ± {tolerance}")


def times(ratio: float) -> str:
    """A ratio as printed."""
    return f"{ratio:,.0f} ×" if ratio >= 100 else f"{ratio:.2f} ×"


def faster(what: str, ours: float, other: float, name: str, least: float) -> Row:
    """A row of "at least so many times faster"."""
    return Row(
        what, seconds(ours), f"{name} {seconds(other)}", times(other / ours), f"≥ {least:g} ×", other / ours >= least
    )


def seconds(value: float) -> str:
    """A time in a readable unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value * 1e6:.3g} µs"


def budgets(suncal: dict[str, Any] | None) -> list[Row]:
    """H.1: value, u, contributions, ν_eff, k, U and the budget's lines, on both sides from the same start."""
    measurement = models.end_gauge_budget()
    model = measurement.model
    (result,) = propagate(measurement)
    inputs = peers.gtc_inputs()
    _, u, dof, _, _ = peers.gtc_budget(inputs)
    agree(result.standard_uncertainty, u, 1e-9)
    agree(result.effective_dof or 0, dof, 1e-9)
    ready, gtc_ready = race(lambda: propagate(measurement)[0].budget, lambda: peers.gtc_budget(inputs), 7, 300)
    whole, gtc_whole = race(
        lambda: propagate(models.end_gauge_budget(model))[0].budget, lambda: peers.gtc_budget(), 7, 300
    )
    what = "H.1: value, u, contributions, ν_eff, k, U and the budget's lines"
    rows = [
        faster(f"{what}, both from inputs that stand ready", ready, gtc_ready, "GTC", 8),
        faster(f"{what}, both building their inputs from numbers", whole, gtc_whole, "GTC", 8),
    ]
    if suncal is None:
        return [*rows, Row(what, seconds(whole), "suncal", NOT_RUN, "≥ 1,000 ×", None)]
    return [*rows, faster(what, whole, suncal["budget"], f"suncal {suncal['version']}", 1000)]


def columns(count: int) -> tuple[list[Any], list[Any], list[Any]]:
    """Values, uncertainties and 1/ν of `count` end gauges that differ a little."""
    structure = models.end_gauge_budget().structure
    generator = np.random.default_rng(1)

    def about(center: float) -> Any:
        return center * (1 + 0.01 * generator.random(count))

    return (
        [about(value) for value in structure.values],
        [about(u) for u in structure.uncertainties],
        [about(share) if share else 0.0 for share in structure.inverse_dof],
    )


def many_budgets() -> list[Row]:
    """10⁵ budgets at once, per budget."""
    measurement = models.end_gauge_budget()
    x, u, inverse = columns(STORED)
    plain, one = race(lambda: propagate_many(measurement.model, x, u), peers.uncertainties_budget, 5)
    _, one = race(lambda: None, peers.uncertainties_budget, 5, 500)
    full, _ = race(lambda: propagate_many(measurement.model, x, u, inverse), lambda: None, 5)
    agree(peers.uncertainties_budget()[1], propagate(measurement)[0].standard_uncertainty, 1e-4)
    return [
        faster("10⁵ budgets in columns, each: value, u, contributions", plain / STORED, one, "uncertainties", 500),
        faster("10⁵ budgets in columns, each: with ν_eff, k, U", full / STORED, one, "uncertainties", 200),
    ]


def trials(case: models.Case) -> list[Row]:
    """10⁶ trials against drawing, evaluating and partitioning by hand; two threads against one."""
    measurement = case.measurement

    def by_hand() -> Any:
        y = case.floor(np.random.Generator(np.random.SFC64(1)), TRIALS)
        return np.partition(y, [25_000, 975_000])

    (result,) = simulate(measurement, trials=TRIALS)
    theirs = by_hand()
    error = max(result.endpoint_standard_errors)
    agree(result.symmetric_interval[0], float(theirs[25_000]), 8 * error)
    agree(result.symmetric_interval[1], float(theirs[975_000]), 8 * error)
    ours, floor = race(lambda: simulate(measurement, trials=TRIALS), by_hand, 7)
    one = best_wall(lambda: simulate(measurement, trials=TRIALS, threads=1), 7)
    two = best_wall(lambda: simulate(measurement, trials=TRIALS, threads=2), 7)
    allowed = on_idle_processors(measurement, ours)
    name = f"10⁶ trials, {case.name}"
    least = case.threads_target
    return [
        Row(
            f"{name}: both intervals, u, standard errors",
            seconds(ours),
            f"numpy by hand {seconds(floor)}",
            times(ours / floor),
            "≤ 1.15 ×",
            ours / floor <= 1.15,
        ),
        Row(
            f"{name}: two threads, on the wall ({times(allowed)} by processor time, were two idle)",
            seconds(two),
            f"one {seconds(one)}",
            times(one / two),
            f"≥ {least} ×",
            one / two >= least,
        ),
    ]


def on_idle_processors(measurement: Measurement, one: float) -> float:
    """How much faster two threads would be on two idle processors: the trials halved, the rest alone."""
    problem = problem_of(measurement)
    if problem is None:
        raise SystemExit("bench: a model without a joint distribution")
    plan = problem.plan
    two, shared = race(
        lambda: simulate(measurement, trials=TRIALS, threads=2),
        lambda: Trials(plan, seed=1, capacity=TRIALS).reach(TRIALS),
        5,
    )
    alone = max(0.0, one - shared)
    return one / (alone + (two - alone) / 2)


def best_wall(action: Callable[[], Any], runs: int) -> float:
    """Least seconds on the wall."""
    best = float("inf")
    for _ in range(runs):
        before = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - before)
    return best


def adaptive(case: models.Case, suncal: dict[str, Any] | None) -> Row:
    """To two digits, against suncal's 10⁶, both ends' standard errors beside."""
    result: list[MonteCarloResult] = []
    ours, _ = race(lambda: result.extend(simulate(case.measurement)), lambda: None, 7)
    last = result[-1]
    what = f"adaptive, {case.name}: {last.trials:,} trials, ends ± {max(last.endpoint_standard_errors):.2g}"
    if suncal is None:
        return Row(what, seconds(ours), "suncal", NOT_RUN, "≥ 8 ×", None)
    theirs = suncal[case.name]
    name = f"suncal, 10⁶ trials, ends ± {theirs['standard_error']:.2g}:"
    return faster(what, ours, theirs["seconds"], name, 8)


def quick(case: models.Case) -> Row:
    """The Sobol preview."""
    preview(case.measurement)
    ours, _ = race(lambda: preview(case.measurement), lambda: None, 9)
    return Row(f"Sobol preview, {case.name}: 16,384 points", seconds(ours), "", "", "≤ 25 ms", ours <= 0.025)


_MEMORY = """
from bench.metrology_models import cases
from chuan.metrology.monte_carlo import simulate
simulate(cases()[0].measurement, trials=10_000_000)
print(*(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def memory() -> Row:
    """Most memory of a process that runs 10⁷ trials of one measurand; 80 MB are the draws themselves."""
    done = subprocess.run(
        [sys.executable, "-c", _MEMORY],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    used = int(done.stdout) * 1024 / 1e6
    return Row(
        "10⁷ trials of one measurand: memory",
        f"{used:.0f} MB",
        "draws 80 MB",
        f"{used / 80:.2f} ×",
        "≤ 150 MB",
        used <= 150,
    )


_FILE = """kind = "uncertainty"
measurand = [{ symbol = "y", equation = "a*b + c" }]
input = [
  { symbol = "a", value = 2.5, distribution = "normal", standard_uncertainty = 0.01, dof = 9 },
  { symbol = "b", value = 4.1, distribution = "rectangular", half_width = 0.02 },
  { symbol = "c", observations = [20.13, 20.15, 20.11, 20.12] },
]
"""


def processes() -> list[Row]:
    """`chuan compute` from start to end, on the wall and in processor time."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small.toml"
        path.write_text(_FILE, encoding="utf-8")
        start = f"import sys; from chuan.cli import main; sys.argv[1:] = ['compute', {str(path)!r}"
        code = {
            "gum": start + ", '--method', 'gum']; sys.exit(main())",
            "both": start + ", '--trials', '10000']; sys.exit(main())",
            "empty": "pass",
            "numpy": "import numpy",
        }
        found = {name: process(text) for name, text in code.items()}
    rows = []
    for name, floor, most in (("gum", "empty", 0.20), ("both", "numpy", 0.35)):
        wall, processor = found[name]
        what = "GUM only" if name == "gum" else "with Monte Carlo, 10⁴ trials"
        other = f"python -c '{code[floor]}' {seconds(found[floor][1])}"
        ours = f"{seconds(processor)} (wall {seconds(wall)})"
        ratio = times(processor / found[floor][1])
        rows.append(Row(f"chuan compute, whole process: {what}", ours, other, ratio, f"≤ {most} s", processor <= most))
    return rows


def process(code: str) -> tuple[float, float]:
    """Least seconds of a process running `code`: on the wall, and of the processor."""
    wall, processor = float("inf"), float("inf")
    for _ in range(7):
        before, started = os.times(), time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        wall = min(wall, time.perf_counter() - started)
        after = os.times()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        processor = min(processor, spent)
    return wall, processor


def recompute(count: int) -> list[Row]:
    """Stored results, all different and of several models, from their JSON text to compared budgets."""
    content = stored.stored(count)
    named = [(str(number), text) for number, text in enumerate(content)]
    if len(set(content)) != count:
        raise SystemExit("bench: stored results that are alike")
    ours, reading = race(lambda: compare(named), lambda: sum(1 for text in content if json.loads(text)), 2)
    total = ours * STORED / count
    size = sum(map(len, content)) / count / 1000
    return [
        Row(
            f"10⁵ stored results, {len(stored.documents())} models, {size:.1f} kB each, from JSON to compared budgets",
            seconds(total) if count == STORED else f"{seconds(total)}, from {count:,}",
            f"json.loads alone {seconds(reading * STORED / count)}",
            times(ours / reading),
            "≤ 5 s",
            total <= 5,
        )
    ]


def compare(named: list[tuple[str, bytes]]) -> None:
    """All of them come out again, or the bench stops."""
    found = recomputing.recompute(named)
    if found.budgets != len(named) or found.outcomes:
        raise SystemExit(f"bench: {len(found.outcomes)} of {len(named)} stored results do not come out again")


def load() -> str:
    """The machine's load, for what the wall clock tells."""
    return "load {:.1f} {:.1f} {:.1f}, {} processors".format(*os.getloadavg(), os.cpu_count() or 1)


def main() -> None:
    """Measure, print, and with --write keep the figures with the machine they come from."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--write", action="store_true", help=f"write {OUT.relative_to(ROOT)}")
    asked.add_argument("--short", action="store_true", help="fewer stored results")
    options = asked.parse_args()
    before = load()
    suncal = peers.suncal(os.environ.get("SUNCAL_PYTHON"))
    rows = budgets(suncal) + many_budgets()
    for case in models.cases():
        rows += trials(case)
    for case in models.cases():
        rows += [adaptive(case, suncal), quick(case)]
    rows += [memory(), *processes(), *recompute(5_000 if options.short else STORED)]
    machine = {
        "load": [before, load()],
        "processor": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }
    show(rows, machine)
    if options.write:
        OUT.write_text(
            json.dumps({"machine": machine, "rows": [asdict(row) for row in rows]}, ensure_ascii=False, indent=1) + "\n"
        )


def show(rows: list[Row], machine: dict[str, Any]) -> None:
    """The table."""
    before, after = machine["load"]
    print(f"python {machine['python']}, numpy {machine['numpy']}; before: {before}; after: {after}")
    for row in rows:
        mark = {True: "reached", False: "NOT REACHED", None: ""}[row.reached]
        print(f"{row.what}\n    {row.ours:<28} {row.other:<48} {row.ratio:>10}  {row.target:<10} {mark}")


if __name__ == "__main__":
    main()
