"""Pages of figures, submissions and reports: who gets them, how many queries they cost, what they say."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from chuan.lib import clock
from chuan.programme.models import Plan
from chuan.reporting import jobs
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import FrozenFigure, Obligation, Report, ReportingPeriod, Submission
from chuan.reporting.services import reports
from chuan.training.services import correct_attendance
from tests.cast import Cast
from tests.reporting.test_report import RIGHT, dispatched, period, reviewed, sent, started, step
from tests.training.builders import course, line, said_of

__all__ = ["period"]

DEPARTMENT = {"specialist", "head", "director", "auditor"}
EVERYBODY = {"specialist", "head", "director", "auditor", "clerk", "focal", "leader", "other_focal", "committee"}


def page(sign_in: Any, cast: Cast, who: str, route: str, *args: Any, query: str = "") -> Any:
    return sign_in(getattr(cast, who), fresh=True).get(reverse(f"reporting:{route}", args=args) + query)


def words(answer: Any) -> str:
    """The page as a reader meets it: without tags, spaces collapsed."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def obligation(period: ReportingPeriod, unit: str = "so-ct") -> Obligation:
    return Obligation.objects.get(code=f"KH-2828-2026-{unit}")


@pytest.fixture
def register(cast: Cast) -> dict[str, Any]:
    """Two courses of so-ct: three people who count, one of them twice, one who did not complete, one lecturer."""
    first, second = course(cast), course(cast, start=date(2026, 6, 1), end=date(2026, 6, 3), title="Lớp thứ hai")
    kept = [line(cast, first, name) for name in ("Lê Văn A", "Lê Văn B", "Lê Văn C")]
    again = line(cast, second, "", person=said_of(kept[0]).person)
    line(cast, second, "Bỏ Giữa Chừng", completed=False)
    line(cast, second, "Giảng Viên", role="lecturer")
    return {"course": first, "lines": kept, "again": again}


@pytest.mark.parametrize(
    ("route", "args", "allowed", "otherwise"),
    [
        ("figures", (), DEPARTMENT, 403),
        ("figure", ("CT2",), DEPARTMENT, 403),
        ("members-sheet", ("CT2",), DEPARTMENT, 403),
        ("tracking", (), DEPARTMENT, 403),
        ("submission", ("KH-2828-2026-so-ct",), DEPARTMENT | {"focal", "leader"}, 404),
        ("reports", (), EVERYBODY, 403),
        ("report", ("BC-KH-2828-2026-1",), DEPARTMENT, 404),
        ("draft-pdf", ("BC-KH-2828-2026-1",), DEPARTMENT, 404),
    ],
)
def test_a_page_is_refused_to_who_may_not_have_it(
    sign_in: Any, cast: Cast, period: ReportingPeriod, route: str, args: Any, allowed: set[str], otherwise: int
) -> None:
    started(cast, period)
    reports.start_report(actor=cast.specialist.actor, period=period)
    for who in sorted(EVERYBODY):
        answer = page(sign_in, cast, who, route, *args)
        assert answer.status_code == (200 if who in allowed else otherwise), who


def test_an_indicator_that_does_not_exist_is_not_found(sign_in: Any, cast: Cast, plan: Plan) -> None:
    assert page(sign_in, cast, "specialist", "figure", "CT99").status_code == 404


@pytest.mark.parametrize(
    ("who", "route", "args", "query", "limit"),
    [
        ("specialist", "figures", (), "", 12),
        ("specialist", "figure", ("CT2",), "", 12),
        ("specialist", "figure", ("CT2",), "?year=2026&tab=excluded", 12),
        ("specialist", "figure", ("CT2",), "?tab=breakdown", 12),
        ("specialist", "figure", ("CT2",), "?tab=definition", 12),
        ("director", "figure", ("CT2",), "?tab=issued", 12),
        ("specialist", "tracking", (), "", 9),
        ("focal", "submission", ("KH-2828-2026-so-ct",), "", 12),
        ("specialist", "submission", ("KH-2828-2026-so-ct",), "", 12),
        ("specialist", "reports", (), "", 6),
        ("specialist", "report", ("BC-KH-2828-2026-1",), "", 12),
    ],
)
def test_a_page_costs_a_known_number_of_queries(
    sign_in: Any,
    cast: Cast,
    period: ReportingPeriod,
    register: Any,
    django_assert_max_num_queries: Any,
    who: str,
    route: str,
    args: Any,
    query: str,
    limit: int,
) -> None:
    started(cast, period)
    reports.start_report(actor=cast.specialist.actor, period=period)
    browser, url = sign_in(getattr(cast, who), fresh=True), reverse(f"reporting:{route}", args=args) + query
    browser.get(url)
    with django_assert_max_num_queries(limit):
        assert browser.get(url).status_code == 200


