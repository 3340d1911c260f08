"""Forms of the training register."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.lib import clock
from chuan.organisations import queries as units
from chuan.organisations.forms import FullNameField
from chuan.organisations.models import OrganisationUnit, PersonFacts
from chuan.organisations.rules import UnitKind
from chuan.registers.forms import PickField, RecordForm, reason_field
from chuan.registers.sources import territories
from chuan.training.models import AttendanceFacts, CourseFacts
from chuan.training.rules import (
    FIRST_DAY,
    LONGEST_YEARS,
    MAX_HEADCOUNT,
    ActivityKind,
    AttendanceRole,
    ends_before_it_begins,
    is_day_of_register,
    lasts_too_long,
)
from chuan.training.services import CourseEntry, LineEntry
from chuan.web.forms import CountField, DateField, LineField, ParagraphField, offer

#: The answer "another person of the same name" to the question who somebody is.
ANOTHER = "new"


def employer_choices(on: date, keep: OrganisationUnit | None = None) -> list[tuple[str, str]]:
    """Agencies, organisations and enterprises that exist on the day, by name; and `keep`, whatever its days."""
    kinds = [k for k in UnitKind.values if k != UnitKind.PROVINCE]
    found = units.versions_on(on).filter(unit__kind__in=kinds).order_by("order").values_list("unit__code", "name")
    choices = [("", _now("— chưa rõ —")), *found]
    if keep and keep.code not in dict(choices):
        choices.append((keep.code, units.unit_names(on).get(keep.pk, keep.code)))
    return choices


def describe(facts: PersonFacts, names: Mapping[int, str]) -> str:
    """A person as offered: name, code, position, employer."""
    employer = names.get(facts.employer_id or 0, "")
    return " · ".join(part for part in (facts.full_name, facts.person.code, facts.position, employer) if part)


def who_choices(people: Sequence[PersonFacts], names: Mapping[int, str]) -> list[tuple[str, str]]:
    """Those of the same name, and another."""
    return [*((p.person.code, describe(p, names)) for p in people), (ANOTHER, _now("Người khác, cùng tên"))]


def unit_of(code: str) -> OrganisationUnit | None:
    """The unit of a chosen code."""
    return OrganisationUnit.objects.filter(code=code).first() if code else None


class CourseForm(RecordForm):
    """A course, added or corrected, or a row of a file."""

    title = LineField(label=_("Tên lớp, nội dung"), max_length=300)
    kind = forms.ChoiceField(label=_("Loại hoạt động"), choices=ActivityKind.choices)
    on_metrology = forms.BooleanField(
        label=_("Nội dung về đo lường"),
        required=False,
        initial=True,
        help_text=_("Chỉ lớp về đo lường được tính vào chỉ tiêu."),
    )
    start = DateField(label=_("Ngày bắt đầu"), help_text=_("Lớp một ngày thì ghi hai ngày giống nhau."))
    end = DateField(label=_("Ngày kết thúc"), help_text=_("Lớp được tính vào năm theo ngày kết thúc."))
    organiser = LineField(label=_("Đơn vị tổ chức"), max_length=300)
    place = PickField(
        label=_("Địa bàn"),
        source=territories,
        required=False,
        help_text=_("Xã, phường; lớp trước 01/7/2025 chọn huyện, thị xã, thành phố."),
    )
    venue = LineField(label=_("Địa điểm cụ thể"), max_length=300, required=False)
    online = forms.BooleanField(label=_("Tổ chức trực tuyến"), required=False)
    basis = LineField(
        label=_("Văn bản căn cứ"),
        max_length=300,
        required=False,
        help_text=_("Ví dụ: Kế hoạch số 15/KH-SCT ngày 05/3/2026."),
    )
    note = ParagraphField(label=_("Ghi chú"), max_length=2000, required=False)

    def clean(self) -> dict[str, Any]:
        """The course does not end before it begins, nor lies where only a wrong year puts it."""
        data = super().clean() or {}
        start, end = data.get("start"), data.get("end")
        if start and not is_day_of_register(start, clock.today()):
            self.add_error("start", self._wrong_year(start))
        elif start and end and lasts_too_long(start, end):
            self.add_error("end", self._wrong_year(end))
        if start and end and ends_before_it_begins(start, end):
            self.add_error(
                "end",
                _now("Ngày kết thúc %(end)s trước ngày bắt đầu %(start)s. Kiểm tra lại hai ngày.")
                % {"end": f"{end:%d/%m/%Y}", "start": f"{start:%d/%m/%Y}"},
            )
        place = data.get("place")
        if place and end and not units.versions_on(end).filter(unit_id=place).exists():
            self.add_error(
                "place",
                _now("Ngày %(end)s không có địa bàn này. Chọn xã, phường hoặc huyện có vào ngày đó.")
                % {"end": f"{end:%d/%m/%Y}"},
            )
        return data

    @staticmethod
    def _wrong_year(day: date) -> str:
        said = _now(
            "%(day)s: kiểm tra lại năm. Sổ ghi lớp từ năm %(first)s, mở chậm nhất một năm nữa, dài tối đa %(n)s năm."
        )
        return said % {"day": f"{day:%d/%m/%Y}", "first": FIRST_DAY.year, "n": LONGEST_YEARS}

    def entry(self) -> CourseEntry:
        """The valid form as the services take it."""
        said = self.facts()
        place = OrganisationUnit.objects.filter(pk=said.pop("place_id")).first()
        return CourseEntry(**said, place=place)


class LineForm(forms.Form):
    """One line of a list: a person, or a claimed count without a list."""

    full_name = FullNameField(
        label=_("Họ và tên"), max_length=200, required=False, help_text=_("Để trống nếu chỉ biết số lượt người.")
    )
    same = forms.ChoiceField(label=_("Người cùng họ tên"), required=False, widget=forms.RadioSelect)
    position = LineField(label=_("Chức vụ"), max_length=200, required=False)
    employer = forms.ChoiceField(label=_("Đơn vị công tác lúc học"), required=False)
    employer_text = LineField(
        label=_("Đơn vị khác (ngoài danh mục)"),
        max_length=300,
        required=False,
        help_text=_("Ghi khi chưa có trong danh mục; chưa được tính."),
    )
    role = forms.ChoiceField(label=_("Vai trò trong lớp"), choices=AttendanceRole.choices)
    completed = forms.BooleanField(label=_("Đã hoàn thành lớp học"), required=False, initial=True)
    headcount = CountField(
        label=_("Số lượt người (không có danh sách)"), required=False, minimum=1, maximum=MAX_HEADCOUNT
    )
    note = LineField(label=_("Ghi chú"), max_length=300, required=False)

    def __init__(self, *args: Any, on: date, suspects: Sequence[PersonFacts] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "employer", employer_choices(on))
        self.suspects = suspects
        if suspects:
            offer(self, "same", who_choices(suspects, units.unit_names()))
        else:
            del self.fields["same"]

    def clean(self) -> dict[str, Any]:
        """A name or a count, not both and not neither; where the name is known, who it is."""
        data = super().clean() or {}
        name, heads = data.get("full_name"), data.get("headcount")
        if not name and not heads and not {"headcount", "full_name"} & set(self.errors):
            self.add_error("full_name", _now("Nhập họ và tên, hoặc nhập số lượt người nếu không có danh sách."))
        if name and heads:
            self.add_error("headcount", _now("Đã có họ và tên thì để trống ô này: mỗi dòng là một người."))
        if name and self.suspects and "same" not in self.errors and not data.get("same"):
            self.add_error("same", _now("Đã có người cùng họ tên. Chọn đúng người, hoặc chọn “Người khác, cùng tên”."))
        return data

    def entry(self) -> LineEntry:
        """The valid form as the services take it."""
        data = self.cleaned_data
        chosen = next((p.person for p in self.suspects if p.person.code == data.get("same")), None)
        return LineEntry(
            role=data["role"],
            full_name="" if chosen else data["full_name"],
            person=chosen,
            headcount=data["headcount"] or 1,
            completed=data["completed"],
            employer=unit_of(data["employer"]),
            employer_text=data["employer_text"],
            position=data["position"],
            note=data["note"],
        )


class CorrectLineForm(forms.Form):
    """A correction of a line; only a claimed count has a number of heads."""

    headcount = CountField(label=_("Số lượt người (không có danh sách)"), minimum=1, maximum=MAX_HEADCOUNT)
    employer = forms.ChoiceField(label=_("Đơn vị công tác lúc học"), required=False)
    employer_text = LineField(label=_("Đơn vị khác (ngoài danh mục)"), max_length=300, required=False)
    role = forms.ChoiceField(label=_("Vai trò trong lớp"), choices=AttendanceRole.choices)
    completed = forms.BooleanField(label=_("Đã hoàn thành lớp học"), required=False)
    note = LineField(label=_("Ghi chú"), max_length=300, required=False)
    reason = reason_field(_("Lý do sửa"))

    def __init__(self, *args: Any, line: AttendanceFacts, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": self.initial_of(line), **kwargs})
        offer(self, "employer", employer_choices(on, keep=line.employer))
        if line.person_id:
            del self.fields["headcount"]

    def facts(self) -> dict[str, Any]:
        """What the correction says."""
        data = {k: v for k, v in self.cleaned_data.items() if k != "reason"}
        return {**data, "employer": unit_of(data["employer"])}

    @staticmethod
    def initial_of(line: AttendanceFacts) -> dict[str, Any]:
        """A line as the form shows it."""
        names = ("headcount", "role", "completed", "employer_text", "note")
        return {**{n: getattr(line, n) for n in names}, "employer": line.employer.code if line.employer else ""}


class TwoCoursesForm(forms.Form):
    """On what grounds two records are two courses."""

    basis = ParagraphField(
        label=_("Căn cứ"),
        max_length=1000,
        help_text=_("Đã đối chiếu gì, với ai, ngày nào. Ví dụ: hai đơn vị cùng gửi quyết định mở lớp số 12/QĐ-SCT."),
    )


class OneCourseForm(TwoCoursesForm):
    """On what grounds two records are one course, and which of them is the main one."""

    keep = forms.ChoiceField(
        label=_("Bản chính"),
        widget=forms.RadioSelect,
        help_text=_("Toàn tỉnh tính theo ngày, địa bàn, danh sách của bản chính; bản kia chỉ thêm người chưa có tên."),
    )
    field_order = ("keep", "basis")

    def __init__(self, *args: Any, pair: Sequence[CourseFacts], names: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "keep", [(c.course.code, f"{names.get(c.owner_id, '')} · {c.course.code}") for c in pair])


class FilterForm(forms.Form):
    """What the register shows."""

    q = LineField(label=_("Tìm tên lớp, đơn vị tổ chức"), required=False, max_length=100)
    year = forms.TypedChoiceField(label=_("Năm"), required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label=_("Loại"), required=False, choices=[("", _("Tất cả loại")), *ActivityKind.choices])

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = years or [clock.today().year]
        offer(self, "year", [("", _now("Tất cả năm")), *((str(y), str(y)) for y in shown)])
