"""JSON of sealed rows is stored so that no byte of it can change and its value not."""

import json

from django.db import connection, models

from chuan.ledger import triggers
from chuan.ledger.fields import PlainEncoder, SealedJSONField


def test_every_json_column_of_a_sealed_row_is_stored_in_plain_letters() -> None:
    columns = [f for m in triggers.sealed_models() for f in m._meta.concrete_fields if isinstance(f, models.JSONField)]
    assert columns
    assert [str(f) for f in columns if not isinstance(f, SealedJSONField)] == []


def test_letters_are_not_escaped() -> None:
    field = SealedJSONField()
    text = field.get_db_prep_value({"tên": "Đặng Thị Hồng\n"}, connection)
    if connection.vendor == "sqlite":
        assert text == '{"tên": "Đặng Thị Hồng\\n"}'
    assert json.dumps("Ộ", cls=PlainEncoder) == '"Ộ"'


def test_its_migration_names_no_encoder() -> None:
    _name, path, _args, options = SealedJSONField(default=dict).deconstruct()
    assert (path, options) == ("chuan.ledger.fields.SealedJSONField", {"default": dict})
