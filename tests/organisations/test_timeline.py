"""The tree of a day and a unit's story: names, places, what passed to whom, in words and with links both ways."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy

from chuan.organisations import queries, timeline
from chuan.organisations.rules import FunctionDomain, UnitKind
from chuan.organisations.services import Passing, add_version, establish_unit
from tests.cast import MERGER, SYSTEM, Cast
from tests.conftest import NOW
from tests.organisations.builders import FUNCTION, MARCH, ORGANISATION, TERRITORY, department, dissolve, party, passes

UNITS = reverse_lazy("organisations:units")


def words(answer: Any) -> str:
    """The page's text."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()).replace(" ,", ",").replace(" .", ".")


def page(browser: Any, code: str) -> Any:
    return browser.get(reverse("organisations:unit", args=[code]))


@pytest.mark.parametrize(
    "wrong",
    [
        {"share": Decimal("1.5")},
        {"share": Decimal(0)},
        {"domain": "metrology"},
    ],
)
def test_a_share_beyond_the_whole_and_a_field_without_a_function_are_refused(cast: Cast, wrong: dict[str, Any]) -> None:
    given = Passing(cast.unit("so-ct"), cast.unit("so-yt"), TERRITORY)._replace(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        passes("sai", given)


def test_one_day_has_districts_and_the_next_has_none(cast: Cast) -> None:
    def places(on: date) -> list[str]:
        sections = [s for s in queries.unit_tree(on) if s.title == "Tỉnh, huyện, xã"]
        return [b.version.unit.code for s in sections for top in s.branches for b in top.below]

    assert sorted(places(MERGER - timedelta(1))) == ["h-ct", "h-tb", "tp-ta"]
    assert sorted(places(MERGER)) == ["p-la", "x-ct", "x-hd", "x-tb"]


def test_the_committee_stands_before_its_departments(cast: Cast) -> None:
    (authorities,) = (s for s in queries.unit_tree(NOW.date()) if s.title.startswith("Ủy ban nhân dân tỉnh"))
    names = [b.version.unit.code for b in authorities.branches]
    assert names == ["ubnd-tinh", "so-ct", "so-khcn", "so-tc", "so-yt"]


def test_a_day_of_founding_that_is_not_recorded_is_not_invented(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.focal)
    assert "Từ trước ngày 01/01/2015" in words(page(browser, "so-ct"))
    assert "Ngày 01/07/2025" in words(page(browser, "x-hd"))


def test_a_commune_stands_below_its_district_and_is_counted_once(cast: Cast) -> None:
    establish_unit(
        actor=SYSTEM,
        code="x-cu",
        kind=UnitKind.COMMUNE,
        name="Xã Thạnh Tây",
        parent=cast.unit("h-tb"),
        valid_from=date(2015, 1, 1),
        valid_to=MERGER,
    )
    found = queries.unit_tree(MERGER - timedelta(1), "thanh tay")
    assert [s.count for s in found] == [3], "the commune, its district and the province above"
    (province,) = found[0].branches
    assert [b.version.unit.code for b in province.below] == ["h-tb"]
    assert [b.version.unit.code for b in province.below[0].below] == ["x-cu"]


def test_what_was_never_compared_says_so_and_what_was_does_not(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.focal)
    assert "chưa đối chiếu" in words(browser.get(UNITS, {"q": "so cong thuong"}))
    establish_unit(
        actor=SYSTEM,
        code="so-moi",
        kind="department",
        name="Sở Rất Mới",
        valid_from=MERGER,
        document="NQ",
        checked=True,
    )
    assert "chưa đối chiếu" not in words(browser.get(UNITS, {"q": "rat moi"}))
    assert "chưa đối chiếu" not in words(page(browser, "so-moi"))


def test_the_days_before_and_after_the_latest_reorganisation_are_one_link_away(cast: Cast, sign_in: Any) -> None:
    shown = sign_in(cast.focal).get(UNITS, {"q": "xa"}).content.decode()
    assert "?q=xa&amp;on=01/07/2025" in shown.replace("%2F", "/")
    assert "?q=xa&amp;on=30/06/2025" in shown.replace("%2F", "/")


def test_a_later_change_of_a_few_communes_does_not_take_the_place_of_the_reorganisation(
    cast: Cast, sign_in: Any
) -> None:
    passes("nhap-xa", Passing(cast.unit("x-ct"), cast.unit("x-hd"), TERRITORY), on=date(2026, 9, 1))
    shown = sign_in(cast.focal).get(UNITS).content.decode().replace("%2F", "/")
    assert "?on=01/07/2025" in shown
    assert "01/09/2026" not in shown


def test_enterprises_are_found_by_name_and_not_listed_otherwise(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.focal)
    assert "Cân Tây Ninh" not in words(browser.get(UNITS))
    assert "Ngoài ra có 2 doanh nghiệp" in words(browser.get(UNITS))
    assert "Công ty TNHH Cân Tây Ninh" in words(browser.get(UNITS, {"q": "can tay ninh"}))


def test_ground_that_was_divided_says_part_on_both_sides(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.focal)
    given = words(page(browser, "h-ct"))
    assert "Ngày 01/07/2025 · Hợp nhất tỉnh" in given
    assert "Địa bàn chia vào Xã Châu Thành (một phần), Xã Hảo Đước (một phần)." in given
    assert "Địa bàn nhập vào Xã Tân Biên." in words(page(browser, "h-tb"))
    assert "Nhận địa bàn của Huyện Châu Thành (một phần)." in words(page(browser, "x-hd"))
    assert "Nhận địa bàn của Huyện Tân Biên." in words(page(browser, "x-tb"))
    assert reverse("organisations:unit", args=["x-hd"]) in page(browser, "h-ct").content.decode()
    assert reverse("organisations:unit", args=["h-ct"]) in page(browser, "x-hd").content.decode()


def test_a_known_share_and_the_main_successor_are_said(cast: Cast, sign_in: Any) -> None:
    a, b, c = (department(code) for code in ("so-x", "so-y", "so-z"))
    dissolve(a)
    passes(
        "chia", Passing(a, b, TERRITORY, share=Decimal("0.625"), primary=True), Passing(a, c, TERRITORY), kind="split"
    )
    assert "Sở so-y (62,5% địa bàn, kế thừa chính), Sở so-z (một phần)." in words(page(sign_in(cast.focal), "so-x"))


def test_functions_and_the_organisation_are_told_apart(cast: Cast, sign_in: Any) -> None:
    a, b, c = (department(code) for code in ("so-x", "so-y", "so-z"))
    dissolve(a)
    passes("gop", (a, b, ORGANISATION), Passing(a, c, FUNCTION, FunctionDomain.INVESTMENT))
    browser = sign_in(cast.focal)
    shown = words(page(browser, "so-x"))
    assert "Hợp nhất, sáp nhập vào Sở so-y." in shown
    assert "Chuyển chức năng “kế hoạch, đầu tư” sang Sở so-z." in shown
    assert "Kế hoạch, đầu tư: Sở so-z" in shown, "and so it acts today"
    assert "Nhận chức năng “kế hoạch, đầu tư” từ Sở so-x." in words(page(browser, "so-z"))
    assert "Tiếp nhận tổ chức của Sở so-x." in words(page(browser, "so-y"))


def test_units_are_called_what_they_were_called_then(cast: Cast, sign_in: Any) -> None:
    a, b = department("so-x"), department("so-y", "Sở Tên Cũ")
    dissolve(a)
    passes("gop", (a, b, ORGANISATION))
    dissolve(b, MERGER)
    add_version(actor=SYSTEM, unit=b, name="Sở Tên Mới", parent=cast.unit("ubnd-tinh"), valid_from=MERGER)
    browser = sign_in(cast.focal)
    moments = timeline.tell(a, NOW.date()).moments()
    told = [linked.name for m in moments for s in m.sentences for linked in s.units]
    assert told == ["Sở Tên Cũ"], "on the day of the event"
    assert "Sở Tên Mới (theo quan hệ kế thừa)" in words(page(browser, "so-x"))
    renamed = words(page(browser, "so-y"))
    assert "Đổi tên thành Sở Tên Mới." in renamed
    assert "Chuyển sang trực thuộc Ủy ban nhân dân tỉnh." in renamed


def test_a_district_of_which_nothing_is_said_points_to_the_ground_of_its_communes(cast: Cast, sign_in: Any) -> None:
    for code, name, kind, above in (
        ("h-x", "Huyện Xa", UnitKind.DISTRICT, "tn-cu"),
        ("x-c1", "Xã Một", UnitKind.COMMUNE, "h-x"),
    ):
        cast.units[code] = establish_unit(
            actor=SYSTEM, code=code, kind=kind, name=name, parent=cast.units[above], valid_from=MARCH, valid_to=MERGER
        )
    passes("xa", (cast.units["x-c1"], cast.unit("x-hd"), TERRITORY), on=MERGER)
    shown = words(page(sign_in(cast.specialist), "h-x"))
    assert "Địa bàn các xã trực thuộc nhập vào Xã Hảo Đước." in shown
    assert "Địa bàn nay thuộc: Xã Hảo Đước." in shown


def test_the_tree_and_the_story_of_a_whole_province_cost_few_queries(cast: Cast, sign_in: Any) -> None:
    old = [
        establish_unit(
            actor=SYSTEM,
            code=f"cu-{n}",
            kind=UnitKind.COMMUNE,
            name=f"Xã Cũ {n}",
            parent=cast.unit("h-tb"),
            valid_from=date(2015, 1, 1),
            valid_to=MERGER,
        )
        for n in range(150)
    ]
    passes("xa", *((commune, cast.unit("x-tb"), TERRITORY) for commune in old), on=MERGER)
    party(cast)
    browser = sign_in(cast.specialist)
    browser.get("/")
    asked = [UNITS, f"{UNITS}?on=30/06/2025", f"{UNITS}?q=xa"]
    asked += [reverse("organisations:unit", args=[code]) for code in ("x-tb", "h-tb", "cu-7", "tn", "dn-a")]
    for url in asked:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert browser.get(url).status_code == 200
        assert len(seen) <= 12, url
