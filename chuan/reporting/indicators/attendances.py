"""What CT2 and CT2-L share: attendances as candidates, and what makes one count."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import BigIntegerField, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from chuan.ledger.models import known_q
from chuan.organisations.models import PeopleDiffer, PersonFacts, PersonMerge
from chuan.reporting.indicators.engine import Condition, Indicator
from chuan.reporting.indicators.ground import places_on, units_on, unsure
from chuan.reporting.indicators.scope import Scope
from chuan.training.models import AttendanceFacts, CourseMerge
from chuan.training.rules import ActivityKind, AttendanceRole

COURSE = "attendance__course__facts_set"
MERGE = "attendance__course__merged_into"
#: What every line fulfils.
ALWAYS = Q(attendance__isnull=False)
#: Reason of a line that gives way to one of another record of its course.
SHARED = "same_course"


class AttendanceIndicator(Indicator):
    """Candidates: every line of a list in force at `known`, with its course's statement in force then as `said`."""

    def candidates(self, scope: Scope) -> QuerySet[Any]:
        """Lines in force; `canonical` is the person after merges, `main` the course that theirs was merged into."""
        rows: QuerySet[Any] = with_course(AttendanceFacts.objects.known(scope.known), scope.known).annotate(
            canonical=_canonical(scope.known),
            merge=FilteredRelation(MERGE, condition=known_q(scope.known, f"{MERGE}__")),
            main=F("merge__canonical_id"),
        )
        return rows

    def conditions(self, scope: Scope) -> tuple[Condition, ...]:
        """A unit's own, then whether another unit's record of the course counts instead."""
        once = self.once(scope) if _any_shared(scope) else ALWAYS
        return (*self.own_conditions(scope), Condition(SHARED, once))

    def own_conditions(self, scope: Scope) -> tuple[Condition, ...]:
        """In the order in which a reader would ask."""
        vague = unsure(scope, "place")
        return (
            *_a_course(),
            Condition("not_learner", Q(role=AttendanceRole.LEARNER)),
            Condition("not_completed", Q(completed=True)),
            *self.in_window(scope),
            Condition("place_unknown", ~vague),
            Condition("place_outside", places_on(scope, "place", "ended") | vague),
            *self.employment(units_on(scope, "employer", "ended")),
            *self.identity(scope),
        )

    def in_window(self, scope: Scope) -> tuple[Condition, ...]:
        """The course ended in the window."""
        return (
            Condition("before_window", Q(ended__gte=scope.first)),
            Condition("after_window", Q(ended__lte=scope.last)),
        )

    def employment(self, in_scope: Q) -> tuple[Condition, ...]:
        """The employer is known and in scope on the day the course ended."""
        return (
            Condition("employer_unknown", Q(employer__isnull=False)),
            Condition("employer_outside", in_scope | Q(employer__isnull=True)),
        )

    @abstractmethod
    def identity(self, scope: Scope) -> tuple[Condition, ...]:
        """What the line must name."""

    def once(self, scope: Scope) -> Q:
        """Of a course that several units record, a person is counted from the main record, else from the first."""
        in_main, earlier = rivals(scope.known)
        return Q(main__isnull=True) | ~Q(Exists(in_main)) & ~Q(Exists(earlier))

    def instead(self, scope: Scope, reasons: Mapping[int, Sequence[str]]) -> dict[int, int]:
        """The course of the line that a line gives way to."""
        ids = [pk for pk, codes in reasons.items() if SHARED in codes]
        if not ids:
            return {}
        rows = self.candidates(scope).filter(attendance__in=ids).annotate(course_instead=self.course_instead(scope))
        return dict(rows.order_by().values_list("attendance_id", "course_instead"))

    def course_instead(self, scope: Scope) -> Any:
        """The main record where the person stands on its list, else the first that lists them."""
        return first_course(rivals(scope.known))

    def order(self) -> tuple[str, ...]:
        """The earliest completed course; of two on one day, the first recorded."""
        return ("ended", "attendance_id")


def _any_shared(scope: Scope) -> bool:
    """Some course was by then decided to be another unit's too: seldom, and Django takes long to write what it asks."""
    if SHARED not in scope.looked_up:
        scope.looked_up[SHARED] = CourseMerge.objects.filter(recorded_at__lte=scope.known).exists()
    return scope.looked_up[SHARED]


