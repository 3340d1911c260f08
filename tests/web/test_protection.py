"""CSP, host header, CSRF, open redirects, mass assignment, log injection."""

import logging
import sys
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chuan.accounts.models import User
from chuan.web.logs import OneLine
from tests.access.routes import Route, routes
from tests.cast import Cast

HOME = reverse("account_login")


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "evil.example:80@localhost", "a b"])
def test_a_host_that_is_not_ours_is_refused(db: None, host: str) -> None:
    answer = Client(raise_request_exception=False).get(HOME, HTTP_HOST=host)
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


def _needs_token(route: Route) -> str:
    return reverse(route.name, kwargs=dict.fromkeys(route.parameters, 1)) if route.parameters else reverse(route.name)


@pytest.mark.parametrize("route", routes(), ids=lambda r: r.name)
def test_no_route_takes_a_post_without_a_token(cast: Cast, sign_in: Any, route: Route) -> None:
    signed_in = sign_in(cast.administrator)
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = signed_in.cookies
    answer = browser.post(_needs_token(route), {"username": "moi", "full_name": "Mới", "reason": "x"})
    # The closed doors of the sign-in library lead to the sign-in page whatever is sent.
    assert answer.status_code in {403, 405} or answer["Location"] == reverse("account_login")


@pytest.mark.parametrize("address", [HOME, reverse("health"), "/khong-co/"])
def test_every_answer_forbids_inline_script_framing_and_sniffing(db: None, address: str) -> None:
    answer = Client().get(address)
    policy = dict(p.strip().split(" ", 1) for p in answer["Content-Security-Policy"].split(";") if p.strip())
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == policy["base-uri"] == "'self'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


FOREIGN = (
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "http:evil.example",
    " //evil.example",
    "/%09/evil.example",
    "https://testserver@evil.example/",
)


@pytest.mark.parametrize("target", FOREIGN)
def test_the_language_switch_never_leads_elsewhere(db: None, target: str) -> None:
    answer = Client().post(reverse("language"), {"language": "en", "next": target})
    assert answer.status_code == 302
    assert answer["Location"] == "/" or answer["Location"].startswith("/%")


@pytest.mark.parametrize("target", FOREIGN)
def test_signing_in_never_leads_elsewhere(cast: Cast, target: str) -> None:
    answer = Client().post(HOME, {"login": "focal", "password": "mot-mat-khau-dai", "next": target})
    assert answer.status_code == 302
    assert answer["Location"] == "/" or answer["Location"].startswith("/%")


def test_the_language_switch_goes_back_where_the_reader_was(db: None) -> None:
    answer = Client().post(reverse("language"), {"language": "en", "next": "/organisations/units/?q=a"})
    assert answer["Location"] == "/organisations/units/?q=a"
    assert answer.cookies["chuan_language"].value == "en"
    assert answer.cookies["chuan_language"]["httponly"]


def test_fields_that_a_form_does_not_show_are_not_taken(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.administrator)
    extra = {"is_active": "", "password": "x", "must_change_password": "", "id": "1", "pk": "1", "actor": "1"}
    answer = browser.post(
        reverse("organisations:new-account"), {"username": "moi", "full_name": "Mới", "is_staff": "1", **extra}
    )
    assert answer.status_code == 302
    user = User.objects.get(username="moi")
    assert user.is_active
    assert user.must_change_password
    assert user.pk != 1
    assert not user.check_password("x")


def test_cookies_are_kept_from_scripts_and_other_sites(cast: Cast) -> None:
    browser = Client()
    browser.post(HOME, {"login": "focal", "password": "mot-mat-khau-dai"})
    session = browser.cookies["chuan_session"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert session["expires"] == ""


def _formatted(message: str, *arguments: object, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("chuan", logging.WARNING, "f", 1, message, arguments, info)
    return OneLine().format(record)


@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_text_from_a_request_cannot_begin_a_line_of_the_log(mark: str) -> None:
    line = _formatted("sign-in failed for %s", f"a{mark}2026-01-01 ERROR forged")
    assert len(line.splitlines()) == 1
    assert "forged" in line


def test_text_from_a_request_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in _formatted("%s", "\x1b[2J\x1b]0;x\x07")


def test_an_exceptions_text_cannot_begin_a_line_of_the_log() -> None:
    try:
        raise ValueError("a\n2026-01-01T00:00:00 ERROR chuan forged")
    except ValueError:
        text = _formatted("broke", error=sys.exc_info()[1])
    assert [line for line in text.splitlines() if line.startswith("2026-01-01T00:00:00")] == []
    assert "Traceback" in text


def test_a_failed_sign_in_is_one_line(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    Client().post(HOME, {"login": "a\r\nforged: line", "password": "x"})
    for record in caplog.records:
        assert len(OneLine().format(record).splitlines()) == 1
