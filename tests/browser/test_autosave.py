"""A unit's report saves itself while it is written: after a pause, on leaving a group, through lost networks."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Response, Route, expect

from tests.browser.harness import People, axe, send

#: Of a year that is over: no other journey writes there.
REPORT = "/submissions/KH-2828-2025-so-ct/"
SAVE = "**/submissions/*/save/"
NOTE = "[data-autosave-note]"
WORDS = "textarea[name=narrative]"
#: Milliseconds after which what was typed is saved, and a failed save is tried again.
QUIET, AGAIN = 21_000, 16_000
KEPT = "Nội dung bạn gõ còn trên trang này"


@pytest.fixture
def page(people: People) -> Iterator[Page]:
    """The report, open to be written, in a browser whose timers the test moves."""
    found = people.page("daumoi.ct")
    found.clock.install()
    found.goto(REPORT)
    if not found.locator(WORDS).count():
        found.locator("details:has(form[action$='/replace/']) > summary").click()
        found.locator("form[action$='/replace/'] [name=note]").fill("Bổ sung kết quả")
        send(found, "form[action$='/replace/'] .btn-primary")
    yield found
    found.context.unroute_all()


def typed(page: Page, words: str) -> None:
    """Written, and the field not left."""
    page.locator(WORDS).fill(words)


def said(page: Page, words: str) -> None:
    expect(page.locator(NOTE)).to_contain_text(words)


def stored(page: Page) -> str:
    """What a window opened now shows."""
    other = page.context.new_page()
    other.goto(REPORT)
    found = other.locator(WORDS).input_value()
    other.close()
    return found


def test_a_newer_save_of_another_window_stops_it_and_both_texts_are_kept(page: Page) -> None:
    other = page.context.new_page()
    other.goto(REPORT)
    other.locator(WORDS).fill("Cửa sổ kia lưu trước")
    send(other, ".sticky-actions button:not([name])")
    typed(page, "Cửa sổ này gõ sau")
    page.clock.fast_forward(QUIET)
    said(page, "đã được lưu từ một cửa sổ khác")
    typed(page, "Cửa sổ này gõ sau, gõ tiếp")
    page.clock.fast_forward(QUIET)
    said(page, "đã được lưu từ một cửa sổ khác")
    assert stored(page) == "Cửa sổ kia lưu trước"
    send(page, ".sticky-actions button:not([name])")
    assert page.locator(WORDS).input_value() == "Cửa sổ này gõ sau, gõ tiếp"
    assert "Cửa sổ kia lưu trước" in page.locator("main").inner_text(), "the page puts them side by side"
    page.clock.fast_forward(QUIET)
    assert stored(page) == "Cửa sổ kia lưu trước", "only the button decides"


def test_without_a_network_it_says_so_tries_again_and_loses_nothing(page: Page) -> None:
    page.context.route(SAVE, lambda route: route.abort())
    typed(page, "Gõ lúc mất mạng")
    page.clock.fast_forward(QUIET)
    said(page, f"Chưa lưu được – sẽ thử lại. {KEPT}")
    page.clock.fast_forward(AGAIN)
    said(page, "sẽ thử lại")
    page.context.unroute_all()
    page.clock.fast_forward(AGAIN)
    said(page, "Đã lưu lúc")
    assert page.locator(WORDS).input_value() == "Gõ lúc mất mạng" == stored(page)


def test_a_session_that_ended_keeps_the_text_and_goes_on_after_signing_in(page: Page) -> None:
    cookies: Any = page.context.cookies()
    page.context.clear_cookies()
    typed(page, "Gõ sau khi hết phiên")
    page.clock.fast_forward(QUIET)
    said(page, f"Phiên làm việc đã hết nên chưa lưu. {KEPT}")
    page.locator(".sticky-actions button:not([name])").click()
    assert page.locator(WORDS).input_value() == "Gõ sau khi hết phiên", "not even the button takes it away"
    page.context.add_cookies(cookies)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    said(page, "Đã lưu lúc")
    assert stored(page) == "Gõ sau khi hết phiên"


def sent_words(answer: Response) -> str:
    """The words that a save sent; none of another request."""
    posted = parse_qs(answer.request.post_data or "")
    return posted.get("narrative", [""])[0] if answer.url.endswith("/save/") else ""


def lose_answer(page: Page) -> None:
    """The next save is stored, and its answer lost."""

    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

    page.context.route(SAVE, lost, times=1)


def test_an_answer_that_was_lost_is_asked_for_again_and_no_conflict_with_oneself(page: Page) -> None:
    lose_answer(page)
    typed(page, "Một")
    page.clock.fast_forward(QUIET)
    said(page, "sẽ thử lại")
    assert stored(page) == "Một"
    typed(page, "Một hai")
    with page.expect_response(lambda answer: "hai" in sent_words(answer)):
        page.clock.fast_forward(AGAIN)
    said(page, "Đã lưu lúc")
    assert stored(page) == "Một hai"
    typed(page, "Một hai ba")
    with page.expect_response(SAVE):
        page.clock.fast_forward(QUIET)
    assert stored(page) == "Một hai ba", "it goes on saving"


def test_the_button_asks_first_for_the_answer_that_was_lost(page: Page) -> None:
    lose_answer(page)
    typed(page, "Lưu rồi mà không hay")
    page.clock.fast_forward(QUIET)
    said(page, "sẽ thử lại")
    typed(page, "Lưu rồi mà không hay, gõ thêm")
    send(page, ".sticky-actions button:not([name])")
    assert "Đã lưu nháp." in page.locator("main").inner_text()
    assert page.locator(WORDS).input_value() == "Lưu rồi mà không hay, gõ thêm"


def test_the_button_does_not_leave_the_page_without_a_network(page: Page) -> None:
    page.context.route(SAVE, lambda route: route.abort())
    typed(page, "Bấm nút lúc mất mạng")
    page.clock.fast_forward(QUIET)
    said(page, "sẽ thử lại")
    with page.expect_event("requestfailed"):
        page.locator(".sticky-actions button:not([name])").click()
    page.wait_for_timeout(300)
    said(page, "sẽ thử lại")
    assert page.locator(WORDS).input_value() == "Bấm nút lúc mất mạng"


@pytest.mark.parametrize("status", [404, 413])
def test_what_the_server_does_not_take_is_said_and_not_sent_for_ever(page: Page, status: int) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/save/") else None)
    page.context.route(SAVE, lambda route: route.fulfill(status=status, content_type="text/html", body="<p>x</p>"))
    typed(page, f"Không nhận {status}")
    page.clock.fast_forward(QUIET)
    said(page, "máy chủ không nhận nội dung này nên trang ngừng tự lưu")
    page.clock.fast_forward(4 * AGAIN)
    page.wait_for_timeout(200)
    assert len(sent) == 1


def test_somebody_else_s_session_takes_over_nothing(page: Page, people: People) -> None:
    mine: Any = page.context.cookies()
    theirs: Any = people.page("lanhdao.ct").context.cookies()
    typed(page, "Của người mở trang")
    page.context.clear_cookies()
    page.context.add_cookies(theirs)
    page.clock.fast_forward(QUIET)
    said(page, "Phiên làm việc đã hết")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    said(page, "máy này đang đăng nhập tài khoản hoặc vai trò khác")
    assert stored(page) != "Của người mở trang"
    page.context.clear_cookies()
    page.context.add_cookies(mine)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    said(page, "Đã lưu lúc")
    assert stored(page) == "Của người mở trang"


def test_a_half_typed_field_is_named_and_left_out_until_it_is_right(page: Page) -> None:
    money = page.locator("input[name=money-budget]")
    typed(page, "Gõ xong phần này")
    with page.expect_response(SAVE):
        money.focus()
    money.fill("mười hai")
    page.clock.fast_forward(QUIET)
    said(page, "trừ: Ngân sách nhà nước")
    expect(page.locator(NOTE)).to_have_class(re.compile("late-words"))
    assert stored(page) == "Gõ xong phần này"
    money.fill("12")
    page.clock.fast_forward(QUIET)
    expect(page.locator(NOTE)).not_to_contain_text("trừ")
    said(page, "Đã lưu lúc")


def test_it_saves_after_a_pause_on_leaving_a_group_and_only_what_changed(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/save/") else None)
    page.clock.fast_forward(3 * QUIET)
    assert sent == [], "nothing was typed"
    typed(page, "Sau hai mươi giây")
    page.clock.fast_forward(15_000)
    assert sent == []
    with page.expect_response(SAVE):
        page.clock.fast_forward(6_000)
    said(page, "Đã lưu lúc")
    assert stored(page) == "Sau hai mươi giây"
    typed(page, "Rời khỏi ô")
    with page.expect_response(SAVE):
        page.locator("input[name=money-budget]").focus()
    page.locator("input[name=money-enterprise]").focus()
    assert len(sent) == 2, "within a group nothing is left, and nothing changed"
    axe(page)


def test_the_button_waits_for_a_save_under_way_and_is_no_conflict(page: Page) -> None:
    held: list[Route] = []
    page.context.route(SAVE, lambda route: held.append(route) if not held else route.continue_())
    typed(page, "Bấm nút khi đang tự lưu")
    page.clock.fast_forward(QUIET)
    page.wait_for_timeout(200)
    page.locator(".sticky-actions button:not([name])").click()
    with page.expect_navigation():
        held[0].continue_()
    assert "Đã lưu nháp." in page.locator("main").inner_text()
    assert page.locator(WORDS).input_value() == "Bấm nút khi đang tự lưu"