def with_course(lines: QuerySet[AttendanceFacts], known: datetime) -> QuerySet[Any]:
    """Lines with their course's statement in force then as `said`; it is null where the course was voided.

    What the course says is named here once: a filter on the relation itself joins it anew for each condition and
    asks a subquery for each "not" (tried at 10^5 lines: 20 times the time of the same SQL by hand).
    """
    rows: QuerySet[Any] = lines.annotate(
        said=FilteredRelation(COURSE, condition=known_q(known, f"{COURSE}__")),
        course_said=F("said__pk"),
        ended=F("said__end"),
        kind=F("said__kind"),
        on_metrology=F("said__on_metrology"),
        place=F("said__place_id"),
    )
    return rows


def learners(known: datetime) -> QuerySet[AttendanceFacts]:
    """Lines in force of learners who completed what they attended."""
    return AttendanceFacts.objects.known(known).filter(role=AttendanceRole.LEARNER, completed=True)


def trained(known: datetime) -> QuerySet[Any]:
    """Of those, the lines of courses on metrology: a record that counts in no window stands in no line's way.

    Of two records with other days the first is asked, like the main one: a course took place once, so what windows
    count adds up. (Asked for each window, the question made a page's five windows three times as slow at 10^5 lines.)
    """
    rows = with_course(learners(known), known)
    for condition in _a_course():
        rows = rows.filter(condition.holds)
    return rows


def merged_into(known: datetime, course: str) -> Q:
    """Lines of records that were decided to be the course in a column of the outer row."""
    return Q(**{f"{MERGE}__canonical": OuterRef(course)}) & known_q(known, f"{MERGE}__")


@lru_cache(maxsize=16)
def rivals(known: datetime) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Lines that count instead of a duplicate's: the main record's, whatever that says, and earlier duplicates'.

    Kept, since every question of a page asks them: Django takes longer to build them than the database to answer.
    """
    before = merged_into(known, "main") & Q(attendance__course__lt=OuterRef("attendance__course"))
    in_main = learners(known).filter(attendance__course=OuterRef("main"))
    return _of_person(in_main, known), _of_person(trained(known).filter(before), known)


def first_course(rivals: Sequence[QuerySet[Any]]) -> Coalesce:
    """The course of the first of lines, asked in turn."""
    course = "attendance__course"
    return Coalesce(*(Subquery(lines.order_by(course).values(course)[:1]) for lines in rivals))


def _a_course() -> tuple[Condition, ...]:
    return (
        Condition("course_voided", Q(course_said__isnull=False)),
        Condition("not_a_course", Q(kind=ActivityKind.COURSE)),
        Condition("not_metrology", Q(on_metrology=True)),
    )


def _canonical(known: datetime) -> Coalesce:
    """The person of a line after merges."""
    merges = PersonMerge.objects.known(known).filter(duplicate=OuterRef("person_id"))
    return Coalesce(Subquery(merges.values("canonical_id")[:1]), F("person_id"), output_field=BigIntegerField())


def _of_person(lines: QuerySet[Any], known: datetime) -> QuerySet[Any]:
    """Those of other records' lines that name the person of the outer line, or somebody of the person's name.

    Each unit names a person in a record of its own, so that in one course the same name is the same person, unless a
    decision says that they are two, or the outer line's own list has two of that name.
    """
    one, other = OuterRef("person_id"), OuterRef(OuterRef("person_id"))
    apart = PeopleDiffer.objects.known(known).filter(Q(first=one, second=other) | Q(first=other, second=one))
    same_list = learners(known).filter(attendance__course=OuterRef(OuterRef("attendance__course")))
    namesakes = same_list.filter(_named(known, OuterRef(OuterRef(OuterRef("person_id"))))).annotate(
        canonical=_canonical(known)
    )
    two = Exists(apart) | Exists(namesakes.exclude(canonical=OuterRef(OuterRef("canonical"))))
    found: QuerySet[Any] = lines.annotate(canonical=_canonical(known), two=two).filter(
        Q(canonical=OuterRef("canonical")) | Q(_named(known, other), two=False)
    )
    return found


def _named(known: datetime, person: OuterRef) -> Q:
    """Lines of people who have the name of `person`."""
    names = PersonFacts.objects.known(known).filter(person=person).exclude(search="")
    return Q(person__facts_set__search__in=names.values("search")) & known_q(known, "person__facts_set__")
