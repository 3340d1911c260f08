"""A unit's report besides its figures: tasks, money, difficulties, proposals; what is not said is never filled in."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from chuan.lib import clock
from chuan.programme.models import Plan
from chuan.reporting import unit_reports
from chuan.reporting.collecting import TRIEU, Difficulty, Parts, Proposal, TaskWord, asks
from chuan.reporting.errors import Blocked
from chuan.reporting.models import Obligation, ReportingPeriod, Submission
from chuan.reporting.services import submissions
from tests.cast import SYSTEM, Cast
from tests.reporting.tasks import make_tasks
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import RIGHT, period, step
from tests.training.builders import course, line

__all__ = ["period"]

TASKS = {"PL.I.1": TaskWord("done", "Đã mở hai hội nghị."), "PL.I.2": TaskWord("nil", "")}
FULL = Parts(
    tasks=TASKS,
    money={"budget": 120 * TRIEU, "enterprise": 0},
    difficulties=[Difficulty("people", "Thiếu kiểm định viên.", "department", "Chưa được đào tạo.")],
    proposals=[Proposal("PL.I.1", "Mở ba lớp tập huấn", {"budget": 90 * TRIEU})],
)


@pytest.fixture(autouse=True)
def annex(cast: Cast, plan: Plan) -> None:
    make_tasks(actor=SYSTEM, cast=cast, plan=plan)


def owed(period: ReportingPeriod) -> Obligation:
    return Obligation.objects.select_related("period__plan", "unit").get(period=period, unit__code="so-ct")


def written(cast: Cast, period: ReportingPeriod, parts: Parts = FULL, **more: Any) -> Submission:
    made = submissions.start_submission(actor=cast.focal.actor, obligation=owed(period))
    said: Any = {"figures": RIGHT, "narrative": "Một lớp.", "nil": False, "parts": parts, **more}
    submissions.save_draft(actor=cast.focal.actor, submission=made, version=0, **said)
    return made


def sent(cast: Cast, period: ReportingPeriod, parts: Parts = FULL) -> Submission:
    made = written(cast, period, parts)
    for verb, who in (("present", cast.focal), ("approve", cast.leader), ("send", cast.focal)):
        step(made, verb, who)
    return made


def lacks(cast: Cast, made: Submission) -> str:
    with pytest.raises(Blocked) as error:
        step(made, "present", cast.focal)
    return "; ".join(error.value.reasons)


def last_years(cast: Cast, plan: Plan, parts: Parts) -> None:
    """A report of 2025 that was sent."""
    with clock.at(clock.now() - timedelta(days=365)):
        before = submissions.open_period(
            actor=cast.specialist.actor, plan=plan, year=2025, deadline=date(2025, 12, 10), letter="",
            cut_off=date(2025, 12, 14), units=[(cast.unit("so-ct"), "Mục IV")],
        )  # fmt: skip
        sent(cast, before, parts)


def posted(**more: str) -> dict[str, str]:
    """The form as it is posted: both tasks said, no line of difficulties or proposals."""
    usual = {
        "version": "0", "narrative": "Một lớp.", "difficulty_lines": "0", "proposal_lines": "0",
        "right_CT2": "yes", "seen_CT2": "0", "right_CT2-L": "yes", "seen_CT2-L": "0",
        "task_0-status": "done", "task_0-words": "Đã mở.", "task_1-status": "nil",
    }  # fmt: skip
    return {**usual, **more}


@pytest.fixture
def form(sign_in: Any, cast: Cast, period: ReportingPeriod) -> Any:
    """`form(**fields)`: the answer to so-ct's focal officer who saves a report just begun."""
    submissions.start_submission(actor=cast.focal.actor, obligation=owed(period))
    browser = sign_in(cast.focal, fresh=True)
    url = reverse("reporting:save-draft", args=[owed(period).code])
    return lambda **fields: browser.post(url, posted(**fields))


# -- refusals


