"""The cast, the plan and a register small enough to check in full after every blow."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from chuan.audit.models import AuditEntry
from chuan.ledger import integrity
from chuan.programme.models import Plan
from chuan.reporting import obligations
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import Obligation, ReportingPeriod
from chuan.reporting.services import submissions
from chuan.reporting.services.figures import ship_definition
from chuan.training.models import Course
from tests.cast import SYSTEM, Cast, assemble
from tests.reporting.conftest import make_plan
from tests.training.builders import course, line

OWING = ("so-ct", "so-yt", "so-tc", "tt-khcn")
RIGHT = {"CT2": {"right": True, "missing": ""}, "CT2-L": {"right": True, "missing": ""}}
WORDS = {"direction": "Đã hướng dẫn các đơn vị.", "results": "", "difficulties": "", "next": ""}


def right(obligation: Obligation) -> dict[str, Any]:
    """Every figure of a unit's page, confirmed."""
    return {line.id: {"right": True, "missing": ""} for line in obligations.prefilled(obligation, {})}


@dataclass(frozen=True)
class World:
    """What the reliability tests start from."""

    cast: Cast
    plan: Plan
    courses: list[Course]


def build(courses: int = 2, lines: int = 4, cast: Cast | None = None) -> World:
    """Through the services alone; in an empty database the cast too."""
    cast = cast or assemble()
    for indicator in INDICATORS:
        ship_definition(actor=SYSTEM, indicator_id=indicator)
    plan = make_plan(actor=SYSTEM, cast=cast)
    held = [course(cast, title=f"Lớp thứ {n}") for n in range(courses)]
    for number, one in enumerate(held):
        for index in range(lines):
            line(cast, one, f"Người {number} số {index}")
    return World(cast, plan, held)


def open_period(world: World, year: int = 2026) -> ReportingPeriod:
    """The year's reporting, owed by four units."""
    return submissions.open_period(
        actor=world.cast.specialist.actor,
        plan=world.plan,
        year=year,
        deadline=date(year, 12, 10),
        cut_off=date(year, 12, 14),
        letter="Công văn",
        units=[(world.cast.unit(code), "Mục IV") for code in OWING],
    )


def findings(*without: str) -> list[str]:
    """Everything that `chuan verify` finds, but for the checks named."""
    found: list[str] = []
    for name in sorted(integrity._checks):
        if name not in without:
            found += [f"{i.where}: {i.what}" for i in integrity.run(name) if isinstance(i, integrity.Finding)]
    return found


def entries(**which: Any) -> list[AuditEntry]:
    """Audit entries in the order of the chain."""
    return list(AuditEntry.objects.filter(**which).order_by("seq"))
