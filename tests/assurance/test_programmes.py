"""An enterprise's programme: one for each enterprise, versions approved by its head, terms, ends, activities."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from chuan.assurance.errors import NotYours
from chuan.assurance.models import AssuranceProgramme, ProgrammeVersionFacts
from chuan.assurance.policies import visible_activities, visible_versions
from chuan.assurance.queries import running_q
from chuan.assurance.register import ACTIVITIES, VERSIONS
from chuan.assurance.rules import anniversary, in_force, is_at_least_a_year, is_cancelled_before
from chuan.audit.models import AuditEntry
from chuan.registers.errors import AlreadyRecorded, NotAllowed, RecordedElsewhere
from chuan.registers.services import add_record, correct_record, void_record
from tests.assurance.builders import activity, said, version
from tests.cast import Cast

pytestmark = pytest.mark.django_db
TYPED = {
    "unit": "dn-a",
    "number": "1",
    "title": "Chương trình 2026",
    "by_head": "yes",
    "approved_on": "20/12/2025",
    "approver": "Lý Gia Hân",
    "term_from": "01/01/2026",
    "term_to": "31/12/2026",
    "ownership": "private",
}


@pytest.mark.parametrize("who", ["enterprise", "director", "auditor", "unit_clerk"])
def test_whoever_only_reads_records_nothing(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        version(cast, by=cast.people[who])


def test_a_unit_corrects_what_it_keeps_and_no_more(cast: Cast) -> None:
    made = version(cast, by=cast.focal)
    with pytest.raises(NotAllowed):
        void_record(actor=cast.other_focal.actor, register=VERSIONS, seen=said(made), reason="x")
    with pytest.raises(NotAllowed):
        activity(cast, made, date(2025, 3, 1), by=cast.other_focal)
    activity(cast, made, date(2025, 3, 1), by=cast.focal)
    void_record(actor=cast.specialist.actor, register=VERSIONS, seen=said(made), reason="Ghi hai lần")


def test_a_second_first_version_is_refused_and_says_no_more_than_one_may_see(cast: Cast) -> None:
    version(cast, by=cast.focal)
    with pytest.raises(AlreadyRecorded):
        version(cast, by=cast.specialist)
    with pytest.raises(RecordedElsewhere):
        version(cast, by=cast.other_focal)


def test_a_programme_is_begun_once_with_its_first_version_in_one_entry(cast: Cast) -> None:
    before = AuditEntry.objects.count()
    version(cast)
    assert AuditEntry.objects.count() == before + 1
    entry = AuditEntry.objects.order_by("seq").last()
    assert entry is not None
    assert {row["t"] for row in entry.rows} >= {"assurance_assuranceprogramme", "assurance_programmeversion"}
    version(cast, number=2)
    assert AssuranceProgramme.objects.count() == 1


def test_that_a_cooperative_counts_is_said_by_the_department(cast: Cast, sign_in: Any) -> None:
    facts: dict[str, Any] = {"ownership": "cooperative", "accepted_by": "Công văn 5/SKHCN"}
    with pytest.raises(NotYours):
        version(cast, by=cast.focal, **facts)
    made = version(cast, **facts)
    with pytest.raises(NotYours):
        correct_record(
            actor=cast.focal.actor,
            register=VERSIONS,
            seen=said(version(cast, by=cast.focal, number=2, ownership="cooperative")),
            facts={"accepted_by": "CV 6"},
            reason="x",
        )
    assert said(made).accepted_by == "Công văn 5/SKHCN"
    answer = sign_in(cast.specialist).post(
        reverse("assurance:version-new"), {**TYPED, "number": "3", "accepted_by": "CV 6"}
    )
    assert "chỉ dành cho hợp tác xã" in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"term_to": "31/12/2025"}, "trước ngày 01/01/2026"),
        ({"ended_on": "01/06/2026"}, "ghi lý do"),
        ({"ended_on": "01/06/2025", "end_reason": "Giải thể"}, "trước ngày 20/12/2025"),
        ({"approver": ""}, "ghi người phê duyệt"),
        ({"state_share": "101"}, "từ 0 đến 100"),
        ({"state_share": "36,5555"}, "tối đa hai chữ số"),
        ({"state_share": "1.234"}, "hai cách"),
        ({"state_share": "51"}, "không có vốn nhà nước"),
        ({"ownership": "state", "state_share": "0"}, "tỷ lệ lớn hơn 0"),
        ({"number": "0"}, "từ 1 đến 999"),
    ],
)
def test_facts_that_do_not_go_together_are_refused(cast: Cast, sign_in: Any, typed: dict[str, str], words: str) -> None:
    answer = sign_in(cast.specialist).post(reverse("assurance:version-new"), {**TYPED, **typed})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ProgrammeVersionFacts.objects.exists()


def test_a_term_under_a_year_is_recorded_and_said_not_to_count(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.specialist)
    answer = browser.post(reverse("assurance:version-new"), {**TYPED, "term_to": "30/12/2026"})
    assert answer.status_code == 302
    assert "dưới một năm, không được tính" in browser.get(reverse("assurance:version-list")).content.decode()


def test_a_year_is_a_year_with_both_its_days() -> None:
    assert is_at_least_a_year(date(2026, 1, 1), date(2026, 12, 31))
    assert not is_at_least_a_year(date(2026, 1, 1), date(2026, 12, 30))
    assert is_at_least_a_year(date(2024, 2, 29), date(2025, 2, 28))
    assert anniversary(date(2024, 2, 29)) == date(2025, 3, 1)


def test_cancelled_before_it_began_is_not_cancelled_on_the_day() -> None:
    assert is_cancelled_before(date(2026, 1, 1), date(2025, 12, 31))
    assert not is_cancelled_before(date(2026, 1, 1), date(2026, 1, 1))
    assert not is_cancelled_before(date(2026, 1, 1), None)


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2025, 1, 1), date(2026, 5, 31), date(2026, 6, 1)])
def test_the_query_says_of_each_day_what_the_rule_says(cast: Cast, day: date) -> None:
    version(cast)
    version(cast, number=2, ended_on=date(2026, 6, 1), end_reason="Giải thể")
    facts = ProgrammeVersionFacts.objects.live()
    wanted = {f.pk for f in facts if in_force(day, term_from=f.term_from, term_to=f.term_to, ended_on=f.ended_on)}
    assert set(facts.filter(running_q(day)).values_list("pk", flat=True)) == wanted


def test_a_term_that_ends_before_it_begins_is_refused_by_the_database(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        version(cast, term_to=date(2024, 1, 1))


def test_an_enterprise_reads_its_own_and_the_keeper_what_it_keeps(cast: Cast) -> None:
    mine = version(cast, by=cast.focal)
    other = version(cast, unit=cast.unit("dn-hcm"))
    activity(cast, mine, date(2025, 3, 1), by=cast.focal)
    activity(cast, other, date(2025, 3, 1))
    seen = {
        who: (visible_versions(cast.people[who].actor).count(), visible_activities(cast.people[who].actor).count())
        for who in ("enterprise", "focal", "other_focal", "specialist", "committee")
    }
    assert seen == {
        "enterprise": (1, 1),
        "focal": (1, 1),
        "other_focal": (0, 0),
        "specialist": (2, 2),
        "committee": (0, 0),
    }


def test_the_page_of_a_version_shows_what_was_done_and_offers_the_next(cast: Cast, sign_in: Any) -> None:
    made = version(cast)
    activity(cast, made, date(2025, 3, 1))
    page = sign_in(cast.specialist).get(reverse("assurance:version-record", args=[made.code])).content.decode()
    assert "Hiệu chuẩn cân phân tích" in page
    assert "unit=dn-a&amp;number=2" in page
    filled = sign_in(cast.specialist).get(reverse("assurance:version-new") + "?unit=dn-a&number=2").content.decode()
    assert 'value="2"' in filled
    assert '<option value="dn-a" selected>' in filled


def test_an_activity_is_recorded_once(cast: Cast) -> None:
    made = version(cast)
    activity(cast, made, date(2025, 3, 1))
    with pytest.raises(AlreadyRecorded):
        activity(cast, made, date(2025, 3, 1), description="HIỆU CHUẨN cân phân tích")
    with pytest.raises(NotAllowed):
        add_record(
            actor=cast.enterprise.actor,
            register=ACTIVITIES,
            facts={"version_id": made.pk, "kind": "method", "on": date(2025, 1, 1), "description": "x"},
        )
