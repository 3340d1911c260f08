"""A plan with the two targets of CT2, and approved definitions."""

from datetime import date

import pytest

from chuan.audit.actor import Actor
from chuan.audit.service import REGISTRY, record, service
from chuan.ledger.work import append
from chuan.programme.models import Plan, PlanItem, Target, Task
from chuan.programme.rules import ItemKind
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.services.figures import ship_definition
from tests.cast import SYSTEM, Cast

SIGNED = date(2020, 11, 13)


@service(lock="shared")
def make_plan(*, actor: Actor, cast: Cast) -> Plan:
    """The plan of the suite: 50 persons by 2025, 100 by 2030, two readings each."""
    plan = append(
        Plan(
            code="KH-2828",
            number="2828/KH-UBND",
            title="Thực hiện Quyết định số 996/QĐ-TTg",
            issuer="Ủy ban nhân dân tỉnh",
            signed=SIGNED,
            ends=date(2030, 12, 31),
            scope=cast.unit("tn-cu"),
            text_sha256="0" * 64,
            year_closes={"month": 12, "day": 14},
            report_due={"month": 12, "day": 10},
        )
    )
    for year, value, stage in ((2025, 2, SIGNED), (2030, 3, date(2026, 1, 1))):
        append(
            Target(
                code=f"T-{year}",
                plan=plan,
                indicator="CT2",
                place="Mục I.2",
                words=f"ít nhất {value} cán bộ",
                spans=[[0, 10]],
                horizon=date(year, 12, 31),
                operator=">=",
                value=value,
                unit="người",
                readings=[
                    {"label": "A", "basis": "cumulative", "from": SIGNED.isoformat(), "words": "lũy kế"},
                    {"label": "B", "basis": "stage", "from": stage.isoformat(), "words": "theo giai đoạn"},
                ],
            )
        )
    record("tests.make_plan", plan)
    return plan


@service(lock="shared")
def add_target(*, actor: Actor, target: Target) -> Target:
    """One more target of a plan."""
    made = append(target)
    record("tests.add_target", made)
    return made


@service(lock="shared")
def add_task(*, actor: Actor, plan: Plan) -> Task:
    """A task of the plan's annex, of which the suite has no text."""
    item = append(PlanItem(plan=plan, code="PL.I.1", order=1, kind=ItemKind.TASK, cells={}))
    made = append(Task(code=f"{plan.code}-PL.I.1", plan=plan, item=item, timing=[]))
    record("tests.add_task", made)
    return made


for made_here in (make_plan, add_target, add_task):
    REGISTRY.pop(f"{made_here.__module__}.{made_here.__qualname__}")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """The plan, with the shipped definitions approved."""
    for indicator in INDICATORS:
        ship_definition(actor=SYSTEM, indicator_id=indicator)
    return make_plan(actor=SYSTEM, cast=cast)
