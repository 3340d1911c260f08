"""Figures computed beforehand: equal to live ones, shown with their as-of, never used where a number is settled."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from chuan.audit.outbox import enqueue
from chuan.lib import clock
from chuan.lib.dates import Window
from chuan.organisations.services import merge_people
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan
from chuan.reporting import drafts, jobs, overview, queries, renewal, states
from chuan.reporting.evidence import evidence_of
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import FigureState, Report, ReportingPeriod, StateRows
from chuan.reporting.queries import Figure, Listing
from chuan.reporting.services import reports
from chuan.reporting.services.figures import freeze_figure, propose_definition
from chuan.reporting.states import Question
from chuan.training.services import correct_attendance
from tests.assurance.builders import version
from tests.cast import SYSTEM, Cast
from tests.instruments.builders import kind
from tests.laboratories.builders import availability, laboratory
from tests.reporting.asking import AT, figure
from tests.reporting.test_ct1 import covered
from tests.reporting.test_ct3 import enterprise
from tests.reporting.test_ct4_ct5 import accredited, assessed
from tests.reporting.test_pages import words
from tests.reporting.test_report import period
from tests.training.builders import course, line, person_of, said_of

__all__ = ["period"]

HEADLINE = Question("CT2")


@pytest.fixture
def large(settings: Any) -> None:
    """Every register is large."""
    settings.LIVE_ROWS = 0


@pytest.fixture
def register(cast: Cast) -> dict[str, Any]:
    """Three courses: people who count, twice, after a merge, elsewhere, not; a claimed count; other registers too."""
    first, second = course(cast), course(cast, start=date(2025, 6, 1), end=date(2025, 6, 3), place=cast.unit("h-ct"))
    kept = [line(cast, first, name) for name in ("Lê Văn A", "Lê Văn B", "Lê Văn C", "Lê Văn D")]
    again = line(cast, second, "", person=said_of(kept[0]).person)
    same = line(cast, second, "Lê Văn Bê")
    duplicate, canonical = person_of(said_of(same)), person_of(said_of(kept[1]))
    merge_people(actor=cast.specialist.actor, duplicate=duplicate, canonical=canonical, basis="cùng người")
    line(cast, first, "Bỏ Giữa Chừng", completed=False)
    line(cast, second, "Giảng Viên", role="lecturer")
    line(cast, course(cast, kind="conference"), "Người Dự")
    line(cast, course(cast, place=None), headcount=45)
    line(cast, course(cast), headcount=30)
    lab, balance = laboratory(cast), kind(cast)
    covered(cast, balance, lab)
    covered(cast, kind(cast, "Cân ô tô"), lab, activity="testing")
    availability(cast, lab, balance, date(2022, 5, 1))
    accredited(cast, lab)
    assessed(cast, lab)
    for name in ("Doanh nghiệp Một", "Doanh nghiệp Hai"):
        version(cast, unit=enterprise(cast, name))
    version(cast, unit=enterprise(cast, "Doanh nghiệp Ba"), approved_on=None, approver="")
    return {"lines": kept, "again": again}


def live(plan: Plan, question: Question, at: date = AT) -> Figure:
    return states.live(plan, question, at=at, known=clock.now())


def current(plan: Plan, question: Question = HEADLINE, at: date = AT) -> Figure:
    return states.current(plan, question, at=at, known=clock.now())


def refreshed(plan: Plan, question: Question = HEADLINE, **wrong: Any) -> FigureState:
    """The question's state; with facts that no register holds, so that who reads it is found out."""
    state = renewal.refresh(plan, question)
    assert state is not None
    FigureState.objects.filter(pk=state.pk).update(**wrong) if wrong else None
    return state


def later(hours: int = 1) -> Any:
    return clock.at(clock.now() + timedelta(hours=hours))


def spoil(cast: Cast, register: dict[str, Any]) -> None:
    """One of the people did not complete the course after all."""
    correct_attendance(actor=cast.focal.actor, seen=said_of(register["lines"][2]), reason="vắng", completed=False)


@pytest.mark.usefixtures("register")
def test_a_state_of_a_small_register_is_not_used(plan: Plan, settings: Any) -> None:
    refreshed(plan, value=999, candidates=settings.LIVE_ROWS)
    assert current(plan).value == 4
    assert current(plan).as_of is None
    assert {glance.as_of for glance in overview.of_plan(plan, AT)} == {None}


