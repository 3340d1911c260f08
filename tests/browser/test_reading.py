"""Every role's pages: accessible, as wide as the window, light, by keyboard, without JavaScript."""

import io
import re

import pikepdf
import pytest
from playwright.sync_api import Page

from tests.browser.harness import LAPTOP, PHONE, People, axe, focus_of, no_sideways_scroll, send, tab_to, weight

#: A course of Sở Công Thương that the sample database holds.
COURSE = "/training/L000008/"
FORMS = ("/training/new/", f"{COURSE}correct/", f"{COURSE}lines/new/", f"{COURSE}lines/paste/")
TABS = ("counted", "excluded", "breakdown", "definition", "issued")
FIGURES = ("/figures/", *(f"/figures/CT2/?year=2026&tab={tab}" for tab in TABS), "/figures/CT2-L/?tab=excluded")
UNITS = ("/organisations/units/", "/organisations/units/so-ct/")
#: Pages whose addresses hold a drawn code: where they are linked from, and the link.
LINKED = {
    "line": (COURSE, "table.lines tbody a[href$='/correct/']"),
    "report": ("/reports/", "tr:has-text('2025') a[href*='/reports/']"),
    "origin": ("report", ".field-figures a.figure"),
    "account": ("/organisations/accounts/", "main table a[href*='/organisations/accounts/']"),
}
#: What each role works with, the role that sees most first; a role's page that differs in nothing is left out.
PAGES: dict[str, tuple[str, ...]] = {
    "chuyenvien": (
        *("/", "/training/", COURSE, *FORMS, "line", "/organisations/people/suspects/", *FIGURES, *UNITS),
        *("/submissions/", "/submissions/new-period/", "/submissions/KH-2828-2025-so-yt/"),
        *("/reports/", "report", "origin"),
    ),
    "taichinh": ("/", "report"),
    "ubnd": ("/", "/reports/", "origin"),
    "vanthu": ("/", "/reports/"),
    "daumoi.yt": ("/", "/training/", "/submissions/KH-2828-2025-so-yt/"),
    "lanhdao.ct": ("/", "/submissions/KH-2828-2026-so-ct/"),
    "daumoi.ct": ("/", "/training/", COURSE, "line", "/submissions/KH-2828-2026-so-ct/", "origin"),
    "truongphong": ("/", COURSE),
    "giamdoc": ("/", "/figures/CT2/?tab=issued"),
    "vanthu.ct": ("/", "/submissions/KH-2828-2026-so-ct/"),
    "phongthinghiem": ("/", "/training/"),
    "kiemsoat": ("/", COURSE, "/audit/"),
    "quantri": ("/organisations/accounts/new/", "account"),  # the rest is in test_pages
}
PRIMARY = "main .btn-primary"


def visit(page: Page, place: str) -> None:
    """Open a page of the table above; it is there and has one heading."""
    answer = page.goto(address(page, place))
    assert answer is not None
    assert answer.status == 200, f"{page.url}: {answer.status}"
    headings = page.locator("h1")
    assert headings.count() == 1, page.url
    assert headings.inner_text().strip(), page.url


def address(page: Page, place: str) -> str:
    """Where a page is; for one with a drawn code, where its link leads."""
    if place not in LINKED:
        return place
    linked_from, link = LINKED[place]
    page.goto(address(page, linked_from))
    found = page.locator(link).first.get_attribute("href")
    assert found, f"{page.url} does not link {place}"
    return found


@pytest.mark.parametrize("user", PAGES)
def test_the_pages_of_a_role_are_accessible_and_fit_the_window(people: People, user: str) -> None:
    page = people.page(user)
    for place in PAGES[user]:
        visit(page, place)
        no_sideways_scroll(page)
        axe(page)
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        no_sideways_scroll(page)
        page.set_viewport_size({"width": LAPTOP["width"], "height": LAPTOP["height"]})


def test_the_leaders_page_prints_on_one_sheet(people: People) -> None:
    page = people.page("giamdoc")
    visit(page, "/")
    with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
        assert len(printed.pages) == 1
        box = [float(one) / 72 * 25.4 for one in printed.pages[0].mediabox[2:]]
        assert box == pytest.approx([210, 297], abs=1)


