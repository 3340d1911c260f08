"""The spine in one journey: a course is typed in, a figure grows by it, a report freezes and prints it.

One test, since each step stands on the one before; it is the only one that moves the year's report on.
"""

import re
import time
import unicodedata
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

from tests.browser.harness import PHONE, People, axe, no_sideways_scroll, send

TITLE = "Tập huấn đo lường cho cửa hàng xăng dầu"
PERSON = "Đặng Thị Hường Lý"
PASTED = "TT\tHọ và tên\tChức vụ\n1\tKiều Bảo Châm\tKiểm soát viên\n2\tLương Gia Huệ\tChuyên viên\n3\tMạc Tú Uyên"
YT = "/submissions/KH-2828-2026-so-yt/"
WITH_NOTE = "Bổ sung số phương tiện đo đã rà soát"
WORDS = "Sở đã ban hành văn bản hướng dẫn và đôn đốc năm 2026."
NUMBER = "457"
#: Place of the persons trained among a report's figures, after CT1a and CT1b.
CT2 = 2
#: Two recipients, two stages, three kinds of file.
#: Of the Committee's report to the Ministry only what goes up for signature, and the tờ trình.
PAPERS = 11
#: Of these, what the leader signs from.
FOR_SIGNATURE = 8
KINDS = {"PDF": "pdf", "Excel": "xlsx", "Word": "docx"}


@dataclass
class Journey:
    """Who has which page open, and what was learnt on the way."""

    people: People
    pages: dict[str, Page] = field(default_factory=dict)
    figure: int = 0
    course: str = ""
    report: str = ""
    frozen: dict[str, str] = field(default_factory=dict)

    def of(self, user: str) -> Page:
        """The user's page; the leader of Sở Y tế reads on a phone."""
        if user not in self.pages:
            phone = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if user == "lanhdao.yt" else {}
            self.pages[user] = self.people.page(user, **phone)
        return self.pages[user]


def test_a_course_becomes_a_figure_of_a_dispatched_report(people: People) -> None:
    journey = Journey(people)
    journey.figure = persons_trained(journey)
    a_course_is_typed_in(journey)
    a_person_is_added_and_a_namesake_asked_for(journey)
    a_list_is_pasted(journey)
    a_line_is_corrected_and_one_voided(journey)
    the_history_shows_the_words(journey)
    another_unit_does_not_find_the_course(journey)
    the_figure_grew_by_those_who_completed(journey)
    the_leader_gives_back_on_the_phone(journey)
    the_focal_officer_presents_again(journey)
    the_leader_approves_and_sends_once(journey)
    the_specialist_accepts(journey)
    the_report_is_begun_and_written(journey)
    the_report_is_reviewed_frozen_and_signed(journey)
    the_clerk_numbers_and_dispatches(journey)
    the_papers_are_printed(journey)
    the_public_reads_the_figure(journey)


def persons_trained(journey: Journey) -> int:
    page = journey.of("chuyenvien")
    page.goto("/figures/CT2/?year=2026")
    return int(page.locator(".figure-now .big-figure .figure").inner_text().replace(".", ""))


def a_course_is_typed_in(journey: Journey) -> None:
    page = journey.of("daumoi.ct")
    page.goto("/training/")
    page.locator("main a[href='/training/new/']").first.click()
    page.locator("input[name=title]").fill(f"  {TITLE} ")
    page.locator("input[name=start]").fill("01/06/2026")
    page.locator("input[name=end]").fill("31/05/2026")
    page.locator("input[name=organiser]").fill("Sở Công Thương")
    page.locator("select[name=place]").select_option("xa-25585")
    send(page, "main form button[type=submit]")

    assert page.url.endswith("/training/new/")
    assert "31/05/2026 trước ngày bắt đầu 01/06/2026" in page.locator("#id_end_error").inner_text()
    assert page.evaluate("document.activeElement.matches('[data-error-summary]')"), "the focus is not on what is wrong"
    kept = {n: page.locator(f"[name={n}]").input_value() for n in ("title", "start", "end", "organiser", "place")}
    assert kept == {
        "title": f"  {TITLE} ",
        "start": "01/06/2026",
        "end": "31/05/2026",
        "organiser": "Sở Công Thương",
        "place": "xa-25585",
    }
    axe(page)

    page.locator("input[name=end]").fill("2/6/2026")
    send(page, "main form button[type=submit]")
    assert page.locator("h1").inner_text() == TITLE
    assert "01/06/2026 – 02/06/2026" in page.locator(".page-head").inner_text()
    journey.course = page.url


