"""Facts of a session that nobody waits for."""

import logging
from typing import Any

from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import DatabaseError

from chuan.web import errors

logger = logging.getLogger("chuan.web")


def write_if_room(session: SessionBase, **facts: Any) -> None:
    """Write facts at once; on a full disk they are left for later, so that reading goes on.

    Every other error is met again, and shown, when the session is saved with the answer.
    """
    changed = session.modified
    session.update(facts)
    try:
        session.save()
        session.modified = changed
    except (DatabaseError, OSError, UpdateError) as error:
        if errors.is_full(error):
            logger.warning("%s not written to the session: the disk is full", ", ".join(facts))
            session.modified = changed
