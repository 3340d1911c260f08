"""The plan's classes: who belongs to "các đơn vị liên quan" in a year, put on the list and taken off with a reason."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.ledger.errors import Superseded
from chuan.organisations import queries
from chuan.organisations.errors import AlreadyInClass, NotAllowed
from chuan.organisations.models import ClassMember, PartyClass
from chuan.organisations.services import (
    add_class_members,
    copy_class_year,
    end_party,
    establish_class,
    remove_class_member,
)
from tests.cast import SYSTEM, Cast
from tests.conftest import NOW
from tests.organisations.builders import party

BASIS = "Công văn 12/SKHCN ngày 05/3/2026"


@pytest.fixture
def related(cast: Cast) -> PartyClass:
    """Các đơn vị liên quan."""
    return establish_class(actor=SYSTEM, code="don-vi-lien-quan", title="Các đơn vị liên quan")


def put(cast: Cast, related: PartyClass, code: str, year: int = 2026) -> ClassMember:
    """A unit on the list of a year."""
    given: dict[str, Any] = {"party_class": related, "units": [cast.unit(code)], "year": year, "basis": BASIS}
    (member,) = add_class_members(actor=cast.specialist.actor, **given)
    return member


def codes(related: PartyClass, year: int) -> list[str]:
    """Who is on the list."""
    return sorted(m.unit.code for m in queries.members_in(related, year))


@pytest.mark.parametrize("who", ["focal", "leader", "director", "head", "auditor", "committee", "enterprise"])
def test_who_does_not_keep_the_lists_changes_none(cast: Cast, related: PartyClass, who: str) -> None:
    actor, member = cast.people[who].actor, put(cast, related, "so-ct")
    with pytest.raises(NotAllowed):
        establish_class(actor=actor, code="x", title="X")
    with pytest.raises(NotAllowed):
        add_class_members(actor=actor, party_class=related, units=[cast.unit("so-yt")], year=2026, basis="x")
    with pytest.raises(NotAllowed):
        remove_class_member(actor=actor, seen=member, reason="x")
    with pytest.raises(NotAllowed):
        copy_class_year(actor=actor, party_class=related, source=2026, target=2027, basis="x")
    assert codes(related, 2026) == ["so-ct"]


def test_a_unit_is_on_a_list_once_a_year(cast: Cast, related: PartyClass) -> None:
    put(cast, related, "so-ct")
    with pytest.raises(AlreadyInClass, match="Sở Công Thương đã có trong danh sách năm 2026"):
        put(cast, related, "so-ct")
    put(cast, related, "so-ct", 2027)
    assert (codes(related, 2026), codes(related, 2025)) == (["so-ct"], [])


def test_the_database_holds_one_live_row(cast: Cast, related: PartyClass, monkeypatch: pytest.MonkeyPatch) -> None:
    put(cast, related, "so-ct")
    monkeypatch.setattr(ClassMember.objects, "live", ClassMember.objects.none)
    with pytest.raises(IntegrityError), transaction.atomic():
        put(cast, related, "so-ct")


def test_who_was_taken_off_twice_is_told_and_may_come_back(cast: Cast, related: PartyClass) -> None:
    member = put(cast, related, "so-ct")
    stale = ClassMember.objects.get(pk=member.pk)
    remove_class_member(actor=SYSTEM, seen=member, reason="Không tham gia")
    with pytest.raises(Superseded):
        remove_class_member(actor=SYSTEM, seen=stale, reason="Không tham gia")
    put(cast, related, "so-ct")
    assert codes(related, 2026) == ["so-ct"]
    assert ClassMember.objects.known(NOW).filter(year=2026).count() == 1


def test_a_year_begins_with_those_of_another_that_still_exist(cast: Cast, related: PartyClass) -> None:
    made = party(cast)
    add_class_members(actor=SYSTEM, party_class=related, units=[made], year=2025, basis=BASIS)
    for code in ("so-ct", "so-yt", "h-tb"):
        put(cast, related, code, 2025)
    end_party(actor=SYSTEM, unit=made, on=NOW.date(), reason="Giải thể")
    put(cast, related, "so-yt")
    n = copy_class_year(actor=SYSTEM, party_class=related, source=2025, target=2026, basis=BASIS)
    assert (n, codes(related, 2026)) == (1, ["so-ct", "so-yt"])
    (told,) = AuditEntry.objects.filter(action="organisations.copy_class_year")
    assert told.changes == {"units": [None, ["so-ct"]]}
    assert copy_class_year(actor=SYSTEM, party_class=related, source=2025, target=2026, basis=BASIS) == 0


def test_a_list_of_a_past_year_may_hold_who_existed_then(cast: Cast, related: PartyClass) -> None:
    for code in ("h-tb", "h-ct", "so-ct"):
        put(cast, related, code, 2024)
    copy_class_year(actor=SYSTEM, party_class=related, source=2024, target=2025, basis=BASIS)
    assert codes(related, 2025) == ["h-ct", "h-tb", "so-ct"], "districts stood for half of 2025"
    copy_class_year(actor=SYSTEM, party_class=related, source=2025, target=2027, basis=BASIS)
    assert codes(related, 2027) == ["so-ct"]


def test_of_several_units_none_is_added_where_one_stands_there(cast: Cast, related: PartyClass) -> None:
    put(cast, related, "so-ct")
    two = [cast.unit("so-yt"), cast.unit("so-ct")]
    with pytest.raises(AlreadyInClass):
        add_class_members(actor=SYSTEM, party_class=related, units=two, year=2026, basis=BASIS)
    assert codes(related, 2026) == ["so-ct"]
    add_class_members(actor=SYSTEM, party_class=related, units=two, year=2027, basis=BASIS)
    told = AuditEntry.objects.filter(action="organisations.add_class_members").order_by("-seq")[0]
    assert told.changes == {"units": [None, ["so-yt", "so-ct"]]}, "one deed, one entry"


# ---- pages ----


def url(related: PartyClass, name: str = "class", *more: Any, year: int = 2026) -> str:
    return reverse(f"organisations:{name}", args=[related.code, year, *more])


def test_a_list_is_kept_on_its_page(cast: Cast, related: PartyClass, sign_in: Any) -> None:
    browser = sign_in(cast.specialist)
    assert "Năm này chưa lập danh sách" in browser.get(url(related)).content.decode()
    found = browser.get(url(related), {"find": "cong thuong"}).content.decode()
    assert 'value="so-ct"' in found
    assert 'value="so-yt"' not in found
    add = url(related, "add-class-members")
    assert browser.post(add, {"units": "khong-co", "basis": BASIS}).status_code == 422
    assert browser.post(add, {"units": "so-ct", "basis": ""}).status_code == 422
    assert browser.post(add, {"units": "h-tb", "basis": BASIS}).status_code == 422, "it exists no more"
    assert not ClassMember.objects.exists()
    assert browser.post(add, {"units": "so-ct", "basis": BASIS})["Location"] == url(related)
    assert browser.post(add, {"units": "so-ct", "basis": f"{BASIS}."}).status_code == 409
    shown = browser.get(url(related)).content.decode()
    assert BASIS in shown
    assert 'value="so-ct"' not in browser.get(url(related), {"find": "cong thuong"}).content.decode()
    member = ClassMember.objects.get()
    remove = url(related, "remove-class-member", member.pk)
    assert browser.post(remove, {"reason": ""}).status_code == 422
    assert browser.post(url(related, "remove-class-member", member.pk, year=2025), {"reason": "x"}).status_code == 404
    copy = url(related, "copy-class-year", year=2027)
    assert browser.post(copy, {"source": "x", "basis": BASIS}).status_code == 422
    assert browser.post(copy, {"source": "2026", "basis": BASIS}).status_code == 302
    assert codes(related, 2027) == ["so-ct"]
    assert browser.post(remove, {"reason": "Không tham gia"}).status_code == 302
    assert codes(related, 2026) == []


def test_several_units_are_ticked_at_once_and_what_was_typed_is_kept(
    cast: Cast, related: PartyClass, sign_in: Any
) -> None:
    browser, add = sign_in(cast.specialist), f"{url(related, 'add-class-members')}?find=so"
    refused = browser.post(add, {"units": ["so-ct", "so-yt"], "basis": ""})
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert shown.count(" checked") == 2
    assert 'value="so-tc"' in shown, "the search still stands"
    assert browser.post(add, {"units": ["so-ct", "so-yt"], "basis": BASIS}).status_code == 302
    assert codes(related, 2026) == ["so-ct", "so-yt"]
    year_2025 = browser.get(url(related, year=2025), {"find": "tan bien"}).content.decode()
    assert "Huyện Tân Biên, Tỉnh Tây Ninh (cũ) (đến 01/07/2025)" in year_2025
    assert 'value="h-tb"' not in browser.get(url(related), {"find": "tan bien"}).content.decode()


@pytest.mark.parametrize("year", [0, 1999, 2101, 99999999999])
def test_a_year_that_no_list_can_be_of_is_not_there(cast: Cast, related: PartyClass, sign_in: Any, year: int) -> None:
    browser = sign_in(cast.specialist)
    assert browser.get(url(related, year=year)).status_code == 404
    assert browser.post(url(related, "add-class-members", year=year), {}).status_code == 404


def test_a_reader_sees_the_list_and_no_button(cast: Cast, related: PartyClass, sign_in: Any) -> None:
    put(cast, related, "so-ct")
    browser = sign_in(cast.focal)
    shown = browser.get(url(related)).content.decode()
    assert "Sở Công Thương" in shown
    assert "Bỏ khỏi danh sách" not in shown
    assert browser.post(url(related, "add-class-members"), {"units": "so-yt", "basis": BASIS}).status_code == 403


def test_the_classes_say_how_many_a_year_has(cast: Cast, related: PartyClass, sign_in: Any) -> None:
    member = put(cast, related, "so-ct")
    remove_class_member(actor=SYSTEM, seen=member, reason="x")
    put(cast, related, "so-yt")
    establish_class(actor=SYSTEM, code="nganh", title="Các ngành liên quan")
    assert [c.members_then for c in queries.classes_in(2026)] == [1, 0]
    browser = sign_in(cast.focal)
    page = reverse("organisations:classes")
    assert "chưa lập" in browser.get(page, {"year": "2026"}).content.decode()
    assert "1800" in browser.get(page, {"year": "1800"}).content.decode(), "what was typed is kept and said to be wrong"
    with CaptureQueriesContext(connection) as seen:
        browser.get(url(related), {"find": "so"})
    assert len(seen) <= 12
