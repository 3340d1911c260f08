"""The language of the access table: rows of routes, what each person gets, and what nobody else may read.

A context adds `tests/access/rows_<context>.py` with three names:

    TENANTS = ("so-ct", "so-yt")              # units of the cast that each keep data of their own (this is the default)
    def seed(cast: Cast, unit: str) -> Planted: ...     # plants one tenant's data through the services
    ROWS = (Row("training:course", kwargs=lambda t: {"code": t.keys["course"]}, get=Grid(...)), ...)

`Planted.keys` names what rows ask for in `kwargs` and `data`; keys of all contexts share one dictionary, so prefix
them. `Planted.texts` are strings that only readers of that tenant may ever be answered (file names, titles, numbers
of documents); `Planted.counts` are numbers planted for the same purpose: a count, and the sum of the same count over
all tenants, is searched in every answer in every way of writing it. Take texts of letters, digits and hyphens, and
counts above 1000 that occur nowhere else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from chuan.organisations.rules import OWN_UNIT_ROLES, PROVINCE_WIDE_ROLES, Role
from tests.cast import Member

ROLES = frozenset(str(r) for r in Role)
NOBODY: frozenset[str] = frozenset()
#: Signed in, whatever the role; "none" is a person without any membership in force.
SIGNED_IN = ROLES | {"none"}
PROVINCE_WIDE = frozenset(str(r) for r in PROVINCE_WIDE_ROLES)
OWN_UNIT = frozenset(str(r) for r in OWN_UNIT_ROLES)


class Outcome(Enum):
    """What a request comes to. DONE and SERVED make the audit chain grow; every other outcome changes nothing."""

    SHOWN = "shown"
    SERVED = "served and written down"
    DONE = "done"
    REDIRECT = "redirect"
    LOGIN = "login"
    INVALID = "invalid"
    CONFLICT = "conflict"
    FORBIDDEN = "forbidden"
    UNSEEN = "unseen"
    WRONG_METHOD = "wrong method"

    @property
    def status(self) -> int:
        """The HTTP status."""
        return _STATUS[self]


CHANGES = frozenset({Outcome.DONE, Outcome.SERVED})
_STATUS = {
    Outcome.SHOWN: 200,
    Outcome.SERVED: 200,
    Outcome.DONE: 302,
    Outcome.REDIRECT: 302,
    Outcome.LOGIN: 302,
    Outcome.INVALID: 422,
    Outcome.CONFLICT: 409,
    Outcome.FORBIDDEN: 403,
    Outcome.UNSEEN: 404,
    Outcome.WRONG_METHOD: 405,
}


@dataclass(frozen=True)
class Planted:
    """One tenant's seeded data."""

    unit: str
    keys: dict[str, Any] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Persona:
    """Somebody who asks: a role at a unit, "none" at no unit, or "anonymous"."""

    name: str
    role: str
    unit: str
    member: Member | None = None


@dataclass(frozen=True)
class Grid:
    """Who gets `done`, who is told that they may not, and what the rest get.

    `anywhere`, `sees`: roles that may act on, or see, every tenant's object. `own`, `sees_own`: roles that may do so
    with their own unit's. Who sees but may not act gets FORBIDDEN; everyone else signed in gets `otherwise`.
    """

    done: Outcome
    anywhere: frozenset[str] = NOBODY
    own: frozenset[str] = NOBODY
    sees: frozenset[str] = NOBODY
    sees_own: frozenset[str] = NOBODY
    otherwise: Outcome = Outcome.FORBIDDEN
    anonymous: Outcome = Outcome.LOGIN

    def outcome(self, persona: Persona, unit: str | None) -> Outcome:
        """What `persona` gets with an object of `unit` (None: a page that belongs to no tenant)."""
        if persona.role == "anonymous":
            return self.anonymous
        mine = unit is not None and persona.unit == unit
        if persona.role in self.anywhere or (mine and persona.role in self.own):
            return self.done
        if persona.role in self.sees or (mine and persona.role in self.sees_own):
            return Outcome.FORBIDDEN
        return self.otherwise


Reveals = Callable[[Persona, str], bool]


def reads(persona: Persona, unit: str) -> bool:
    """The general rule of who may read a tenant's evidence; a row with another rule names its own."""
    return persona.role in PROVINCE_WIDE or (persona.role in OWN_UNIT and persona.unit == unit)


def roles_read(*roles: str) -> Reveals:
    """A rule for pages on which these roles read every tenant, and the others as by the general rule."""
    return lambda persona, unit: persona.role in roles or reads(persona, unit)


@dataclass(frozen=True)
class Row:
    """One route. `kwargs` and `data` given as functions of a tenant make the row run once for each tenant."""

    route: str
    kwargs: Callable[[Planted], Mapping[str, Any]] | None = None
    get: Grid | None = None
    post: Grid | None = None
    #: Fields of a valid POST.
    data: Callable[[Planted], Mapping[str, Any]] | None = None
    #: Query strings tried beside the plain address; `{text}` becomes each of the other tenant's texts.
    queries: tuple[str, ...] = ()
    reveals: Reveals = reads
    #: Costly to make (Word, Excel, PDF): made once for each tenant and role class, refused for everybody else.
    expensive: bool = False
