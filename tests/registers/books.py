"""Workbooks as people send them."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl

Row = Sequence[Any]


def book(*rows: Row, merge: Iterable[str] = (), formats: dict[str, str] | None = None) -> bytes:
    """A workbook with these rows, some cells merged, some formatted."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for where in merge:
        sheet.merge_cells(where)
    for address, number_format in (formats or {}).items():
        sheet[address].number_format = number_format
    return _bytes(made)


def edited(content: bytes, cells: dict[str, Any]) -> bytes:
    """The workbook with some cells typed over."""
    made = openpyxl.load_workbook(io.BytesIO(content))
    sheet = made.active
    assert sheet is not None
    for address, value in cells.items():
        sheet[address] = value
    return _bytes(made)


def cells_of(content: bytes) -> list[list[Any]]:
    """What stands in the first sheet, formulas as text."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def kinds_of(content: bytes) -> set[str]:
    """The kinds of cells of the first sheet: "f" is a formula."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return {cell.data_type for row in sheet.iter_rows() for cell in row}


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    """The package with one part in place of another, or beside the others."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            if item.filename != name:
                new.writestr(item, old.read(item.filename))
        new.writestr(name, data)
    return out.getvalue()


def part(content: bytes, name: str) -> bytes:
    """One part of the package."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def _bytes(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
