"""Attendances for readers: the learner, the employer, the course."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from itertools import chain
from typing import Any, ClassVar

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuan.audit.actor import Actor
from chuan.lib import text
from chuan.organisations.models import PersonFacts, PersonMerge
from chuan.organisations.policies import sees_whole_province
from chuan.reporting.evidence.base import Cell, Evidence, Heading, Record, unit_name
from chuan.reporting.indicators.attendances import SHARED, with_course
from chuan.training import suspects
from chuan.training.models import AttendanceFacts, Course
from chuan.training.policies import visible_to


class AttendanceEvidence(Evidence):
    """Lines of courses' lists."""

    universe: ClassVar[str] = "training.attendance"
    member: ClassVar[str] = "attendance_id"
    name: ClassVar[Heading] = Heading(gettext_lazy("Người học"), 28)
    columns: ClassVar[tuple[Heading, ...]] = (
        Heading(gettext_lazy("Đơn vị công tác"), 30),
        Heading(gettext_lazy("Lớp"), 40),
        Heading(gettext_lazy("Kết thúc"), 12, "date"),
        Heading(gettext_lazy("Số lượt"), 8, "count", weighted=True),
        Heading(gettext_lazy("Mã người"), 12, sheet_only=True),
        Heading(gettext_lazy("Mã lớp"), 10, sheet_only=True),
    )

    def named(self, rows: QuerySet[Any], *, on: date | None = None, known: datetime | None = None) -> QuerySet[Any]:
        """Rows of the indicator's candidates, which know their course as `said`."""
        facts = PersonFacts.objects.live() if known is None else PersonFacts.objects.known(known)
        named: QuerySet[Any] = self._annotated(rows, facts, on, known).annotate(title=F("said__title"))
        return named

    def statements(self, ids: Collection[int]) -> QuerySet[Any]:
        """With the person's name in force, else the last one said; the course by its code alone."""
        return self._stated("attendance", ids)

    def _stated(self, where: str, ids: Collection[int]) -> QuerySet[Any]:
        facts = PersonFacts.objects.order_by(F("voided_at").desc(nulls_first=True), "-pk")
        rows = AttendanceFacts.objects.filter(**{f"{where}__in": ids}).order_by("recorded_at", "pk")
        return self._annotated(rows, facts, None, None)

    def said(self, ids: Collection[int], *, on: date, known: datetime) -> QuerySet[Any]:
        """The lines and their courses as they read then."""
        rows = with_course(AttendanceFacts.objects.known(known), known).filter(attendance__in=ids)
        return self.named(rows, on=on, known=known)

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Lines in courses that the actor may see."""
        if sees_whole_province(actor) or actor.is_system:
            return rows
        seen: QuerySet[Any] = rows.filter(attendance__course__in=visible_to(actor).values("course"))
        return seen

    def through(self, instead: Mapping[int, int]) -> dict[tuple[int, str], str]:
        """The course that another unit recorded too; a query only where there is one."""
        codes = dict(Course.objects.filter(pk__in=instead.values()).values_list("pk", "code")) if instead else {}
        return {(line, SHARED): codes[course] for line, course in instead.items()}

    def elsewhere(self, statements: Iterable[Any], *, since: datetime) -> dict[int, set[tuple[str, str]]]:
        """Every record of a shared course, and on their lists the person, the namesakes, or anybody for a count."""
        rows = list(statements)
        same = suspects.one_since({row.course_id for row in rows}, since)
        if not same:
            return {}
        lists: dict[int, list[Any]] = {}
        for said in self._stated("attendance__course", set().union(*same.values())):
            lists.setdefault(said.course_id, []).append(said)
        known_as = _known_as([*rows, *chain(*lists.values())])
        found: dict[int, set[tuple[str, str]]] = {}
        for row in rows:
            courses, subjects = same.get(row.course_id, set()), found.setdefault(row.attendance_id, set())
            subjects |= {("training_course", str(course)) for course in courses}
            for said in chain(*(lists.get(course, ()) for course in courses)):
                if row.person_id is None or known_as.get(row.person_id, set()) & known_as.get(said.person_id, set()):
                    subjects |= self.subjects(said)
        return found

    def record(self, row: Any) -> Record:
        """A line without a person is a claimed count."""
        course, person = row.course_code, row.person_code or ""
        cells = (
            Cell(row.employer_name or ""),
            Cell(getattr(row, "title", None) or course, reverse("training:course", args=[course])),
            Cell(getattr(row, "ended", None)),
            Cell(row.headcount),
            Cell(person),
            Cell(course),
        )
        name = row.full_name if row.person_id else _("Số khai gộp {n} lượt").format(n=row.headcount)
        return Record(row.attendance_id, row.code, name or "", cells, person)

    def subjects(self, row: Any) -> set[tuple[str, str]]:
        """The line, its course, its person."""
        found = {("training_attendance", str(row.attendance_id)), ("training_course", str(row.course_id))}
        return found | ({("organisations_person", str(row.person_id))} if row.person_id else set())

    def register(self) -> tuple[str, Any]:
        """The register of courses."""
        return reverse("training:courses"), _("Mở sổ đào tạo")

    def _annotated(self, rows: Any, facts: Any, on: date | None, known: datetime | None) -> QuerySet[Any]:
        names: QuerySet[Any] = rows.only(
            "attendance_id", "person_id", "employer_id", "headcount", "recorded_at", "voided_at"
        ).annotate(
            code=F("attendance__code"),
            course_id=F("attendance__course_id"),
            course_code=F("attendance__course__code"),
            person_code=F("person__code"),
            full_name=Subquery(facts.filter(person=OuterRef("person_id")).values("full_name")[:1]),
            employer_name=unit_name("employer_id", on=on, known=known),
        )
        return names


def _known_as(statements: Iterable[Any]) -> dict[int, set[Any]]:
    """Person of some lines → their name without marks, their key and those that they were ever merged with."""
    found: dict[int, set[Any]] = {}
    for said in statements:
        if said.person_id is not None:
            found.setdefault(said.person_id, {said.person_id}).add(text.search_key(said.full_name or ""))
    for one in found.values():
        one.discard("")
    merges = PersonMerge.objects.filter(Q(duplicate__in=found) | Q(canonical__in=found))
    for pair in merges.values_list("duplicate_id", "canonical_id"):
        for person in pair:
            found.get(person, set()).update(pair)
    return found
