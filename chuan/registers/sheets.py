"""A register as a sheet that can be filled in and sent back."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from chuan.registers.importing import heading_of_code
from chuan.registers.register import Register, Words, sheet_kind
from chuan.rendering.sheets import Column, write_sheet

_WIDTHS = {"date": 12.0, "count": 10.0, "decimal": 12.0}


def write(register: Register, rows: Iterable[Any], words: Words) -> bytes:
    """The register's rows under the headings by which they come back; an empty register gives the headings alone."""
    columns = [Column(heading_of_code(), 12)]
    for field in register.form.base_fields.values():
        kind = sheet_kind(field)
        width = _WIDTHS.get(kind, max(18.0, min(44.0, len(str(field.label)) * 1.6)))
        columns.append(Column(str(field.label), width, kind))
    note = _("Sửa ở đây rồi tải lên: để trống ô Mã nếu ghi mới; thứ tự cột không quan trọng; không dùng công thức.")
    return write_sheet(str(register.title), columns, _values(register, rows, words), notes=[note])


def _values(register: Register, rows: Iterable[Any], words: Words) -> Iterator[tuple[Any, ...]]:
    for said in rows:
        yield getattr(said, register.subject).code, *(words.in_sheet(said, name) for name in register.form.base_fields)
