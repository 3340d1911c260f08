"""System check: every append-only table has its triggers."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from chuan.ledger import triggers


def triggers_installed(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """One error for each table whose expected triggers are not all installed."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        tables = sorted({t.table for t in triggers.missing(connections[alias])})
        found += [
            Error(
                f"Bảng {table} thiếu trigger khóa sửa, xóa.",
                hint="Chạy: chuan migrate (trigger được cài lại sau mỗi lần migrate), rồi chuan verify.",
                id="chuan.E001",
            )
            for table in tables
        ]
    return found
