"""The product's own files, as text and as syntax."""

import ast
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "chuan"
#: Folders of the package that are no context.
NOT_CONTEXTS = {"locale", "lib", "__pycache__"}
MECHANISMS = {"ledger", "audit", "files", "web", "rendering"}


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Python files of the folders, migrations excepted."""
    found = [p for f in folders for p in (ROOT / f).rglob("*.py")]
    return tuple(sorted(p for p in found if "migrations" not in p.parts and "__pycache__" not in p.parts))


@cache
def tree(path: Path) -> ast.Module:
    """A file's syntax."""
    return ast.parse(path.read_text())


def name_of(path: Path) -> str:
    """The path as messages show it."""
    return str(path.relative_to(ROOT))


@cache
def contexts() -> tuple[str, ...]:
    """Folders of the package that hold a context or a mechanism."""
    folders = [p for p in PACKAGE.iterdir() if p.is_dir() and p.name not in NOT_CONTEXTS]
    return tuple(sorted(p.name for p in folders if (p / "__init__.py").exists()))


def context_of(path: Path) -> str:
    """The context that a file of the package belongs to."""
    return path.relative_to(PACKAGE).parts[0]


@cache
def floors() -> dict[str, int]:
    """Context → floor, 0 the lowest, from the import contract of the house."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c.get("containers") == ["chuan"])
    found: dict[str, int] = {}
    for height, layer in enumerate(reversed(layers)):
        for part in layer.split("|"):
            found[part.strip().strip("()")] = height
    return found


def may_use(user: str, used: str) -> bool:
    """A context uses itself and what stands on a lower floor, never what stands beside or above."""
    return user == used or floors()[used] < floors()[user]


@dataclass(frozen=True)
class Template:
    """A template file, the name it is loaded by, and its text."""

    path: Path
    name: str
    context: str
    text: str

    def tags(self, tag: str) -> list[str]:
        """First literal argument of each `{% tag "…" %}`."""
        pattern = re.compile(rf"""{{%\s*{tag}\s+(?:"([^"]+)"|'([^']+)')""")
        return [a or b for a, b in pattern.findall(self.text)]


@cache
def templates() -> tuple[Template, ...]:
    """Every template of the package."""
    found = []
    for path in sorted(PACKAGE.glob("*/templates/**/*")):
        if path.is_file():
            context = context_of(path)
            name = str(path.relative_to(PACKAGE / context / "templates"))
            found.append(Template(path, name, context, path.read_text()))
    return tuple(found)


def calls(path: Path) -> list[ast.Call]:
    """Every call in a file."""
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


def called(call: ast.Call) -> str:
    """The last name of what is called: `save` of `x.save()`, `eval` of `eval()`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def holds_service(path: Path) -> bool:
    """The file defines a service."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and called(decorator) == "service":
                    return True
    return False
