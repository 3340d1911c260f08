"""What the documents name exists: links, files, functions, commands, variables, pictures."""

import ast
import re
import shlex
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, get_commands

from chuan.cli import KERNEL
from chuan.organisations.models import Membership
from tests.architecture.source import PACKAGE, ROOT, contexts
from tests.cast import Cast
from tests.docs.walk import blocks

DOCS = [p for p in (ROOT / "docs").rglob("*.md") if "reliability" not in p.parts]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS, *PACKAGE.glob("*/README.md")])
GUIDE = ROOT / "docs" / "guide"
GUIDES = {
    "dau-moi",
    "lanh-dao-don-vi",
    "chuyen-vien",
    "truong-phong",
    "giam-doc",
    "van-thu",
    "quan-tri",
    "kiem-soat",
    "phong-thi-nghiem",
}
_LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
#: Files that say by their name what they hold.
EVERYWHERE = {"__init__.py", "apps.py", "errors.py", "urls.py", "forms.py", "checks.py", "views.py", "models.py"}
#: A path of the repository, with what is named in the file behind a colon.
_PATH = re.compile(r"^((?:[\w.-]+/)*[\w.-]+\.(?:py|typ|md|toml|txt|html|sh|css|js|json|po))(?:: ?([\w, ]+))?$")
_COMMAND = re.compile(r"(?:^|[\s`(])(?:\./run|\.venv/bin/chuan|chuan) (?:--empty )?([a-z][\w-]+)", re.MULTILINE)
_TEST = re.compile(r"\./test ([a-z]\w*)")
_VARIABLE = re.compile(r"\b(CHUAN_[A-Z][A-Z_]*|DATABASE_URL)\b")
_READ = re.compile(r"environ(?:\.get)?[(\[]\s*\"(CHUAN_[A-Z_]+|DATABASE_URL)\"")
#: Words behind the product's name that are no command of it: file names, prose.
_NO_COMMAND = {"help"}
_PLACE = re.compile(r"(?<![\w.~*}>/-])/(?:home|root|work|Users|mnt|tmp|opt|srv|usr|etc|private)/")
#: In two pieces, so that no file of the tests holds one.
_HOSTS = [a + b for a, b in (("pypi", ".org"), ("pythonhosted", ".org"), ("npm", "js.org"), ("jsdelivr", ".net"))]


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return re.sub(r"^ *```.*?^ *```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    wrong = []
    for _picture, target in _LINK.findall(prose(page)):
        path, _, anchor = target.partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        found = (page.parent / path).resolve() if path else page
        if not found.exists() or (anchor and anchor not in anchors(found)):
            wrong.append(target)
    assert wrong == []


@cache
def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as they are made on the web."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def _found(page: Path, path: str) -> Path | None:
    """The file that a page means: from the root, the package, the page's folder or its context."""
    for folder in (ROOT, PACKAGE, page.parent, *PACKAGE.glob("*/templates"), PACKAGE / "reporting" / "indicators"):
        if (folder / path).exists():
            return folder / path
    return None


def _defined(path: Path) -> set[str]:
    if path.suffix != ".py":
        return set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    targets = [t for n in tree.body if isinstance(n, ast.Assign) for t in n.targets]
    targets += [n.target for n in tree.body if isinstance(n, ast.AnnAssign)]
    return names | {t.id for t in targets if isinstance(t, ast.Name)}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_and_what_is_named_in_it_exists(page: Path) -> None:
    made = {b.words["file"] for p in (ROOT / "docs" / "how-to").glob("*.md") for b in blocks(p) if "file" in b.words}
    wrong = []
    for code in _CODE.findall(prose(page)):
        match = _PATH.match(code)
        if match is None or match.group(1) in made or code in {"text.txt", "plan.toml", "snapshot.json"}:
            continue
        found = _found(page, match.group(1)) if "/" in code else _anywhere(page, match.group(1))
        if found is None:
            wrong.append(code)
        elif match.group(2):
            wrong += [f"{code}: {n}" for n in re.findall(r"\w+", match.group(2)) if n not in _defined(found)]
    assert wrong == []


def _anywhere(page: Path, bare: str) -> Path | None:
    """A bare file name: beside the page, or a name that every context uses."""
    return _found(page, bare) or next((p for p in sorted(PACKAGE.rglob(bare))), None)


def test_the_map_of_the_readme_names_functions_that_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"`(chuan/[\w/]+\.py)`: ((?:`\w+`(?:, )?)+)", text)
    named = [(path, n) for path, names in rows for n in re.findall(r"`(\w+)`", names)]
    assert len(named) > 10
    assert [f"{path}: {n}" for path, n in named if n not in _defined(ROOT / path)] == []


def test_the_readme_says_first_where_a_report_is_frozen() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if "a report is frozen" in line)
    assert "chuan/reporting/services/reports.py" in row
    assert "`freeze`" in row


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = set(get_commands()) | KERNEL | _NO_COMMAND
    named = [c for code in [*_CODE.findall(prose(page)), *_fenced(text)] for c in _COMMAND.findall(code)]
    assert [c for c in named if c not in known] == []
    assert [t for t in _TEST.findall(text) if t not in {"fast", "deep"}] == []


