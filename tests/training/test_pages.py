"""Pages of the register: what is refused in words, conflicts that overwrite nothing, search, costs, other units."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuan.audit.service import head
from chuan.training.models import Attendance, Course, CourseFacts
from chuan.training.services import correct_attendance, correct_course, void_attendance, void_course
from tests.cast import Cast
from tests.training.builders import course, entry, line, said, said_of

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "Tập huấn nghiệp vụ kiểm định cân",
    "kind": "course",
    "on_metrology": "on",
    "start": "04/05/2026",
    "end": "08/05/2026",
    "organiser": "Sở Công Thương",
    "place": "x-tb",
    "reason": "Theo giấy mời",
}


def _url(name: str, where: Course, *more: Any) -> str:
    return reverse(f"training:{name}", args=[where.code, *more])


def _seen(answer: Any) -> int:
    found = re.search(r'name="seen" value="(\d+)"', answer.content.decode())
    assert found, "the page carries no statement"
    return int(found.group(1))


def _errors(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.parametrize("who", ["finance", "committee", "administrator"])
def test_a_role_without_a_register_is_refused_the_list(cast: Cast, sign_in: Any, who: str) -> None:
    browser = sign_in(cast.people[who])
    assert browser.get(reverse("training:courses")).status_code == 403
    assert browser.get(reverse("training:courses-sheet")).status_code == 403


def test_nothing_of_another_unit_is_visible(cast: Cast, sign_in: Any) -> None:
    made = course(cast, by=cast.other_focal, title="Lớp kín so-yt-7717", venue="Nhà so-yt-7718")
    standing = line(cast, made, "Canh Bao So Yt", by=cast.other_focal)
    browser = sign_in(cast.focal)
    for url in (reverse("training:courses"), reverse("training:courses") + "?q=7717", reverse("training:new-course")):
        assert "so-yt-77" not in browser.get(url).content.decode()
    assert browser.get(_url("course", made)).status_code == 404
    assert browser.get(_url("correct-course", made)).status_code == 404
    assert browser.get(_url("new-line", made)).status_code == 404
    assert browser.get(_url("correct-line", made, standing.code)).status_code == 404
    assert browser.post(_url("void-course", made), {"reason": "x", "seen": said(made).pk}).status_code == 404
    mine = course(cast)
    asked = browser.post(_url("new-line", mine), {"full_name": "Canh Bao So Yt", "role": "learner", "headcount": "x"})
    assert "NG-" not in asked.content.decode()


def test_a_reader_sees_no_button_that_they_may_not_press(cast: Cast, sign_in: Any) -> None:
    made = course(cast)
    line(cast, made, "Nguyễn Văn An")
    for who in ("auditor", "unit_clerk"):
        page = sign_in(cast.people[who], fresh=True).get(_url("course", made)).content.decode()
        assert "Nguyễn Văn An" in page
        assert _url("correct-course", made) not in page
        assert "Hủy lớp này" not in page
    browser = sign_in(cast.unit_clerk, fresh=True)
    assert browser.get(_url("correct-course", made)).status_code == 403
    assert browser.post(_url("paste", made), {"lines": "Trần Thị Bình"}).status_code == 403


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("04/05/1900", "08/05/2026", "04/05/1900"),
        ("31/12/1999", "08/05/2026", "31/12/1999"),
        ("04/05/2099", "08/05/2099", "04/05/2099"),
        ("13/12/2027", "13/12/2027", "13/12/2027"),
        ("04/05/2026", "08/05/2062", "08/05/2062"),
    ],
)
def test_a_course_of_a_wrong_year_is_refused_by_its_date(
    cast: Cast, sign_in: Any, start: str, end: str, wrong: str
) -> None:
    answer = sign_in(cast.focal).post(reverse("training:new-course"), {**TYPED, "start": start, "end": end})
    assert answer.status_code == 422
    assert f"{wrong}: kiểm tra lại năm. Sổ ghi lớp từ năm 2000" in _errors(answer)


@pytest.mark.parametrize(("start", "end"), [("12/12/2027", "12/12/2027"), ("01/09/2023", "30/06/2027")])
def test_a_course_that_begins_next_year_or_takes_some_is_recorded(
    cast: Cast, sign_in: Any, start: str, end: str
) -> None:
    answer = sign_in(cast.focal).post(reverse("training:new-course"), {**TYPED, "start": start, "end": end})
    assert answer.status_code == 302


def test_a_course_that_ends_before_it_begins_is_refused(cast: Cast, sign_in: Any) -> None:
    answer = sign_in(cast.focal).post(reverse("training:new-course"), {**TYPED, "end": "03/05/2026"})
    assert answer.status_code == 422
    assert "Ngày kết thúc 03/05/2026 trước ngày bắt đầu 04/05/2026" in _errors(answer)
    assert not CourseFacts.objects.exists()


@pytest.mark.parametrize("typed", ["30/02/2026", "13/13/2026", "1/2/26", "mai", "2026/02/01"])
def test_a_day_that_does_not_exist_is_refused_with_an_example(cast: Cast, sign_in: Any, typed: str) -> None:
    answer = sign_in(cast.focal).post(reverse("training:new-course"), {**TYPED, "start": typed})
    assert answer.status_code == 422
    assert "05/12/2026" in _errors(answer)
    assert typed in answer.content.decode(), "what was typed is kept"


def test_a_place_that_did_not_exist_on_the_last_day_is_refused(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.focal)
    assert "không có địa bàn này" in _errors(browser.post(reverse("training:new-course"), {**TYPED, "place": "h-tb"}))
    old = {**TYPED, "start": "02/06/2025", "end": "03/06/2025"}
    assert browser.post(reverse("training:new-course"), old).status_code == 422
    assert browser.post(reverse("training:new-course"), {**old, "place": "h-tb"}).status_code == 302


def test_01_02_2026_is_the_first_of_february(cast: Cast, sign_in: Any) -> None:
    answer = sign_in(cast.focal).post(reverse("training:new-course"), {**TYPED, "start": "01/02/2026"})
    assert answer.status_code == 302
    assert CourseFacts.objects.get().start == date(2026, 2, 1)
    assert "01/02/2026 – 08/05/2026" in _errors(sign_in(cast.focal).get(answer["Location"]))


def test_a_second_correction_gets_both_versions_and_overwrites_nothing(cast: Cast, sign_in: Any) -> None:
    made = course(cast)
    browser = sign_in(cast.focal)
    old = _seen(browser.get(_url("correct-course", made)))
    correct_course(
        actor=cast.specialist.actor, seen=said(made), entry=entry(cast, end=date(2026, 5, 9)), reason="Kéo dài"
    )
    before = head()
    mine = {**TYPED, "end": "10/05/2026", "venue": "Hội trường B"}
    answer = browser.post(_url("correct-course", made), {**mine, "seen": old})
    assert answer.status_code == 409
    shown = _errors(answer)
    for part in ("09/05/2026", "10/05/2026", "Hội trường B", "Nguyễn Thị Minh Anh", "Kéo dài", "Người khác vừa sửa"):
        assert part in shown
    assert said(made).end == date(2026, 5, 9)
    assert head() == before
    assert _seen(answer) == said(made).pk != old
    again = browser.post(_url("correct-course", made), {**mine, "seen": _seen(answer)})
    assert again.status_code == 302
    assert (said(made).end, said(made).venue) == (date(2026, 5, 10), "Hội trường B")


def test_an_error_in_a_stale_form_does_not_make_it_fresh(cast: Cast, sign_in: Any) -> None:
    made = course(cast)
    old = said(made).pk
    correct_course(actor=cast.specialist.actor, seen=said(made), entry=entry(cast, title="Tên mới"), reason="Sai tên")
    browser = sign_in(cast.focal)
    answer = browser.post(_url("correct-course", made), {**TYPED, "end": "mai", "seen": old})
    assert (answer.status_code, _seen(answer)) == (422, old)
    assert browser.post(_url("correct-course", made), {**TYPED, "seen": _seen(answer)}).status_code == 409
    assert said(made).title == "Tên mới"


@pytest.mark.parametrize("seen", ["", "0", "x", "²", "9" * 40, "-1"])
def test_a_correction_that_names_no_statement_of_the_course_is_not_found(cast: Cast, sign_in: Any, seen: str) -> None:
    made = course(cast)
    browser = sign_in(cast.focal)
    assert browser.post(_url("correct-course", made), {**TYPED, "seen": seen}).status_code == 404
    assert browser.post(_url("void-course", made), {"reason": "x", "seen": seen}).status_code == 404
    standing = line(cast, made, "Nguyễn Văn An")
    url = _url("correct-line", made, standing.code)
    assert browser.post(url, {"role": "learner", "reason": "x", "seen": seen}).status_code == 404


def test_a_course_voided_meanwhile_is_not_corrected_and_the_page_says_who_and_why(cast: Cast, sign_in: Any) -> None:
    made = course(cast)
    browser = sign_in(cast.focal)
    old = said(made)
    void_course(actor=cast.specialist.actor, seen=said(made), reason="Ghi hai lần")
    answer = browser.post(_url("correct-course", made), {**TYPED, "title": "Tên tôi gõ", "seen": old.pk})
    assert answer.status_code == 409
    for part in ("Người khác vừa hủy", "Nguyễn Thị Minh Anh", "Ghi hai lần", "Tên tôi gõ"):
        assert part in _errors(answer)
    page = _errors(browser.get(_url("course", made)))
    assert "Lớp đã bị hủy" in page
    assert "Nguyễn Thị Minh Anh hủy lúc 08:00 11/12/2026" in page
    assert browser.get(_url("correct-course", made)).status_code == 403


def test_a_stale_line_gets_both_versions_and_a_voided_one_says_so(cast: Cast, sign_in: Any) -> None:
    made = course(cast)
    standing = line(cast, made, "Nguyễn Văn An")
    browser = sign_in(cast.focal)
    url = _url("correct-line", made, standing.code)
    old = _seen(browser.get(url))
    correct_attendance(actor=cast.specialist.actor, seen=said_of(standing), reason="Vắng", completed=False)
    typed = {"role": "lecturer", "completed": "on", "employer": "so-ct", "reason": "x"}
    answer = browser.post(url, {**typed, "seen": old})
    assert answer.status_code == 409
    assert _seen(answer) == said_of(standing).pk
    assert "Giảng viên, báo cáo viên" in _errors(answer)
    assert not said_of(standing).completed
    void_attendance(actor=cast.specialist.actor, seen=said_of(standing), reason="Ghi nhầm người")
    gone = browser.post(url, {**typed, "seen": _seen(answer)})
    assert gone.status_code == 409
    assert "Người khác vừa hủy" in _errors(gone)
    assert "Ghi nhầm người" in _errors(browser.get(url))


def test_a_course_is_voided_only_with_a_reason(cast: Cast, sign_in: Any) -> None:
    made = course(cast)
    browser = sign_in(cast.focal)
    answer = browser.post(_url("void-course", made), {"reason": "  ", "seen": said(made).pk})
    assert answer.status_code == 422
    assert browser.post(_url("void-course", made), {"reason": "Ghi nhầm", "seen": said(made).pk}).status_code == 302
    assert not CourseFacts.objects.live().exists()


def test_a_form_sent_twice_has_one_effect(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.focal)
    data = {**TYPED, "_key": "mot-khoa"}
    first, second = (browser.post(reverse("training:new-course"), data) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Course.objects.count() == 1


@pytest.mark.parametrize("query", ["can", "CÂN", "kiem dinh", "Kiê\u0309m", "cong thuong", "đảm bảo đo", "dam bao"])
def test_a_course_is_found_without_diacritics(cast: Cast, sign_in: Any, query: str) -> None:
    course(cast, title="Kiểm định cân, bảo đảm đo lường")
    course(cast, title="Áp suất", organiser="Chi cục")
    page = sign_in(cast.focal).get(reverse("training:courses"), {"q": query}).content.decode()
    assert "Kiểm định cân" in page
    assert "Áp suất" not in page


def test_a_filter_that_is_not_understood_leaves_the_others_in_force(cast: Cast, sign_in: Any) -> None:
    course(cast)
    browser = sign_in(cast.focal)
    page = browser.get(reverse("training:courses"), {"q": "khongco", "year": "1999", "kind": "x"})
    assert "Không có lớp nào khớp" in page.content.decode()


@pytest.mark.parametrize("after", ["x", "9999-99-99_1", "2026-05-08_x", "2026-05-08_²", "2026-05-08_" + "9" * 30, "_"])
def test_an_odd_page_address_is_no_error(cast: Cast, sign_in: Any, after: str) -> None:
    course(cast)
    assert sign_in(cast.focal).get(reverse("training:courses"), {"after": after}).status_code == 200


def test_the_register_says_what_to_do_when_it_is_empty(cast: Cast, sign_in: Any) -> None:
    page = sign_in(cast.focal).get(reverse("training:courses")).content.decode()
    assert "Sổ chưa có lớp nào" in page
    assert reverse("training:new-course") in page
    reader = sign_in(cast.auditor, fresh=True).get(reverse("training:courses")).content.decode()
    assert reverse("training:new-course") not in reader


def test_pages_of_fifty_meet_without_gap_or_repeat_and_keep_the_filter(cast: Cast, sign_in: Any) -> None:
    made = [course(cast, title=f"Lớp số {n:02d}") for n in range(53)]
    course(cast, title="Chuyên đề khác")
    browser = sign_in(cast.focal)
    first = browser.get(reverse("training:courses"), {"q": "lop so"}).content.decode()
    older = re.search(r'href="(\?[^"]*after=[^"]*)"', first)
    assert older
    second = browser.get(reverse("training:courses") + older.group(1).replace("&amp;", "&")).content.decode()
    pages = [re.findall(r">(Lớp số \d\d)</a>", text) for text in (first, second)]
    assert [len(titles) for titles in pages] == [50, 3]
    assert {*pages[0], *pages[1]} == {said(c).title for c in made}
    assert "Chuyên đề khác" not in second
    assert "Về trang đầu" in second


def test_the_next_person_of_the_same_unit_is_added_with_less_typing(cast: Cast, sign_in: Any) -> None:
    made = course(cast)
    browser = sign_in(cast.focal)
    data = {"full_name": "Nguyễn Văn An", "role": "learner", "employer": "so-yt", "again": "1"}
    answer = browser.post(_url("new-line", made), data)
    assert answer.status_code == 302
    assert '<option value="so-yt" selected>' in browser.get(answer["Location"]).content.decode()


def test_the_history_reads_as_sentences_without_keys(cast: Cast, sign_in: Any) -> None:
    made = course(cast)
    for name in ("Nguyễn Văn An", "Trần Thị Bình"):
        line(cast, made, name)
    correct_course(
        actor=cast.specialist.actor,
        seen=said(made),
        entry=entry(cast, place=cast.unit("x-ct"), kind="conference", online=True),
        reason="Đối chiếu kế hoạch",
    )
    page = _errors(sign_in(cast.focal).get(_url("course", made)))
    history = page[page.index("Lịch sử") :]
    assert "đã thêm 2 dòng vào danh sách" in history
    assert "Nguyễn Văn An, Trần Thị Bình" in history
    assert "Nguyễn Thị Minh Anh (Chuyên viên Sở KH&amp;CN" in history
    assert "Địa bàn Xã Tân Biên thành Xã Châu Thành" in history
    assert "Loại hoạt động Lớp đào tạo, tập huấn, bồi dưỡng thành Hội nghị, hội thảo" in history
    assert "Tổ chức trực tuyến Không thành Có" in history
    assert "Lý do: Đối chiếu kế hoạch" in history
    assert "tap huan" not in history, "the search key is not for readers"
    assert "place_id" not in history


def test_the_totals_say_names_completions_and_claimed_heads(cast: Cast, sign_in: Any) -> None:
    made = course(cast)
    line(cast, made, "Nguyễn Văn An")
    line(cast, made, "Trần Thị Bình", completed=False)
    line(cast, made, headcount=1045, employer=None)
    page = _errors(sign_in(cast.focal).get(_url("course", made)))
    assert "2 học viên có tên, 1 đã hoàn thành; 1.045 lượt khai gộp" in page


def test_every_page_takes_at_most_twelve_queries_however_long_the_list(cast: Cast, sign_in: Any) -> None:
    made = course(cast)
    for number in range(8):
        course(cast, title=f"Lớp {number}")
        line(cast, made, f"Người Thứ {number}")
    correct_course(actor=cast.focal.actor, seen=said(made), entry=entry(cast, title="Khác"), reason="Sai tên")
    code = Attendance.objects.order_by("pk")[0].code
    browser = sign_in(cast.specialist)
    spent = {}
    for url in (
        reverse("training:courses"),
        reverse("training:new-course"),
        _url("course", made),
        _url("correct-course", made),
        _url("new-line", made),
        _url("paste", made),
        _url("correct-line", made, code),
        reverse("organisations:suspects"),
    ):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert browser.get(url).status_code == 200
        spent[url] = len(caught)
    assert {url: n for url, n in spent.items() if n > 12} == {}
