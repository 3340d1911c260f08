"""Reads of the training register, named for the question."""

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from chuan.audit.actor import Actor
from chuan.audit.models import AuditEntry
from chuan.lib import text
from chuan.organisations.models import PersonFacts
from chuan.organisations.policies import visible_people
from chuan.registers.queries import current
from chuan.training.models import Attachment, Attendance, AttendanceFacts, Course, CourseFacts
from chuan.training.policies import visible_to
from chuan.training.rules import AttendanceRole

#: What is read with a course's statement.
WITH = ("course", "place", "owner")


def courses(actor: Actor, *, query: str = "", year: int | None = None, kind: str = "") -> QuerySet[Any]:
    """Live courses an actor may see with the number of their `learners`, newest first."""
    found = visible_to(actor).filter(voided_at__isnull=True).select_related("course", "place", "owner")
    for word in text.search_key(query).split():
        found = found.filter(search__contains=word)
    if year:
        found = found.filter(end__year=year)
    if kind:
        found = found.filter(kind=kind)
    lines = AttendanceFacts.objects.live().filter(attendance__course=OuterRef("course_id"), role="learner")
    counted = lines.values("attendance__course").annotate(n=Sum("headcount")).values("n")
    return found.annotate(learners=Coalesce(Subquery(counted), 0)).order_by("-end", "-course_id")


def current_facts(actor: Actor, code: str) -> CourseFacts | None:
    """The statement in force of a course the actor may see; of a voided course, the last one."""
    found: CourseFacts | None = current(visible_to(actor).filter(course__code=code).select_related(*WITH))
    return found


def attendance_lines(course: Course) -> QuerySet[AttendanceFacts]:
    """The list in force, in Vietnamese order of given names; claimed counts last."""
    name = PersonFacts.objects.live().filter(person=OuterRef("person_id"))
    lines = AttendanceFacts.objects.live().filter(attendance__course=course)
    return (
        lines.select_related("attendance", "employer", "person")
        .annotate(
            full_name=Subquery(name.values("full_name")[:1]),
            position=Subquery(name.values("position")[:1]),
            order=Coalesce(Subquery(name.values("order")[:1]), Value("~")),
        )
        .order_by("order", "attendance_id")
    )


def live_line(course: Course, code: str) -> AttendanceFacts | None:
    """One line in force of a course's list."""
    return attendance_lines(course).filter(attendance__code=code).first()


def last_line(course: Course, code: str) -> AttendanceFacts | None:
    """One line's statement in force; of a line that was taken back, the last one."""
    said = AttendanceFacts.objects.filter(attendance__course=course, attendance__code=code)
    return live_line(course, code) or said.select_related("attendance", "employer", "person").order_by("-pk").first()


def line_names(course: Course) -> dict[str, str]:
    """Code of each line ever on a course's list → the person's name; claimed counts have none."""
    name = PersonFacts.objects.live().filter(person=OuterRef("person_id")).values("full_name")[:1]
    rows = AttendanceFacts.objects.filter(attendance__course=course, person__isnull=False).annotate(name=Subquery(name))
    return {code: name or "" for code, name in rows.values_list("attendance__code", "name")}


def listed_names(course: Course) -> frozenset[str]:
    """Names on the list in force, folded as names are compared."""
    on_list = AttendanceFacts.objects.live().filter(attendance__course=course).values("person_id")
    return frozenset(PersonFacts.objects.live().filter(person__in=on_list).values_list("search", flat=True))


def totals(lines: Iterable[AttendanceFacts]) -> dict[str, int]:
    """Named learners, those who completed, and claimed heads of a course's list."""
    learners = [line for line in lines if line.role == AttendanceRole.LEARNER]
    named = [line for line in learners if line.person_id is not None]
    return {
        "named": len(named),
        "completed": sum(line.completed for line in named),
        "claimed": sum(line.headcount for line in learners if line.person_id is None),
    }


def attachments(course: Course) -> QuerySet[Attachment]:
    """Files in force of a course."""
    return Attachment.objects.live().filter(course=course).select_related("file")


def history(course: Course, also: Q | None = None) -> list[AuditEntry]:
    """What was done to a course and its list, and entries that answer `also`, oldest first; two queries."""
    lines = [str(pk) for pk in Attendance.objects.filter(course=course).values_list("pk", flat=True)]
    of_course = Q(subject_table="training_course", subject_id=str(course.pk))
    of_lines = Q(subject_table="training_attendance", subject_id__in=lines)
    return list(AuditEntry.objects.filter(of_course | of_lines | (also or Q(pk__in=()))).order_by("seq"))


def same_names(actor: Actor, full_name: str, *, limit: int = 30) -> list[PersonFacts]:
    """People the actor may see whose name is the same but for diacritics and case."""
    found = visible_people(actor).filter(search=text.search_key(full_name)).select_related("person", "employer")
    return list(found.order_by("order", "person_id")[:limit])


def namesakes(actor: Actor, keys: Iterable[str]) -> dict[str, list[PersonFacts]]:
    """People the actor may see by the folded name, for the folded names asked for; one query."""
    found: dict[str, list[PersonFacts]] = {}
    people = visible_people(actor).filter(search__in=list(keys)).select_related("person")
    for facts in people.order_by("order", "person_id"):
        found.setdefault(facts.search, []).append(facts)
    return found


def already_listed(course: Course, person_id: int) -> bool:
    """The person has a line in force in the course."""
    return AttendanceFacts.objects.live().filter(attendance__course=course, person_id=person_id).exists()


def years(actor: Actor) -> list[int]:
    """Years in which courses the actor may see ended, newest first."""
    days = visible_to(actor).filter(voided_at__isnull=True).dates("end", "year", order="DESC")
    return [day.year for day in days]
