"""Forms of assignments and of replies."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.lib import clock
from chuan.organisations import queries as units
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.rules import UnitKind
from chuan.programme.models import DOCUMENT, Contradiction, SettledReading, WorkingAssignment
from chuan.programme.rules import Duty
from chuan.programme.services.assignments import AssignmentEntry
from chuan.programme.services.replies import KeptFile, ReplyEntry
from chuan.web.forms import DateField, LineField, ParagraphField, offer

#: Units that are given a task.
ASSIGNED_KINDS = (
    UnitKind.PROVINCE_COMMITTEE,
    UnitKind.DEPARTMENT,
    UnitKind.AGENCY,
    UnitKind.COMMUNE,
    UnitKind.SERVICE_ORGANISATION,
    UnitKind.ASSOCIATION,
)


def unit_choices(on: date) -> list[tuple[str, str]]:
    """Units of today that may be given a task, by name."""
    found = units.versions_on(on).filter(unit__kind__in=ASSIGNED_KINDS).order_by("order")
    return [("", _now("— chọn đơn vị —")), *found.values_list("unit__code", "name")]


class AssignmentForm(forms.Form):
    """What an assignment says; the unit is asked only once."""

    duty = forms.ChoiceField(label=_("Vai trò"), choices=Duty.choices)
    officer = LineField(label=_("Người thực hiện"), max_length=200, required=False, help_text=_("Họ tên, chức vụ."))
    product = ParagraphField(
        label=_("Sản phẩm"), max_length=1000, required=False, help_text=_("Kết quả phải có khi xong việc.")
    )
    authority = LineField(
        label=_("Thẩm quyền"), max_length=300, required=False, help_text=_("Ai quyết định, phê duyệt kết quả.")
    )
    due = DateField(label=_("Hạn hoàn thành"), required=False)
    valid_from = DateField(label=_("Giao từ ngày"))
    valid_to = DateField(
        label=_("Kết thúc ngày"), required=False, help_text=_("Ngày đầu tiên không còn được giao; để trống nếu còn.")
    )
    document = LineField(
        label=_("Văn bản giao"), max_length=DOCUMENT, help_text=_("Ví dụ: Quyết định số 15/QĐ-SKHCN ngày 05/3/2026.")
    )

    def clean(self) -> dict[str, Any]:
        """An assignment ends after it begins."""
        data = super().clean() or {}
        begins, ends = data.get("valid_from"), data.get("valid_to")
        if begins and ends and ends <= begins:
            self.add_error(
                "valid_to", _now("Ngày kết thúc phải sau ngày giao %(day)s.") % {"day": f"{begins:%d/%m/%Y}"}
            )
        return data

    def entry(self, unit: OrganisationUnit) -> AssignmentEntry:
        """The valid form as the services take it."""
        fields = AssignmentForm.base_fields
        return AssignmentEntry(unit=unit, **{name: self.cleaned_data[name] for name in fields})

    @staticmethod
    def initial_of(said: WorkingAssignment) -> dict[str, Any]:
        """An assignment as the form shows it."""
        return {name: getattr(said, name) for name in AssignmentForm.base_fields}


class AssignForm(AssignmentForm):
    """A new assignment."""

    unit = forms.ChoiceField(label=_("Đơn vị"))
    field_order = ("unit",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", unit_choices(clock.today()))

    def chosen(self) -> OrganisationUnit:
        """The unit that gets the task."""
        return OrganisationUnit.objects.get(code=self.cleaned_data["unit"])


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = ParagraphField(label=_("Lý do"), max_length=500)


class CorrectAssignmentForm(AssignmentForm):
    """An assignment said anew."""

    reason = ParagraphField(label=_("Lý do sửa"), max_length=500)


class ReplyForm(forms.Form):
    """A reply that settles a reading."""

    label = forms.ChoiceField(label=_("Cách hiểu được chọn"), widget=forms.RadioSelect)
    document = LineField(label=_("Số, ký hiệu văn bản trả lời"), max_length=120, help_text=_("Ví dụ: 123/UBND-KGVX."))
    issuer = LineField(label=_("Cơ quan trả lời"), max_length=200)
    dated = DateField(label=_("Ngày của văn bản"), help_text=_("Cách hiểu được áp dụng từ ngày này."))
    note = ParagraphField(label=_("Ghi chú"), max_length=1000, required=False)
    file = forms.FileField(label=_("Tệp văn bản"), required=False, help_text=_("PDF, Word hoặc ảnh, tối đa 20 MB."))

    def __init__(self, *args: Any, contradiction: Contradiction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signed = contradiction.plan.signed
        choices = [(r["label"], f"{r['label']}. {r['words']}") for r in contradiction.readings]
        offer(self, "label", choices)

    def clean_dated(self) -> date:
        """A reply is dated after the plan and not in the future."""
        day: date = self.cleaned_data["dated"]
        if not self.signed <= day <= clock.today():
            raise forms.ValidationError(
                _now("Ngày của văn bản phải từ ngày ban hành Kế hoạch (%(signed)s) đến hôm nay (%(today)s).")
                % {"signed": f"{self.signed:%d/%m/%Y}", "today": f"{clock.today():%d/%m/%Y}"}
            )
        return day

    def entry(self, file: KeptFile | None) -> ReplyEntry:
        """The valid form as the services take it."""
        names = ("label", "document", "issuer", "dated", "note")
        return ReplyEntry(**{name: self.cleaned_data[name] for name in names}, file=file)

    @staticmethod
    def initial_of(said: SettledReading) -> dict[str, Any]:
        """A reply as the form shows it."""
        return {name: getattr(said, name) for name in ("label", "document", "issuer", "dated", "note")}


class CorrectReplyForm(ReplyForm):
    """A reply said anew."""

    reason = ParagraphField(label=_("Lý do sửa"), max_length=500)