def _fenced(text: str) -> list[str]:
    return re.findall(r"^ *```sh[^\n]*\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)


def test_the_commands_of_the_product_are_named_in_the_documents() -> None:
    ours = {command for command, app in get_commands().items() if app.startswith("chuan.")}
    said = " ".join(p.read_text(encoding="utf-8") for p in PAGES)
    assert {c for c in ours if not re.search(rf"\b{re.escape(c)}\b", said)} == set()


def _variables_read() -> set[str]:
    files = [p for p in PACKAGE.rglob("*.py") if "__pycache__" not in p.parts]
    return {v for p in files for v in _READ.findall(p.read_text(encoding="utf-8"))}


def test_the_variables_of_the_readme_are_those_of_the_code() -> None:
    table = [line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    said = {v for line in table for v in _VARIABLE.findall(line.split("|")[1])}
    assert said == _variables_read()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_page_names_a_variable_that_nothing_reads(page: Path) -> None:
    assert set(_VARIABLE.findall(page.read_text(encoding="utf-8"))) <= _variables_read()


@pytest.mark.parametrize("context", [*contexts(), "lib"])
def test_a_page_about_a_context_is_one_page_and_names_its_files(context: str) -> None:
    page = PACKAGE / context / "README.md"
    assert page.exists()
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    folder = PACKAGE / context
    held = {p.name for p in folder.glob("*.py") if p.stat().st_size and p.name not in EVERYWHERE}
    held |= {f"{p.name}/" for p in folder.iterdir() if p.is_dir() and p.name in {"services", "models", "indicators"}}
    assert {h for h in held if h not in text} == set()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_page_names_a_place_on_a_machine_or_a_registry(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert _PLACE.findall(text) == []
    assert [h for h in _HOSTS if h in text] == []


def test_the_changelog_begins_with_the_version_under_way() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "([\d.]+)"', project, re.MULTILINE)
    entries = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert version
    assert entries[0].startswith(version.group(1))


def test_every_decision_is_whole_and_in_the_index() -> None:
    index = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    pages = sorted((ROOT / "docs" / "adr").glob("0*.md"))
    assert [p.name[:4] for p in pages] == [f"{n:04d}" for n in range(1, len(pages) + 1)]
    for page in pages:
        heads = re.findall(r"^## (\w+)", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert heads == ["Context", "Weighed", "Decision", "Consequences"], page.name
        assert f"({page.name})" in index


def test_the_letter_of_the_report_how_to_is_printed() -> None:
    text = (ROOT / "docs" / "how-to" / "add-a-report.md").read_text(encoding="utf-8")
    block = re.search(r"^   ```python\n(.*?)^   ```", text, re.MULTILINE | re.DOTALL)
    assert block
    made: dict[str, bytes] = {}
    exec("\n".join(line[3:] for line in block.group(1).splitlines()), made)
    assert made["pdf"].startswith(b"%PDF-")
    assert made["word"].startswith(b"PK")


def test_the_guide_has_a_page_for_each_role_and_uses_every_picture() -> None:
    assert {p.stem for p in GUIDE.glob("*.md")} == {*GUIDES, "README"}
    shown = {t for p in GUIDE.glob("*.md") for picture, t in _LINK.findall(p.read_text(encoding="utf-8")) if picture}
    kept = {f"images/{p.name}" for p in (GUIDE / "images").glob("*.png")}
    assert shown == kept
    assert sum((GUIDE / p).stat().st_size for p in kept) < 3_000_000


def test_every_picture_of_the_guide_has_words() -> None:
    found = [m for p in GUIDE.glob("*.md") for m in re.findall(r"!\[([^\]]*)\]", p.read_text(encoding="utf-8"))]
    assert found
    assert all(len(words) > 10 for words in found)


def test_the_words_of_the_guide_stand_on_the_screens() -> None:
    files = [p for p in PACKAGE.rglob("*") if p.suffix in {".py", ".html"} and "migrations" not in p.parts]
    screens = re.sub(r"\s+", " ", " ".join(p.read_text(encoding="utf-8") for p in files))
    wrong = []
    for page in sorted(GUIDE.glob("*.md")):
        words = re.sub(r"\s+", " ", page.read_text(encoding="utf-8"))
        wrong += [f"{page.name}: {w}" for w in re.findall(r"\*\*([^*]+)\*\*", words) if w.rstrip(".") not in screens]
    assert wrong == []


def test_what_verify_is_said_to_print_stands_in_the_code() -> None:
    code = " ".join(p.read_text(encoding="utf-8") for p in PACKAGE.rglob("*.py"))
    text = (ROOT / "docs" / "ops.md").read_text(encoding="utf-8")
    rows = re.findall(r"^   \| (`[^|]+) \|", text, re.MULTILINE)
    said = [phrase for row in rows for phrase in _CODE.findall(row)]
    assert len(said) > 10
    assert [phrase for phrase in said if phrase not in code] == []


def test_the_first_account_is_opened_by_the_command_of_the_operation_page(cast: Cast) -> None:
    text = (ROOT / "docs" / "ops.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^\./run (administrator .*)$", text, re.MULTILINE)
    out = StringIO()
    call_command(*shlex.split(line), stdout=out)
    assert Membership.objects.live().get(user__username="quantri").role == "administrator"
    assert "Mật khẩu tạm: " in out.getvalue()
    with pytest.raises(CommandError):
        call_command(*shlex.split(line), stdout=out)
