"""What every write of the programme asks first."""

from chuan.ledger.errors import Superseded
from chuan.ledger.models import Statement
from chuan.programme.errors import NotAllowed


def require(allowed: bool) -> None:
    """NotAllowed unless the policy says yes."""
    if not allowed:
        raise NotAllowed


def refuse_stale(seen: Statement) -> None:
    """Superseded where somebody else voided the statement meanwhile: said before any other objection."""
    if type(seen)._base_manager.filter(pk=seen.pk, voided_at__isnull=False).exists():
        raise Superseded(seen._meta.db_table, seen.pk)