def add(page: Page, name: str) -> None:
    page.locator("input[name=full_name]").fill(name)
    page.locator("select[name=employer]").select_option("so-ct")
    send(page, "main form button.btn-primary")


def a_person_is_added_and_a_namesake_asked_for(journey: Journey) -> None:
    page = journey.of("daumoi.ct")
    send(page, "a[href$='/lines/new/']")
    add(page, unicodedata.normalize("NFD", PERSON))
    assert names_listed(page) == [PERSON], "a name typed in NFD is kept in NFC"

    send(page, "a[href$='/lines/new/']")
    plain = "dang thi huong ly"
    add(page, plain)
    question = page.locator("fieldset:has(input[name=same])")
    assert PERSON in question.inner_text()
    assert page.locator("input[name=full_name]").input_value() == plain
    axe(page)
    question.locator("input[value=new]").check()
    send(page, "main form button.btn-primary")
    assert names_listed(page) == [plain, PERSON], "by given name"


def names_listed(page: Page) -> list[str]:
    """The names on a course's list, as the page shows them."""
    found = page.locator("table.lines tbody th").all_inner_texts()
    return [name.partition("\n")[0].strip() for name in found]


def a_list_is_pasted(journey: Journey) -> None:
    page = journey.of("daumoi.ct")
    send(page, "a[href$='/lines/paste/']")
    page.locator("textarea[name=lines]").fill(PASTED + "\n4\tUyên")
    page.locator("select[name=employer]").select_option("so-ct")
    send(page, "main form button.btn-primary")
    assert "dòng 5 “Uyên”" in page.locator("#id_lines_error").inner_text()
    page.locator("textarea[name=lines]").fill(PASTED)
    send(page, "main form button.btn-primary")
    assert names_listed(page) == ["Kiều Bảo Châm", "Lương Gia Huệ", "dang thi huong ly", PERSON, "Mạc Tú Uyên"]
    assert "Kiểm soát viên" in page.locator("table.lines tbody tr").first.inner_text()


def a_line_is_corrected_and_one_voided(journey: Journey) -> None:
    page = journey.of("daumoi.ct")
    send(page, "table.lines tr:has-text('Kiều Bảo Châm') a.btn")
    page.locator("input[name=completed]").uncheck()
    send(page, "main form button.btn-primary")
    assert page.locator("#id_reason_error").is_visible(), "a correction without a reason is refused"
    assert not page.locator("input[name=completed]").is_checked()
    page.locator("textarea[name=reason]").fill("Vắng buổi kiểm tra cuối lớp")
    send(page, "main form button.btn-primary")
    assert "Chưa hoàn thành" in page.locator("table.lines tr:has-text('Kiều Bảo Châm')").inner_text()

    row = page.locator("table.lines tr:has-text('Lương Gia Huệ')")
    row.locator("summary").click()
    row.locator("textarea[name=reason]").fill("Ghi nhầm từ danh sách lớp khác")
    with page.expect_navigation():
        row.locator("button.btn-danger").click()
    assert "Lương Gia Huệ" not in names_listed(page)
    assert len(names_listed(page)) == 4


def the_history_shows_the_words(journey: Journey) -> None:
    page = journey.of("daumoi.ct")
    told = page.locator("#history").inner_text()
    for words in ("Vắng buổi kiểm tra cuối lớp", "Ghi nhầm từ danh sách lớp khác", "Võ Văn Kiệt Em", "Lương Gia Huệ"):
        assert words in told
    axe(page)


def another_unit_does_not_find_the_course(journey: Journey) -> None:
    page = journey.of("daumoi.yt")
    answer = page.goto(journey.course)
    assert answer is not None
    assert answer.status == 404
    assert TITLE not in page.content()
    page.goto("/training/?q=xang+dau")
    assert TITLE not in page.content()


def the_figure_grew_by_those_who_completed(journey: Journey) -> None:
    before, journey.figure = journey.figure, persons_trained(journey)
    assert journey.figure == before + 3, "two namesakes and one of the pasted three"
    page = journey.of("chuyenvien")
    counted = page.locator("#records ~ .table-wrap tbody").inner_text()
    assert all(name in counted for name in (PERSON, "dang thi huong ly", "Mạc Tú Uyên"))
    assert "Kiều Bảo Châm" not in counted
    assert "chưa hoàn thành" in row_of_the_excluded(page, "Kiều Bảo Châm").lower()


