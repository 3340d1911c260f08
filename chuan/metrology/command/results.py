"""Frozen results as JSON documents on standard output."""

import json
import math
import sys
from dataclasses import fields, is_dataclass
from typing import Any


def as_document(value: object) -> Any:
    """A result as plain data: dataclasses as tables, an infinite number as null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_document(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (list, tuple)):
        return [as_document(item) for item in value]
    if isinstance(value, float) and math.isinf(value):
        return None
    return value


def write_json(document: dict[str, Any]) -> None:
    """One JSON document with unrounded numbers."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n")
