"""What no file of the product may hold: unsafe calls, writes outside services, endless files, silent functions."""

import ast
from pathlib import Path

import pytest
from django.utils.module_loading import import_string

from chuan.audit.outbox import enqueue
from tests.architecture.source import (
    MECHANISMS,
    PACKAGE,
    called,
    calls,
    context_of,
    holds_service,
    name_of,
    python_files,
    tree,
)

PRODUCT = python_files("chuan")
EVERYTHING = python_files("chuan", "tests", "bench", "scripts")
#: Text that is marked safe must be a constant of ours: file → why.
MAY_MARK_SAFE = {"chuan/web/templatetags/chuan_ui.py": "icons are constants of chuan.web.templatetags.icons"}
#: Writes on rows that are no business rows: file → why.
MAY_WRITE = {
    "chuan/portal/management/commands/prepare.py": "the chain's head of a new database",
    "chuan/portal/management/commands/serve.py": "tasks that a killed worker left running",
    "chuan/reporting/renewal.py": "answers computed beforehand, which can be thrown away",
}
WRITES = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "_raw_delete"}
LEDGER_WRITES = {"append", "void", "correct"}


#: Run what they have written themselves from a tape of numbered slots; no text of a user's is in it.
WRITES_CODE = {"chuan/metrology/model/scalar.py", "chuan/metrology/model/vector.py"}


def test_nothing_evaluates_executes_or_unpickles() -> None:
    wrong = []
    for path in PRODUCT:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"eval", "exec"}:
                if node.func.id == "exec" and name_of(path) in WRITES_CODE:
                    continue
                wrong.append(f"{name_of(path)}:{node.lineno} {node.func.id}")
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = {a.name.split(".")[0] for a in node.names} | {getattr(node, "module", "") or ""}
                if names & {"pickle", "marshal", "shelve", "dill", "cloudpickle"}:
                    wrong.append(f"{name_of(path)}:{node.lineno} imports {names}")
            if isinstance(node, ast.keyword) and node.arg == "shell":
                wrong.append(f"{name_of(path)}:{node.value.lineno} shell=")
    assert wrong == []


def test_text_is_marked_safe_only_where_it_is_a_constant() -> None:
    wrong = [
        f"{name_of(p)}:{c.lineno}"
        for p in PRODUCT
        if name_of(p) not in MAY_MARK_SAFE
        for c in calls(p)
        if called(c) in {"mark_safe", "SafeString", "SafeText"}
    ]
    assert wrong == []


def _is_write(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    name = call.func.attr
    if name in WRITES:
        return True
    if name == "create":
        return isinstance(call.func.value, ast.Attribute) and call.func.value.attr.endswith("objects")
    # dict.update, hash.update, workbook.save take a value by position; rows and querysets take none.
    return name in {"save", "update", "delete"} and not call.args and (name != "update" or bool(call.keywords))


def test_business_rows_are_written_by_services_alone() -> None:
    wrong = []
    for path in PRODUCT:
        outside = context_of(path) in MECHANISMS or name_of(path) in MAY_WRITE or path.parent == PACKAGE
        if outside or holds_service(path) or "services" in path.parts:
            continue
        writes = [c for c in calls(path) if _is_write(c)]
        wrong += [f"{name_of(path)}:{c.lineno} {called(c)}" for c in writes]
        if any(isinstance(n, ast.ImportFrom) and n.module == "chuan.ledger.work" for n in ast.walk(tree(path))):
            used = [c for c in calls(path) if isinstance(c.func, ast.Name) and c.func.id in LEDGER_WRITES]
            wrong += [f"{name_of(path)}:{c.lineno} {called(c)}" for c in used]
    assert wrong == []


def test_a_view_is_at_most_25_lines() -> None:
    wrong = []
    for path in (p for p in PRODUCT if p.name in {"views.py", "api.py"} or p.parent.name == "views"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > 25:
                    wrong.append(f"{name_of(path)}: {node.name} has {length} lines")
    assert wrong == []


def test_a_file_is_at_most_400_lines() -> None:
    lengths = {name_of(p): len(p.read_text().splitlines()) for p in EVERYTHING}
    assert {name: n for name, n in lengths.items() if n > 400} == {}


def test_every_public_function_class_and_module_says_what_it_is() -> None:
    wrong = []
    for path in PRODUCT:
        if path.read_text().strip() and not ast.get_docstring(tree(path)):
            wrong.append(f"{name_of(path)}: module")
        for node in tree(path).body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            if any(isinstance(d, ast.Name) and d.id == "overload" for d in node.decorator_list):
                continue
            if not ast.get_docstring(node):
                wrong.append(f"{name_of(path)}: {node.name}")
    assert wrong == []


def test_every_test_file_says_what_it_is_about() -> None:
    silent = [name_of(p) for p in python_files("tests") if p.read_text().strip() and not ast.get_docstring(tree(p))]
    assert silent == []


def _is_excused(path: Path, node: ast.Import | ast.ImportFrom) -> bool:
    """The kernel's command starts at once, so that what brings numpy or mpmath is loaded where it says why."""
    return "# noqa: PLC0415 - " in path.read_text().splitlines()[node.lineno - 1]


def test_imports_inside_functions_stand_only_where_django_needs_them() -> None:
    wrong = []
    for path in PRODUCT:
        for function in (n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef)):
            inside = [n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
            if path.is_relative_to(PACKAGE / "metrology"):
                inside = [n for n in inside if not _is_excused(path, n)]
            if inside and not (path.name == "apps.py" and function.name == "ready") and path.name != "cli.py":
                wrong.append(f"{name_of(path)}: {function.name}")
    assert wrong == []


def _job_paths() -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for path in PRODUCT:
        for call in calls(path):
            if called(call) in {"enqueue", "enqueue_once"} and isinstance(call.func, ast.Name):
                first = call.args[0] if call.args else None
                literal = first.value if isinstance(first, ast.Constant) else None
                found.append((f"{name_of(path)}:{call.lineno}", literal if isinstance(literal, str) else None))
    return found


def test_every_job_is_enqueued_by_a_literal_path_that_resolves() -> None:
    for where, path in _job_paths():
        assert path, f"{where}: the path is no literal"
        assert path.startswith("chuan."), f"{where}: {path}"
        assert ".jobs." in path, f"{where}: {path}"
        assert callable(import_string(path)), f"{where}: {path}"


def test_an_unknown_job_is_refused_when_enqueued() -> None:
    with pytest.raises(ImportError):
        enqueue("chuan.portal.jobs.no_such_job", 1)


def test_every_form_names_its_fields() -> None:
    wrong = []
    for path in PRODUCT:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and node.value.value == "__all__":
                wrong.append(f"{name_of(path)}:{node.lineno}")
    assert wrong == [], "fields = '__all__' lets a request set what no form shows"
