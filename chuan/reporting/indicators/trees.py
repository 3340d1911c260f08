"""Hashes of code by its syntax: formatting and docstrings do not count."""

import ast
import inspect
import sys
from functools import cache
from typing import Any

from chuan.lib import canonical


@cache
def of_module(module: str) -> str:
    """Hash of a module's syntax tree, docstrings aside: of the code that runs, read when first asked (40 ms)."""
    return canonical.sha256(plain(ast.parse(inspect.getsource(sys.modules[module]))))


@cache
def of_function(function: Any) -> str:
    """Hash of one function's syntax tree."""
    return canonical.sha256(plain(ast.parse(inspect.getsource(function))))


def plain(node: Any) -> Any:
    """A syntax tree as lists that no release of Python writes otherwise: type, then what is not empty.

    Docstrings are left out, and so are the marks that only newer releases make.
    """
    if isinstance(node, list):
        return [plain(item) for item in node]
    if not isinstance(node, ast.AST):
        return [type(node).__name__, repr(node)]
    fields = dict(ast.iter_fields(node))
    body = fields.get("body")
    if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and _is_text(body[0].value):
        fields["body"] = body[1:]
    said = {name: plain(value) for name, value in fields.items() if value not in (None, []) and name not in _MARKS}
    return [type(node).__name__, said]


#: Fields of bookkeeping: how a literal was written, where a name is loaded or stored, types in comments.
_MARKS = frozenset({"kind", "ctx", "type_comment", "type_ignores"})


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
