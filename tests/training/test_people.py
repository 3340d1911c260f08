"""People suspected to be one: decided by the specialist with a basis, taken back with a reason, never by a guess."""

from typing import Any

import pytest
from django.urls import reverse

from chuan.organisations.models import PeopleDiffer, Person, PersonFacts, PersonMerge
from chuan.organisations.services import add_person
from tests.cast import SYSTEM, Cast
from tests.training.builders import course, line, person_of, said_of

pytestmark = pytest.mark.django_db
PAGE = "organisations:suspects"


@pytest.fixture
def pair(cast: Cast) -> tuple[Person, Person]:
    """Two records of one name, written differently, kept by two units."""
    one = add_person(actor=SYSTEM, full_name="Nguyễn Văn An", owner=cast.unit("so-ct"), position="Chuyên viên")
    other = add_person(actor=SYSTEM, full_name="nguyen van an", owner=cast.unit("so-yt"))
    return one, other


def _url(name: str, pair: tuple[Person, Person]) -> str:
    return reverse(f"organisations:{name}", args=[pair[0].code, pair[1].code])


def test_only_the_specialist_opens_the_page_or_decides(cast: Cast, sign_in: Any, pair: tuple[Person, Person]) -> None:
    for who in ("focal", "leader", "head", "director", "auditor", "administrator", "committee"):
        browser = sign_in(cast.people[who], fresh=True)
        assert browser.get(reverse(PAGE)).status_code == 403
        assert browser.post(_url("merge", pair), {"keep": pair[0].code, "basis": "x"}).status_code == 403
        assert browser.post(_url("tell-apart", pair), {"basis": "x"}).status_code == 403
        assert reverse(PAGE) not in browser.get(reverse("training:courses")).content.decode()
    assert not PersonMerge.objects.exists()
    assert not PeopleDiffer.objects.exists()


@pytest.mark.parametrize("data", [{}, {"basis": "  "}, {"basis": "Đã hỏi"}, {"basis": "Đã hỏi", "keep": "NG-999999"}])
def test_a_merge_without_a_basis_or_a_main_record_is_refused(
    cast: Cast, sign_in: Any, pair: tuple[Person, Person], data: dict[str, str]
) -> None:
    answer = sign_in(cast.specialist).post(_url("merge", pair), data)
    assert answer.status_code == 422
    assert data.get("basis", "").strip() in answer.content.decode(), "what was typed is kept"
    assert not PersonMerge.objects.exists()


def test_a_record_is_not_merged_with_itself_or_with_nobody(
    cast: Cast, sign_in: Any, pair: tuple[Person, Person]
) -> None:
    browser = sign_in(cast.specialist)
    code = pair[0].code
    for other in (code, "NG-999999"):
        url = reverse("organisations:merge", args=[code, other])
        assert browser.post(url, {"keep": code, "basis": "x"}).status_code == 404


def test_the_pair_stands_side_by_side(cast: Cast, sign_in: Any, pair: tuple[Person, Person]) -> None:
    page = sign_in(cast.specialist).get(reverse(PAGE)).content.decode()
    for part in ("Nguyễn Văn An", "nguyen van an", pair[0].code, pair[1].code, "Chuyên viên", "Sở Công Thương"):
        assert part in page
    assert 'class="differs"' in page


@pytest.mark.parametrize("main", [0, 1])
def test_the_chosen_record_stays_the_main_one(cast: Cast, sign_in: Any, pair: tuple[Person, Person], main: int) -> None:
    browser = sign_in(cast.specialist)
    answer = browser.post(_url("merge", pair), {"keep": pair[main].code, "basis": "Đơn vị xác nhận"})
    assert answer.status_code == 302
    decided = PersonMerge.objects.get()
    assert (decided.canonical, decided.duplicate) == (pair[main], pair[1 - main])
    page = browser.get(reverse(PAGE)).content.decode()
    assert "Đơn vị xác nhận" in page
    assert "Không còn cặp nào" in page


def test_a_merge_is_decided_once(cast: Cast, sign_in: Any, pair: tuple[Person, Person]) -> None:
    browser = sign_in(cast.specialist)
    data = {"keep": pair[0].code, "basis": "Đơn vị xác nhận"}
    assert browser.post(_url("merge", pair), data).status_code == 302
    again = browser.post(_url("merge", pair), data)
    assert again.status_code == 409
    assert "đã được gộp" in again.content.decode()
    assert PersonMerge.objects.count() == 1


def test_two_people_are_told_apart_once_and_not_suspected_again(
    cast: Cast, sign_in: Any, pair: tuple[Person, Person]
) -> None:
    browser = sign_in(cast.specialist)
    assert browser.post(_url("tell-apart", pair), {"basis": ""}).status_code == 422
    assert browser.post(_url("tell-apart", pair), {"basis": "Khác ngày sinh"}).status_code == 302
    assert "Không còn cặp nào" in browser.get(reverse(PAGE)).content.decode()
    again = browser.post(_url("tell-apart", (pair[1], pair[0])), {"basis": "Lần nữa", "_key": "k"})
    assert again.status_code == 409
    assert PeopleDiffer.objects.count() == 1


