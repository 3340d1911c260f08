"""When reports are due and who owes them: dated rules with their documents, ad hoc periods, added and waived units."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chuan.ledger.errors import Superseded
from chuan.lib import clock
from chuan.lib.dates import Window
from chuan.programme.models import Plan
from chuan.reporting import obligations, regime
from chuan.reporting.collecting import due
from chuan.reporting.errors import Blocked, NotAllowed, ReasonNeeded
from chuan.reporting.models import Obligation, RegimeRule, ReportingPeriod, Waiver
from chuan.reporting.services import periods, submissions
from tests.cast import SYSTEM, Cast
from tests.reporting.test_pages import obligation, page, words
from tests.reporting.test_report import period, sent

__all__ = ["period"]

FROM = date(2021, 1, 1)


def rule(cast: Cast, plan: Plan, **facts: Any) -> RegimeRule:
    usual: dict[str, Any] = {"topic": "ministry", "month": 12, "day": 20, "valid_from": FROM, "document": "CV 1"}
    return periods.set_rule(actor=cast.specialist.actor, plan=plan, **{**usual, **facts})


def falls(plan: Plan, topic: str, year: int) -> regime.Falls | None:
    return regime.falls(regime.rules_of(plan), topic, year)


def ad_hoc(cast: Cast, plan: Plan, **facts: Any) -> ReportingPeriod:
    usual: dict[str, Any] = {
        "year": 2026, "title": "Báo cáo đột xuất về cân", "deadline": date(2026, 12, 30), "letter": "CV 9",
        "window": Window(date(2026, 1, 1), date(2026, 11, 30)), "units": [(cast.unit("so-ct"), "CV 9")],
    }  # fmt: skip
    return periods.open_period(actor=cast.specialist.actor, plan=plan, **{**usual, **facts})


# -- refusals


def test_rules_periods_and_waivers_are_the_specialists(cast: Cast, plan: Plan, period: ReportingPeriod) -> None:
    for name in ("focal", "leader", "head", "director", "clerk", "auditor", "administrator"):
        actor = getattr(cast, name).actor
        calls: list[Any] = [
            lambda a=actor: periods.set_rule(
                actor=a, plan=plan, topic="ministry", month=1, day=1, valid_from=FROM, document="x"
            ),
            lambda a=actor: periods.ship_regime(actor=a, plan=plan),
            lambda a=actor: periods.add_obligation(
                actor=a, period=period, unit=cast.unit("so-tc"), basis="x", document="x"
            ),
            lambda a=actor: periods.waive(actor=a, obligation=obligation(period), document="x", dated=FROM, reason="x"),
        ]
        for call in calls:
            with pytest.raises(NotAllowed):
                call()


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"document": ""}, ReasonNeeded),
        ({"valid_to": FROM}, Blocked),
        ({"month": 2, "day": 29}, Blocked),
        ({"month": None}, Blocked),
    ],
)
def test_a_rule_without_a_document_a_range_or_a_day_is_refused(
    cast: Cast, plan: Plan, facts: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        rule(cast, plan, **facts)


def test_two_rules_of_a_topic_never_hold_on_one_day(cast: Cast, plan: Plan) -> None:
    rule(cast, plan, valid_to=date(2025, 1, 1))
    with pytest.raises(Blocked):
        rule(cast, plan, valid_from=date(2024, 12, 31))
    rule(cast, plan, valid_from=date(2025, 1, 1), day=15)
    rule(cast, plan, topic="committee")


def test_a_rule_is_taken_back_once_and_with_a_reason(cast: Cast, plan: Plan) -> None:
    made = rule(cast, plan)
    with pytest.raises(ReasonNeeded):
        periods.end_rule(actor=cast.specialist.actor, rule=made, reason="")
    periods.end_rule(actor=cast.specialist.actor, rule=made, reason="nhầm")
    with pytest.raises(Superseded):
        periods.end_rule(actor=cast.specialist.actor, rule=RegimeRule.objects.get(pk=made.pk), reason="nhầm")


def test_a_period_that_closes_before_it_ends_is_refused(cast: Cast, plan: Plan) -> None:
    with pytest.raises(Blocked):
        ad_hoc(cast, plan, cut_off=date(2026, 11, 29))
    with pytest.raises(Blocked):
        ad_hoc(cast, plan, deadline=date(2025, 12, 31))


def test_a_waiver_needs_a_document_a_reason_and_a_report_that_has_not_arrived(
    cast: Cast, period: ReportingPeriod
) -> None:
    usual: dict[str, Any] = {"document": "CV 12", "dated": date(2026, 12, 1), "reason": "mới thành lập"}
    for facts, error in (({"document": " "}, ReasonNeeded), ({"reason": ""}, ReasonNeeded)):
        with pytest.raises(error):
            periods.waive(actor=cast.specialist.actor, obligation=obligation(period), **{**usual, **facts})
    later = {**usual, "dated": date(2026, 12, 12)}
    with pytest.raises(Blocked):
        periods.waive(actor=cast.specialist.actor, obligation=obligation(period), **later)
    sent(cast, period)
    with pytest.raises(Blocked):
        periods.waive(actor=cast.specialist.actor, obligation=obligation(period), **usual)


# -- the regime


def test_a_plan_ships_the_deadline_that_it_prints_and_none_that_it_does_not(cast: Cast, plan: Plan) -> None:
    assert falls(plan, "units", 2026) is None
    periods.ship_regime(actor=SYSTEM, plan=plan)
    assert periods.ship_regime(actor=SYSTEM, plan=plan) == [], "shipped once"
    units = falls(plan, "units", 2026)
    assert units
    assert (units.due.falls, units.checked) == (date(2026, 12, 10), True)
    assert falls(plan, "committee", 2026) is None
    assert falls(plan, "ministry", 2026) is None


def test_a_deadline_on_a_day_off_follows_a_rule_that_nobody_checked_and_says_so(cast: Cast, plan: Plan) -> None:
    periods.ship_regime(actor=SYSTEM, plan=plan)
    sunday = falls(plan, "units", 2028)
    assert sunday
    assert (sunday.due.printed, sunday.due.falls, sunday.checked) == (date(2028, 12, 10), date(2028, 12, 11), False)
    assert sunday.basis.endswith("(chưa đối chiếu)")
    assert "10/12/2028 là ngày nghỉ" in sunday.basis


@pytest.mark.parametrize(
    ("how", "day"), [("same", date(2028, 12, 10)), ("next", date(2028, 12, 11)), ("before", date(2028, 12, 8))]
)
def test_what_becomes_of_a_day_off(how: str, day: date) -> None:
    assert due(date(2028, 12, 10), how).falls == day


def test_a_rule_holds_for_deadlines_within_its_dates(cast: Cast, plan: Plan) -> None:
    rule(cast, plan, valid_to=date(2026, 1, 1))
    rule(cast, plan, valid_from=date(2026, 1, 1), day=18)
    found = {year: one.due.falls if (one := falls(plan, "ministry", year)) else None for year in (2020, 2025, 2026)}
    assert found == {2020: None, 2025: date(2025, 12, 20), 2026: date(2026, 12, 18)}


# -- periods and who owes


def test_an_ad_hoc_period_has_its_own_days_and_stands_beside_the_years(
    sign_in: Any, cast: Cast, plan: Plan, period: ReportingPeriod
) -> None:
    made = ad_hoc(cast, plan)
    again = ad_hoc(cast, plan, title="Báo cáo đột xuất về xăng dầu")
    assert (made.code, again.code) == ("KH-2828-2026-DX1", "KH-2828-2026-DX2")
    assert (made.first, made.last, made.cut_off) == (date(2026, 1, 1), date(2026, 11, 30), None)
    assert obligations.open_period(clock.today()) == period
    shown = words(page(sign_in, cast, "specialist", "tracking", query=f"?period={made.code}"))
    assert "Báo cáo đột xuất về cân" in shown
    assert "Hạn nộp 30/12/2026" in shown
    mine = [row.obligation.period for row in obligations.owed(cast.unit("so-ct").pk, today=clock.today())]
    assert mine == [period, made, again]
    assert "Báo cáo đột xuất về cân" in words(sign_in(cast.focal, fresh=True).get("/"))


def test_a_years_reporting_is_opened_once(cast: Cast, plan: Plan, period: ReportingPeriod) -> None:
    with pytest.raises(Blocked):
        submissions.open_period(
            actor=cast.specialist.actor, plan=plan, year=2026, deadline=date(2026, 12, 10), letter="", units=[]
        )


def test_an_added_unit_owes_from_that_day_by_a_document(cast: Cast, period: ReportingPeriod) -> None:
    said: Any = {"actor": cast.specialist.actor, "period": period, "unit": cast.unit("so-tc"), "basis": "Mục IV"}
    with pytest.raises(ReasonNeeded):
        periods.add_obligation(**said, document=" ")
    made = periods.add_obligation(**said, document="Công văn 77")
    assert (made.since, made.document) == (date(2026, 12, 11), "Công văn 77")
    with pytest.raises(Blocked):
        periods.add_obligation(**said, document="Công văn 77")


def test_a_waived_unit_is_neither_late_nor_missing_nor_writes_until_the_waiver_ends(
    cast: Cast, period: ReportingPeriod
) -> None:
    owed = obligation(period)
    periods.waive(
        actor=cast.specialist.actor, obligation=owed, document="CV 12", dated=date(2026, 12, 1), reason="mới lập"
    )
    row = next(r for r in obligations.tracking(period, today=clock.today()) if r.obligation == owed)
    assert (row.state, row.overdue_days, row.is_missing) == ("waived", 0, False)
    with pytest.raises(Blocked):
        submissions.start_submission(actor=cast.focal.actor, obligation=owed)
    periods.end_waiver(actor=cast.specialist.actor, waiver=Waiver.objects.get(), reason="đã kiện toàn")
    submissions.start_submission(actor=cast.focal.actor, obligation=owed)


# -- pages


def test_the_regimes_page_says_what_nobody_entered_and_takes_a_rule(sign_in: Any, cast: Cast, plan: Plan) -> None:
    periods.ship_regime(actor=SYSTEM, plan=plan)
    shown = words(page(sign_in, cast, "director", "regime"))
    assert shown.count("Chưa ai nhập; Kế hoạch không ghi hạn này.") == 2
    assert "chưa đối chiếu" in shown
    assert "Ghi quy tắc" not in shown
    browser, url = sign_in(cast.specialist, fresh=True), reverse("reporting:regime")
    data = {"topic": "committee", "day": "18", "month": "12", "valid_from": "01/01/2026", "document": "CV 5"}
    assert browser.post(url, {**data, "day": ""}).status_code == 422
    assert browser.post(url, {**data, "topic": "day_off"}).status_code == 422
    assert browser.post(url, data).status_code == 302
    assert "18/12/2026" in words(browser.get(url))
    made = RegimeRule.objects.get(topic="committee")
    end = reverse("reporting:end-rule", args=[made.pk])
    assert browser.post(end, {"note": ""}).status_code == 409
    assert browser.post(end, {"note": "nhầm"}).status_code == 302
    assert browser.post(end, {"note": "nhầm lần nữa"}).status_code == 409


def test_the_form_of_a_period_proposes_the_rules_deadline_and_keeps_where_it_comes_from(
    sign_in: Any, cast: Cast, plan: Plan
) -> None:
    periods.ship_regime(actor=SYSTEM, plan=plan)
    browser, url = sign_in(cast.specialist, fresh=True), reverse("reporting:new-period")
    assert 'value="10/12/2026"' in browser.get(url).content.decode()
    data = {"year": "2026", "deadline": "10/12/2026", "basis": "Mục IV", "units": ["so-ct", "so-yt"]}
    half = browser.post(url, {**data, "first": "01/01/2026"})
    assert half.status_code == 422
    assert "Ghi cả ngày đầu và ngày cuối" in words(half)
    assert browser.post(url, data).status_code == 302
    made = ReportingPeriod.objects.get()
    assert "thời hạn báo cáo định kỳ" in made.deadline_basis
    assert browser.post(url, data).status_code == 422, "a second one of the year"


def test_the_periods_page_adds_and_waives(
    sign_in: Any, cast: Cast, period: ReportingPeriod, django_assert_max_num_queries: Any
) -> None:
    browser, url = sign_in(cast.specialist, fresh=True), reverse("reporting:period", args=[period.code])
    browser.get(url)
    with django_assert_max_num_queries(12):
        assert "Chưa ai nhập" in words(browser.get(url))
    add = reverse("reporting:add-obligation", args=[period.code])
    assert browser.post(add, {"unit": "so-tc", "basis": "Mục IV", "document": ""}).status_code == 422
    assert browser.post(add, {"unit": "so-tc", "basis": "Mục IV", "document": "CV 77"}).status_code == 302
    assert browser.post(add, {"unit": "so-tc", "basis": "Mục IV", "document": "CV 77"}).status_code == 409
    code = Obligation.objects.get(unit__code="so-tc").code
    waive = reverse("reporting:waive", args=[code])
    assert browser.post(waive, {"document": "CV 78", "dated": "31/02/2026", "reason": "x"}).status_code == 422
    assert browser.post(waive, {"document": "CV 78", "dated": "10/12/2026", "reason": "giải thể"}).status_code == 302
    assert "CV 78 ngày 10/12/2026" in words(browser.get(url))
    assert browser.post(reverse("reporting:end-waiver", args=[code]), {"note": ""}).status_code == 409
    assert browser.post(reverse("reporting:end-waiver", args=[code]), {"note": "lại có"}).status_code == 302
    assert page(sign_in, cast, "focal", "period", period.code).status_code == 403
