"""A plan with the two targets of CT2, and approved definitions."""

from datetime import date

import pytest

from chuan.audit.actor import Actor
from chuan.audit.service import REGISTRY, record, service
from chuan.ledger.work import append
from chuan.programme.models import Plan, Target
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
                span=[0, 10],
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


REGISTRY.pop(f"{make_plan.__module__}.{make_plan.__qualname__}")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """The plan, with the shipped definitions approved."""
    for indicator in INDICATORS:
        ship_definition(actor=SYSTEM, indicator_id=indicator)
    return make_plan(actor=SYSTEM, cast=cast)
