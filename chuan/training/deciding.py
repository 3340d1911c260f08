"""Writes on whether two units' records are one course: decided, and taken back; each with one audit entry."""

from collections.abc import Sequence

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.work import append, hold, void
from chuan.lib import text
from chuan.registers.services import require as _require
from chuan.training import policies, suspects
from chuan.training.errors import AlreadyOneCourse, CourseGone, CoursesToldApart, OneKeeper
from chuan.training.models import Course, CourseMerge, CoursesDiffer


@service(lock="shared")
def merge_courses(*, actor: Actor, duplicate: Course, canonical: Course, basis: str) -> CourseMerge:
    """Decide that two units' records are one course: it counts once, and each unit still counts its own.

    AlreadyOneCourse, CoursesToldApart, OneKeeper where another decision, or the keepers, stand against it.
    """
    _require(policies.can_merge(actor))
    hold(Course, duplicate.pk, canonical.pk)
    _require_alone(duplicate, canonical)
    shared = [canonical, *suspects.duplicates_of(canonical)]
    _require_untold(duplicate, shared)
    keepers = suspects.keepers([duplicate, *shared])
    if not {duplicate.pk, canonical.pk} <= set(keepers):
        raise CourseGone
    if keepers.pop(duplicate.pk) in keepers.values():
        raise OneKeeper
    merge = append(CourseMerge(duplicate=duplicate, canonical=canonical, basis=text.nfc_multiline(basis)))
    label = f"{duplicate.code} = {canonical.code}"
    told = {"canonical": [None, canonical.code]}
    record("training.merge_courses", duplicate, label=label, changes=told, reason=basis)
    return merge


def _require_alone(duplicate: Course, canonical: Course) -> None:
    """AlreadyOneCourse unless neither is a duplicate and the one to be one has none."""
    for course in (duplicate, canonical):
        if main := suspects.main_of(course):
            raise AlreadyOneCourse(course.code, main.code)
    if merged := suspects.duplicates_of(duplicate):
        raise AlreadyOneCourse(merged[0].code, duplicate.code)


def _require_untold(duplicate: Course, others: Sequence[Course]) -> None:
    """CoursesToldApart where a decision in force says that the course is none of the others."""
    told = suspects.told_apart(duplicate, others)
    if told is not None:
        raise CoursesToldApart(told.first.code, told.second.code)


@service(lock="shared")
def undo_course_merge(*, actor: Actor, merge: CourseMerge, reason: str) -> None:
    """Take it back that two records are one course: each counts for itself again."""
    _require(policies.can_merge(actor))
    # Whoever voids the course now voids the decision too: the later of the two is told that it is done.
    hold(Course, merge.duplicate_id)
    void(merge, reason)
    label = f"{merge.duplicate.code} ≠ {merge.canonical.code}"
    told = {"canonical": [merge.canonical.code, None]}
    record("training.undo_course_merge", merge.duplicate, label=label, changes=told, reason=reason)


@service(lock="shared")
def tell_courses_apart(*, actor: Actor, one: Course, other: Course, basis: str) -> CoursesDiffer:
    """Decide that two records that look alike are two courses; AlreadyOneCourse where they were decided to be one."""
    _require(policies.can_merge(actor))
    hold(Course, one.pk, other.pk)
    mains = [suspects.main_of(course) or course for course in (one, other)]
    if mains[0] == mains[1]:
        raise AlreadyOneCourse(one.code, mains[0].code)
    first, second = sorted((one, other), key=lambda course: course.pk)
    decision = append(CoursesDiffer(first=first, second=second, basis=text.nfc_multiline(basis)))
    record("training.tell_courses_apart", first, label=f"{first.code} ≠ {second.code}", reason=basis)
    return decision


@service(lock="shared")
def undo_tell_courses_apart(*, actor: Actor, decision: CoursesDiffer, reason: str) -> None:
    """Take it back that two records are two courses: they are suspected anew."""
    _require(policies.can_merge(actor))
    void(decision, reason)
    label = f"{decision.first.code} ? {decision.second.code}"
    told = {"voided": [False, True]}
    record("training.undo_tell_courses_apart", decision.first, label=label, changes=told, reason=reason)