def row_of_the_excluded(page: Page, name: str) -> str:
    """The row of a record that is not counted, on whichever page of the list it stands."""
    for number in range(1, 9):
        page.goto(f"/figures/CT2/?tab=excluded&page={number}")
        row = page.locator(f"tr:has-text('{name}')")
        if row.count():
            return row.inner_text()
    raise AssertionError(f"{name} is not among the records that do not count")


def the_leader_gives_back_on_the_phone(journey: Journey) -> None:
    page = journey.of("lanhdao.yt")
    page.goto("/")
    send(page, f"main a[href='{YT}']")
    no_sideways_scroll(page)
    axe(page)
    page.locator("details.confirm summary").first.tap()
    page.locator("textarea[name=note]").first.fill(WITH_NOTE)
    no_sideways_scroll(page)
    send(page, "form[action$='/give_back/'] button[type=submit]")
    assert WITH_NOTE in page.locator("main").inner_text()


def the_focal_officer_presents_again(journey: Journey) -> None:
    page = journey.of("daumoi.yt")
    page.goto(YT)
    assert WITH_NOTE in page.locator("main").inner_text()
    words = page.locator("textarea[name=narrative]")
    words.fill(words.input_value() + "\n\nĐã rà soát 34 phương tiện đo.")
    send(page, "button[name=present]")
    assert "Đã trình lãnh đạo" in page.locator(".messages").inner_text()


def the_leader_approves_and_sends_once(journey: Journey) -> None:
    page = journey.of("lanhdao.yt")
    page.goto(YT)
    assert "34 phương tiện đo" in page.locator("article").inner_text()
    send(page, "form[action$='/approve/'] button[type=submit]")
    button = "form[action$='/send/'] button[type=submit]"
    stale = page.context.new_page()
    stale.goto(YT)
    posts: list[str] = []
    page.on("request", lambda r: posts.append(r.post_data or "") if r.method == "POST" else None)
    send(page, button)
    receipt = receipt_on(page)
    no_sideways_scroll(page)
    axe(page)

    page.go_back()
    if page.locator(button).count():
        send(page, button)
        assert receipt_on(page) == receipt, "the same form sent again gets the first one's answer"
        assert posts[0] == posts[-1]
    send(stale, button)
    assert receipt_on(stale) == receipt
    stale.goto(YT)
    steps = stale.locator("ol.timeline").last.inner_text()
    assert len(re.findall(r"\bgửi\b", steps)) == 1, steps
    stale.close()


def receipt_on(page: Page) -> str:
    """The receipt that the unit's page shows."""
    return page.locator(".note.is-green strong.mono").first.inner_text()


def the_specialist_accepts(journey: Journey) -> None:
    page = journey.of("chuyenvien")
    page.goto("/submissions/")
    row = page.locator("tr:has-text('Sở Y tế')")
    assert receipt_on(journey.of("lanhdao.yt")) in row.inner_text()
    with page.expect_navigation():
        row.locator("td.action a").click()
    figures = page.locator("article ul").first.inner_text()
    assert "Đơn vị xác nhận đúng" in figures
    assert re.search(r"\d+ người", figures)
    assert "34 phương tiện đo" in page.locator("article").inner_text()
    send(page, "form[action$='/accept/'] button[type=submit]")
    assert "đã tiếp nhận" in page.locator("main").inner_text()


def the_report_is_begun_and_written(journey: Journey) -> None:
    page = journey.of("chuyenvien")
    page.goto("/")
    assert "trưởng phòng chưa soát xét dự thảo" in page.locator(".checklist").inner_text()
    send(page, ".page-actions .btn-primary")
    journey.report = page.url
    # Part I begins with the letter that asked for the reports: nothing of it blocks.
    assert "chưa ghi phần công tác chỉ đạo" not in page.locator(".checklist").inner_text()
    assert figures_on(page)[CT2] == (journey.figure, "người")
    page.locator("textarea[name=direction]").fill(WORDS)
    send(page, "form[action$='/save/'] button[type=submit]")
    assert page.locator("textarea[name=direction]").input_value() == WORDS
    draft = page.request.get(f"{journey.report}draft.pdf")
    assert draft.body().startswith(b"%PDF-")


