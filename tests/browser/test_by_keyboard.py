"""A focal officer's report by keyboard alone, every part of it filled: few inputs, soon read aloud."""

from playwright.sync_api import Page

from tests.browser.harness import People, focus_of, tab_to

REPORT = "/submissions/KH-2828-2026-so-ct/"
INPUTS = 40
#: Ten minutes read aloud, at a hundred and fifty syllables a minute.
SYLLABLES = 1_500
#: More than its tasks cost together; the other sources are folded.
MONEY = {"budget": "155,5"}
WORDS = "Hai chủ kinh doanh chưa có phòng thử nghiệm trong tỉnh."
#: What is typed into a field; those that are not here and ask for words get the same ones.
TYPED = {
    "narrative": "Sở đã tổ chức tập huấn và kiểm tra phương tiện đo tại các chợ.",
    "difficulty_0-words": WORDS,
    "proposal_0-words": "Trang bị bộ quả cân chuẩn cho đội kiểm tra",
    **{f"money-{source}": amount for source, amount in MONEY.items()},
    "proposal_0-budget": "80",
}


def field(page: Page) -> dict[str, str]:
    """What has the focus: its name, kind and present value."""
    found: dict[str, str] = page.evaluate(
        "() => { const e = document.activeElement;"
        " return {name: e.name || '', type: e.type || '', value: e.value || '', checked: String(!!e.checked)} }"
    )
    return found


def fill(page: Page) -> int:
    """Go through the form by Tab and give every field something; how many inputs that took."""
    inputs = 0
    for _ in range(200):
        page.keyboard.press("Tab")
        now = field(page)
        name = now["name"]
        if name == "present":
            return inputs
        if now["type"] in {"submit", "button", "file", ""} or not name:
            continue
        inputs += 1
        assert focus_of(page)["outline"], f"the focus on {name} cannot be seen"
        if name.startswith("right_"):
            page.keyboard.press("Space")
        elif now["type"] == "select-one":
            page.keyboard.press("ArrowDown")
        elif name in TYPED or name.endswith("words"):
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.insert_text(TYPED.get(name, WORDS))
    raise AssertionError("Tab does not reach the button that presents the report")


def test_a_units_whole_report_takes_forty_inputs_and_ten_minutes(people: People) -> None:
    page = people.page("daumoi.ct")
    page.goto(REPORT)
    tab_to(page, "details:has(form[action$='/replace/']) > summary", stops=120)
    page.keyboard.press("Enter")
    tab_to(page, "form[action$='/replace/'] [name=note]")
    page.keyboard.insert_text("Bổ sung kinh phí và khó khăn")
    tab_to(page, "form[action$='/replace/'] .btn-primary")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    opening = 4  # the page, its drawer, the reason, the button

    syllables = len(page.locator("main").inner_text().split())
    inputs = opening + fill(page)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    inputs += 1
    steps = page.locator(".stepper [aria-current=step]").inner_text()
    assert "Lãnh đạo" in steps, page.locator("main").inner_text()[:600]
    assert WORDS in page.locator("main").inner_text()
    assert inputs <= INPUTS, f"{inputs} inputs"
    assert syllables <= SYLLABLES, f"{syllables} syllables"
