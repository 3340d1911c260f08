"""Pictures of the user guide: plays the guide's story on a sample server of its own and keeps what a person sees.

    .venv/bin/python -m scripts.guide_screenshots        writes docs/guide/images/*.png

The server gets a new home in a temporary folder and a free port; nothing of an office is touched. Pictures are as large
as the window (1366×768, a phone for the unit's leader), with a palette, so that all of them stay below 3 MB.
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.harness import ARGUMENTS, CHROMIUM, PHONE, ROOT, People, send, serve

IMAGES = ROOT / "docs" / "guide" / "images"
COLOURS = 96
UNIT_REPORT = "/submissions/KH-2828-2026-so-yt/"


def keep(page: Page, name: str, at: str = "") -> None:
    """Keep what the window shows, scrolled so that the element `at` stands near its top."""
    if at:
        page.locator(at).first.evaluate("e => window.scrollTo(0, e.getBoundingClientRect().top + scrollY - 24)")
    else:
        page.evaluate("window.scrollTo(0, 0)")
    page.evaluate("document.activeElement && document.activeElement.blur()")
    page.wait_for_timeout(150)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide")))
    reduced = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    reduced.save(IMAGES / f"{name}.png", optimize=True)


def press(page: Page, words: str) -> None:
    """Press the button with these words and wait for the page it leads to."""
    with page.expect_navigation(timeout=60_000):
        page.get_by_role("button", name=words, exact=True).first.click()


def fill(page: Page, **values: str) -> None:
    """Fill or choose fields by their names."""
    for name, value in values.items():
        field = page.locator(f"form [name={name}]").first
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def signing_in(people: People) -> None:
    """The entrance and the second step."""
    page = people.visitor()
    page.goto("/account/login/")
    keep(page, "dang-nhap")
    page.locator("input[name=login]").fill("truongphong")
    page.locator("input[name=password]").fill("chuan-minh-hoa")
    send(page, "form:has(input[name=login]) button[type=submit]")
    keep(page, "xac-thuc")


def register(people: People) -> None:
    """A focal officer records a course and its list."""
    page = people.page("daumoi.yt")
    page.goto("/")
    keep(page, "dau-moi-trang-chu")
    page.goto("/training/")
    keep(page, "so-dao-tao")
    page.goto("/training/new/")
    fill(page, title="Kiểm định huyết áp kế, nhiệt kế y học", start="23/11/2026", end="24/11/2026")
    fill(page, place="phuong-25459", basis="Kế hoạch số 88/KH-SYT ngày 02/11/2026")
    keep(page, "ghi-lop")
    press(page, "Ghi lớp")
    course = page.url
    page.goto(f"{course}lines/paste/")
    page.locator("textarea").first.fill("Trần Thị Bình; Điều dưỡng trưởng\nLê Thị Châu; Kỹ thuật viên\nNguyễn Văn An")
    fill(page, employer="so-yt")
    keep(page, "dan-danh-sach")
    press(page, "Thêm cả danh sách")
    while page.locator("input[type=radio]").count():
        page.locator("input[type=radio][value=new]").first.check()
        keep(page, "trung-ten", at="h1")
        press(page, "Thêm cả danh sách")
    page.goto(course)
    keep(page, "lop")


def unit_report(people: People) -> None:
    """The unit's report: written, presented, approved on a phone, sent."""
    boss = people.page("lanhdao.yt")
    boss.goto(UNIT_REPORT)
    boss.locator("summary", has_text="Trả lại để sửa").click()
    fill(boss, note="Bổ sung kết quả tập huấn quý IV.")
    press(boss, "Trả lại")
    focal = people.page("daumoi.yt")
    focal.goto(UNIT_REPORT)
    keep(focal, "soan-bao-cao")
    press(focal, "Trình lãnh đạo")
    admin = people.page("quantri")
    admin.goto("/organisations/accounts/")
    keep(admin, "tai-khoan")
    admin.get_by_role("link", name="Đặng Thị Hồng").click()
    fill(admin, unit="so-yt", role="unit_leader", valid_from="01/12/2026")
    keep(admin, "giao-vai-tro", at="h1")
    press(admin, "Giao vai trò")
    leader = people.page("lanhdao.ct", viewport=PHONE, is_mobile=True)
    leader.goto("/")
    leader.locator("details.account-menu > summary").click()
    keep(leader, "doi-vai-tro")
    with leader.expect_navigation():
        leader.get_by_role("button", name="Sở Y tế").first.click()
    leader.goto(UNIT_REPORT)
    keep(leader, "duyet-bao-cao")
    press(leader, "Duyệt báo cáo")
    focal.goto(UNIT_REPORT)
    press(focal, "Gửi Sở KH&CN")
    keep(focal, "bien-nhan")


