"""What is kept for a while only: ended sessions, and keys of forms that were sent long ago."""

from datetime import timedelta

from chuan.lib import clock
from chuan.web.models import IdempotencyKey

#: A form's key answers repeats for so long; nobody sends a form again after it.
KEEP_KEYS = timedelta(days=7)


def drop_old_keys() -> int:
    """Delete the keys that no repeat will ask for; returns how many."""
    deleted, _models = IdempotencyKey.objects.filter(created_at__lt=clock.now() - KEEP_KEYS).delete()
    return deleted
