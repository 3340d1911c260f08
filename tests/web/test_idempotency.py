"""A form sent twice has one effect, and both answers are the same."""

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chuan.accounts.models import User
from chuan.audit.service import head
from chuan.organisations.models import Membership
from chuan.organisations.services import grant_membership
from chuan.training.models import CourseFacts
from chuan.web.models import IdempotencyKey
from tests.cast import SYSTEM, Cast

NEW = reverse("organisations:new-account")


def form(username: str = "moi", **changes: str) -> dict[str, str]:
    return {"username": username, "full_name": "Người Mới", "_key": "khoa-cua-bieu-mau-nay", **changes}


def test_a_form_that_failed_may_be_sent_again_with_its_key(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.administrator)
    assert browser.post(NEW, form("có dấu")).status_code == 422
    assert IdempotencyKey.objects.count() == 0
    assert browser.post(NEW, form("khong-dau")).status_code == 302


def test_an_effect_that_raises_leaves_no_key(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.administrator)
    url = reverse("organisations:grant", args=[cast.focal.user.pk])
    data = {"unit": "so-ct", "role": "focal", "valid_from": "01/01/2026", "_key": "k"}
    assert browser.post(url, data).status_code == 422
    assert IdempotencyKey.objects.count() == 0


def test_anothers_key_is_not_theirs_to_use(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.administrator)
    browser.post(NEW, form())
    row = IdempotencyKey.objects.get()
    assert row.actor == str(cast.administrator.user.pk)
    assert "khoa-cua" not in row.key


def test_a_temporary_password_is_not_kept_readable(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.administrator)
    shown = browser.post(NEW, form(), follow=True).content.decode()
    assert "Mật khẩu tạm" in shown
    assert "Mật khẩu" not in str(IdempotencyKey.objects.get().messages)


def test_the_same_form_twice_has_one_effect_and_one_answer(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.administrator)
    first = browser.post(NEW, form())
    after = head()
    # By itself the form would now refuse the name as taken.
    second = browser.post(NEW, form())
    assert head() == after
    assert User.objects.filter(username="moi").count() == 1
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])


def test_a_repeat_of_a_grant_is_answered_as_the_first(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.administrator)
    url = reverse("organisations:grant", args=[cast.focal.user.pk])
    data = {"unit": "so-yt", "role": "focal", "valid_from": "01/01/2026", "_key": "k"}
    first, after = browser.post(url, data), head()
    second = browser.post(url, data)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert head() == after


def test_a_form_that_was_changed_after_the_back_button_is_a_new_one(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.administrator)
    first, second = browser.post(NEW, form("mot")), browser.post(NEW, form("hai"))
    assert first["Location"] != second["Location"]
    assert User.objects.filter(username__in=["mot", "hai"]).count() == 2


def test_a_form_without_a_key_still_works(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.administrator)
    assert browser.post(NEW, {"username": "moi", "full_name": "Người Mới"}).status_code == 302


@pytest.mark.parametrize("key", ["x" * 5000, "\u0000", "'; --", "<b>"])
def test_a_strange_key_is_a_key(cast: Cast, sign_in: Any, key: str) -> None:
    browser = sign_in(cast.administrator)
    assert browser.post(NEW, form(_key=key)).status_code == 302


def _acting(page: str) -> str:
    found = re.search(r'name="_acting" value="([^"]*)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def two_roles(cast: Cast) -> Any:
    """The administrator, who is so-ct's focal officer too: `two_roles(browser, role)` switches."""
    user = cast.administrator.user
    grant_membership(actor=SYSTEM, user=user, unit=cast.unit("so-yt"), role="focal", valid_from=date(2026, 1, 1))
    grant_membership(actor=SYSTEM, user=user, unit=cast.unit("so-ct"), role="focal", valid_from=date(2026, 1, 1))
    held = {(m.role, m.unit_id): m.pk for m in Membership.objects.live().filter(user=user)}

    def switch(browser: Any, role: str, unit: str) -> None:
        browser.post(reverse("switch-role"), {"membership": held[role, cast.unit(unit).pk]})

    return switch


COURSE = {
    "title": "Lớp của cửa sổ một",
    "kind": "course",
    "start": "04/05/2026",
    "end": "08/05/2026",
    "organiser": "Sở",
    "_key": "k",
}


def test_a_form_opened_in_another_role_is_refused_and_saves_nothing(cast: Cast, sign_in: Any, two_roles: Any) -> None:
    browser, new = sign_in(cast.administrator), reverse("training:new-course")
    two_roles(browser, "focal", "so-ct")
    opened = _acting(browser.get(new).content.decode())
    assert opened == f"{cast.administrator.user.pk}:focal@{cast.unit('so-ct').pk}"
    two_roles(browser, "focal", "so-yt")
    before = head()
    invalid = browser.post(new, {**COURSE, "title": "", "_acting": opened})
    assert _acting(invalid.content.decode()) == opened, "a form that comes back stays what it was opened as"
    answer = browser.post(new, {**COURSE, "_acting": opened})
    assert answer.status_code == 409
    assert "mở bằng tài khoản hoặc vai trò khác" in answer.content.decode()
    assert (head(), IdempotencyKey.objects.count()) == (before, 0)
    two_roles(browser, "focal", "so-ct")
    assert browser.post(new, {**COURSE, "_acting": opened}).status_code == 302
    assert CourseFacts.objects.get().owner == cast.unit("so-ct")


def test_a_form_that_took_effect_is_answered_as_before_though_the_role_was_switched(
    cast: Cast, sign_in: Any, two_roles: Any
) -> None:
    browser, new = sign_in(cast.administrator), reverse("training:new-course")
    two_roles(browser, "focal", "so-ct")
    sent = {**COURSE, "_acting": _acting(browser.get(new).content.decode())}
    first = browser.post(new, sent)
    two_roles(browser, "focal", "so-yt")
    assert browser.post(new, sent)["Location"] == first["Location"]
    assert CourseFacts.objects.count() == 1


@pytest.mark.parametrize("acting", ["", "administrator@", "specialist@1", "<b>", "x" * 5000])
def test_a_role_that_is_not_the_sender_s_is_refused(cast: Cast, sign_in: Any, acting: str) -> None:
    assert sign_in(cast.administrator).post(NEW, form(_acting=acting)).status_code == 409
    assert not User.objects.filter(username="moi").exists()
