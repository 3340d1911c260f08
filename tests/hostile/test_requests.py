"""Requests that no browser sends: none of them is an error of the program."""

from typing import Any

import pytest
from django.urls import reverse

from chuan.accounts.models import User
from tests.access.routes import Route, routes
from tests.cast import Cast

OURS = [r for r in routes() if not r.is_third_party]
ADDRESSES = (
    "/organisations/units/%00/",
    "/organisations/units/" + "a" * 5000 + "/",
    "/organisations/units/%F0%9F%92%A9/",
    "/organisations/units/..%2F..%2Fetc%2Fpasswd/",
    "/organisations/units/%ff%fe/",
    "/organisations/accounts/99999999999999999999999/",
    "/organisations/accounts/1/roles/99999999999999999999999/end/",
    "/organisations/units/?q=%00",
    "/organisations/units/?on=%00&q=" + "%25" * 500,
    "/organisations/accounts/?q=%00%ff",
    "/audit/?before=%00",
    "//evil.example/",
    "/%2e%2e/",
)
VALUES = ("", "\x00", "a" * 10_000, "\u202e\ud7ff", "<img src=x onerror=alert(1)>", "{{ 7*7 }}", "=1+1", "-1", "1e309")


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda a: a[:50])
def test_an_odd_address_is_absent_not_broken(cast: Cast, sign_in: Any, address: str) -> None:
    browser = sign_in(cast.administrator)
    answers = [browser.get(address), browser.post(address, {"reason": "x"})]
    assert {a.status_code for a in answers} <= {200, 301, 302, 400, 404, 405, 422}


def _fields(page: Any) -> set[str]:
    forms = [v for layer in page.context or () for v in layer.flatten().values() if hasattr(v, "base_fields")]
    return {name for form in forms for name in form.fields}


@pytest.mark.parametrize("route", [r for r in OURS if not r.parameters], ids=lambda r: r.name)
def test_an_odd_value_is_refused_not_broken(cast: Cast, sign_in: Any, route: Route) -> None:
    browser = sign_in(cast.administrator)
    url = reverse(route.name)
    names = _fields(browser.get(url)) | {"q", "on", "next", "membership", "language"}
    for value in VALUES:
        sent = dict.fromkeys(names, value)
        for answer in (browser.get(url, sent), browser.post(url, sent)):
            assert answer.status_code < 500, f"{url} {value[:20]!r}"
            assert "<img src=x" not in answer.content.decode(errors="replace")


def test_a_body_that_is_no_form_is_refused(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.administrator)
    url, before = reverse("organisations:new-account"), User.objects.count()
    for kind, body in (
        ("application/json", b'{"username": "x"}'),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("text/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(5000))),
    ):
        answer = browser.generic("POST", url, body, content_type=kind)
        assert answer.status_code in {200, 400, 422}, kind
        assert User.objects.count() == before, kind
        assert b"root:" not in answer.content


STORED = "<img src=x onerror=alert(1)>{{7*7}}\u202e"


def test_text_that_was_stored_is_shown_as_text(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.administrator)
    created = browser.post(reverse("organisations:new-account"), {"username": "xss", "full_name": STORED}, follow=True)
    for page in (created, browser.get(reverse("organisations:accounts")), browser.get(reverse("audit-log"))):
        body = page.content.decode()
        assert "<img src=x" not in body
        assert "&lt;img src=x" in body
        assert "\u202e" not in body
        assert "49\u202e" not in body
