"""The list of a new period: whom it begins with, how a whole group is chosen, in which order units are named."""

import re
from datetime import date
from typing import Any

from django.urls import reverse

from chuan.lib import clock
from chuan.organisations.rules import UnitKind
from chuan.organisations.services import establish_unit
from chuan.programme.models import Plan
from chuan.reporting import obligations, obliged
from chuan.reporting.models import Obligation, ReportingPeriod
from chuan.reporting.services import submissions
from tests.cast import MERGER, SYSTEM, Cast
from tests.programme.builders import real_plan
from tests.reporting.test_pages import words

DATA = {"year": "2026", "deadline": "10/12/2026", "basis": "Mục IV"}


def opened(cast: Cast, plan: Plan, year: int, codes: list[str]) -> ReportingPeriod:
    """A year's period in which these units owe."""
    return submissions.open_period(
        actor=cast.specialist.actor, plan=plan, year=year, deadline=date(year, 12, 10), letter="",
        cut_off=date(year, 12, 14), units=[(cast.unit(code), "Mục IV") for code in codes],
    )  # fmt: skip


def ticked(answer: Any) -> list[str]:
    """Units whose box is ticked, in the order of the page."""
    boxes = re.findall(r"<input[^>]*name=\"units\"[^>]*>", answer.content.decode())
    return [str(re.findall(r'value="([^"]*)"', box)[0]) for box in boxes if "checked" in box]


def test_no_unit_and_no_group_is_refused(cast: Cast, plan: Plan, sign_in: Any) -> None:
    answer = sign_in(cast.specialist).post(reverse("reporting:new-period"), DATA)
    assert answer.status_code == 422
    assert "Chọn ít nhất một đơn vị phải báo cáo." in words(answer)
    assert not ReportingPeriod.objects.exists()


def test_the_list_begins_with_last_years_that_still_stand(cast: Cast, plan: Plan, sign_in: Any) -> None:
    opened(cast, plan, 2025, ["so-yt", "x-tb", "h-tb"])
    assert ticked(sign_in(cast.specialist).get(reverse("reporting:new-period"))) == ["so-yt", "x-tb"]


def test_in_the_first_year_it_begins_with_whom_the_plan_names(cast: Cast, sign_in: Any) -> None:
    plan, ground = real_plan(cast), {}
    for code, name, parent in (("x-a", "Xã A", "tinh-tay-ninh-cu"), ("x-b", "Xã B", "la")):
        above = plan.scope if parent == "tinh-tay-ninh-cu" else cast.unit(parent)
        facts: Any = {"code": code, "kind": UnitKind.COMMUNE, "name": name, "valid_from": date(2015, 1, 1)}
        ground[code] = establish_unit(actor=SYSTEM, parent=above, **facts)
    found = obliged.proposed(plan, 2026, clock.today(), besides=cast.specialist.actor.unit_id)
    assert {"so-ct", "so-yt", "so-tc", "x-a"} <= set(found)
    assert not {"so-khcn", "x-b", "dn-a", "tt-khcn"} & set(found), "who consolidates, other ground, unnamed classes"
    assert ticked(sign_in(cast.specialist).get(reverse("reporting:new-period"))) == sorted(
        found, key=lambda code: (code.startswith("x"), ["so-ct", "so-tc", "so-yt", "x-a"].index(code))
    )


def test_a_whole_group_is_chosen_by_one_box(cast: Cast, plan: Plan, sign_in: Any) -> None:
    browser, url = sign_in(cast.specialist), reverse("reporting:new-period")
    shown = words(browser.get(url))
    assert shown.index("Sở, ban, ngành (4)") < shown.index("Ủy ban nhân dân xã, phường (4)")
    assert shown.index("Ủy ban nhân dân xã, phường (4)") < shown.index("Đơn vị khác (1)")
    assert browser.post(url, {**DATA, "units": ["so-ct"], "whole": ["local"]}).status_code == 302
    codes = set(Obligation.objects.values_list("unit__code", flat=True))
    assert codes == {"so-ct", "x-tb", "x-ct", "x-hd", "p-la"}


def test_units_are_named_by_standing_then_in_vietnamese_order(cast: Cast, plan: Plan) -> None:
    facts: Any = {"kind": UnitKind.COMMUNE, "parent": cast.unit("tn"), "valid_from": MERGER}
    late = establish_unit(actor=SYSTEM, code="x-dn", name="Xã Đá Nhảy", **facts)
    early = establish_unit(actor=SYSTEM, code="x-dz", name="Xã Dương Minh", **facts)
    units = {**cast.units, "x-dn": late, "x-dz": early}
    codes = ["tt-khcn", "x-dn", "x-dz", "p-la", "so-yt", "so-ct"]
    period = submissions.open_period(
        actor=cast.specialist.actor, plan=plan, year=2026, deadline=date(2026, 12, 10), letter="",
        cut_off=date(2026, 12, 14), units=[(units[code], "Mục IV") for code in codes],
    )  # fmt: skip
    rows = obligations.tracking(period, today=clock.today())
    named = [row.obligation.unit.code for row in rows]
    assert named == ["so-ct", "so-yt", "p-la", "x-dz", "x-dn", "tt-khcn"], "d before đ, centres last"
