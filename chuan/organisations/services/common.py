"""What every write of this context begins with."""

from chuan.organisations.errors import NotAllowed


def require(allowed: bool) -> None:
    """Policy gate of this context's services."""
    if not allowed:
        raise NotAllowed
