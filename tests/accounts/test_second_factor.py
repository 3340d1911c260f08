"""The second factor: required of who approves, seals or administers; kept secret; written down."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.urls import reverse

from chuan.accounts.adapter import MFAAdapter
from chuan.audit.models import AuditEntry
from chuan.organisations.rules import SECOND_FACTOR_ROLES, Role
from chuan.organisations.services import grant_membership
from tests.accounts.entering import CODE, code, equip, factors, give_password, is_inside
from tests.cast import PEOPLE, SYSTEM, Cast
from tests.conftest import NOW

PROTECTED = [name for name, (_, role, _unit) in PEOPLE.items() if role in SECOND_FACTOR_ROLES]
OTHERS = [name for name in PEOPLE if name not in PROTECTED]


def test_the_roles_that_approve_seal_or_administer_are_protected() -> None:
    assert set(SECOND_FACTOR_ROLES) == {
        Role.UNIT_LEADER,
        Role.HEAD_OF_OFFICE,
        Role.DEPARTMENT_LEADER,
        Role.DEPUTY_LEADER,
        Role.CLERK,
        Role.ADMINISTRATOR,
    }


@pytest.mark.parametrize("name", PROTECTED)
def test_without_a_second_factor_a_protected_role_opens_nothing(cast: Cast, name: str) -> None:
    browser = Client()
    give_password(browser, name)
    for route in ("home", "organisations:units", "organisations:accounts", "audit-log"):
        assert browser.get(reverse(route))["Location"] == reverse("mfa_index"), route
    answer = browser.post(reverse("organisations:new-account"), {"username": "x", "full_name": "X"})
    assert answer["Location"] == reverse("mfa_index")
    assert browser.get(reverse("mfa_index")).status_code == 200, "where one is set up stays open"


def test_who_chose_a_protected_role_without_a_second_factor_finds_back_to_another(cast: Cast) -> None:
    role = grant_membership(
        actor=SYSTEM, user=cast.focal.user, unit=cast.unit("so-ct"), role=Role.UNIT_LEADER, valid_from=NOW.date()
    )
    browser = Client()
    give_password(browser, "focal")
    for membership, location in ((role, reverse("mfa_index")), (cast.focal.membership, None)):
        assert browser.post(reverse("switch-role"), {"membership": membership.pk})["Location"] == "/"
        answer = browser.get(reverse("organisations:units"))
        assert answer.headers.get("Location") == location


@pytest.mark.parametrize("name", OTHERS)
def test_other_roles_enter_with_a_password(cast: Cast, name: str) -> None:
    browser = Client()
    give_password(browser, name)
    assert is_inside(browser)


def test_the_password_alone_is_not_enough_once_there_is_a_second_factor(cast: Cast) -> None:
    equip(cast.director.user)
    browser = Client()
    assert give_password(browser, "director")["Location"] == CODE
    assert not is_inside(browser)
    browser.post(CODE, {"code": "000000"})
    assert not is_inside(browser)


def test_guessing_codes_is_stopped(cast: Cast) -> None:
    secret = equip(cast.director.user)
    browser = Client()
    give_password(browser, "director")
    for number in range(12):
        browser.post(CODE, {"code": f"{number:06d}"})
    browser.post(CODE, {"code": code(secret)})
    assert not is_inside(browser)


def test_a_code_opens_once(cast: Cast) -> None:
    secret = equip(cast.director.user)
    once = code(secret)
    first, second = Client(), Client()
    for browser in (first, second):
        give_password(browser, "director")
        browser.post(CODE, {"code": once})
    assert is_inside(first)
    assert not is_inside(second)


def test_an_old_code_does_not_open(cast: Cast) -> None:
    secret = equip(cast.director.user)
    browser = Client()
    give_password(browser, "director")
    browser.post(CODE, {"code": code(secret, -4)})
    assert not is_inside(browser)


def test_a_second_factor_opens_and_is_written_down_once(cast: Cast) -> None:
    secret = equip(cast.administrator.user)
    browser = Client()
    give_password(browser, "administrator")
    browser.post(CODE, {"code": code(secret)})
    assert is_inside(browser)
    assert browser.get(reverse("organisations:accounts")).status_code == 200
    actions = AuditEntry.objects.filter(subject_id=str(cast.administrator.user.pk), action="accounts.signed_in")
    assert actions.count() == 1


def _set_up(browser: Client, password: str) -> str:
    """Confirm the password, read the secret the page offers, answer with its code."""
    page = browser.get(reverse("mfa_activate_totp"), follow=True)
    if "reauthenticate" in page.request["PATH_INFO"]:
        browser.post(page.request["PATH_INFO"] + f"?next={reverse('mfa_activate_totp')}", {"password": password})
        page = browser.get(reverse("mfa_activate_totp"))
    secret = str(page.context["form"].secret)
    browser.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    return secret


def test_setting_one_up_opens_the_doors_and_each_event_is_written_once(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    browser = Client()
    give_password(browser, "leader")
    # The library tells of an added factor once it is committed.
    with django_capture_on_commit_callbacks(execute=True):
        _set_up(browser, "mot-mat-khau-dai")
    assert factors(cast.leader.user) == ["recovery_codes", "totp"]
    assert is_inside(browser)
    assert _told(cast, "added") == ["recovery_codes", "totp"]
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("mfa_deactivate_totp"))
    assert _told(cast, "removed") == ["recovery_codes", "totp"]
    assert not is_inside(browser)


def _told(cast: Cast, what: str) -> list[str]:
    entries = AuditEntry.objects.filter(subject_id=str(cast.leader.user.pk), action=f"accounts.second_factor_{what}")
    return sorted(entries.values_list("reason", flat=True))


def test_secrets_are_stored_encrypted(cast: Cast) -> None:
    secret = equip(cast.director.user)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mfa_authenticator")
        stored = str(cursor.fetchall())
    assert secret not in stored
    assert MFAAdapter().decrypt(Authenticator.objects.get().data["secret"]) == secret


def test_another_installation_cannot_read_them(cast: Cast, settings: Any) -> None:
    equip(cast.director.user)
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(RuntimeError, match="CHUAN_SECRET_KEY"):
        MFAAdapter().decrypt(Authenticator.objects.get().data["secret"])


def test_passkeys_have_their_pages(db: None) -> None:
    for name in ("mfa_login_webauthn", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn"):
        assert Client().get(reverse(name)).status_code == 302
    asked = Client().get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"})
    assert asked.json()["request_options"]["publicKey"]["challenge"]
