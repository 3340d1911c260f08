"""Records of different units that may be one course, what the units' lists have in common, and what was decided."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations, groupby, islice
from operator import attrgetter

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from chuan.lib import text
from chuan.organisations.models import PersonFacts, PersonMerge
from chuan.training.models import AttendanceFacts, Course, CourseFacts, CourseMerge, CoursesDiffer
from chuan.training.rules import AttendanceRole, Likeness

#: Pairs that a page shows.
SHOWN = 30


@dataclass
class Learners:
    """Who stands on a course's list as a learner."""

    #: Person after merges → folded name, of those who completed the course.
    named: dict[int, str] = field(default_factory=dict)
    has_list: bool = False
    claimed: int = 0

    @property
    def heads(self) -> int:
        """The claimed count as CT2-L counts it: where there is no list."""
        return 0 if self.has_list else self.claimed

    @property
    def attendances(self) -> int:
        """As CT2-L counts them: names, else the claimed count."""
        return len(self.named) + self.heads

    def beyond(self, others: "Learners") -> list[int]:
        """Those who are neither on the other list nor have a name that is; a name that two here have tells nobody."""
        own, theirs = Counter(self.named.values()), {name for name in others.named.values() if name}
        known = {name for name in theirs if own[name] == 1}
        return [one for one, name in self.named.items() if one not in others.named and name not in known]


@dataclass(frozen=True)
class Effect:
    """What both records count for the province now, and what they would count as one course."""

    attendances: int
    people: int
    attendances_as_one: int
    people_as_one: int

    @classmethod
    def of(cls, main: Learners, double: Learners) -> "Effect":
        """Where `main` stays the main record; conditions of place, days and employer aside."""
        both = len(main.named) + len(double.beyond(main))
        # A claimed count gives way to whoever is counted by name in the other record, and the duplicate's to the main.
        heads = (0 if double.named else main.heads) or (0 if main.named else double.heads)
        people = len({*main.named, *double.named})
        return cls(main.attendances + double.attendances, people, both + heads, both)


@dataclass(frozen=True)
class Suspects:
    """Two records that look like one course, undecided; how they are alike, and who is on their lists."""

    one: CourseFacts
    other: CourseFacts
    alike: tuple[Likeness, ...]

    @property
    def codes(self) -> tuple[str, str]:
        """The two codes, in this order."""
        return self.one.course.code, self.other.course.code


def likeness(one: CourseFacts, other: CourseFacts) -> tuple[Likeness, ...]:
    """In what two records of the same days are alike, beyond the days; names without regard to marks and case."""
    found = []
    if text.search_key(one.title) == text.search_key(other.title):
        found.append(Likeness.TITLE)
    if one.basis and text.search_key(one.basis) == text.search_key(other.basis):
        found.append(Likeness.BASIS)
    same_place = one.place_id is not None and one.place_id == other.place_id
    if same_place and text.search_key(one.organiser) == text.search_key(other.organiser):
        found.append(Likeness.ORGANISER)
    return tuple(found)


def course_suspects(courses: QuerySet[CourseFacts], *, limit: int = SHOWN) -> list[Suspects]:
    """The first `limit` pairs of records of two units with the same days and more in common, the newest first."""
    return list(islice(_undecided(courses.filter(voided_at__isnull=True)), limit))


def _undecided(courses: QuerySet[CourseFacts]) -> Iterator[Suspects]:
    """Every such pair, neither one course nor told apart, read only as far as it is asked for."""
    apart = set(CoursesDiffer.objects.live().values_list("first_id", "second_id"))
    alone = courses.exclude(course__in=CourseMerge.objects.live().values("duplicate"))
    same_days = alone.filter(start=OuterRef("start"), end=OuterRef("end")).exclude(owner=OuterRef("owner"))
    rows = alone.filter(Exists(same_days)).select_related("course").order_by("-end", "-start", "course_id")
    for _days, held in groupby(rows.iterator(chunk_size=500), key=lambda facts: (facts.start, facts.end)):
        for one, other in combinations(list(held), 2):
            decided = one.owner_id == other.owner_id or (one.course_id, other.course_id) in apart
            if not decided and (alike := likeness(one, other)):
                yield Suspects(one, other, alike)


