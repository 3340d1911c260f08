"""Units through time: names and places are dated, what became of a unit is a graph without cycles."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from chuan.ledger.errors import Superseded
from chuan.lib import clock
from chuan.organisations import queries
from chuan.organisations.errors import NotAllowed, OverlappingVersion, SuccessionCycle
from chuan.organisations.models import UNIT_KEY, Succession, UnitVersion
from chuan.organisations.rules import Period, SuccessionScope, UnitKind, authority_name
from chuan.organisations.services import add_version, close_version, establish_unit, reorganise
from tests.cast import BEGIN, MERGER, SYSTEM, Cast
from tests.conftest import NOW

ORGANISATION = SuccessionScope.ORGANISATION


@pytest.mark.parametrize("who", ["focal", "leader", "clerk", "finance", "auditor", "enterprise"])
def test_who_does_not_keep_the_list_changes_no_unit(cast: Cast, who: str) -> None:
    actor = getattr(cast, who).actor
    version = UnitVersion.objects.live().get(unit=cast.unit("so-ct"))
    with pytest.raises(NotAllowed):
        establish_unit(actor=actor, code="x", kind="department", name="X", valid_from=BEGIN)
    with pytest.raises(NotAllowed):
        add_version(actor=actor, unit=cast.unit("so-ct"), name="X", valid_from=BEGIN)
    with pytest.raises(NotAllowed):
        close_version(actor=actor, version=version, valid_to=MERGER, document="", reason="x")
    with pytest.raises(NotAllowed):
        reorganise(actor=actor, code="x", kind="merge", on=MERGER, title="X", successions=[])


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (BEGIN, None),
        (date(2024, 1, 1), date(2024, 1, 2)),
        (date(2010, 1, 1), None),
        (date(2010, 1, 1), date(2015, 1, 2)),
    ],
)
def test_two_names_on_one_day_are_refused(cast: Cast, start: date, end: date | None) -> None:
    with pytest.raises(OverlappingVersion, match="Sở Công Thương"):
        add_version(actor=SYSTEM, unit=cast.unit("so-ct"), name="Khác", valid_from=start, valid_to=end)


def test_an_empty_range_is_refused_by_the_database(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        establish_unit(
            actor=SYSTEM, code="rong", kind="agency", name="Rỗng", valid_from=MERGER, valid_to=MERGER - timedelta(1)
        )


def test_a_code_is_given_once(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        establish_unit(actor=SYSTEM, code="so-ct", kind="agency", name="Khác", valid_from=BEGIN)


def test_a_unit_that_would_succeed_itself_is_refused(cast: Cast) -> None:
    a, b, c = (cast.unit(code) for code in ("so-ct", "so-yt", "so-tc"))
    reorganise(actor=SYSTEM, code="e1", kind="merge", on=MERGER, title="1", successions=[(a, b, ORGANISATION)])
    reorganise(actor=SYSTEM, code="e2", kind="merge", on=MERGER, title="2", successions=[(b, c, ORGANISATION)])
    before = Succession.objects.count()
    with pytest.raises(SuccessionCycle):
        reorganise(actor=SYSTEM, code="e3", kind="merge", on=MERGER, title="3", successions=[(c, a, ORGANISATION)])
    with pytest.raises(SuccessionCycle):
        reorganise(actor=SYSTEM, code="e4", kind="merge", on=MERGER, title="4", successions=[(a, a, ORGANISATION)])
    assert Succession.objects.count() == before, "a refused event leaves nothing"


def test_a_cycle_inside_one_event_is_refused(cast: Cast) -> None:
    a, b = cast.unit("so-ct"), cast.unit("so-yt")
    both: list[Any] = [(a, b, ORGANISATION), (b, a, ORGANISATION)]
    with pytest.raises(SuccessionCycle):
        reorganise(actor=SYSTEM, code="e", kind="merge", on=MERGER, title="x", successions=both)


def test_of_two_people_closing_one_name_the_second_is_told(cast: Cast) -> None:
    version = UnitVersion.objects.live().get(unit=cast.unit("so-ct"))
    stale = UnitVersion.objects.get(pk=version.pk)
    close_version(actor=SYSTEM, version=version, valid_to=MERGER, document="", reason="một")
    with pytest.raises(Superseded):
        close_version(actor=SYSTEM, version=stale, valid_to=MERGER, document="", reason="hai")


def test_an_end_that_reaches_into_the_next_name_is_refused(cast: Cast) -> None:
    unit = cast.unit("so-ct")
    version = UnitVersion.objects.live().get(unit=unit)
    first = close_version(actor=SYSTEM, version=version, valid_to=MERGER, document="", reason="đổi tên")
    add_version(actor=SYSTEM, unit=unit, name="Sở Công nghiệp", valid_from=MERGER)
    with pytest.raises(OverlappingVersion, match="Sở Công nghiệp"):
        close_version(actor=SYSTEM, version=first, valid_to=MERGER + timedelta(1), document="", reason="nhầm ngày")
    assert [v.name for v in queries.versions_on(MERGER).filter(unit=unit)] == ["Sở Công nghiệp"]
    assert UnitVersion.objects.live().filter(pk=first.pk).exists()


def test_keys_of_a_very_long_name_fit_their_columns(cast: Cast) -> None:
    made = establish_unit(actor=SYSTEM, code="dai", kind="agency", name="ﷺ" * 200, valid_from=BEGIN)
    version = UnitVersion.objects.live().get(unit=made)
    assert len(version.search) == UNIT_KEY
    assert len(version.order) <= UNIT_KEY


def test_a_name_is_shown_for_the_day_that_was_asked(cast: Cast) -> None:
    unit = cast.unit("so-ct")
    version = UnitVersion.objects.live().get(unit=unit)
    close_version(actor=SYSTEM, version=version, valid_to=MERGER, document="NQ", reason="đổi tên")
    add_version(actor=SYSTEM, unit=unit, name="Sở Công nghiệp", valid_from=MERGER)
    assert queries.versions_on(MERGER - timedelta(1)).get(unit=unit).name == "Sở Công Thương"
    assert queries.versions_on(MERGER).get(unit=unit).name == "Sở Công nghiệp"
    assert queries.unit_names(date(2024, 1, 1))[unit.pk] == "Sở Công Thương"


def test_what_was_known_before_a_correction_is_still_read(cast: Cast) -> None:
    unit = cast.unit("so-ct")
    with clock.at(NOW + timedelta(hours=1)):
        version = UnitVersion.objects.live().get(unit=unit)
        close_version(actor=SYSTEM, version=version, valid_to=MERGER, document="", reason="sửa")
    today = NOW.date()
    assert not queries.versions_on(today).filter(unit=unit).exists()
    assert queries.versions_on(today, known=NOW).filter(unit=unit).exists()


def test_units_of_the_past_are_found_on_their_day(cast: Cast, sign_in: Any) -> None:
    browser, url = sign_in(cast.focal), reverse("organisations:units")
    assert "Huyện Tân Biên" not in browser.get(url, {"q": "tan bien"}).content.decode()
    assert "Huyện Tân Biên" in browser.get(url, {"q": "tan bien", "on": "30/06/2025"}).content.decode()
    assert "Huyện Tân Biên" not in browser.get(url, {"q": "tan bien", "on": "01/07/2025"}).content.decode()


@pytest.mark.parametrize(
    "query", ["cong thuong", "CÔNG THƯƠNG", "Công  Thương", "thương so", "Co\u0302ng thu\u031bo\u031bng"]
)
def test_search_forgives_marks_case_order_and_typing(cast: Cast, query: str) -> None:
    found = queries.search_units(query, on=NOW.date())
    assert [v.unit.code for v in found] == ["so-ct"]


@pytest.mark.parametrize("query", ["%", "_", "' OR 1=1 --", "\\"])
def test_search_takes_no_wildcards(cast: Cast, query: str) -> None:
    assert len(queries.search_units(query, on=NOW.date())) in {0, len(queries.versions_on(NOW.date()))}


def test_the_list_costs_few_queries(cast: Cast, sign_in: Any, django_assert_max_num_queries: Any) -> None:
    browser = sign_in(cast.focal)
    browser.get("/")
    with django_assert_max_num_queries(6):
        browser.get(reverse("organisations:units"))
    with django_assert_max_num_queries(9):
        browser.get(reverse("organisations:unit", args=["tn"]))


def test_a_day_that_cannot_be_read_is_said_to_be_so(cast: Cast, sign_in: Any) -> None:
    page = sign_in(cast.focal).get(reverse("organisations:units"), {"on": "12/31/2026"}).content.decode()
    assert "12/31/2026" in page
    assert "05/12/2026" in page


def test_half_open_ranges_meet_without_sharing_a_day() -> None:
    first, second = Period(BEGIN, MERGER), Period(MERGER, None)
    assert not first.overlaps(second)
    assert not first.contains(MERGER)
    assert second.contains(MERGER)
    assert Period(None, None).overlaps(first)


@pytest.mark.parametrize(
    ("kind", "name", "body"),
    [
        (UnitKind.COMMUNE, "Xã Long Thuận", "Ủy ban nhân dân xã Long Thuận"),
        (UnitKind.COMMUNE, "Phường Long An", "Ủy ban nhân dân phường Long An"),
        (UnitKind.COMMUNE, "Thị trấn Hòa Thành", "Ủy ban nhân dân thị trấn Hòa Thành"),
        (UnitKind.DISTRICT, "Huyện Tân Biên", "Ủy ban nhân dân huyện Tân Biên"),
        (UnitKind.DISTRICT, "Thành phố Tây Ninh", "Ủy ban nhân dân thành phố Tây Ninh"),
        (UnitKind.DISTRICT, "Thị xã Trảng Bàng", "Ủy ban nhân dân thị xã Trảng Bàng"),
        (UnitKind.COMMUNE, "Long Thuận", "Ủy ban nhân dân Long Thuận"),
        (UnitKind.COMMUNE, "UBND xã Long Thuận", "UBND xã Long Thuận"),
        (UnitKind.DEPARTMENT, "Sở Y tế", "Sở Y tế"),
        (UnitKind.PROVINCE_COMMITTEE, "Ủy ban nhân dân tỉnh", "Ủy ban nhân dân tỉnh"),
        (UnitKind.ENTERPRISE, "Xã Viên", "Xã Viên"),
    ],
)
def test_papers_are_written_to_bodies_not_to_places(kind: str, name: str, body: str) -> None:
    assert authority_name(kind, name) == body
