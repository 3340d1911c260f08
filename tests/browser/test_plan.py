"""The plan's pages in a browser: accessible in both schemes, no sideways scroll, text and tree side by side."""

from typing import Any

import pytest

from tests.browser.harness import LAPTOP, PHONE, People, axe, no_sideways_scroll

PAGES = (
    "/plan/KH-2828/",
    "/plan/KH-2828/?form=file",
    "/plan/KH-2828/tasks/",
    "/plan/KH-2828/tasks/PL.II.3.1/",
    "/plan/KH-2828/tasks/PL.II.5.2/assign/",
    "/plan/KH-2828/readings/",
    "/plan/KH-2828/readings/CH-1/",
    "/plan/KH-2828/readings/CH-1/settle/",
)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_the_plan_is_accessible_and_fits(people: People, address: str) -> None:
    schemes: tuple[Any, ...] = ("light", "dark")
    for scheme in schemes:
        page = people.page("chuyenvien", color_scheme=scheme)
        page.goto(address)
        axe(page)
        assert page.locator("h1").count() == 1
    for size in (PHONE, LAPTOP):
        page = people.page("chuyenvien", viewport=size)
        page.goto(address)
        no_sideways_scroll(page)


def test_text_and_tree_stand_side_by_side_and_a_node_leads_to_its_words(people: People) -> None:
    page = people.page("chuyenvien", viewport=LAPTOP)
    page.goto("/plan/KH-2828/")
    text, tree = page.locator("#van-ban").bounding_box(), page.locator("#cau-truc").bounding_box()
    assert text
    assert tree
    assert text["x"] + text["width"] <= tree["x"]
    page.locator("#cau-truc a[href='#v-I.2.b.1']").click()
    assert page.locator("[id='v-I.2.b.1']:target").count() == 1


def test_the_marks_of_slips_are_switched_off_without_a_script(people: People) -> None:
    page = people.page("chuyenvien", java_script_enabled=False)
    page.goto("/plan/KH-2828/")
    slip = page.locator("a[href='#loi-L03']")
    assert "wavy" in slip.evaluate("e => getComputedStyle(e).textDecorationStyle")
    page.locator("#marks").uncheck()
    assert slip.evaluate("e => getComputedStyle(e).textDecorationLine") == "none"