def test_dark_and_narrow_pages_are_accessible_too(people: People) -> None:
    page = people.page("chuyenvien", color_scheme="dark", viewport=PHONE, has_touch=True, is_mobile=True)
    for place in ("/", "/training/", COURSE, "/figures/CT2/?tab=excluded", "/submissions/", "report", "origin"):
        visit(page, place)
        axe(page, "color-contrast", "target-size", "scrollable-region-focusable")
        no_sideways_scroll(page)
    page.locator("details.phone-menu summary").tap()
    no_sideways_scroll(page)
    axe(page)


def test_the_menus_of_a_list_open_inside_the_phone(people: People) -> None:
    page = people.page("daumoi.ct", viewport=PHONE, has_touch=True, is_mobile=True)
    visit(page, COURSE)
    for summary in page.locator("main details summary").all()[:4]:
        summary.tap()
    no_sideways_scroll(page)
    axe(page)


def test_every_page_shows_its_heading_without_javascript(people: People) -> None:
    page = people.page("chuyenvien", java_script_enabled=False)
    for place in PAGES["chuyenvien"][::2]:
        visit(page, place)
        assert page.locator("h1").is_visible()


def test_forms_are_sent_without_javascript(people: People) -> None:
    page = people.page("daumoi.ct", java_script_enabled=False)
    page.goto("/training/")
    page.locator("input[name=q]").fill("can thong dung")
    send(page, "main form[method=get] button[type=submit]")
    assert page.locator("main tbody tr").count() == 1
    assert "cân thông dụng" in page.locator("main tbody").inner_text()

    page.goto("/training/new/")
    page.locator("input[name=title]").fill("Lớp ghi khi không có JavaScript")
    send(page, "main form button[type=submit]")
    assert page.locator("#id_start_error").is_visible()
    assert page.locator("input[name=title]").input_value() == "Lớp ghi khi không có JavaScript"
    page.locator("input[name=start]").fill("05/8/2026")
    page.locator("input[name=end]").fill("05/8/2026")
    page.locator("input[name=organiser]").fill("Sở Công Thương")
    send(page, "main form button[type=submit]")
    assert re.search(r"/training/L\d{6}/$", page.url)
    assert "Lớp ghi khi không có JavaScript" in page.locator("h1").inner_text()


@pytest.mark.parametrize("user", ["daumoi.ct", "chuyenvien", "quantri"])
def test_the_first_thing_to_do_is_reached_by_keyboard(people: People, user: str) -> None:
    page = people.page(user)
    page.goto("/")
    wanted = page.locator(PRIMARY).first.get_attribute("href") or ""
    tab_to(page, PRIMARY)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(wanted)


def test_a_course_is_recorded_by_keyboard_alone(people: People) -> None:
    page = people.page("daumoi.ct")
    page.goto("/training/")
    tab_to(page, "a[href='/training/new/']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, f"{PRIMARY}[type=submit]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "error-summary" in focus_of(page)["name"], "the focus is on what is wrong"
    tab_to(page, ".error-summary a[href='#id_title']")
    page.keyboard.press("Enter")
    assert focus_of(page)["name"] == "title"
    for name, typed in (
        ("title", "Lớp ghi bằng bàn phím"),
        ("start", "06/8/2026"),
        ("end", "07/8/2026"),
        ("organiser", "Sở Công Thương"),
    ):
        if focus_of(page)["name"] != name:
            tab_to(page, f"[name={name}]", stops=6)
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/training/L\d{6}/"))
    assert "Lớp ghi bằng bàn phím" in page.locator("h1").inner_text()


@pytest.mark.parametrize(("user", "place"), [("daumoi.ct", "/"), ("chuyenvien", "/figures/CT2/"), ("ubnd", "origin")])
def test_pages_are_light(people: People, user: str, place: str) -> None:
    page = people.page(user)
    assert weight(page, address(page, place)) <= 300_000


def test_the_page_behind_a_qr_code_is_light_and_open_to_all(people: People) -> None:
    found = address(people.page("ubnd"), "origin")
    page = people.visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    assert weight(page, found) <= 300_000
    assert page.locator("h1").is_visible()
    no_sideways_scroll(page)
    axe(page)