@pytest.mark.parametrize(("who", "limit"), [("visitor", 5), ("focal", 12), ("specialist", 12)])
def test_the_origin_of_a_figure_costs_no_more_with_more_differences(
    sign_in: Any,
    client: Any,
    cast: Cast,
    period: ReportingPeriod,
    register: Any,
    django_assert_max_num_queries: Any,
    who: str,
    limit: int,
) -> None:
    dispatched(cast, period)
    url = reverse("reporting:origin", args=[FrozenFigure.objects.get(indicator="CT2").code])
    with clock.at(clock.now() + timedelta(days=1)):
        for one in register["lines"]:
            correct_attendance(actor=cast.focal.actor, seen=said_of(one), reason="vắng", completed=False)
        browser = client if who == "visitor" else sign_in(getattr(cast, who), fresh=True)
        browser.get(url)
        with django_assert_max_num_queries(limit):
            assert browser.get(url).status_code == 200


@pytest.mark.parametrize("who", sorted(set(EVERYBODY) | {"administrator", "laboratory", "finance"}))
def test_home_costs_at_most_12_queries_and_shows_at_most_five_cards(
    sign_in: Any, cast: Cast, period: ReportingPeriod, django_assert_max_num_queries: Any, who: str
) -> None:
    started(cast, period)
    reports.start_report(actor=cast.specialist.actor, period=period)
    browser = sign_in(getattr(cast, who), fresh=True)
    browser.get("/")
    with django_assert_max_num_queries(12):
        answer = browser.get("/")
    assert answer.status_code == 200
    assert answer.content.decode().count('class="card is-') <= 5


