"""Kinds and limits of the training register: plain values."""

from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

#: A list pasted at once.
MAX_LINES = 300
MAX_HEADCOUNT = 10_000
#: No course of the register began earlier; a date that did has a wrong year.
FIRST_DAY = date(2000, 1, 1)
#: How long before it begins a course may be recorded.
AHEAD = timedelta(days=366)
LONGEST_YEARS = 5


class ActivityKind(TextChoices):
    """What was held. Only a course is training; a conference or a campaign is not one."""

    COURSE = "course", _("Lớp đào tạo, tập huấn, bồi dưỡng")
    CONFERENCE = "conference", _("Hội nghị, hội thảo")
    CAMPAIGN = "campaign", _("Tuyên truyền, phổ biến")


class AttendanceRole(TextChoices):
    """As what a person was there."""

    LEARNER = "learner", _("Học viên")
    LECTURER = "lecturer", _("Giảng viên, báo cáo viên")
    ORGANISER = "organiser", _("Ban tổ chức")


class Likeness(TextChoices):
    """What two records of the same days have in common, so that they may be one course."""

    TITLE = "title", _("cùng tên lớp")
    BASIS = "basis", _("cùng văn bản căn cứ")
    ORGANISER = "organiser", _("cùng đơn vị tổ chức và địa bàn")


def ends_before_it_begins(start: date, end: date) -> bool:
    """The range is empty or reversed (a one-day course begins and ends on the same day)."""
    return end < start


def is_day_of_register(start: date, today: date) -> bool:
    """A course may have begun on that day, or begin on it soon."""
    return FIRST_DAY <= start <= today + AHEAD


def lasts_too_long(start: date, end: date) -> bool:
    """No course takes so many years: one of the two dates has a wrong one."""
    return end - start > timedelta(days=366) * LONGEST_YEARS
