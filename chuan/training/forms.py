"""Forms of the training register."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.lib import clock, text
from chuan.organisations import queries as units
from chuan.organisations.models import OrganisationUnit, PersonFacts
from chuan.organisations.rules import TERRITORIAL, UnitKind
from chuan.training.models import AttendanceFacts, CourseFacts
from chuan.training.rules import MAX_HEADCOUNT, MAX_LINES, ActivityKind, AttendanceRole, ends_before_it_begins
from chuan.training.services import CourseEntry, LineEntry
from chuan.web.forms import CountField, DateField, LineField, ParagraphField

ANOTHER = "new"


def place_choices() -> list[tuple[str, str]]:
    """Places by name, those of the past with their years: old records happened in districts."""
    return [("", _now("— chưa rõ —")), *units.named_units(TERRITORIAL)]


def employer_choices() -> list[tuple[str, str]]:
    """Agencies, organisations and enterprises by name."""
    kinds = tuple(k for k in UnitKind.values if k != UnitKind.PROVINCE)
    return [("", _now("— chưa rõ —")), *units.named_units(kinds)]


def unit_of(code: str) -> OrganisationUnit | None:
    """The unit of a chosen code."""
    return OrganisationUnit.objects.filter(code=code).first() if code else None


class CourseForm(forms.Form):
    """A course, added or corrected."""

    title = LineField(label=_("Tên lớp, nội dung"), max_length=300)
    kind = forms.ChoiceField(label=_("Loại hoạt động"), choices=ActivityKind.choices)
    on_metrology = forms.BooleanField(
        label=_("Nội dung về đo lường"),
        required=False,
        initial=True,
        help_text=_("Chỉ lớp về đo lường được tính vào chỉ tiêu."),
    )
    start = DateField(label=_("Ngày bắt đầu"))
    end = DateField(label=_("Ngày kết thúc"), help_text=_("Lớp được tính vào năm theo ngày kết thúc."))
    organiser = LineField(label=_("Đơn vị tổ chức"), max_length=300)
    place = forms.ChoiceField(
        label=_("Địa bàn"),
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = place_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The course does not end before it begins."""
        data = super().clean() or {}
        start, end = data.get("start"), data.get("end")
        if start and end and ends_before_it_begins(start, end):
            self.add_error(
                "end",
                _now("Ngày kết thúc %(end)s trước ngày bắt đầu %(start)s. Kiểm tra lại hai ngày.")
                % {"end": f"{end:%d/%m/%Y}", "start": f"{start:%d/%m/%Y}"},
            )
        return data

    def entry(self) -> CourseEntry:
        """The valid form as the services take it."""
        data = {k: v for k, v in self.cleaned_data.items() if k != "reason"}
        return CourseEntry(**{**data, "place": unit_of(data["place"])})

    @staticmethod
    def initial_of(facts: CourseFacts) -> dict[str, Any]:
        """A statement as the form shows it."""
        names = [n for n in CourseForm.base_fields if n != "place"]
        return {**{n: getattr(facts, n) for n in names}, "place": facts.place.code if facts.place else ""}


class ReasonForm(forms.Form):
    """Why something is corrected or taken back."""

    reason = ParagraphField(label=_("Lý do"), max_length=500, help_text=_("Ghi vào lịch sử, người xem sau đọc được."))


class CorrectCourseForm(CourseForm):
    """A correction says why."""

    reason = ParagraphField(
        label=_("Lý do sửa"), max_length=500, help_text=_("Ghi vào lịch sử, người xem sau đọc được.")
    )


