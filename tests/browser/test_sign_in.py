"""Signing in: refused, with a second factor, by keyboard alone, without JavaScript, on a phone."""

import pytest

from tests.browser.harness import (
    PASSWORD,
    PHONE,
    People,
    axe,
    focus_of,
    give_code,
    give_password,
    no_sideways_scroll,
    send,
    shown_code,
    sign_in,
    weight,
)


def test_a_wrong_password_is_refused_and_says_so_beside_the_fields(people: People) -> None:
    page = people.visitor()
    page.goto("/account/login/")
    give_password(page, "giamdoc", "sai-mat-khau")
    assert "/account/login/" in page.url
    assert page.locator("input[name=login]").input_value() == "giamdoc"
    assert page.locator("input[name=password]").input_value() == ""
    alert = page.locator("[role=alert], .errorlist, .field-error, .error-summary").first
    assert alert.is_visible()
    axe(page)


def test_a_wrong_code_is_refused(people: People) -> None:
    page = people.visitor()
    page.goto("/account/login/")
    give_password(page, "lanhdao.ct")
    wrong = f"{(int(shown_code(page)) + 1) % 10**6:06d}"
    page.locator("input[name=code]").fill(wrong)
    send(page, "form:has(input[name=code]) button[type=submit]")
    assert "/2fa/authenticate" in page.url
    page.goto("/organisations/units/")
    assert "/account/" in page.url


def test_a_page_that_needs_signing_in_comes_back_afterwards(people: People) -> None:
    page = people.visitor()
    page.goto("/organisations/units/")
    assert "/account/login/" in page.url
    axe(page)
    give_password(page, "chuyenvien")
    assert "/2fa/authenticate" in page.url
    axe(page)
    give_code(page)
    assert page.url.endswith("/organisations/units/")


def test_signing_out_ends_the_session(people: People) -> None:
    page = people.visitor()
    sign_in(page, "vanthu")
    page.locator("details.account-menu summary").click()
    send(page, "form[action$='/logout/'] button")
    page.goto("/")
    assert "/account/login/" in page.url


@pytest.mark.parametrize("leave", ["sign out", "the session ends"])
def test_back_after_the_session_shows_nothing_of_it(people: People, leave: str) -> None:
    page = people.page("chuyenvien") if leave == "the session ends" else people.visitor()
    if leave == "sign out":
        sign_in(page, "kiemsoat")
    page.goto("/organisations/units/")
    page.goto("/")
    if leave == "sign out":
        page.locator("details.account-menu summary").click()
        send(page, "form[action$='/logout/'] button")
    else:
        page.context.clear_cookies()
        page.goto("/account/login/")
    page.go_back()
    page.go_back()
    assert "/account/login/" in page.url
    assert "Sở Công Thương" not in page.locator("body").inner_text()


def test_what_was_typed_is_there_after_going_away_and_back(people: People) -> None:
    page = people.page("daumoi.yt")
    page.goto("/training/new/")
    page.locator("input[name=title]").fill("Tập huấn chưa gửi")
    page.locator("a.brand").click()
    page.wait_for_url(people.server.url + "/")
    page.go_back()
    assert page.locator("input[name=title]").input_value() == "Tập huấn chưa gửi"


def test_a_passkey_is_registered_and_opens_without_a_password(people: People) -> None:
    page = people.visitor()
    sign_in(page, "phogiamdoc")
    key = page.context.new_cdp_session(page)
    key.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    willing = {"isUserVerified": True, "automaticPresenceSimulation": True}
    made = key.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, **willing}})
    page.goto("/account/2fa/webauthn/add/")
    if "/reauthenticate/" in page.url:
        page.locator("main input[name=password]").fill(PASSWORD)
        send(page, "main form:has(input[name=password]) button[type=submit]")
        page.goto("/account/2fa/webauthn/add/")
    axe(page)
    page.locator("input[name=name]").fill("Máy ở cơ quan")
    if page.locator("input[name=passwordless]").count():
        page.locator("input[name=passwordless]").check()
    send(page, "main form:has(input[name=name]) button")
    page.goto("/account/2fa/webauthn/")
    assert "Máy ở cơ quan" in page.locator("main").inner_text()
    stored = key.send("WebAuthn.getCredentials", {"authenticatorId": made["authenticatorId"]})["credentials"]
    assert [one["rpId"] for one in stored] == ["localhost"]
    page.locator("details.account-menu summary").click()
    send(page, "form[action$='/logout/'] button")
    page.goto("/organisations/units/")
    assert "/account/login/" in page.url
    send(page, "#passkey_login")
    assert page.url.endswith("/organisations/units/"), "no password and no code was asked for"
    key.send("WebAuthn.setUserVerified", {"authenticatorId": made["authenticatorId"], "isUserVerified": False})
    page.locator("details.account-menu summary").click()
    send(page, "form[action$='/logout/'] button")
    page.goto("/account/login/")
    page.locator("#passkey_login").click()
    page.wait_for_timeout(1000)
    page.goto("/organisations/units/")
    assert "/account/login/" in page.url, "a device that does not know its owner opens nothing"


def test_signing_in_by_keyboard_alone(people: People) -> None:
    page = people.visitor()
    page.goto("/account/login/")
    for _ in range(12):
        if focus_of(page)["name"] == "login":
            break
        page.keyboard.press("Tab")
    assert focus_of(page)["name"] == "login"
    assert focus_of(page)["outline"], "the focus cannot be seen"
    page.keyboard.type("taichinh")
    page.keyboard.press("Tab")
    assert focus_of(page)["name"] == "password"
    page.keyboard.type("chuan-minh-hoa")
    page.keyboard.press("Enter")
    page.wait_for_url("**/2fa/authenticate/**")
    code = shown_code(page)
    for _ in range(12):
        if focus_of(page)["name"] == "code":
            break
        page.keyboard.press("Tab")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_url(people.server.url + "/")


def test_the_first_stop_of_the_tab_key_leads_past_the_menu(people: People) -> None:
    page = people.page("truongphong")
    page.goto("/organisations/units/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"


def test_signing_in_and_searching_without_javascript(people: People) -> None:
    page = people.visitor(java_script_enabled=False)
    sign_in(page, "ubnd")
    page.goto("/organisations/units/")
    page.locator("input[name=q]").fill("cong thuong")
    send(page, "form:has(input[name=q]) button[type=submit]")
    assert "Công Thương" in page.locator("main").inner_text()


def test_signing_in_on_a_phone_needs_no_sideways_scroll(people: People) -> None:
    page = people.visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto("/account/login/")
    no_sideways_scroll(page)
    give_password(page, "daumoi.yt")
    no_sideways_scroll(page)
    give_code(page)
    for url in ("/", "/organisations/units/", "/organisations/units/so-ct/"):
        page.goto(url)
        no_sideways_scroll(page)


def test_the_first_page_is_light(people: People) -> None:
    assert weight(people.visitor(), "/account/login/") <= 300_000
