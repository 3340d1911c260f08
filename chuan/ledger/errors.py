"""What can go wrong with append-only rows."""


class LedgerError(Exception):
    """Base of this package's errors."""


class FrozenRow(LedgerError):
    """Someone tried to change or delete a sealed row."""

    def __init__(self, table: str, pk: object) -> None:
        super().__init__(f"{table} {pk} is sealed: it is voided or superseded, never changed")


class Superseded(LedgerError):
    """The statement that was to be voided had been voided by someone else meanwhile."""

    def __init__(self, table: str, pk: object) -> None:
        super().__init__(f"{table} {pk} was corrected by someone else meanwhile")
        self.table = table
        self.pk = pk


class OutsideService(LedgerError):
    """A sealed row was about to be written outside a service, so without an audit entry."""
