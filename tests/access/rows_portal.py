"""Home, health, language, role switch, audit log."""

from chuan.organisations.rules import Role
from tests.access.matrix import OWN_UNIT, PROVINCE_WIDE, SIGNED_IN, Grid, Outcome, Planted, Row, roles_read
from tests.cast import Cast

LOG_READERS = frozenset({str(Role.AUDITOR), str(Role.ADMINISTRATOR)})


def seed(cast: Cast, unit: str) -> Planted:
    """Nothing of its own."""
    return Planted(unit)


ROWS = (
    Row("home", get=Grid(Outcome.SHOWN, anywhere=SIGNED_IN)),
    Row("health", get=Grid(Outcome.SHOWN, anywhere=SIGNED_IN, anonymous=Outcome.SHOWN)),
    Row("language", post=Grid(Outcome.REDIRECT, anywhere=SIGNED_IN, anonymous=Outcome.REDIRECT)),
    # Another person's membership can be acted in by nobody.
    Row("switch-role", post=Grid(Outcome.DONE), data=lambda t: {"membership": t.keys["membership"]}),
    Row("registers", get=Grid(Outcome.SHOWN, anywhere=PROVINCE_WIDE | OWN_UNIT)),
    Row(
        "audit-log",
        get=Grid(Outcome.SHOWN, anywhere=LOG_READERS),
        queries=("before=99999", "before=-1", "before=x", "unit=so-yt", "q={text}"),
        reveals=roles_read(*LOG_READERS),
    ),
)
