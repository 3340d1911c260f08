"""A course's list as a register: so that it goes out as a sheet, and comes in with a verdict on each row."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chuan.audit.actor import Actor
from chuan.organisations.forms import FullNameField
from chuan.organisations.models import PersonFacts
from chuan.registers.forms import PickField, RecordForm
from chuan.registers.register import Register
from chuan.registers.sources import employers
from chuan.training import policies, services
from chuan.training.models import AttendanceFacts, CourseFacts
from chuan.training.rules import MAX_HEADCOUNT, AttendanceRole
from chuan.web.forms import CountField, LineField


class ListForm(RecordForm):
    """One line of a list as a row of a sheet; who somebody is is said once."""

    fixed = ("full_name", "person", "position")

    full_name = FullNameField(label=_("Họ và tên"), max_length=200, required=False)
    person = LineField(label=_("Mã người"), max_length=40, required=False)
    position = LineField(label=_("Chức vụ"), max_length=200, required=False)
    employer = PickField(label=_("Đơn vị công tác lúc học"), source=employers, required=False)
    employer_text = LineField(label=_("Đơn vị khác (ngoài danh mục)"), max_length=300, required=False)
    role = forms.ChoiceField(
        label=_("Vai trò trong lớp"), choices=AttendanceRole.choices, initial=AttendanceRole.LEARNER
    )
    completed = forms.BooleanField(label=_("Đã hoàn thành lớp học"), required=False, initial=True)
    headcount = CountField(
        label=_("Số lượt người (không có danh sách)"), required=False, minimum=1, maximum=MAX_HEADCOUNT
    )
    note = LineField(label=_("Ghi chú"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """A name or a count: a row with a name is one person."""
        data = super().clean() or {}
        name, heads = data.get("full_name"), data.get("headcount")
        if not name and not heads and not {"headcount", "full_name"} & set(self.errors):
            self.add_error("full_name", _now("Nhập họ và tên, hoặc nhập số lượt người nếu không có danh sách."))
        if name and (heads or 1) != 1:
            self.add_error("headcount", _now("Đã có họ và tên thì để trống ô này: mỗi dòng là một người."))
        if name:
            data["headcount"] = 1
        return data


def dressed(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Lines with who they name, in Vietnamese order of given names; claimed counts last."""
    said = PersonFacts.objects.live().filter(person=OuterRef("person_id"))

    def of_person(fact: str, unnamed: str = "") -> Any:
        return Coalesce(Subquery(said.values(fact)[:1]), Value(unnamed))

    found: QuerySet[Any] = rows.annotate(
        full_name=of_person("full_name"),
        position=of_person("position"),
        person_code=Coalesce(F("person__code"), Value("")),
        order=of_person("order", "~"),
    )
    return found


def label(said: Any) -> str:
    """The person's name, or how many people."""
    n = said.headcount
    unnamed = ngettext("%(n)s lượt người, không có danh sách", "%(n)s lượt người, không có danh sách", n)
    return said.full_name or unnamed % {"n": n}


def list_of(course: CourseFacts) -> Register:
    """The register of one course's list."""

    def visible(actor: Actor) -> QuerySet[Any]:
        rows = AttendanceFacts.objects.filter(attendance__course=course.course)
        return rows if policies.can_view(actor, course) else rows.none()

    def may(actor: Actor, _said: Any = None) -> bool:
        return course.voided_at is None and policies.can_correct(actor, course)

    def check(actor: Actor, facts: Mapping[str, Any], seen: Any) -> None:
        services.check_line(actor, course, facts, seen)

    return Register(
        name="training.attendance",
        model=AttendanceFacts,
        prefix="HV",
        title=course.title,
        noun=_("dòng danh sách"),
        lead=_("Danh sách của lớp. Người cùng họ tên với người đã có thì ghi mã ở cột Mã người."),
        form=ListForm,
        natural=("full_name", "headcount"),
        visible_to=visible,
        can_list=may,
        can_record=may,
        can_add=may,
        can_correct=may,
        label=label,
        check=check,
        paths={"full_name": "full_name", "person": "person_code", "position": "position"},
        dress=dressed,
        take=partial(services.take_list, course=course.course),
        refuses_twins=False,
        series=course.course.code,
    )