@pytest.mark.parametrize(
    "make",
    [
        lambda: TaskWord("finished"),
        lambda: TaskWord("done", "Có.", spent=-1),
        lambda: Difficulty("people", " ", "department"),
        lambda: Difficulty("weather", "Mưa.", "department"),
        lambda: Proposal("", " "),
        lambda: Proposal("", "Lớp", {"lottery": 1}),
        lambda: Parts(money={"budget": -1}),
        lambda: Parts(none=["figures"]),
    ],
)
def test_what_no_form_offers_is_refused(make: Any) -> None:
    with pytest.raises(ValueError, match=r"no |says"):
        make()


def test_every_task_is_said_and_a_status_with_a_result_says_which(cast: Cast, period: ReportingPeriod) -> None:
    told = lacks(cast, written(cast, period, Parts(tasks={"PL.I.1": TaskWord("under_way", " ")})))
    assert "nhiệm vụ I.1 cần ghi đã làm gì" in told
    assert "chưa chọn tình trạng của nhiệm vụ I.2" in told
    assert "I.3" not in told, "that task is another unit's"


def test_a_nil_report_needs_no_status_but_contradicts_none(cast: Cast, period: ReportingPeriod) -> None:
    made = written(cast, period, Parts(tasks={"PL.I.1": TaskWord("done", "Có.")}), nil=True, narrative="")
    assert "nhưng nhiệm vụ" in lacks(cast, made)
    parts = Parts(tasks={"PL.I.2": TaskWord("nil")})
    said: Any = {"figures": RIGHT, "narrative": "", "nil": True, "parts": parts}
    submissions.save_draft(actor=cast.focal.actor, submission=made, version=1, **said)
    step(made, "present", cast.focal)


def test_a_nil_report_is_refused_while_the_register_counts_people(cast: Cast, period: ReportingPeriod) -> None:
    line(cast, course(cast), "Lê Văn A")
    assert "nhưng sổ của đơn vị cho CT2 là 1" in lacks(cast, written(cast, period, Parts(), nil=True, narrative=""))


def test_none_is_not_said_beside_lines(cast: Cast, period: ReportingPeriod) -> None:
    both = Parts(tasks=TASKS, difficulties=FULL.difficulties, none=["difficulties"])
    assert "Không có khó khăn, vướng mắc" in lacks(cast, written(cast, period, both))


def test_an_odd_amount_that_nobody_confirmed_keeps_the_report_back(cast: Cast, period: ReportingPeriod) -> None:
    odd = Parts(tasks=TASKS, money={"budget": 50_000_000 * TRIEU})
    assert "50.000.000 triệu đồng" in lacks(cast, written(cast, period, odd))


# -- money


@pytest.mark.parametrize(
    ("amount", "same", "others", "asked"),
    [
        (999, 1, [], False),
        (1000, 1, [], True),
        (1000, 0, [1, 5], False),
        (5000, 0, [1, 5, 0], True),
        (10**12 - 1, 0, [], False),
        (10**12, 0, [], True),
        (10**12, 0, [0], True),
    ],
)
def test_an_amount_a_thousand_times_another_is_asked_about(
    amount: int, same: int, others: list[int], asked: bool
) -> None:
    assert asks(amount, same, others) is asked


def test_money_is_typed_in_million_and_kept_in_dong(form: Any) -> None:
    assert form(**{"money-budget": "12,5", "money-sponsor": "0"}).status_code == 302
    assert Submission.objects.get().draft["money"] == {"budget": 12_500_000, "sponsor": 0}


