"""JSON columns of sealed rows."""

import json
from typing import Any

from django.db import models


class PlainEncoder(json.JSONEncoder):
    """Letters as themselves: an escape's hexadecimal digits may be written in two cases, so that a byte could change
    and no value with it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False})


class SealedJSONField(models.JSONField):
    """JSON of which every stored byte counts (SQLite keeps the text; PostgreSQL its own binary form)."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "encoder": PlainEncoder})

    def deconstruct(self) -> Any:
        """Without the encoder, which is always the same."""
        name, path, args, options = super().deconstruct()
        options.pop("encoder", None)
        return name, path, args, options
