"""Pages that everybody meets: language, units, accounts."""

import re
from typing import Any

import pytest

from tests.browser.harness import LAPTOP, PHONE, People, axe, give_password, no_sideways_scroll, send

PAGES = ("/", "/organisations/units/", "/organisations/units/so-ct/", "/organisations/accounts/", "/audit/")


def test_what_a_role_may_not_open_is_refused_in_words(people: People) -> None:
    page = people.page("kiemsoat")
    answer = page.goto("/organisations/accounts/")
    assert answer is not None
    assert answer.status == 403
    assert "Không có quyền" in page.locator("h1").inner_text()
    axe(page)


def test_a_page_that_does_not_exist_says_what_to_do(people: People) -> None:
    page = people.visitor()
    answer = page.goto("/khong-co/")
    assert answer is not None
    assert answer.status == 404
    assert page.locator("main a").count() >= 1
    axe(page)


def test_every_page_of_the_log_opens(people: People) -> None:
    page = people.page("quantri")
    address: str | None = ""
    opened = 0
    while address is not None:
        answer = page.goto(f"/audit/{address}")
        assert answer is not None
        assert answer.status == 200, address
        opened += 1
        older = page.locator("nav.pager a[rel=next]")
        address = older.get_attribute("href") if older.count() else None
    assert opened > 10, "the illustration's log has many pages"


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_in_both_schemes(people: People, address: str, scheme: Any) -> None:
    page = people.page("quantri", color_scheme=scheme)
    page.goto(address)
    axe(page)
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_no_page_scrolls_sideways(people: People, address: str, size: dict[str, int]) -> None:
    page = people.page("quantri", viewport=size)
    page.goto(address)
    no_sideways_scroll(page)


def test_the_language_is_switched_where_the_reader_is_and_kept(people: People) -> None:
    page = people.visitor()
    page.goto("/account/login/?next=/organisations/units/")
    assert page.locator("html").get_attribute("lang") == "vi"
    send(page, "form[action$='/ngon-ngu/'] button[value=en]")
    assert page.url.endswith("/account/login/?next=/organisations/units/")
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto("/khong-co/")
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_unit_is_found_without_marks_and_its_timeline_opened(people: People) -> None:
    page = people.page("quantri")
    page.goto("/organisations/units/")
    page.locator("main input[name=q]").fill("so y te")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q=so"))
    found = page.locator("main a[href$='/organisations/units/so-yt/']")
    found.first.click()
    page.wait_for_url("**/units/so-yt/")
    assert "Sở Y tế" in page.locator("main").inner_text()


def test_the_header_says_unit_role_and_plan_year(people: People) -> None:
    page = people.page("quantri")
    page.goto("/organisations/units/")
    header = page.locator("header").inner_text()
    assert "Quản trị hệ thống" in header
    assert "2026" in header


def test_an_administrator_opens_an_account_gives_a_role_and_the_person_enters(people: People) -> None:
    page = people.page("quantri")
    page.goto("/organisations/accounts/new/")
    page.locator("input[name=username]").fill("moi.ct")
    page.locator("input[name=full_name]").fill("Trương Thị Mới")
    page.locator("main form:has(input[name=username]) button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/accounts/\d+/$"))
    shown = re.search(r"[a-z2-9]{5}-[a-z2-9]{5}-[a-z2-9]{5}", page.locator("body").inner_text())
    assert shown, "the temporary password is not shown"
    axe(page)

    page.locator("select[name=unit]").select_option("so-ct")
    page.locator("select[name=role]").select_option("focal")
    page.locator("input[name=valid_from]").fill("01/02/2026")
    send(page, "form[action$='/roles/'] button[type=submit]")
    assert "Đầu mối báo cáo" in page.locator("table").inner_text()
    assert shown.group(0) not in page.content(), "a temporary password is shown once"

    fresh = people.visitor()
    fresh.goto("/account/login/")
    give_password(fresh, "moi.ct", shown.group(0))
    assert fresh.url.endswith("/account/password/change/"), "a temporary password is changed first"
    axe(fresh)
    fresh.goto("/organisations/units/")
    assert fresh.url.endswith("/account/password/change/")