def department(people: People) -> None:
    """The specialist's day: who has sent, one report received, a figure looked into."""
    page = people.page("chuyenvien")
    page.goto("/")
    keep(page, "chuyen-vien-trang-chu")
    page.goto("/submissions/")
    keep(page, "theo-doi")
    page.goto(UNIT_REPORT)
    page.locator("details.confirm > summary").first.click()
    keep(page, "tiep-nhan", at="section.moves")
    press(page, "Tiếp nhận")
    page.goto("/figures/CT2/")
    keep(page, "chi-tieu")
    page.goto("/figures/CT2/?tab=excluded")
    keep(page, "khong-duoc-tinh", at="a[href*='tab=counted']")
    page.goto("/organisations/people/suspects/")
    keep(page, "nghi-trung")
    page.goto("/reports/BC-KH-2828-2025-1/")
    send(page, ".field-figures a.figure[href*='/CT2-2025-']")
    keep(page, "chenh-lech", at="h2:has-text('Từ lúc chốt đến nay')")


def consolidated_report(people: People) -> None:
    """The consolidated report, from its draft to the dispatched paper."""
    page = people.page("chuyenvien")
    page.goto("/")
    page.get_by_role("link", name="Xem dự thảo báo cáo").click()
    report = page.url
    fill(page, direction="Sở đã ban hành công văn đề nghị báo cáo và đôn đốc các đơn vị gửi đúng hạn.")
    fill(page, difficulties="Nhân lực làm công tác đo lường ở cơ sở thay đổi sau sắp xếp tổ chức bộ máy.")
    press(page, "Lưu phần lời")
    keep(page, "du-thao")
    head = people.page("truongphong")
    head.goto(report)
    keep(head, "soat-xet")
    press(head, "Đã soát xét")
    page.goto(report)
    keep(page, "trinh-ky")
    press(page, "Chốt số liệu, trình ký")
    director = people.page("giamdoc")
    director.goto("/")
    keep(director, "giam-doc-trang-chu")
    director.goto(report)
    keep(director, "ky")
    press(director, "Ghi nhận đã ký")
    clerk = people.page("vanthu")
    clerk.goto("/")
    clerk.goto(report)
    fill(clerk, number="345", dated="11/12/2026")
    keep(clerk, "vao-so")
    press(clerk, "Ghi số và ngày")
    keep(clerk, "phat-hanh")
    clerk.locator("#id_ubnd_channel").select_option("axis")
    press(clerk, "Ghi đã gửi")


def readers(people: People) -> None:
    """What the public and the controller see."""
    specialist = people.page("chuyenvien")
    specialist.goto("/reports/BC-KH-2828-2025-1/")
    # The address that the paper's QR holds.
    issued = specialist.locator(".field-figures a.figure[href*='/CT2-2025-']").first.get_attribute("href") or ""
    page = people.visitor()
    page.goto(issued)
    keep(page, "nguon-goc")
    controller = people.page("kiemsoat")
    controller.goto("/audit/")
    keep(controller, "nhat-ky")


def main() -> int:
    """Play the whole story; the exit status is 1 where a page asked another host or broke the security policy."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for old in IMAGES.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        people = People(browser, server)
        for chapter in (signing_in, register, unit_report, department, consolidated_report, readers):
            chapter(people)
        people.close()
        browser.close()
    sizes = {p.name: p.stat().st_size for p in sorted(IMAGES.glob("*.png"))}
    print(f"{len(sizes)} pictures, {sum(sizes.values()) / 1000:.0f} kB")
    print("\n".join(people.complaints))
    return 1 if people.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