class LineForm(forms.Form):
    """One line of a list: a person, or a claimed count without a list."""

    full_name = LineField(
        label=_("Họ và tên"), max_length=200, required=False, help_text=_("Để trống nếu chỉ biết số lượt người.")
    )
    same = forms.ChoiceField(label=_("Đã có người trùng tên"), required=False, widget=forms.RadioSelect)
    headcount = CountField(
        label=_("Số lượt người (không có danh sách)"), required=False, minimum=1, maximum=MAX_HEADCOUNT
    )
    role = forms.ChoiceField(label=_("Vai trò trong lớp"), choices=AttendanceRole.choices)
    completed = forms.BooleanField(label=_("Đã hoàn thành lớp học"), required=False, initial=True)
    employer = forms.ChoiceField(label=_("Đơn vị công tác lúc học"), required=False)
    employer_text = LineField(
        label=_("Đơn vị khác (ngoài danh mục)"),
        max_length=300,
        required=False,
        help_text=_("Ghi khi chưa có trong danh mục; chưa được tính."),
    )
    position = LineField(label=_("Chức vụ"), max_length=200, required=False)
    note = LineField(label=_("Ghi chú"), max_length=300, required=False)

    def __init__(self, *args: Any, suspects: list[PersonFacts] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].choices = employer_choices()  # type: ignore[attr-defined]
        self.suspects = suspects or []
        known = [(p.person.code, self.describe(p)) for p in self.suspects]
        self.fields["same"].choices = [*known, (ANOTHER, _now("Người khác, cùng tên"))]  # type: ignore[attr-defined]
        if not self.suspects:
            del self.fields["same"]

    @staticmethod
    def describe(facts: PersonFacts) -> str:
        """A person as offered: name, code, position."""
        return " · ".join(part for part in (facts.full_name, facts.person.code, facts.position) if part)

    def clean(self) -> dict[str, Any]:
        """A name or a count, not both and not neither; where the name is known, who it is."""
        data = super().clean() or {}
        name, heads = data.get("full_name"), data.get("headcount")
        if not name and not heads and "headcount" not in self.errors:
            self.add_error("full_name", _now("Nhập họ và tên, hoặc nhập số lượt người nếu không có danh sách."))
        if name and heads:
            self.add_error("headcount", _now("Đã có họ và tên thì để trống ô này: mỗi dòng là một người."))
        if name and self.suspects and not data.get("same"):
            self.add_error("same", _now("Đã có người trùng tên. Chọn đúng người, hoặc chọn “người khác, cùng tên”."))
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
    """A correction of a line."""

    role = forms.ChoiceField(label=_("Vai trò trong lớp"), choices=AttendanceRole.choices)
    completed = forms.BooleanField(label=_("Đã hoàn thành lớp học"), required=False)
    employer = forms.ChoiceField(label=_("Đơn vị công tác lúc học"), required=False)
    employer_text = LineField(label=_("Đơn vị khác (ngoài danh mục)"), max_length=300, required=False)
    note = LineField(label=_("Ghi chú"), max_length=300, required=False)
    reason = ParagraphField(
        label=_("Lý do sửa"), max_length=500, help_text=_("Ghi vào lịch sử, người xem sau đọc được.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].choices = employer_choices()  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """What the correction says."""
        data = {k: v for k, v in self.cleaned_data.items() if k != "reason"}
        return {**data, "employer": unit_of(data["employer"])}

    @staticmethod
    def initial_of(line: AttendanceFacts) -> dict[str, Any]:
        """A line as the form shows it."""
        return {
            "role": line.role,
            "completed": line.completed,
            "employer": line.employer.code if line.employer else "",
            "employer_text": line.employer_text,
            "note": line.note,
        }


class PasteForm(forms.Form):
    """A list pasted from Excel or Word: one person a line, columns by tab or semicolon."""

    lines = forms.CharField(
        label=_("Danh sách"),
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Mỗi dòng một người: họ và tên; chức vụ. Dán thẳng từ Excel cũng được."),
    )
    employer = forms.ChoiceField(label=_("Đơn vị công tác (chung cho cả danh sách)"), required=False)
    completed = forms.BooleanField(label=_("Tất cả đã hoàn thành lớp học"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].choices = employer_choices()  # type: ignore[attr-defined]

    def clean_lines(self) -> list[tuple[str, str]]:
        """(name, position) of each line; every wrong line is named at once."""
        rows: list[tuple[str, str]] = []
        wrong: list[str] = []
        for number, raw in enumerate(self.cleaned_data["lines"].splitlines(), 1):
            cells = [text.nfc(cell) for cell in raw.replace("\t", ";").split(";")]
            cells = [c for c in cells if c and not c.rstrip(".").isdigit()]
            if not cells:
                continue
            if len(cells[0]) > 200 or " " not in cells[0]:
                wrong.append(_now("dòng %(n)s “%(text)s”: cần đủ họ và tên") % {"n": number, "text": cells[0][:60]})
            rows.append((cells[0], cells[1] if len(cells) > 1 else ""))
        if wrong:
            raise forms.ValidationError(wrong)
        if not rows:
            raise forms.ValidationError(_now("Chưa có dòng nào. Mỗi dòng một người."))
        if len(rows) > MAX_LINES:
            raise forms.ValidationError(_now("Tối đa %(n)s dòng một lần; hãy chia danh sách.") % {"n": MAX_LINES})
        return rows

    def entries(self) -> list[LineEntry]:
        """The valid list as the services take it."""
        employer, completed = unit_of(self.cleaned_data["employer"]), self.cleaned_data["completed"]
        return [
            LineEntry(role="learner", full_name=name, position=position, employer=employer, completed=completed)
            for name, position in self.cleaned_data["lines"]
        ]


class FileForm(forms.Form):
    """A file that proves the course."""

    title = LineField(label=_("Tên tài liệu"), max_length=200, required=False)
    file = forms.FileField(label=_("Tệp"), help_text=_("pdf, docx, xlsx, png, jpg; tối đa 20 MB."))


class FilterForm(forms.Form):
    """What the register shows."""

    q = LineField(label=_("Tìm"), required=False, max_length=100)
    year = forms.TypedChoiceField(label=_("Năm"), required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label=_("Loại"), required=False, choices=[("", _("Tất cả loại")), *ActivityKind.choices])

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = years or [clock.today().year]
        self.fields["year"].choices = [("", _now("Tất cả năm")), *((str(y), str(y)) for y in shown)]  # type: ignore[attr-defined]