@pytest.mark.parametrize("typed", ["1.234", "-1", "0,0000001", "nhiều", "99999999999999999"])
def test_money_that_cannot_be_is_refused_and_stays_as_typed(form: Any, typed: str) -> None:
    answer = form(**{"money-budget": typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.content.decode()
    assert Submission.objects.get().draft.get("money") is None


def test_what_is_shown_can_be_saved_again(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    written(cast, period, Parts(money={"budget": 1_234_500_000}))
    shown = page(sign_in, cast, "focal", "submission", owed(period).code).content.decode()
    assert 'name="money-budget" value="1234,5"' in shown


def test_an_odd_amount_is_asked_about_kept_as_typed_and_saved_once_it_is_confirmed(
    form: Any, cast: Cast, plan: Plan, period: ReportingPeriod
) -> None:
    last_years(cast, plan, Parts(tasks=TASKS, money={"budget": 50 * TRIEU}))
    typed = {"money-budget": "50000000", "narrative": "Lời vừa gõ"}
    answer = form(**typed)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "lớn bất thường" in words(answer)
    assert 'value="50000000"' in body
    assert 'name="sure_money.budget"' in body
    assert "Lời vừa gõ" in body
    assert form(**typed, **{"sure_money.budget": "on"}).status_code == 302
    assert form(**typed, version="1").status_code == 302, "the same amount is not asked about again"
    assert form(**{**typed, "money-budget": "60000000"}, version="2").status_code == 422


# -- lines


def test_a_line_is_added_and_left_out_without_a_script_and_nothing_typed_is_lost(form: Any) -> None:
    typed = {
        "difficulty_lines": "2", "difficulty_0-words": "Một", "difficulty_1-words": "Hai",
        "proposal_lines": "1", "proposal_0-words": "Ba", "money-budget": "7,5", "narrative": "Chưa lưu",
    }  # fmt: skip
    added = form(**typed, line="add-difficulty").content.decode()
    assert 'name="difficulty_lines" value="3"' in added
    for kept in (">\nMột<", ">\nHai<", 'value="Ba"', 'value="7,5"', "Chưa lưu"):
        assert kept in added
    dropped = form(**typed, line="drop-difficulty-0").content.decode()
    assert 'name="difficulty_lines" value="1"' in dropped
    assert ">\nMột<" not in dropped
    assert ">\nHai<" in dropped
    assert Submission.objects.get().draft_version == 0, "nothing is saved by it"


@pytest.mark.parametrize("line", ["drop-difficulty-99", "drop-difficulty", "add-figure", "x" * 50, "drop-proposal-0"])
def test_a_button_that_no_page_has_changes_nothing_else(form: Any, line: str) -> None:
    assert form(line=line).status_code in {200, 302}


def test_half_a_line_says_what_is_missing(form: Any) -> None:
    answer = form(**{"difficulty_lines": "1", "difficulty_0-words": "Thiếu người"})
    assert answer.status_code == 422
    assert words(answer).count("Dòng này còn thiếu phần này") == 4, "twice at its field, twice in the summary"
    answer = form(**{"difficulty_lines": "1", "difficulty_0-cause": "Chưa được đào tạo"})
    assert words(answer).count("Dòng này còn thiếu phần này") == 6, "a cause is one of a difficulty"
    answer = form(**{"proposal_lines": "1", "proposal_0-budget": "5"})
    assert "Ghi nội dung đề xuất" in words(answer)


def test_an_added_line_keeps_the_version_that_the_page_was_opened_with(
    form: Any, cast: Cast, period: ReportingPeriod
) -> None:
    made = Submission.objects.select_related("obligation__period__plan", "obligation__unit").get()
    said: Any = {"figures": RIGHT, "narrative": "Cửa sổ khác.", "nil": False}
    submissions.save_draft(actor=cast.focal.actor, submission=made, version=0, **said)
    assert 'name="version" value="0"' in form(line="add-proposal").content.decode()
    assert 'name="version" value="0"' in form(**{"money-budget": "x"}).content.decode()
    assert form().status_code == 409


def test_a_number_that_changed_while_lines_were_added_is_judged_again(form: Any, cast: Cast) -> None:
    before = form(line="add-proposal").content.decode()
    assert before.count("checked") == 2
    line(cast, course(cast), "Lê Văn A")
    assert form(line="add-proposal").content.decode().count("checked") == 0


# -- what is shown and frozen


def test_the_form_shows_the_units_tasks_with_last_years_words(
    sign_in: Any, cast: Cast, plan: Plan, period: ReportingPeriod
) -> None:
    last_years(cast, plan, FULL)
    made = submissions.start_submission(actor=cast.focal.actor, obligation=owed(period))
    shown = words(page(sign_in, cast, "focal", "submission", owed(period).code))
    assert "Tổ chức hội nghị về đo lường" in shown
    assert "Kiểm tra cân tại chợ" in shown
    assert "Đào tạo kiểm định viên" not in shown
    assert "Năm trước: Đã mở hai hội nghị." in shown
    assert made.draft["proposals"][0]["words"] == "Mở ba lớp tập huấn", "last year's proposals stand to be changed"
    assert "tasks" not in made.draft, "last year's results do not"


def test_what_was_sent_is_frozen_with_the_printed_words_of_its_tasks(cast: Cast, period: ReportingPeriod) -> None:
    content = sent(cast, period).content
    assert content
    assert content.parts["tasks"]["PL.I.1"] == {
        "order": 0, "label": "I.1", "title": "Tổ chức hội nghị về đo lường",
        "status": "done", "words": "Đã mở hai hội nghị.",
    }  # fmt: skip
    assert content.parts["money"] == {"budget": 120_000_000, "enterprise": 0}
    assert content.parts["difficulties"] == [
        {"kind": "people", "words": "Thiếu kiểm định viên.", "to": "department", "cause": "Chưa được đào tạo."}
    ]
    assert Parts.of(content.parts).proposals == FULL.proposals
    assert content.sealed_sha256() == content.sha256


def test_the_leader_reads_every_part_and_money_in_million(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    step(written(cast, period), "present", cast.focal)
    shown = words(page(sign_in, cast, "leader", "submission", owed(period).code))
    for said in ("Đã mở hai hội nghị.", "Ngân sách nhà nước", "120", "Nguyên nhân: Chưa được đào tạo.", "Mở ba lớp"):
        assert said in shown
    assert "Không phát sinh" in shown
    assert "120000000" not in shown


def test_what_is_not_said_reads_so_and_is_not_nil(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    made = written(cast, period, Parts(tasks=TASKS, none=["proposals"]))
    step(made, "present", cast.focal)
    shown = words(page(sign_in, cast, "leader", "submission", owed(period).code))
    assert shown.count("Chưa nêu.") == 2
    assert "Không có đề xuất cho năm sau." in shown


def test_a_report_that_comes_again_shows_what_changed_since_the_last_attempt(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    following = step(sent(cast, period), "return_lines", cast.specialist, note="bổ sung", lines=["tasks"])
    changed = Parts(
        tasks={**TASKS, "PL.I.1": TaskWord("done", "Đã mở ba hội nghị.")},
        money=FULL.money,
        proposals=[Proposal("", "Mua bộ chuẩn", {})],
    )
    said: Any = {"figures": RIGHT, "narrative": "Hai lớp.", "nil": False, "parts": changed}
    submissions.save_draft(actor=cast.focal.actor, submission=following, version=following.draft_version, **said)
    step(following, "present", cast.focal)
    shown = words(page(sign_in, cast, "leader", "submission", owed(period).code))
    assert "Khác lần gửi trước: Đã hoàn thành. Đã mở hai hội nghị." in shown
    assert "Mới so với lần gửi trước" in shown
    assert "Không còn so với lần gửi trước: Thiếu kiểm định viên. Mở ba lớp tập huấn" in shown
    assert "Khác lần gửi trước; xem lời cũ" in shown


def test_nothing_is_marked_where_nothing_changed(cast: Cast, period: ReportingPeriod) -> None:
    following = step(sent(cast, period), "return_lines", cast.specialist, note="đọc lại", lines=["narrative"])
    attempts = unit_reports.attempts_of(following.obligation)
    assert attempts.before
    printed = unit_reports.printed(attempts, attempts.before.parts)
    assert not any(entry.changed for section in printed.sections for entry in section.entries)
    assert (printed.gone, printed.narrative_before) == ([], "")


@pytest.mark.parametrize("who", ["focal", "leader", "specialist"])
def test_a_full_report_costs_at_most_12_queries(
    sign_in: Any, cast: Cast, plan: Plan, period: ReportingPeriod, django_assert_max_num_queries: Any, who: str
) -> None:
    last_years(cast, plan, FULL)
    made = written(cast, period)
    for verb, person in (("present", cast.focal), ("approve", cast.leader), ("send", cast.focal)):
        browser, url = (
            sign_in(getattr(cast, who), fresh=True),
            reverse("reporting:submission", args=[owed(period).code]),
        )
        browser.get(url)
        with django_assert_max_num_queries(12):
            assert browser.get(url).status_code == 200
        step(made, verb, person)