def test_home_does_not_call_a_unit_late_that_has_sent(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    assert "quá hạn nộp 1 ngày" in words(sign_in(cast.other_focal, fresh=True).get("/"))
    sent(cast, period)
    shown = words(sign_in(cast.focal, fresh=True).get("/"))
    assert "quá hạn" not in shown
    assert "TN-2026-0001" in shown
    assert "quá hạn" not in words(sign_in(cast.laboratory, fresh=True).get("/"))


def test_a_figure_shows_both_readings_of_each_target_and_says_so(
    sign_in: Any, cast: Cast, plan: Plan, register: Any
) -> None:
    answer = page(sign_in, cast, "specialist", "figure", "CT2")
    shown = words(answer)
    assert shown.count("2 cách hiểu") == 2
    assert shown.count("ít nhất 2 cán bộ") == 1
    assert "Chưa đạt" in shown
    assert "Đạt" in shown
    assert "Tính đến hết ngày 11/12/2026" in shown


def test_a_year_that_is_open_is_provisional_and_says_what_is_new(
    sign_in: Any, cast: Cast, plan: Plan, register: Any
) -> None:
    shown = words(page(sign_in, cast, "specialist", "figure", "CT2", query="?year=2026"))
    assert "Số liệu tạm tính" in shown
    assert "Tăng thêm: 3 người" in shown
    assert "từ 15/12/2025 đến 14/12/2026" in shown
    assert (
        "tạm tính"
        not in words(page(sign_in, cast, "specialist", "figure", "CT2", query="?year=2025")).split("Đối chiếu")[0]
    )


def test_a_wrong_question_is_answered_with_the_headline_and_says_what_is_wrong(
    sign_in: Any, cast: Cast, plan: Plan, register: Any
) -> None:
    answer = page(sign_in, cast, "specialist", "figure", "CT2", query="?at=31/02/2026&year=abc&frame=x&tab=x")
    assert answer.status_code == 200
    shown = words(answer)
    assert "Không có ngày" in shown
    assert "3 bản ghi đứng sau con số này" in shown


def test_what_is_not_counted_says_why_and_where_the_person_is_counted(
    sign_in: Any, cast: Cast, plan: Plan, register: Any
) -> None:
    shown = words(page(sign_in, cast, "specialist", "figure", "CT2", query="?tab=excluded"))
    assert "6 bản ghi được xét = 3 được tính + 1 đã tính ở bản ghi khác + 2 không đủ điều kiện" in shown
    assert "chưa hoàn thành lớp học" in shown
    assert "không phải học viên" in shown
    shown = words(page(sign_in, cast, "specialist", "figure", "CT2", query="?tab=doubles"))
    assert f"bản ghi {register['lines'][0].code}" in shown


def test_the_breakdown_says_that_its_lines_do_not_add_up(sign_in: Any, cast: Cast, plan: Plan, register: Any) -> None:
    shown = words(page(sign_in, cast, "specialist", "figure", "CT2", query="?tab=breakdown"))
    assert "không cộng lại thành tổng" in shown
    assert "Huyện Tân Biên" in shown


def test_a_changed_definition_is_proposed_by_one_and_approved_by_another(
    sign_in: Any, cast: Cast, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(INDICATORS["CT2"]), "definition_sha256", lambda self: "e" * 64)
    tab = "?tab=definition"
    assert "Phê duyệt định nghĩa" not in words(page(sign_in, cast, "director", "figure", "CT2", query=tab))
    assert "Đề xuất định nghĩa" in words(page(sign_in, cast, "specialist", "figure", "CT2", query=tab))
    sign_in(cast.specialist, fresh=True).post(reverse("reporting:propose-definition", args=["CT2"]), {"note": "mới"})
    assert "Đề xuất định nghĩa" not in words(page(sign_in, cast, "specialist", "figure", "CT2", query=tab))
    assert "Phê duyệt định nghĩa" in words(page(sign_in, cast, "director", "figure", "CT2", query=tab))
    sign_in(cast.director, fresh=True).post(reverse("reporting:approve-definition", args=["CT2"]), {"note": "được"})
    assert "đã được phê duyệt" in words(page(sign_in, cast, "director", "figure", "CT2", query=tab))


def test_a_stranger_reads_where_a_printed_number_comes_from_and_no_name(
    client: Any, cast: Cast, period: ReportingPeriod, register: Any
) -> None:
    dispatched(cast, period)
    code = FrozenFigure.objects.get(indicator="CT2").code
    shown = words(client.get(reverse("reporting:origin", args=[code])))
    assert "Số 03 người này được chốt ngày 11/12/2026 cho báo cáo số 345/BC-SKHCN ngày 11/12/2026" in shown
    assert "Còn nguyên như lúc chốt" in shown
    assert "Đứng sau số này là 3 bản ghi, không thuộc quyền xem của bạn" in shown
    assert "Lê Văn" not in shown
    assert "Từ lúc chốt đến nay" not in shown


def test_a_figure_that_was_tampered_with_says_so(
    client: Any, cast: Cast, period: ReportingPeriod, register: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatched(cast, period)
    frozen = FrozenFigure.objects.get(indicator="CT2")
    for text in ("khong-phai-danh-sach", "", "eJwzBAAAMgAy"):
        original = FrozenFigure.from_db.__func__  # type: ignore[attr-defined]

        def changed(cls: Any, *args: Any, _original: Any = original, _text: str = text) -> Any:
            row = _original(cls, *args)
            row.members = _text
            return row

        with monkeypatch.context() as patch:
            patch.setattr(FrozenFigure, "from_db", classmethod(changed))
            answer = client.get(reverse("reporting:origin", args=[frozen.code]))
        assert answer.status_code == 200
        assert "Không còn nguyên như lúc chốt" in words(answer)


def test_the_department_reads_what_changed_since_with_person_reason_and_who(
    sign_in: Any, cast: Cast, period: ReportingPeriod, register: Any
) -> None:
    dispatched(cast, period)
    frozen = FrozenFigure.objects.get(indicator="CT2")
    with clock.at(clock.now() + timedelta(days=30)):
        gone = register["lines"][1]
        correct_attendance(actor=cast.focal.actor, seen=said_of(gone), reason="vắng ngày cuối", completed=False)
        shown = words(page(sign_in, cast, "specialist", "origin", frozen.code))
    assert "hôm nay được 2 người (−1)" in shown
    for text in ("Lê Văn B", gone.code, "chưa hoàn thành lớp học", "Võ Văn Kiên", "vắng ngày cuối"):
        assert text in shown


def test_another_unit_reads_how_many_records_are_not_its_own(
    sign_in: Any, cast: Cast, period: ReportingPeriod, register: Any
) -> None:
    line(cast, course(cast, by=cast.other_focal), "Phan Văn D", by=cast.other_focal, employer=cast.unit("so-yt"))
    dispatched(cast, period)
    code = FrozenFigure.objects.get(indicator="CT2").code
    shown = words(page(sign_in, cast, "other_focal", "origin", code))
    assert "3 trong 4 bản ghi là của đơn vị khác" in shown
    assert "Phan Văn D" in shown
    assert "Lê Văn" not in shown


def test_a_stale_tab_is_told_and_keeps_what_was_typed(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    started(cast, period)
    url = reverse("reporting:save-draft", args=[obligation(period).code])
    typed = {"version": "0", "narrative": "Bản gõ ở cửa sổ cũ", "right_CT2": "yes", "right_CT2-L": "no"}
    answer = sign_in(cast.focal, fresh=True).post(url, typed)
    assert answer.status_code == 409
    body = answer.content.decode()
    assert "Bản gõ ở cửa sổ cũ" in body
    assert "Đã mở một lớp." in body
    assert 'name="version" value="1"' in body
    assert Submission.objects.get().draft["narrative"] == "Đã mở một lớp."


def test_what_was_typed_is_shown_when_the_report_moved_on(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    step(started(cast, period), "present", cast.focal)
    url = reverse("reporting:save-draft", args=[obligation(period).code])
    answer = sign_in(cast.focal, fresh=True).post(url, {"version": "1", "narrative": "Gõ muộn"})
    assert answer.status_code == 409
    assert "Gõ muộn" in words(answer)


def test_a_stale_tab_of_the_consolidated_report_shows_both_versions(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    saved = {"direction": "Bản đã lưu", "results": "", "difficulties": "", "next": ""}
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=saved)
    url = reverse("reporting:save-words", args=[report.code])
    answer = sign_in(cast.specialist, fresh=True).post(url, {"version": "0", "direction": "Bản gõ sau"})
    assert answer.status_code == 409
    shown = words(answer)
    assert "Bản đã lưu" in shown
    assert "Bản gõ sau" in shown
    assert 'name="version" value="1"' in answer.content.decode()


def test_a_number_that_cannot_be_keeps_what_was_typed(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    report = reviewed(cast, period)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    jobs.print_papers(content.pk)
    reports.sign(actor=cast.director.actor, report=report)
    url = reverse("reporting:move-report", args=[report.code, "number"])
    answer = sign_in(cast.clerk, fresh=True).post(url, {"number": "345", "dated": "12/12/2026"})
    assert answer.status_code == 409
    assert 'value="345"' in answer.content.decode()
    assert "phải từ ngày chốt số liệu" in words(answer)


def test_presenting_what_is_unfinished_lists_what_is_lacking(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    started(cast, period)
    url = reverse("reporting:save-draft", args=[obligation(period).code])
    answer = sign_in(cast.focal, fresh=True).post(url, {"version": "1", "present": "1", "right_CT2": "no"})
    assert answer.status_code == 409
    shown = words(answer)
    assert "Chưa chuyển bước được:" in shown
    assert "chưa ghi kết quả thực hiện" in shown


def test_a_returned_step_without_a_reason_is_refused_on_the_page(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    sent(cast, period)
    url = reverse("reporting:move-submission", args=[obligation(period).code, "return_lines"])
    browser = sign_in(cast.specialist, fresh=True)
    assert "cần ghi lý do" in words(browser.post(url, {"lines": ["CT2"]}))
    assert browser.post(url, {"note": "x" * 2001}).status_code == 422
    assert browser.post(url, {"lines": ["CT2"], "note": "thiếu lớp"}).status_code == 302
    shown = words(page(sign_in, cast, "focal", "submission", obligation(period).code))
    assert "thiếu lớp" in shown
    assert "Lần 1, biên nhận TN-2026-0001" in shown


def test_a_sent_report_shows_what_was_sent_though_the_register_changed(
    sign_in: Any, cast: Cast, period: ReportingPeriod, register: Any
) -> None:
    sent(cast, period, {**RIGHT, "CT2": {"right": False, "missing": "thiếu lớp Gò Dầu"}})
    line(cast, register["course"], "Thêm Sau")
    shown = words(page(sign_in, cast, "specialist", "submission", obligation(period).code))
    assert re.search(r"Số người được đào tạo, bồi dưỡng về đo lường: 3 người", shown)
    assert "thiếu lớp Gò Dầu" in shown


def test_the_department_does_not_read_what_a_unit_is_still_writing(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    started(cast, period, words="Chưa gửi, đừng đọc")
    assert "đừng đọc" not in words(page(sign_in, cast, "specialist", "submission", obligation(period).code))


def test_outsiders_get_links_to_issued_papers_only(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    report = dispatched(cast, period)
    shown = words(page(sign_in, cast, "committee", "report", report.code))
    assert "Bản phát hành" in shown
    assert "Bản trình ký" not in shown
    assert "Trình ký (đã chốt số liệu)" in shown
    for link in re.findall(
        r'href="(/reports/[^"]+/papers/\d+/)"', page(sign_in, cast, "committee", "report", report.code).content.decode()
    ):
        assert sign_in(cast.committee, fresh=True).get(link).status_code == 200


def test_papers_that_are_not_printed_yet_are_waited_for(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    report = reviewed(cast, period)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    assert "Đang in…" in words(page(sign_in, cast, "director", "report", report.code))
    jobs.print_papers(content.pk)
    assert "Đang in…" not in words(page(sign_in, cast, "director", "report", report.code))


def test_one_draft_a_period_is_offered(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    assert "Mở dự thảo" in words(page(sign_in, cast, "specialist", "reports"))
    assert "Mở dự thảo" not in words(page(sign_in, cast, "head", "reports"))
    answer = sign_in(cast.specialist, fresh=True).post(reverse("reporting:reports"))
    assert answer.status_code == 302
    assert Report.objects.count() == 1
    assert "Mở dự thảo" not in words(page(sign_in, cast, "specialist", "reports"))
