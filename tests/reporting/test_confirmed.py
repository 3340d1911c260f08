"""A unit confirms every figure of whose register it keeps or claims a record, and no other."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chuan.assurance.register import VERSIONS
from chuan.programme.models import Plan
from chuan.registers.services import claim_record
from chuan.reporting import confirmed, obligations
from chuan.reporting.collecting import Parts
from chuan.reporting.models import Obligation, ReportingPeriod, Submission
from chuan.reporting.queries import Share
from chuan.reporting.services import submissions
from tests.assurance.builders import said, version
from tests.cast import Cast
from tests.instruments.builders import kind
from tests.laboratories.builders import laboratory, recognition, scope_line
from tests.reporting.asking import scope_of
from tests.reporting.test_pages import words
from tests.reporting.test_report import RIGHT, period, step
from tests.reporting.test_unit_report import lacks

__all__ = ["period"]
pytestmark = pytest.mark.django_db
NONE = Parts(none=["difficulties", "proposals"])
UNITS = ("so-ct", "so-yt")
APPROVED = {"approved_on": date(2026, 3, 2), "term_from": date(2026, 4, 1), "term_to": date(2028, 3, 31)}


def owed(period: ReportingPeriod, unit: str = "so-ct") -> Obligation:
    return Obligation.objects.select_related("period__plan", "unit").get(period=period, unit__code=unit)


def confirming(period: ReportingPeriod, unit: str) -> dict[str, tuple[int, int | None]]:
    return {line.id: (line.value, line.records) for line in obligations.prefilled(owed(period, unit), {})}


def written(cast: Cast, period: ReportingPeriod, **more: Any) -> Submission:
    made = submissions.start_submission(actor=cast.focal.actor, obligation=owed(period))
    facts: Any = {"figures": RIGHT, "narrative": "Một chương trình.", "nil": False, "parts": NONE, **more}
    submissions.save_draft(actor=cast.focal.actor, submission=made, version=0, **facts)
    return made


def test_a_report_without_its_word_on_a_figure_that_the_unit_has_is_not_handed_on(
    cast: Cast, period: ReportingPeriod
) -> None:
    version(cast, by=cast.focal, **APPROVED)
    assert "CT3" in lacks(cast, written(cast, period))


def test_a_unit_without_a_record_keeps_its_short_page(cast: Cast, period: ReportingPeriod, sign_in: Any) -> None:
    version(cast, by=cast.focal, **APPROVED)
    assert confirming(period, "so-yt") == {"CT2": (0, 0), "CT2-L": (0, 0)}
    submissions.start_submission(actor=cast.other_focal.actor, obligation=owed(period, "so-yt"))
    page = sign_in(cast.other_focal).get(reverse("reporting:submission", args=[owed(period, "so-yt").code]))
    assert "right_CT3" not in page.content.decode()


def test_keeper_and_claimant_confirm_the_same_record(cast: Cast, period: ReportingPeriod) -> None:
    made = version(cast, by=cast.focal, **APPROVED)
    facts = VERSIONS.facts_of(said(made))
    claim_record(actor=cast.other_focal.actor, register=VERSIONS, facts=facts, document="Kế hoạch 12")
    assert confirming(period, "so-ct")["CT3"] == (1, 1)
    assert confirming(period, "so-yt")["CT3"] == (1, 1)


def test_a_draft_of_a_programme_alone_is_confirmed_as_nought(cast: Cast, period: ReportingPeriod) -> None:
    version(cast, by=cast.focal, approved_on=None, approver="")
    assert confirming(period, "so-ct")["CT3"] == (0, 0)


def test_what_is_sent_seals_the_figure_with_its_records(cast: Cast, period: ReportingPeriod, sign_in: Any) -> None:
    version(cast, by=cast.focal, **APPROVED)
    figures = {**RIGHT, "CT3": {"right": True, "missing": "", "seen": 1}}
    made = written(cast, period, figures=figures)
    page = words(sign_in(cast.focal).get(reverse("reporting:submission", args=[owed(period).code])))
    assert "từ 1 bản ghi" in page
    for verb, who in (("present", cast.focal), ("approve", cast.leader), ("send", cast.focal)):
        step(made, verb, who)
    made.refresh_from_db()
    content = made.content
    assert content is not None
    assert confirmed.in_order(content.figures) == ["CT2", "CT2-L", "CT3"]
    assert {name: content.figures["CT3"][name] for name in ("value", "records", "right")} == {
        "value": 1,
        "records": 1,
        "right": True,
    }
    shown = sign_in(cast.specialist).get(reverse("reporting:submission", args=[owed(period).code]))
    assert "từ 1 bản ghi" in words(shown)
    assert 'value="CT3"' in shown.content.decode(), "the line can be returned"


def test_of_many_units_each_has_the_figures_of_its_own(cast: Cast, period: ReportingPeriod) -> None:
    version(cast, by=cast.focal, **APPROVED)
    values = obligations.values_of_units(owed(period))
    held = {unit: [line.id for line in obligations.prefilled(owed(period, unit), {}, values=values)] for unit in UNITS}
    assert held == {"so-ct": ["CT2", "CT2-L", "CT3"], "so-yt": ["CT2", "CT2-L"]}


def test_a_level_that_stands_is_no_work_of_the_year(cast: Cast, plan: Plan) -> None:
    paper = recognition(cast, "ĐK 416", by=cast.laboratory)
    scope_line(cast, laboratory(cast), kind(cast), by=cast.laboratory, recognition_id=paper.pk)
    found = confirmed.of_unit(scope_of(plan), cast.unit("tt-khcn").pk)
    assert set(found) >= {"CT1a", "CT5"}
    level = confirmed.Prefilled(id="CT1a", title="", unit="loại", value=8, right=None, missing="")
    assert not level.happened
    assert confirmed.Prefilled(id="CT3", title="", unit="", value=1, right=None, missing="").happened
    assert confirmed.among({"CT2": {}, "CT3": {}}, 1) == {"CT2": Share(0)}
