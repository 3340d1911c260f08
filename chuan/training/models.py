"""Courses and attendances as identity and statement, with attachments."""

from django.db import models
from django.db.models import F, Q

from chuan.files.models import StoredFile
from chuan.ledger.models import Identity, Statement
from chuan.organisations.models import OrganisationUnit, Person
from chuan.training.rules import ActivityKind, AttendanceRole


class Course(Identity):
    """A training activity's identity."""

    class Meta:
        ordering = ("code",)


class CourseFacts(Statement):
    """What is said of a course: title, days, place, organiser, and the unit that keeps the record."""

    subject = ("course",)

    course = models.ForeignKey(Course, models.PROTECT, related_name="facts_set")
    title = models.CharField(max_length=300)
    search = models.CharField(max_length=600)
    kind = models.CharField(max_length=20, choices=ActivityKind.choices)
    on_metrology = models.BooleanField(default=True)
    start = models.DateField()
    end = models.DateField()
    #: Where it was held: a commune, or a district or province where no more is known; null: not known at all.
    place = models.ForeignKey(OrganisationUnit, models.PROTECT, null=True, related_name="courses_held")
    venue = models.CharField(max_length=300, blank=True)
    online = models.BooleanField(default=False)
    organiser = models.CharField(max_length=300)
    basis = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    owner = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="courses_kept")

    class Meta:
        ordering = ("-end", "-course_id")
        indexes = [
            models.Index(fields=["owner", "end"], name="training_course_owner"),
            models.Index(fields=["end"], name="training_course_end"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["course"], condition=Q(voided_at__isnull=True), name="training_one_live_course"
            ),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="training_course_range"),
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(Identity):
    """One line of a course's list: a person who was there, or a claimed number of people without a list."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="attendances")

    class Meta:
        ordering = ("code",)


class AttendanceFacts(Statement):
    """Who attended, as what, whether they completed it, and for whom they worked then.

    A line without a person is a claimed count ("45 lượt người"): it has a headcount and no name.
    """

    subject = ("attendance",)

    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="facts_set")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="attendances")
    headcount = models.PositiveIntegerField(default=1)
    role = models.CharField(max_length=20, choices=AttendanceRole.choices)
    completed = models.BooleanField(default=True)
    employer = models.ForeignKey(OrganisationUnit, models.PROTECT, null=True, related_name="attendances")
    employer_text = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person"], name="training_attendance_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["attendance"], condition=Q(voided_at__isnull=True), name="training_one_live_attendance"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True, headcount__gte=1) | Q(person__isnull=False, headcount=1),
                name="training_headcount",
            ),
        ]

    def __str__(self) -> str:
        return str(self.attendance)


class Attachment(Statement):
    """A file that proves a course: decision, list, photograph."""

    subject = ("course",)

    course = models.ForeignKey(Course, models.PROTECT, related_name="attachments")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attached_to_courses")
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ("recorded_at", "id")

    def __str__(self) -> str:
        return self.title


class CourseMerge(Statement):
    """A decision that `duplicate` is the course that `canonical` records too, each kept by its own unit.

    `canonical` is never itself a live duplicate, so one hop finds it. Voiding the decision makes them two again.
    """

    subject = ("duplicate",)

    duplicate = models.ForeignKey(Course, models.PROTECT, related_name="merged_into")
    canonical = models.ForeignKey(Course, models.PROTECT, related_name="merged_from")
    basis = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duplicate"], condition=Q(voided_at__isnull=True), name="training_one_live_merge"
            ),
            models.CheckConstraint(condition=~Q(duplicate=F("canonical")), name="training_no_self_merge"),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_id} = {self.canonical_id}"


class CoursesDiffer(Statement):
    """A decision that two records that look alike are two courses; `first` has the smaller key."""

    subject = ("first", "second")

    first = models.ForeignKey(Course, models.PROTECT, related_name="differs_from")
    second = models.ForeignKey(Course, models.PROTECT, related_name="differs_by")
    basis = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(voided_at__isnull=True), name="training_one_difference"
            ),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="training_difference_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