def learners(courses: Collection[int]) -> dict[int, Learners]:
    """The learners of some courses; one query."""
    merges = PersonMerge.objects.live().filter(duplicate=OuterRef("person_id")).values("canonical_id")[:1]
    names = PersonFacts.objects.live().filter(person=OuterRef("person_id")).values("search")[:1]
    lines = AttendanceFacts.objects.live().filter(attendance__course__in=courses, role=AttendanceRole.LEARNER)
    rows = lines.annotate(
        whose=Coalesce(Subquery(merges), F("person_id"), output_field=BigIntegerField()), name=Subquery(names)
    )
    found = {course: Learners() for course in courses}
    for course, person, name, completed, heads in rows.values_list(
        "attendance__course", "whose", "name", "completed", "headcount"
    ):
        list_ = found[course]
        list_.has_list |= person is not None
        if completed and person is None:
            list_.claimed += heads
        elif completed:
            list_.named[person] = name or ""
    return found


def merges_in_force() -> list[CourseMerge]:
    """Each decision in force that two records are one course, newest first."""
    return list(CourseMerge.objects.live().select_related("duplicate", "canonical").order_by("-recorded_at", "-pk"))


def differences_in_force() -> list[CoursesDiffer]:
    """Each decision in force that two records are two courses, newest first."""
    return list(CoursesDiffer.objects.live().select_related("first", "second").order_by("-recorded_at", "-pk"))


def last_said(courses: Collection[int]) -> dict[int, CourseFacts]:
    """What was last said of some courses, voided ones too."""
    rows = CourseFacts.objects.filter(course__in=courses).order_by("pk")
    return {facts.course_id: facts for facts in rows}


def other_records(courses: Iterable[int]) -> dict[int, list[CourseFacts]]:
    """Course → other units' records in force that were decided to be the same; one query."""
    asked, merges = set(courses), CourseMerge.objects.live()
    mains = merges.filter(Q(duplicate__in=asked) | Q(canonical__in=asked)).values("canonical")
    one = Q(course__in=mains) | Q(course__in=merges.filter(canonical__in=mains).values("duplicate"))
    main = merges.filter(duplicate=OuterRef("course_id")).values("canonical_id")[:1]
    whose = Coalesce(Subquery(main), F("course_id"), output_field=BigIntegerField())
    rows = CourseFacts.objects.live().filter(one).select_related("course").annotate(main=whose)
    found: dict[int, list[CourseFacts]] = {}
    for _main, same in groupby(rows.order_by("main", "course_id"), key=attrgetter("main")):
        group = list(same)
        for facts in group:
            found[facts.course_id] = [other for other in group if other is not facts]
    return {course: others for course, others in found.items() if course in asked and others}


def one_since(courses: Iterable[int], since: datetime) -> dict[int, set[int]]:
    """Course → all records of it, its own too, by decisions in force at an instant or made after it; one query."""
    asked, merges = set(courses), CourseMerge.objects.filter(Q(voided_at__isnull=True) | Q(voided_at__gt=since))
    mains = merges.filter(Q(duplicate__in=asked) | Q(canonical__in=asked)).values("canonical")
    groups: dict[int, set[int]] = {}
    for duplicate, main in merges.filter(canonical__in=mains).values_list("duplicate_id", "canonical_id"):
        groups.setdefault(main, {main}).add(duplicate)
    found: dict[int, set[int]] = {}
    for group in groups.values():
        for course in group & asked:
            found.setdefault(course, set()).update(group)
    return found


def merge_of(course: Course) -> CourseMerge | None:
    """The decision in force by which the record stands for another unit's."""
    return CourseMerge.objects.live().filter(duplicate=course).select_related("canonical").first()


def main_of(course: Course) -> Course | None:
    """The course that another unit's record of it stands for; None where it stands for itself."""
    merge = merge_of(course)
    return merge.canonical if merge else None


def duplicates_of(course: Course) -> list[Course]:
    """Other units' records that were decided to be this course."""
    merges = CourseMerge.objects.live().filter(canonical=course).select_related("duplicate").order_by("duplicate_id")
    return [merge.duplicate for merge in merges]


def keepers(courses: Iterable[Course]) -> dict[int, int]:
    """Course → the unit that keeps it, of courses in force."""
    rows = CourseFacts.objects.live().filter(course__in=list(courses))
    return dict(rows.values_list("course_id", "owner_id"))


def told_apart(course: Course, others: Iterable[Course]) -> CoursesDiffer | None:
    """A decision in force that the course is not one of the others."""
    them = list(others)
    either = Q(first=course, second__in=them) | Q(first__in=them, second=course)
    return CoursesDiffer.objects.live().filter(either).select_related("first", "second").first()