def figures_on(page: Page) -> list[tuple[int, str]]:
    """The figures of a report: value and unit."""
    found = page.locator(".field-figures .big-figure").all_inner_texts()
    return [(int(value.replace(".", "")), unit) for value, unit in (one.split(maxsplit=1) for one in found)]


def the_report_is_reviewed_frozen_and_signed(journey: Journey) -> None:
    for user, verb in (("truongphong", "review"), ("chuyenvien", "freeze"), ("giamdoc", "sign")):
        page = journey.of(user)
        page.goto("/" if user == "giamdoc" else journey.report)
        if user == "giamdoc":
            send(page, "main .brief-decisions a[href*='/reports/']")
            when_printed(journey, page, FOR_SIGNATURE)
        send(page, f"form[action$='/{verb}/'] button[type=submit]")
        assert "Đã chuyển bước" in page.locator(".messages").inner_text()
    page = journey.of("giamdoc")
    links = page.locator(".field-figures a.figure")
    for link in links.all():
        journey.frozen[link.get_attribute("href") or ""] = link.inner_text()
    assert figures_on(page)[CT2] == (journey.figure, "người")
    axe(page)


def the_clerk_numbers_and_dispatches(journey: Journey) -> None:
    page = journey.of("vanthu")
    page.goto("/")
    send(page, "main .todo-cards a[href*='/reports/']")
    page.locator("input[name=number]").fill("0")
    send(page, "form[action$='/number/'] button[type=submit]")
    assert "Số phải từ 1" in page.locator("#id_number_error").inner_text()
    assert page.locator("input[name=number]").input_value() == "0"
    axe(page)
    page.locator("input[name=number]").fill(NUMBER)
    send(page, "form[action$='/number/'] button[type=submit]")
    assert f"{NUMBER}/BC-SKHCN" in page.locator("h1").inner_text()

    address = next(iter(journey.frozen))
    stranger = journey.people.visitor()
    early = stranger.goto(address)
    assert early is not None
    assert early.status == 404, "a figure is not public before its report is dispatched"
    when_printed(journey, page)
    page.locator("#id_ubnd_channel").select_option("axis")
    send(page, "form[action$='/dispatch/ubnd/'] button[type=submit]")
    assert "Đã ghi gửi Ủy ban nhân dân tỉnh" in page.locator(".messages").inner_text()
    assert "chưa gửi Bộ" in page.locator("main").inner_text()
    axe(page)


def when_printed(journey: Journey, page: Page, expected: int = PAPERS) -> Locator:
    """The report's papers, once the worker has printed them all: nothing is signed or dispatched before."""
    papers = page.locator(".paper-list a[href*='/papers/']")
    deadline = time.monotonic() + 90
    while papers.count() < expected and time.monotonic() < deadline:
        page.wait_for_timeout(300)
        page.goto(journey.report)
    assert papers.count() == expected, page.locator(".paper-list").inner_text()
    assert "Đang in" not in page.locator(".paper-list").inner_text()
    return papers


def the_papers_are_printed(journey: Journey) -> None:
    page = journey.of("vanthu")
    papers = when_printed(journey, page)
    for link in papers.all():
        kind = next(kind for words, kind in KINDS.items() if words in link.inner_text())
        with page.expect_download() as waiting:
            link.click()
        assert waiting.value.suggested_filename.endswith(f".{kind}")
        content = waiting.value.path().read_bytes()
        assert content.startswith(b"%PDF-" if kind == "pdf" else b"PK")
        assert len(content) > 5_000


def the_public_reads_the_figure(journey: Journey) -> None:
    page = journey.people.visitor()
    for address, value in journey.frozen.items():
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200
        assert f"báo cáo số {NUMBER}/BC-SKHCN" in page.locator("h1").inner_text()
        assert page.locator("main .big-figure").inner_text().split()[0] == value
        assert "Còn nguyên như lúc chốt" in page.locator("main").inner_text()
        for name in (PERSON, "dang thi huong ly", "Mạc Tú Uyên", TITLE, "Võ Văn Kiệt Em", "Nguyễn Thị Minh Anh"):
            assert name not in page.content()
        assert page.locator("main table a[href*='/training/']").count() == 0
        axe(page)
