"""A dissolved unit's report: one accountable heir by a document, contributors whose days neither gap nor overlap."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chuan.lib import clock
from chuan.lib.dates import Window
from chuan.programme.models import Plan
from chuan.reporting import obligations
from chuan.reporting.collecting import Misfit, misfits
from chuan.reporting.errors import Blocked, NotAllowed, ReasonNeeded
from chuan.reporting.models import Heir, Obligation, ReportingPeriod
from chuan.reporting.services import submissions
from chuan.reporting.services.heirs import decide_heirs
from tests.cast import MERGER, Cast
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import RIGHT, step

WHOLE = Window(date(2024, 12, 15), date(2025, 12, 14))
BEFORE, AFTER = Window(WHOLE.start, date(2025, 6, 30)), Window(MERGER, WHOLE.end)


@pytest.fixture
def period(cast: Cast, plan: Plan) -> ReportingPeriod:
    """2025: owed by Huyện Tân Biên, which ended in the middle of it, and by so-yt."""
    return submissions.open_period(
        actor=cast.specialist.actor, plan=plan, year=2025, deadline=date(2025, 12, 10), letter="",
        cut_off=date(2025, 12, 14),
        units=[(cast.unit("h-tb"), "Mục IV"), (cast.unit("so-yt"), "Mục IV")],
    )  # fmt: skip


def owed(period: ReportingPeriod, unit: str = "h-tb") -> Obligation:
    return Obligation.objects.select_related("period__plan", "unit").get(period=period, unit__code=unit)


def decide(cast: Cast, period: ReportingPeriod, **facts: Any) -> list[Heir]:
    usual: dict[str, Any] = {
        "actor": cast.specialist.actor, "obligation": owed(period), "accountable": cast.unit("so-ct"),
        "document": "Quyết định 5",
    }  # fmt: skip
    return decide_heirs(**{**usual, **facts})


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([BEFORE, AFTER], []),
        ([AFTER, BEFORE], []),
        ([WHOLE], []),
        ([], [(WHOLE, False)]),
        ([BEFORE], [(AFTER, False)]),
        ([AFTER], [(BEFORE, False)]),
        ([BEFORE, WHOLE], [(BEFORE, True)]),
        ([Window(date(2024, 12, 1), WHOLE.end)], [(Window(date(2024, 12, 1), date(2024, 12, 14)), True)]),
        ([Window(WHOLE.start, date(2025, 12, 31))], [(Window(date(2025, 12, 15), date(2025, 12, 31)), True)]),
        (
            [BEFORE, Window(date(2025, 12, 20), date(2025, 12, 31))],
            [(AFTER, False), (Window(date(2025, 12, 15), date(2025, 12, 31)), True)],
        ),
    ],
)
def test_where_windows_do_not_fit(parts: list[Window], found: list[tuple[Window, bool]]) -> None:
    assert misfits(WHOLE, parts) == [Misfit(window, overlaps) for window, overlaps in found]


def test_heirs_are_decided_by_the_specialist_with_a_document(cast: Cast, period: ReportingPeriod) -> None:
    for name in ("focal", "leader", "head", "director", "administrator", "auditor"):
        with pytest.raises(NotAllowed):
            decide(cast, period, actor=getattr(cast, name).actor)
    with pytest.raises(ReasonNeeded):
        decide(cast, period, document=" ")


def test_a_unit_that_stands_has_no_heir_and_one_that_is_gone_is_none(cast: Cast, period: ReportingPeriod) -> None:
    with pytest.raises(Blocked, match="còn hoạt động"):
        decide(cast, period, obligation=owed(period, "so-yt"))
    with pytest.raises(Blocked, match="phải đang hoạt động"):
        decide(cast, period, accountable=cast.unit("h-ct"))


def test_contributors_that_leave_a_gap_or_overlap_are_refused(cast: Cast, period: ReportingPeriod) -> None:
    unit = cast.unit("so-yt")
    with pytest.raises(Blocked) as error:
        decide(cast, period, contributors=[(unit, BEFORE)])
    assert error.value.reasons == ["từ 01/07/2025 đến 14/12/2025 chưa ai phụ trách"]
    with pytest.raises(Blocked) as error:
        decide(cast, period, contributors=[(unit, WHOLE), (cast.unit("so-tc"), AFTER)])
    assert error.value.reasons == ["từ 01/07/2025 đến 14/12/2025 trùng hoặc ngoài kỳ"]
    assert not Heir.objects.exists()


def test_a_later_decision_takes_the_first_ones_place(cast: Cast, period: ReportingPeriod) -> None:
    decide(cast, period, contributors=[(cast.unit("so-yt"), BEFORE), (cast.unit("so-tc"), AFTER)])
    decide(cast, period, accountable=cast.unit("so-tc"))
    assert [(heir.unit.code, heir.duty) for heir in Heir.objects.live()] == [("so-tc", "accountable")]
    assert Heir.objects.count() == 4


def test_without_a_decision_nobody_sends_a_dissolved_units_report(cast: Cast, period: ReportingPeriod) -> None:
    with pytest.raises(NotAllowed):
        submissions.start_submission(actor=cast.focal.actor, obligation=owed(period))


def test_the_accountable_heir_writes_and_sends_and_a_contributor_does_not(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    decide(cast, period, contributors=[(cast.unit("so-yt"), WHOLE)])
    with pytest.raises(NotAllowed):
        submissions.start_submission(actor=cast.other_focal.actor, obligation=owed(period))
    made = submissions.start_submission(actor=cast.focal.actor, obligation=owed(period))
    said: Any = {"figures": RIGHT, "narrative": "Đã tổng hợp.", "nil": False}
    submissions.save_draft(actor=cast.focal.actor, submission=made, version=0, **said)
    for verb, who in (("present", cast.focal), ("approve", cast.leader), ("send", cast.focal)):
        step(made, verb, who)
    row = next(r for r in obligations.tracking(period, today=clock.today()) if r.obligation.unit.code == "h-tb")
    assert row.is_in
    code = owed(period).code
    assert page(sign_in, cast, "focal", "submission", code).status_code == 200
    assert page(sign_in, cast, "other_focal", "submission", code).status_code == 200, "a contributor reads it"
    assert page(sign_in, cast, "unit_clerk", "submission", owed(period, "so-yt").code).status_code == 404
    mine = [r.obligation.code for r in obligations.owed(cast.unit("so-ct").pk, today=clock.today())]
    assert mine == [code]


def test_the_page_decides_and_shows_who(
    sign_in: Any, cast: Cast, period: ReportingPeriod, django_assert_max_num_queries: Any
) -> None:
    browser, url = sign_in(cast.specialist, fresh=True), reverse("reporting:heirs", args=[owed(period).code])
    assert "Chưa xác định đơn vị kế thừa" in words(browser.get(url))
    data = {"accountable": "so-ct", "document": "Quyết định 5", "unit_1": "so-yt", "first_1": "15/12/2024"}
    half = browser.post(url, data)
    assert half.status_code == 422
    assert "Ghi đủ đơn vị" in words(half)
    assert browser.post(url, {**data, "last_1": "01/12/2024"}).status_code == 422
    gap = browser.post(url, {**data, "last_1": "30/06/2025"})
    assert gap.status_code == 422
    assert "từ 01/07/2025 đến 14/12/2025 chưa ai phụ trách" in words(gap)
    assert 'value="15/12/2024"' in gap.content.decode()
    assert browser.post(url, {**data, "last_1": "14/12/2025"}).status_code == 302
    with django_assert_max_num_queries(12):
        shown = words(browser.get(url))
    assert "Sở Công Thương : Chịu trách nhiệm lập và gửi" in shown
    assert "15/12/2024 – 14/12/2025" in shown
    linked = browser.get(reverse("reporting:period", args=[period.code])).content.decode()
    assert f'href="{url}"' in linked
    assert reverse("reporting:heirs", args=[owed(period, "so-yt").code]) not in linked
    assert page(sign_in, cast, "head", "heirs", owed(period).code).status_code == 403
