"""Workbooks that people fill in and send back: what they type into is open, everything else is locked."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from chuan.rendering.sheets import (
    EXACT_DIGITS,
    LIKE_A_FORMULA,
    MM_A_LETTER,
    new_workbook,
    put_text,
    row_height,
    safe_sheet_name,
    set_up_print,
)
from chuan.rendering.text import clean, one_line

#: Sheet that nobody sees: what the file was made for, and the words to choose from.
HIDDEN: Final = "_chuan"
#: Protection keeps slips out, nothing else: it has no password, and what may be changed for reading is open.
_MAY: Final = {
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "select_locked_cells": True,
    "autofilter": True,
}


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its heading and width; whether people type there, and which words they may choose from."""

    heading: str
    width: float = 14
    typed: bool = False
    hidden: bool = False
    #: Name of the list in `write_form`'s `lists`.
    chosen_from: str = ""


@dataclass(frozen=True, slots=True)
class FormSheet:
    """One sheet: title, notes, a header, filled rows, and rows that are left to be filled."""

    name: str
    title: str
    fields: Sequence[Field]
    rows: Sequence[Sequence[object]]
    notes: Sequence[str] = ()
    blank_rows: int = 0


def write_form(
    title: str, sheets: Sequence[FormSheet], facts: Mapping[str, str], lists: Mapping[str, Sequence[str]]
) -> bytes:
    """A workbook of sheets to fill in; `facts` and `lists` stand in a sheet that is not shown.

    Text is never a formula. Raises SheetRefused where a cell would be cut.
    """
    out = io.BytesIO()
    with new_workbook(out, title, small=True) as book:
        looks = _Looks(book)
        ranges = _ranges(lists)
        for sheet in sheets:
            _write(book.add_worksheet(safe_sheet_name(sheet.name)), sheet, looks, ranges)
        hidden = book.add_worksheet(HIDDEN)
        for row, cells in enumerate(_hidden_rows(facts, lists)):
            for index, words in cells:
                put_text(hidden, row, index, words, looks.plain)
        hidden.hide()
    return _free_to_grow(out.getvalue())


def _free_to_grow(content: bytes) -> bytes:
    """Rows stay as high as was guessed until somebody types in them: then the spreadsheet fits them anew."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as freed:
        for entry in made.infolist():
            part = made.read(entry)
            if entry.filename.startswith("xl/worksheets/"):
                part = re.sub(rb'(<row [^>]*?) customHeight="1"', rb"\1", part)
            freed.writestr(entry, part)
    return out.getvalue()


class _Looks:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        edge = {"border": 1, "valign": "top", "text_wrap": True}
        locked = edge | {"bg_color": "#F2F2F2"}
        typed = edge | {"locked": False}
        self.plain = book.add_format({})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.note = book.add_format({"italic": True})
        self.header = book.add_format(edge | {"bold": True, "align": "center", "bg_color": "#E8EEF7"})
        self.header_typed = book.add_format(edge | {"bold": True, "align": "center", "bg_color": "#FFF6DB"})
        self.locked, self.typed = book.add_format(locked), book.add_format(typed)
        self.locked_quoted = book.add_format(locked | {"quote_prefix": True})
        self.typed_quoted = book.add_format(typed | {"quote_prefix": True})


def _ranges(lists: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Where each list stands in the hidden sheet, as a validation names it; the first list is in column C."""
    found = {}
    for index, (name, words) in enumerate(lists.items()):
        column = chr(ord("C") + index)
        found[name] = f"={HIDDEN}!${column}$1:${column}${max(len(words), 1)}"
    return found


def _hidden_rows(facts: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> Iterator[list[tuple[int, str]]]:
    """(column, words) of the sheet that nobody sees, row after row."""
    told, columns = list(facts.items()), list(lists.values())
    for row in range(max([len(told), *map(len, columns)], default=0)):
        cells = list(enumerate(told[row])) if row < len(told) else []
        yield cells + [(2 + index, words[row]) for index, words in enumerate(columns) if row < len(words)]


def _write(sheet: Any, form: FormSheet, looks: _Looks, ranges: Mapping[str, str]) -> None:
    for index, field in enumerate(form.fields):
        sheet.set_column(index, index, field.width, None, {"hidden": field.hidden})
    start = next(index for index, field in enumerate(form.fields) if not field.hidden)
    lines = [(form.title, looks.title), *((note, looks.note) for note in form.notes)]
    for row, (words, look) in enumerate(lines):
        put_text(sheet, row, start, one_line(words), look)
    top = len(lines) + 1
    _set_height(sheet, top, form.fields, [field.heading for field in form.fields], bold=True)
    for index, field in enumerate(form.fields):
        put_text(sheet, top, index, clean(field.heading), looks.header_typed if field.typed else looks.header)
    blank = [""] * len(form.fields)
    for row, values in enumerate([*form.rows, *[blank] * form.blank_rows], start=top + 1):
        _set_height(sheet, row, form.fields, values)
        for index, (field, value) in enumerate(zip(form.fields, values, strict=True)):
            _put(sheet, row, index, field, value, looks)
    last = top + len(form.rows) + form.blank_rows
    for index, field in enumerate(form.fields):
        if field.chosen_from and last > top:
            options = {"validate": "list", "source": ranges[field.chosen_from], "error_type": "warning"}
            sheet.data_validation(top + 1, index, last, index, options)
    sheet.protect("", _MAY)
    set_up_print(sheet, top)


def _set_height(sheet: Any, row: int, fields: Sequence[Field], values: Sequence[object], *, bold: bool = False) -> None:
    cells = ((str(v), f.width * MM_A_LETTER) for f, v in zip(fields, values, strict=True) if v and not f.hidden)
    sheet.set_row(row, row_height(cells, bold=bold))


def _put(sheet: Any, row: int, index: int, field: Field, value: object, looks: _Looks) -> None:
    look = looks.typed if field.typed else looks.locked
    if value is None or value == "":
        sheet.write_blank(row, index, None, look)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool) and _exact(value):
        sheet.write_number(row, index, value, look)
    else:
        words = clean(str(value))
        if words.startswith(LIKE_A_FORMULA):
            look = looks.typed_quoted if field.typed else looks.locked_quoted
        put_text(sheet, row, index, words, look)


def _exact(value: int | Decimal) -> bool:
    """A spreadsheet's number keeps it as it is."""
    return len(Decimal(value).as_tuple().digits) <= EXACT_DIGITS
