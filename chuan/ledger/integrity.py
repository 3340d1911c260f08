"""The registry behind `chuan verify`: each mechanism or context adds a check that names what it found wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was sealed."""

    where: str
    what: str


@dataclass(frozen=True)
class Checked:
    """How much a check looked at."""

    name: str
    count: int


Check = Callable[[], Iterator[Finding | Checked]]
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Add a check under a name that is used once."""
    if _checks.setdefault(name, check) is not check:
        raise RuntimeError(f"two integrity checks are called {name}")


def run(only: str | None = None) -> Iterator[Finding | Checked]:
    """All findings of all checks (or of one), in order of name."""
    for name in sorted(_checks):
        if only in (None, name):
            yield from _checks[name]()
