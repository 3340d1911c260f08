"""Who acts: a person in a role at a unit, a job on somebody's behalf, or the public."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """The acting principal, as policies judge it and as the audit names it.

    `user_id` is None for the public and for the system; `unit_id` is None where the role belongs to no unit.
    """

    user_id: int | None
    name: str
    role: str
    unit_id: int | None = None
    unit_name: str = ""
    origin: str = ""
    on_behalf_of: str = ""
    #: The unit's code, where a policy asks for one unit.
    unit_code: str = ""

    @property
    def is_anonymous(self) -> bool:
        """Nobody has signed in."""
        return self.role == "anonymous"

    @property
    def is_system(self) -> bool:
        """A job or a command of the system itself."""
        return self.role == "system"


ANONYMOUS = Actor(None, "Khách", "anonymous", origin="web")


def system(origin: str, on_behalf_of: str = "") -> Actor:
    """The system actor of jobs and commands."""
    return Actor(None, "Hệ thống", "system", origin=origin, on_behalf_of=on_behalf_of)