def test_telling_apart_is_taken_back_with_a_reason_and_the_pair_suspected_anew(
    cast: Cast, sign_in: Any, pair: tuple[Person, Person]
) -> None:
    browser = sign_in(cast.specialist)
    browser.post(_url("tell-apart", pair), {"basis": "Khác ngày sinh"})
    refused = browser.post(_url("merge", pair), {"keep": pair[0].code, "basis": "Là một"})
    assert refused.status_code == 409
    assert "rút lại quyết định đó trước" in refused.content.decode()
    decision = PeopleDiffer.objects.get()
    url = reverse("organisations:undo-tell-apart", args=[decision.pk])
    page = browser.get(reverse(PAGE)).content.decode()
    assert "Khác ngày sinh" in page
    assert url in page
    for who in (cast.focal, cast.head):
        assert sign_in(who, fresh=True).post(url, {"reason": "x"}).status_code == 403
    assert browser.post(url, {"reason": " "}).status_code == 422
    assert browser.post(url, {"reason": "Xem lại hồ sơ"}).status_code == 302
    page = browser.get(reverse(PAGE)).content.decode()
    assert _url("merge", pair) in page
    assert "Khác ngày sinh" not in page
    assert browser.post(url, {"reason": "Lần nữa"}).status_code == 409
    assert browser.post(_url("merge", pair), {"keep": pair[0].code, "basis": "Là một"}).status_code == 302


NAME = {"full_name": "Nguyễn Văn Ân", "position": "Kế toán", "work_contact": "", "reason": "Ghi sai tên"}


def test_a_name_is_corrected_from_the_line_and_shown_there(cast: Cast, sign_in: Any) -> None:
    held = course(cast)
    standing = line(cast, held, "Nguyễn Văn Ấn")
    facts = PersonFacts.objects.live().get(person=person_of(said_of(standing)))
    browser, url = sign_in(cast.focal), reverse("organisations:correct-person", args=[facts.person.code])
    back = reverse("training:correct-line", args=[held.code, standing.code])
    assert f"{url}?next={back}" in browser.get(back).content.decode()
    page = browser.get(url, {"next": back}).content.decode()
    assert "Nguyễn Văn Ấn" in page
    assert browser.post(url, {**NAME, "reason": "", "seen": facts.pk}).status_code == 422
    assert browser.post(url, {**NAME, "full_name": " ", "seen": facts.pk}).status_code == 422
    answer = browser.post(url, {**NAME, "seen": facts.pk, "next": back})
    assert (answer.status_code, answer["Location"]) == (302, back)
    assert "Nguyễn Văn Ân" in browser.get(reverse("training:course", args=[held.code])).content.decode()


def test_of_two_who_correct_a_person_the_second_sees_what_stands(
    cast: Cast, sign_in: Any, pair: tuple[Person, Person]
) -> None:
    browser = sign_in(cast.specialist)
    url = reverse("organisations:correct-person", args=[pair[0].code])
    seen = PersonFacts.objects.live().get(person=pair[0])
    other = PersonFacts.objects.live().get(person=pair[1])
    assert browser.post(url, {**NAME, "seen": other.pk}).status_code == 404
    assert browser.post(url, {**NAME, "seen": "9" * 30}).status_code == 422
    assert browser.post(url, {**NAME, "seen": seen.pk}).status_code == 302
    told = browser.post(url, {**NAME, "full_name": "Nguyễn Văn Ẩn", "seen": seen.pk})
    page = told.content.decode()
    assert told.status_code == 409
    assert "Nguyễn Văn Ân" in page
    assert "Nguyễn Văn Ẩn" in page
    assert f'name="seen" value="{PersonFacts.objects.live().get(person=pair[0]).pk}"' in page


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_correcting_a_person_never_leads_elsewhere(
    cast: Cast, sign_in: Any, pair: tuple[Person, Person], target: str
) -> None:
    url = reverse("organisations:correct-person", args=[pair[0].code])
    browser = sign_in(cast.specialist)
    assert target not in browser.get(url, {"next": target}).content.decode()
    seen = PersonFacts.objects.live().get(person=pair[0])
    answer = browser.post(url, {**NAME, "seen": seen.pk, "next": target})
    assert answer["Location"] == reverse("organisations:units")


def test_a_merge_is_taken_back_with_a_reason_and_suspected_anew(
    cast: Cast, sign_in: Any, pair: tuple[Person, Person]
) -> None:
    browser = sign_in(cast.specialist)
    browser.post(_url("merge", pair), {"keep": pair[0].code, "basis": "Đơn vị xác nhận"})
    url = reverse("organisations:undo-merge", args=[PersonMerge.objects.get().pk])
    assert browser.post(url, {"reason": " "}).status_code == 422
    assert browser.post(url, {"reason": "Xác nhận nhầm"}).status_code == 302
    assert not PersonMerge.objects.live().exists()
    assert pair[1].code in browser.get(reverse(PAGE)).content.decode()
    assert browser.post(url, {"reason": "Lần nữa"}).status_code == 409
    assert PersonFacts.objects.live().count() == 2
