"""A sở or ngành that the list lacks is entered by a document, and can then owe a report."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.organisations.acting import Acting, acting_units
from chuan.organisations.errors import NoPredecessor, NotAllowed, UnitStands
from chuan.organisations.models import OrganisationUnit, ReorganisationEvent, UnitVersion
from chuan.organisations.rules import FunctionDomain
from chuan.organisations.services import add_authority
from tests.cast import Cast

POLICE: dict[str, Any] = {
    "kind": "agency",
    "name": "Công an tỉnh",
    "valid_from": date(2025, 7, 1),
    "document": "Quyết định 1/QĐ-BCA",
    "basis": "Có phòng kỹ thuật dùng phương tiện đo",
}


@pytest.mark.parametrize("who", ["focal", "leader", "head", "director", "clerk", "auditor", "committee"])
def test_who_does_not_keep_the_list_adds_nothing(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        add_authority(actor=cast.people[who].actor, **POLICE)


def test_places_and_parties_are_not_added_here(cast: Cast) -> None:
    with pytest.raises(ValueError, match="commune"):
        add_authority(actor=cast.specialist.actor, **{**POLICE, "kind": "commune"})


def test_a_name_that_stands_is_not_entered_twice(cast: Cast) -> None:
    with pytest.raises(UnitStands, match="Sở Công Thương"):
        add_authority(actor=cast.specialist.actor, **{**POLICE, "name": "sở Công thương", "kind": "department"})


def test_it_stands_below_the_committee_with_its_document_and_grounds(cast: Cast) -> None:
    made = add_authority(actor=cast.specialist.actor, **POLICE)
    version = UnitVersion.objects.live().get(unit=made)
    assert (version.parent, version.document) == (cast.unit("ubnd-tinh"), "Quyết định 1/QĐ-BCA")
    entry = AuditEntry.objects.get(action="organisations.add_authority")
    assert entry.reason == "Có phòng kỹ thuật dùng phương tiện đo"


TRADE: dict[str, Any] = {**POLICE, "kind": "department", "name": "Sở Công Thương", "event": "merge"}


@pytest.mark.parametrize(
    ("code", "since"),
    [
        ("so-ct", date(2015, 1, 1)),
        ("so-tc", date(2025, 7, 1)),
        ("so-khcn", date(2025, 7, 1)),
        ("x-tb", date(2026, 1, 1)),
    ],
)
def test_who_did_not_stand_till_then_or_cannot_end_is_no_predecessor(cast: Cast, code: str, since: date) -> None:
    with pytest.raises(NoPredecessor):
        add_authority(
            actor=cast.specialist.actor,
            **{**TRADE, "name": "Sở khác", "valid_from": since},
            predecessors=[cast.unit(code), cast.unit("so-yt")],
        )
    assert not OrganisationUnit.objects.filter(code__startswith="cq-").exists()


def test_it_follows_those_that_end_on_its_first_day_and_acts_for_them(cast: Cast) -> None:
    before, on = [cast.unit("so-ct"), cast.unit("so-yt")], TRADE["valid_from"]
    made = add_authority(actor=cast.specialist.actor, **TRADE, predecessors=before)
    event = ReorganisationEvent.objects.get(code__startswith="sx-")
    assert event.title == "Hợp nhất, sáp nhập Sở Công Thương, Sở Y tế thành Sở Công Thương"
    assert (event.kind, event.on, event.document, event.checked) == ("merge", on, TRADE["document"], False)
    for one in before:
        version = UnitVersion.objects.live().get(unit=one)
        assert (version.valid_to, version.document) == (on, "")
        assert acting_units(one, FunctionDomain.METROLOGY, on) == Acting(made.pk, (one.pk,))


def test_a_second_part_of_what_was_split_follows_the_same_one(cast: Cast) -> None:
    parted = {**TRADE, "event": "split", "predecessors": [cast.unit("so-ct")]}
    for name in ("Sở Công nghiệp", "Sở Thương mại"):
        add_authority(actor=cast.specialist.actor, **{**parted, "name": name})
    assert ReorganisationEvent.objects.filter(code__startswith="sx-").count() == 2
    assert UnitVersion.objects.live().get(unit=cast.unit("so-ct")).valid_to == TRADE["valid_from"]


def test_the_form_takes_predecessors_with_what_happened_to_them(cast: Cast, sign_in: Any) -> None:
    browser, url = sign_in(cast.specialist), reverse("organisations:new-authority")
    page = browser.get(url).content.decode()
    assert 'value="so-ct"' in page
    assert 'value="so-khcn"' not in page, "roles are bound to it"
    typed = {**TRADE, "name": "Sở Công nghiệp và Y tế", "valid_from": "01/07/2025"}
    assert "Đánh dấu ít nhất một cơ quan cũ" in browser.post(url, typed).content.decode()
    half = {**typed, "event": "", "predecessors": ["so-ct"]}
    assert "Chọn hình thức sắp xếp" in browser.post(url, half).content.decode()
    late = browser.post(url, {**typed, "valid_from": "01/01/2014", "predecessors": ["so-ct"]})
    assert "Sở Công Thương không kết thúc vào ngày 01/01/2014" in late.content.decode()
    assert browser.post(url, {**typed, "predecessors": ["so-ct", "so-yt"]}).status_code == 302
    story = browser.get(reverse("organisations:unit", args=["so-ct"])).content.decode()
    assert "Sở Công nghiệp và Y tế" in story
    assert "chưa đối chiếu" in story.lower()
    assert "Sở Công Thương (đến trước 01/07/2025)" in browser.get(url).content.decode()


def test_the_form_asks_for_document_and_grounds(cast: Cast, sign_in: Any) -> None:
    browser, url = sign_in(cast.specialist), reverse("organisations:new-authority")
    assert url in browser.get(reverse("organisations:units")).content.decode()
    typed = {**POLICE, "valid_from": "01/07/2025"}
    for lacking in ("document", "basis", "name"):
        assert browser.post(url, {**typed, lacking: ""}).status_code == 422
    assert browser.post(url, typed).status_code == 302
    assert OrganisationUnit.objects.filter(kind="agency").count() == 1
    again = browser.post(url, typed)
    assert again.status_code == 422
    assert "Đã có “Công an tỉnh” trong danh sách đơn vị." in again.content.decode()
