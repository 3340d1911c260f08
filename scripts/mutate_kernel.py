"""Mutate one module of the kernel at a time and run its tests: each mutant that lives is a line that no test holds.

    mutate_kernel.py MODULE TEST… [--limit N] [--timeout S]

    mutate_kernel.py chuan/metrology/gum/propagate.py tests/metrology/test_gum.py

Operators, comparisons and numbers are changed one at a time (plus for minus, < for <=, 2 for 3), not texts for people.
The tests run in a copy of the tree, so that nobody sees a mutant; one that makes them wait is killed by the clock.
"""

import argparse
import ast
import copy
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: The way to a node: fields, with the place where a field is a list.
Way = tuple[tuple[str, int | None], ...]
#: Field of a node, place in it, what stands there instead, and words for it.
Change = tuple[str, int | None, object, str]
_PAIRS = (
    *((ast.Add, ast.Sub), (ast.Mult, ast.Div), (ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq)),
    *((ast.And, ast.Or), (ast.Is, ast.IsNot), (ast.In, ast.NotIn), (ast.USub, ast.UAdd)),
)
OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    **dict(_PAIRS),
    **{second: first for first, second in _PAIRS},
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult,
}


def mutants(source: str) -> Iterator[tuple[int, str, str]]:
    """Line, what was changed, and the whole text of each mutant."""
    tree = ast.parse(source)
    for way, node in nodes(tree):
        for field, index, changed, what in changes(node):
            other = copy.deepcopy(tree)
            place = at(other, way)
            if index is None:
                setattr(place, field, changed)
            else:
                getattr(place, field)[index] = changed
            yield getattr(node, "lineno", 0), what, ast.unparse(ast.fix_missing_locations(other))


def nodes(node: ast.AST, way: Way = ()) -> Iterator[tuple[Way, ast.AST]]:
    """Every node with the way to it; not in annotations, texts for people, nor what zip is told of lengths."""
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return
    yield way, node
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
        return
    for field, value in ast.iter_fields(node):
        if field not in ("annotation", "returns", "decorator_list"):
            for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(child, ast.AST):
                    yield from nodes(child, (*way, (field, index)))


def at(tree: ast.AST, way: Way) -> ast.AST:
    """The node at the end of a way."""
    for field, index in way:
        value = getattr(tree, field)
        tree = value if index is None else value[index]
    return tree


def changes(node: ast.AST) -> Iterator[Change]:
    """Every change of one node."""
    if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.AugAssign)) and type(node.op) in OPERATORS:
        new = OPERATORS[type(node.op)]
        yield "op", None, new(), f"{type(node.op).__name__} to {new.__name__}"
    if isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            if type(op) in OPERATORS:
                yield "ops", i, OPERATORS[type(op)](), f"{type(op).__name__} to {OPERATORS[type(op)].__name__}"
    if isinstance(node, ast.Constant):
        for value in others(node.value):
            yield "value", None, value, f"{node.value!r} to {value!r}"


def others(value: object) -> tuple[object, ...]:
    """Other values of a constant."""
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return value + 1, value - 1
    return tuple({value + 1, value / 2} - {value}) if isinstance(value, float) else ()


def killed(tree: Path, module: Path, text: str, tests: list[str], seconds: float) -> bool:
    """Whether some test fails, or does not end, on a mutant."""
    (tree / module).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "not deep", *tests]
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        run = subprocess.run(command, cwd=tree, env=environment, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return True
    return run.returncode != 0


def copied(folder: Path) -> Path:
    """A copy of what the tests need."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name in ("chuan", "tests", "examples"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "golden"))
    return folder


def main() -> int:
    """Count the mutants of one module that live; 1 where any does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("module", type=Path)
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--limit", type=int, help="take every n-th mutant only, so that at most so many run")
    parser.add_argument("--timeout", type=float, default=120.0, help="seconds for the tests of one mutant")
    asked = parser.parse_args()
    source = (ROOT / asked.module).read_text(encoding="utf-8")
    chosen = list(mutants(source))
    chosen = chosen[:: max(1, -(-len(chosen) // (asked.limit or len(chosen) or 1)))]
    with tempfile.TemporaryDirectory(prefix="mutate_kernel.") as folder:
        tree = copied(Path(folder))
        if killed(tree, asked.module, source, asked.tests, asked.timeout):
            print("the tests fail without any mutant")
            return 2
        alive = 0
        for line, what, text in chosen:
            if not killed(tree, asked.module, text, asked.tests, asked.timeout):
                alive += 1
                print(f"{asked.module}:{line}: {what}: {source.splitlines()[line - 1].strip()}", flush=True)
    print(f"{asked.module}: {len(chosen) - alive} of {len(chosen)} mutants killed")
    return int(alive > 0)


if __name__ == "__main__":
    raise SystemExit(main())
