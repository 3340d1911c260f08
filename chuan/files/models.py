"""A stored file: its name, type, size and the hash of its bytes; the bytes lie outside the database."""

from django.db import models

from chuan.ledger.models import Sealed


class StoredFile(Sealed):
    """Bytes that were received or made; the same bytes may be stored under several names."""

    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=120)
    size = models.BigIntegerField()
    content_sha = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