@pytest.mark.usefixtures("register")
def test_an_office_is_asked_for_states_once_a_minute(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    current(plan)
    with CaptureQueriesContext(connection) as captured:
        current(plan)
    assert not [q for q in captured.captured_queries if "figurestate" in q["sql"]]
    monkeypatch.setattr(states, "LOOK", 0)
    with CaptureQueriesContext(connection) as captured:
        current(plan)
    assert [q for q in captured.captured_queries if "figurestate" in q["sql"]]


@pytest.mark.usefixtures("register", "large")
def test_a_figure_is_frozen_live_whatever_a_state_says(plan: Plan) -> None:
    refreshed(plan, value=999, groups=[], members_sha256="0" * 64)
    frozen = freeze_figure(
        actor=SYSTEM, plan=plan, indicator_id="CT2", frame=Frame.COMPARABLE,
        window=plan.cumulative_window(AT), at=AT, purpose="thử",
    )  # fmt: skip
    assert frozen.value == 4
    assert frozen.result() == figure(plan, "CT2").result()
    assert queries.recompute(frozen).result() == frozen.result()


@pytest.mark.usefixtures("register", "large")
def test_a_state_of_another_definition_is_none_and_goes_with_the_next(plan: Plan) -> None:
    old = refreshed(plan, definition_sha256="1" * 64)
    assert current(plan).as_of is None
    refreshed(plan)
    assert not FigureState.objects.filter(pk=old.pk).exists()
    assert current(plan).as_of is not None


@pytest.mark.usefixtures("register", "large")
def test_another_day_is_asked_of_the_register_itself(plan: Plan) -> None:
    refreshed(plan)
    assert current(plan, at=date(2025, 12, 31)).as_of is None
    assert current(plan, Question("CT2", year=2025)).as_of is None


def told(found: Figure) -> dict[str, Any]:
    """Everything that a page or a paper takes from a figure."""
    indicator = found.indicator
    named = evidence_of(indicator.spec.id).named
    pages = {which: found.page(which, named, 0, 20) for which in Listing}
    return {
        **found.result(),
        "scope": (found.scope.window, found.scope.at, found.scope.known, found.frame),
        "readings": [reading.plain() for reading in found.readings],
        "flag": found.flag,
        "windows": dict(found.in_windows),
        "counts": (found.candidates, found.excluded, found.counted, found.duplicates, found.not_counted),
        "companions": found.companions,
        "members": found.member_ids,
        "lists": {which: [evidence_of(indicator.spec.id).record(row) for row in rows] for which, rows in pages.items()},
        "reasons": [indicator.reasons(found.scope, row) for row in pages[Listing.EXCLUDED]],
        "through": [row.counted_in for row in pages[Listing.DOUBLES]],
    }


@pytest.mark.usefixtures("register", "large")
@pytest.mark.parametrize("code", sorted(INDICATORS))
@pytest.mark.parametrize("frame", Frame)
def test_a_state_says_what_the_live_figure_says(plan: Plan, code: str, frame: Frame) -> None:
    for year in (states.SINCE_PLAN, 2025, 2026):
        question = Question(code, frame, year)
        kept = states.stored(plan, FigureState.objects.get(pk=refreshed(plan, question).pk))
        assert told(kept) == told(live(plan, question)), (code, frame, year)
        assert kept.candidates > 0


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("code", sorted(INDICATORS))
def test_a_state_of_an_empty_register_misses_no_target(cast: Cast, plan: Plan, code: str) -> None:
    kept = states.stored(plan, refreshed(plan, Question(code)))
    assert told(kept) == told(live(plan, Question(code)))


@pytest.mark.usefixtures("register", "large")
@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_list_is_read_across_its_blocks(plan: Plan, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(StateRows, "SIZE", size)
    refreshed(plan)
    kept, counted = current(plan), live(plan, HEADLINE)
    named = evidence_of("CT2").named
    for which in Listing:
        for start in range(4):
            pks = [[row.pk for row in one.page(which, named, start, start + 3)] for one in (kept, counted)]
            assert pks[0] == pks[1], (which, start)
    assert kept.member_ids == counted.member_ids
    assert set(StateRows.objects.values_list("listing", flat=True)) == set(Listing)


@pytest.mark.usefixtures("large")
def test_a_page_shows_what_was_and_that_it_is_being_computed_anew(
    cast: Cast, plan: Plan, register: dict[str, Any], sign_in: Any
) -> None:
    refreshed(plan)
    browser, url = sign_in(cast.specialist, fresh=True), reverse("reporting:figure", args=["CT2"])
    shown = words(browser.get(url))
    assert "Theo dữ liệu lúc 08:00 11/12/2026" in shown
    assert "đang tính lại" not in shown
    with later():
        spoil(cast, register)
        for page in (url, reverse("reporting:figures"), "/"):
            said = words(browser.get(page))
            assert "Theo dữ liệu lúc 08:00 11/12/2026; sổ đã có thay đổi, đang tính lại" in said, page
        assert current(plan).value == 4
        refreshed(plan)
        assert current(plan).value == 3
        assert "Theo dữ liệu lúc 09:00 11/12/2026" in words(browser.get(url))


@pytest.mark.usefixtures("register", "large")
def test_a_report_being_written_shows_what_is_kept_and_is_frozen_from_the_register(
    cast: Cast, period: ReportingPeriod, sign_in: Any
) -> None:
    reports.start_report(actor=cast.specialist.actor, period=period)
    refreshed(period.plan, Question("CT2", year=2026), value=777)
    report = Report.objects.get()
    shown = {figure["indicator"]: figure for figure in drafts.live_figures(report.period)}
    assert shown["CT2"]["value"] == 777
    assert shown["CT2"]["as_of"] is not None
    assert {code for code, told in shown.items() if told.get("as_of")} == {"CT2"}
    url = reverse("reporting:report", args=[report.code])
    assert "Theo dữ liệu lúc" in words(sign_in(cast.specialist, fresh=True).get(url))
    frozen = {figure["indicator"]: figure["value"] for figure in drafts.snapshot(report)["figures"]}
    assert frozen["CT2"] == 4


@pytest.mark.usefixtures("register", "large")
def test_on_the_next_day_a_page_says_up_to_which_day_it_counts(cast: Cast, plan: Plan, sign_in: Any) -> None:
    refreshed(plan)
    with later(24):
        shown = words(sign_in(cast.specialist, fresh=True).get(reverse("reporting:figure", args=["CT2"])))
        assert "Tính đến hết ngày 11/12/2026" in shown
        assert renewal.most_wanted(clock.now()) == (plan, Question("CT1a"))
        for code in ("CT1a", "CT1b"):
            refreshed(plan, Question(code))
        assert renewal.most_wanted(clock.now()) == (plan, HEADLINE)


@pytest.mark.usefixtures("register", "large")
@pytest.mark.parametrize("tab", ["counted", "excluded", "doubles", "breakdown", "definition", "issued"])
def test_each_tab_of_a_large_register_is_shown_from_the_state_in_few_queries(
    cast: Cast, plan: Plan, sign_in: Any, django_assert_max_num_queries: Any, tab: str
) -> None:
    browser, url = sign_in(cast.specialist, fresh=True), reverse("reporting:figure", args=["CT2"])
    without = words(browser.get(url, {"tab": tab}))
    refreshed(plan)
    with django_assert_max_num_queries(12):
        answer = browser.get(url, {"tab": tab})
    assert words(answer).replace("Theo dữ liệu lúc 08:00 11/12/2026 ", "") == without


@pytest.mark.usefixtures("register", "large")
def test_a_page_writes_nothing(cast: Cast, plan: Plan, sign_in: Any) -> None:
    browser = sign_in(cast.specialist, fresh=True)
    browser.get("/")
    for page in ("/", reverse("reporting:figures"), reverse("reporting:figure", args=["CT2"])):
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(page).status_code == 200
        assert [q["sql"] for q in captured.captured_queries if not q["sql"].startswith("SELECT")] == []
    assert not FigureState.objects.exists()
    assert not DBTaskResult.objects.exists()


@pytest.mark.usefixtures("cast")
def test_nothing_is_wanted_without_a_plan(settings: Any) -> None:
    settings.LIVE_ROWS = 0
    _keep_up_to_nothing()


@pytest.mark.usefixtures("plan", "register")
def test_nothing_is_wanted_of_small_registers(settings: Any) -> None:
    settings.LIVE_ROWS = 50_000
    _keep_up_to_nothing()


def _keep_up_to_nothing() -> None:
    renewal.keep_up()
    jobs.refresh_figures()
    assert not DBTaskResult.objects.exists()
    assert not FigureState.objects.exists()


@pytest.mark.usefixtures("register", "large")
def test_the_worker_is_asked_once_and_behind_all_other_work(plan: Plan) -> None:
    renewal.keep_up()
    enqueue("chuan.reporting.jobs.print_papers", 1)
    renewal.keep_up()
    first, last = DBTaskResult.objects.all()
    assert first.args_kwargs["args"] == ["chuan.reporting.jobs.print_papers", [1]]
    assert last.args_kwargs["args"] == ["chuan.reporting.jobs.refresh_figures", []]
    DBTaskResult.objects.filter(pk=last.pk).update(status="SUCCESSFUL")
    renewal.keep_up()
    assert DBTaskResult.objects.count() == 2


@pytest.mark.usefixtures("register", "large")
def test_all_figures_are_kept_where_one_register_is_large_the_headlines_first(plan: Plan) -> None:
    wanted = renewal.standing(plan, AT)
    assert wanted[: len(INDICATORS)] == [Question(code) for code in INDICATORS]
    assert set(wanted) == {Question(c, f, y) for c in INDICATORS for f in Frame for y in (0, *range(2020, 2027))}


@pytest.fixture
def few(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    """Three standing questions."""
    questions = [HEADLINE, Question("CT2", year=2026), Question("CT2", Frame.AS_IT_WAS)]
    monkeypatch.setattr(renewal, "standing", lambda plan, today: questions)
    return questions


@pytest.mark.usefixtures("register", "large")
@pytest.mark.parametrize(("turn", "done"), [(0, 1), (60, 3)])
def test_a_job_takes_turns_with_others(few: list[Question], monkeypatch: Any, turn: int, done: int) -> None:
    monkeypatch.setattr(jobs, "TURN", turn)
    jobs.refresh_figures()
    assert [FigureState.objects.filter(**one.keys).exists() for one in few] == [n < done for n in range(3)]
    assert (renewal.most_wanted(clock.now()) is None) == (done == 3)


@pytest.mark.usefixtures("large")
def test_a_state_rests_before_it_is_computed_again_the_less_asked_ones_longer(
    cast: Cast, plan: Plan, register: dict[str, Any], few: list[Question]
) -> None:
    for question in few:
        refreshed(plan, question)
    FigureState.objects.update(seconds=60)
    spoil(cast, register)
    assert renewal.most_wanted(clock.now() + timedelta(seconds=599)) is None
    assert renewal.most_wanted(clock.now() + timedelta(seconds=600)) == (plan, few[0])
    with clock.at(clock.now() + timedelta(seconds=600)):
        refreshed(plan, few[0])
        assert renewal.most_wanted(clock.now()) is None
        assert renewal.most_wanted(clock.now() + timedelta(seconds=600)) == (plan, few[1])


@pytest.mark.usefixtures("register", "large")
def test_two_refreshes_of_one_question_leave_one_state(plan: Plan) -> None:
    first = refreshed(plan)
    blocks = StateRows.objects.count()
    second = refreshed(plan)
    assert first.pk != second.pk
    assert (FigureState.objects.count(), StateRows.objects.count()) == (1, blocks)
    assert told(current(plan)) == told(live(plan, HEADLINE))


@pytest.mark.usefixtures("register", "large")
def test_of_two_workers_at_one_question_one_leaves_its_answer(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = refreshed(plan)
    monkeypatch.setattr(QuerySet, "delete", lambda rows: None)
    assert renewal.refresh(plan, HEADLINE) is None
    assert [state.pk for state in FigureState.objects.all()] == [kept.pk]


@pytest.mark.usefixtures("large")
def test_an_answer_that_somebody_wrote_into_is_not_kept(
    cast: Cast, plan: Plan, register: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = states.whole

    def disturbed(*args: Any, **more: Any) -> Any:
        found = whole(*args, **more)
        spoil(cast, register)
        return found

    monkeypatch.setattr(renewal, "whole", disturbed)
    assert renewal.refresh(plan, HEADLINE) is None
    assert not FigureState.objects.exists()


@pytest.mark.usefixtures("register", "large")
def test_deeds_that_no_figure_reads_leave_a_state_as_it_is(cast: Cast, plan: Plan) -> None:
    refreshed(plan)
    propose_definition(actor=cast.specialist.actor, indicator_id="CT2", note="thử")
    assert current(plan).as_of == queries.AsOf(clock.now(), moved=False)
    assert renewal.most_wanted(clock.now() + timedelta(days=0.5)) != (plan, HEADLINE)


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("code", sorted(INDICATORS))
def test_no_figure_reads_what_those_deeds_write(plan: Plan, code: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        told(figure(plan, code, also=[Window(date(2025, 1, 1), date(2025, 12, 31))]))
    prefixes = tuple(f'"{context[:-1]}_' for context in states.IDLE)
    assert [q["sql"] for q in captured.captured_queries if any(p in q["sql"] for p in prefixes)] == []
    assert captured.captured_queries
