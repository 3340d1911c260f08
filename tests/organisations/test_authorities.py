"""A sở or ngành that the list lacks is entered by a document, and can then owe a report."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.organisations.errors import NotAllowed, UnitStands
from chuan.organisations.models import OrganisationUnit, UnitVersion
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
