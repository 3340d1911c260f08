"""`column IN (…)` with the numbers written into the SQL.

Frames name some hundred places. As parameters each is prepared, hashed and resolved anew for every condition, window
and branch that uses the list (tried: 20 of the 33 ms of a figure); written as text, the list costs nothing.
"""

from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, Expression, F


class Among(Expression):
    """The column's value is one of some row numbers; with none to choose from it never is."""

    conditional = True

    def __init__(self, column: str, ids: frozenset[int]) -> None:
        super().__init__(output_field=BooleanField())
        self.column: Any = F(column)
        self.ids = ids

    def get_source_expressions(self) -> list[Any]:
        """The column."""
        return [self.column]

    def set_source_expressions(self, exprs: Any) -> None:
        """The column as resolved."""
        (self.column,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """The condition; a column that is null is among nothing."""
        if not self.ids:
            return "1 = 0", ()
        sql, params = compiler.compile(self.column)
        return f"{sql} IN ({_listed(self.ids)})", params


@lru_cache(maxsize=256)
def _listed(ids: frozenset[int]) -> str:
    return ",".join(str(int(pk)) for pk in sorted(ids))
