"""The training register as files go in and out of it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from chuan.audit.actor import Actor
from chuan.registers.register import Register
from chuan.training import policies
from chuan.training.forms import CourseForm
from chuan.training.models import CourseFacts
from chuan.training.services import course_words


def _may_add(actor: Actor, _facts: Mapping[str, Any]) -> bool:
    return policies.can_record(actor)


#: Two courses of one title, days and place may both be true: a second is not refused, but a file finds the first.
COURSES = Register(
    name="training.course",
    model=CourseFacts,
    prefix="L",
    title=_("Sổ đào tạo"),
    noun=_("lớp"),
    lead=_("Các lớp về đo lường do mọi đơn vị ghi. Số người được đào tạo trong báo cáo lấy từ đây."),
    form=CourseForm,
    natural=("title", "start", "end", "place_id"),
    visible_to=policies.visible_to,
    can_list=policies.can_list,
    can_record=policies.can_record,
    can_add=_may_add,
    can_correct=policies.can_correct,
    label=lambda said: str(said.title),
    search=course_words,
    sort="-end",
    related=("owner",),
    icon="training",
    refuses_twins=False,
    series="course",
)
