"""One course recorded by several units: suspected, decided by the specialist, named to each unit, taken back."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.ledger.errors import Superseded
from chuan.training.deciding import merge_courses, tell_courses_apart, undo_course_merge, undo_tell_courses_apart
from chuan.training.errors import AlreadyOneCourse, CourseGone, CoursesToldApart, NotAllowed, OneKeeper, SharedCourse
from chuan.training.models import Course, CourseFacts, CourseMerge, CoursesDiffer
from chuan.training.services import void_course
from chuan.training.suspects import Effect, course_suspects, learners, other_records
from tests.cast import Cast, Member
from tests.training.builders import course, line, said

BASIS = "cùng quyết định mở lớp"


def merged(cast: Cast, double: Course, main: Course, by: Member | None = None) -> CourseMerge:
    actor = (by or cast.specialist).actor
    return merge_courses(actor=actor, duplicate=double, canonical=main, basis=BASIS)


def pairs() -> list[tuple[str, str]]:
    return [found.codes for found in course_suspects(CourseFacts.objects.all())]


@pytest.mark.parametrize("who", ["focal", "other_focal", "leader", "head", "director", "auditor"])
def test_only_the_specialist_decides(cast: Cast, who: str) -> None:
    one, other = course(cast), course(cast, by=cast.other_focal)
    merge = merged(cast, other, one)
    actor = getattr(cast, who).actor
    with pytest.raises(NotAllowed):
        merged(cast, other, one, by=getattr(cast, who))
    with pytest.raises(NotAllowed):
        undo_course_merge(actor=actor, merge=merge, reason="x")
    with pytest.raises(NotAllowed):
        tell_courses_apart(actor=actor, one=one, other=other, basis="x")
    assert CourseMerge.objects.live().count() == 1


def test_records_of_one_unit_and_a_voided_one_are_not_one_course(cast: Cast) -> None:
    one, twice, other = course(cast), course(cast), course(cast, by=cast.other_focal)
    with pytest.raises(OneKeeper):
        merged(cast, twice, one)
    merged(cast, one, other)
    with pytest.raises(OneKeeper):
        merged(cast, twice, other)
    gone = course(cast, by=cast.laboratory)
    void_course(actor=cast.laboratory.actor, seen=said(gone), reason="nhầm")
    with pytest.raises(CourseGone):
        merged(cast, gone, other)


def test_a_decision_leads_to_a_main_record_by_one_step(cast: Cast) -> None:
    one, other, third = course(cast), course(cast, by=cast.other_focal), course(cast, by=cast.laboratory)
    merged(cast, other, one)
    for double, main in ((other, third), (third, other), (one, third)):
        with pytest.raises(AlreadyOneCourse, match=one.code):
            merged(cast, double, main)
    with pytest.raises(AlreadyOneCourse):
        merged(cast, one, one)
    merged(cast, third, one)
    with pytest.raises(AlreadyOneCourse):
        tell_courses_apart(actor=cast.specialist.actor, one=third, other=other, basis="x")


def test_courses_told_apart_are_not_made_one_until_that_is_taken_back(cast: Cast) -> None:
    one, other, third = course(cast), course(cast, by=cast.other_focal), course(cast, by=cast.laboratory)
    actor = cast.specialist.actor
    decision = tell_courses_apart(actor=actor, one=other, other=third, basis="hai đợt")
    merged(cast, other, one)
    with pytest.raises(CoursesToldApart):
        merged(cast, third, one)
    undo_tell_courses_apart(actor=actor, decision=decision, reason="nhầm")
    merged(cast, third, one)


def test_a_main_record_is_not_voided_under_the_others(cast: Cast) -> None:
    one, other = course(cast), course(cast, by=cast.other_focal)
    merge = merged(cast, other, one)
    with pytest.raises(SharedCourse, match=other.code):
        void_course(actor=cast.focal.actor, seen=said(one), reason="nhầm")
    undo_course_merge(actor=cast.specialist.actor, merge=merge, reason="hai đợt")
    void_course(actor=cast.focal.actor, seen=said(one), reason="nhầm")
    assert other_records([one.pk, other.pk]) == {}


def test_a_voided_duplicate_takes_the_decision_with_it_in_one_entry(cast: Cast) -> None:
    one, other = course(cast), course(cast, by=cast.other_focal)
    merge = merged(cast, other, one)
    before = AuditEntry.objects.count()
    void_course(actor=cast.other_focal.actor, seen=said(other), reason="ghi trùng")
    (entry,) = AuditEntry.objects.order_by("seq")[before:]
    assert (entry.action, entry.subject_id) == ("training.void_course", str(other.pk))
    assert entry.changes == {"voided": [False, True], "canonical": [one.code, None]}
    assert {row["t"] for row in entry.rows} == {"training_coursefacts", "training_coursemerge"}
    assert not CourseMerge.objects.live().exists()
    with pytest.raises(Superseded):
        undo_course_merge(actor=cast.specialist.actor, merge=merge, reason="hai đợt")
    void_course(actor=cast.focal.actor, seen=said(one), reason="nhầm")


def test_a_decision_is_one_entry_and_so_is_taking_it_back(cast: Cast) -> None:
    one, other = course(cast), course(cast, by=cast.other_focal)
    before = AuditEntry.objects.count()
    merge = merged(cast, other, one)
    undo_course_merge(actor=cast.specialist.actor, merge=merge, reason="hai đợt")
    told = list(AuditEntry.objects.order_by("seq")[before:])
    assert [entry.action for entry in told] == ["training.merge_courses", "training.undo_course_merge"]
    assert [entry.reason for entry in told] == [BASIS, "hai đợt"]
    assert {(entry.subject_table, entry.subject_id) for entry in told} == {("training_course", str(other.pk))}


@pytest.mark.parametrize(
    ("facts", "suspected"),
    [
        ({"title": "Tap huan NGHIEP VU kiem dinh can", "organiser": "Khác", "place": None}, True),
        ({"title": "Khác", "organiser": "Khác", "basis": "12/QĐ-SCT"}, True),
        ({"title": "Khác"}, True),
        ({"title": "Khác", "organiser": "Khác"}, False),
        ({"end": date(2026, 5, 7)}, False),
    ],
)
def test_records_of_two_units_with_the_same_days_and_more_in_common_are_suspected(
    cast: Cast, facts: dict[str, Any], suspected: bool
) -> None:
    one, other = course(cast, basis="12/QĐ-SCT"), course(cast, by=cast.other_focal, **facts)
    assert pairs() == ([(one.code, other.code)] if suspected else [])


def test_what_is_decided_is_suspected_no_more_until_it_is_taken_back(cast: Cast) -> None:
    one, other, mine = course(cast), course(cast, by=cast.other_focal), course(cast)
    assert pairs() == [(one.code, other.code), (other.code, mine.code)]
    actor = cast.specialist.actor
    merge = merged(cast, other, one)
    assert pairs() == []
    undo_course_merge(actor=actor, merge=merge, reason="nhầm")
    decision = tell_courses_apart(actor=actor, one=one, other=other, basis="hai đợt")
    assert pairs() == [(other.code, mine.code)]
    undo_tell_courses_apart(actor=actor, decision=decision, reason="nhầm")
    assert len(pairs()) == 2


def test_the_effect_is_what_the_two_lists_have_in_common(cast: Cast) -> None:
    one, other = course(cast), course(cast, by=cast.other_focal)
    for name in ("Lê Văn An", "Lê Văn Bình"):
        line(cast, one, name)
    for name in ("Le Van An", "Trần Thị Cúc"):
        line(cast, other, name, by=cast.other_focal)
    line(cast, other, "Ngô Văn Dũng", by=cast.other_focal, completed=False)
    lists = learners([one.pk, other.pk])
    assert Effect.of(lists[one.pk], lists[other.pk]) == Effect(4, 4, 3, 3)
    third, fourth = course(cast), course(cast, by=cast.other_focal)
    line(cast, third, headcount=45, employer=None)
    line(cast, fourth, by=cast.other_focal, headcount=40, employer=None)
    claims = learners([third.pk, fourth.pk])
    assert Effect.of(claims[third.pk], claims[fourth.pk]) == Effect(85, 0, 45, 0)
    assert Effect.of(claims[fourth.pk], claims[third.pk]) == Effect(85, 0, 40, 0)
    assert Effect.of(lists[one.pk], claims[fourth.pk]) == Effect(42, 2, 2, 2)


def test_the_effect_is_told_by_the_rule_that_counts(cast: Cast) -> None:
    one, other = course(cast), course(cast, by=cast.other_focal)
    line(cast, one, headcount=45, employer=None, completed=False)
    line(cast, other, by=cast.other_focal, headcount=40, employer=None)
    lists = learners([one.pk, other.pk])
    assert Effect.of(lists[one.pk], lists[other.pk]) == Effect(40, 0, 40, 0)
    line(cast, one, "Lê Văn An", completed=False)
    assert Effect.of(learners([one.pk])[one.pk], lists[other.pk]) == Effect(40, 0, 40, 0)
    third, fourth = course(cast), course(cast, by=cast.other_focal)
    line(cast, third, "Lê Văn An")
    for _homonym in range(2):
        line(cast, fourth, "Lê Văn An", by=cast.other_focal)
    lists = learners([third.pk, fourth.pk])
    assert Effect.of(lists[third.pk], lists[fourth.pk]) == Effect(3, 3, 3, 3)
    assert Effect.of(lists[fourth.pk], lists[third.pk]) == Effect(3, 3, 2, 2)


def test_the_page_says_the_effect_first_and_carries_both_answers(cast: Cast, sign_in: Any) -> None:
    one, other = course(cast), course(cast, by=cast.other_focal)
    line(cast, one, "Lê Văn An")
    line(cast, other, "Lê Văn An", by=cast.other_focal)
    browser, page = sign_in(cast.specialist, fresh=True), reverse("training:suspects")
    shown = browser.get(page).text
    assert shown.index("Nếu là một lớp") < shown.index(one.code) < shown.index(other.code)
    url = reverse("training:merge", args=[one.code, other.code])
    assert browser.post(url, {"keep": one.code, "key": "k1"}).status_code == 422
    done = browser.post(url, {"keep": one.code, "basis": BASIS, "key": "k2"}, follow=True)
    assert "Đã ghi" in done.text
    decision = CourseMerge.objects.live().get()
    assert (decision.duplicate, decision.canonical, decision.basis) == (other, one, BASIS)
    again = browser.post(url, {"keep": one.code, "basis": BASIS, "key": "k3"})
    assert again.status_code == 409
    undone = browser.post(reverse("training:undo-merge", args=[decision.pk]), {"reason": "nhầm", "key": "k4"})
    assert (undone.status_code, CourseMerge.objects.live().count()) == (302, 0)
    apart = reverse("training:tell-apart", args=[one.code, other.code])
    assert browser.post(apart, {"basis": "hai đợt", "key": "k5"}).status_code == 302
    told = CoursesDiffer.objects.live().get()
    assert browser.post(reverse("training:undo-tell-apart", args=[told.pk]), {"reason": "nhầm", "key": "k6"})
    assert not CoursesDiffer.objects.live().exists()


def test_each_unit_reads_who_else_recorded_its_course_and_nothing_of_the_record(cast: Cast, sign_in: Any) -> None:
    one = course(cast, title="Lớp kiểm định cân", note="Ghi chú riêng")
    other = course(cast, by=cast.other_focal, title="Lớp cân")
    listing = reverse("training:courses")
    assert "cùng ghi" not in sign_in(cast.other_focal).get(listing).text
    merged(cast, other, one)
    browser = sign_in(cast.other_focal)
    for page in (listing, reverse("training:course", args=[other.code])):
        shown = browser.get(page).text
        assert "Sở Công Thương" in shown
        assert "cùng ghi" in shown
        assert "Lớp kiểm định cân" not in shown
        assert "Ghi chú riêng" not in shown
    assert browser.get(reverse("training:course", args=[one.code])).status_code == 404
    assert other.code in sign_in(cast.specialist).get(reverse("training:course", args=[one.code])).text


def test_the_pages_cost_few_queries(cast: Cast, sign_in: Any, django_assert_max_num_queries: Any) -> None:
    for n in range(4):
        one = course(cast, title=f"Lớp {n}", place=None)
        other = course(cast, by=cast.other_focal, title=f"Lớp {n}", place=None)
        if n < 2:
            merged(cast, other, one)
    browser = sign_in(cast.specialist, fresh=True)
    shared = reverse("training:course", args=[CourseMerge.objects.live()[0].canonical.code])
    for page in (reverse("training:suspects"), reverse("training:courses"), shared):
        browser.get(page)
        with django_assert_max_num_queries(12):
            assert browser.get(page).status_code == 200
