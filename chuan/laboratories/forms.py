"""Forms of laboratories and of what hangs on them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.instruments.queries import kind_choices
from chuan.laboratories.queries import criteria_choices, laboratory_choices, recognition_choices
from chuan.laboratories.rules import (
    Activity,
    AssessmentKind,
    Field,
    InterruptionKind,
    LineStatus,
    RecognitionKind,
    Result,
    Standard,
    numbered,
)
from chuan.registers.forms import PickField, RecordForm, reason_field
from chuan.registers.sources import bodies, territories
from chuan.web.forms import DateField, LineField, ParagraphField

CHOOSE = _("— chọn —")


def note_field() -> ParagraphField:
    """What else there is to say."""
    return ParagraphField(label=_("Ghi chú"), max_length=2000, required=False)


class LaboratoryForm(RecordForm):
    """A laboratory."""

    fixed = ("unit",)

    name = LineField(label=_("Tên phòng thí nghiệm"), max_length=300)
    unit = PickField(label=_("Tổ chức"), source=bodies, blank=CHOOSE)
    place = PickField(
        label=_("Địa bàn đặt phòng"),
        source=territories,
        required=False,
        help_text=_("Xã, phường; chưa rõ thì để trống, khi đó chưa được tính."),
    )
    address = LineField(label=_("Địa chỉ"), max_length=300, required=False)
    contact = LineField(label=_("Liên hệ công việc"), max_length=200, required=False)
    note = note_field()


class RecognitionForm(RecordForm):
    """A registration, designation, accreditation or certificate."""

    fixed = ("unit",)

    unit = PickField(label=_("Tổ chức"), source=bodies, blank=CHOOSE)
    kind = forms.ChoiceField(label=_("Hình thức"), choices=RecognitionKind.choices)
    number = LineField(label=_("Số, ký hiệu"), max_length=100, help_text=_("Ghi đúng như in, ví dụ ĐK 416, N383."))
    issuer = LineField(label=_("Cơ quan, tổ chức cấp"), max_length=200)
    valid_from = DateField(label=_("Có giá trị từ ngày"))
    last_day = DateField(
        label=_("Có giá trị đến hết ngày"), required=False, help_text=_("Đúng như in; để trống nếu văn bản không ghi.")
    )
    laboratory = PickField(
        label=_("Chỉ cho phòng thí nghiệm"), source=laboratory_choices, required=False, blank=_("Cả tổ chức")
    )
    standard = forms.ChoiceField(label=_("Tiêu chuẩn"), choices=Standard.choices, initial=Standard.NONE)
    standard_text = LineField(label=_("Tên tiêu chuẩn khác"), max_length=200, required=False)
    accepted_by = LineField(
        label=_("Văn bản chấp nhận tiêu chuẩn khác"),
        max_length=300,
        required=False,
        help_text=_("Tiêu chuẩn khác chỉ được tính khi có văn bản chấp nhận."),
    )
    scope = ParagraphField(label=_("Phạm vi"), max_length=4000, required=False)
    note = note_field()

    def clean(self) -> dict[str, Any]:
        """Days in order; an accreditation and a certificate name their standard, the others have none."""
        data = super().clean() or {}
        self.dates_in_order("valid_from", "last_day")
        named = data.get("kind") in {RecognitionKind.ACCREDITATION, RecognitionKind.CERTIFICATION}
        standard = data.get("standard")
        if named and standard == Standard.NONE:
            self.add_error("standard", _now("Công nhận, chứng nhận phải có tiêu chuẩn. Chọn tiêu chuẩn."))
        if not named and standard not in {None, Standard.NONE}:
            self.add_error("standard", _now("Đăng ký, chỉ định không theo tiêu chuẩn này. Chọn “Không áp dụng”."))
        if standard == Standard.OTHER and not data.get("standard_text"):
            self.add_error("standard_text", _now("Ghi tên tiêu chuẩn khác."))
        if standard != Standard.OTHER and data.get("accepted_by"):
            self.add_error("accepted_by", _now("Ô này chỉ dùng khi chọn “Tiêu chuẩn khác”. Để trống ô này."))
        return data


class StopForm(RecordForm):
    """A suspension or a withdrawal."""

    fixed = ("recognition",)

    recognition = PickField(label=_("Giấy đăng ký, chỉ định, công nhận"), source=recognition_choices, blank=CHOOSE)
    kind = forms.ChoiceField(label=_("Việc"), choices=InterruptionKind.choices)
    start = DateField(label=_("Từ ngày"), help_text=_("Ngày đầu tiên không còn hiệu lực."))
    end = DateField(
        label=_("Có hiệu lực trở lại từ ngày"), required=False, help_text=_("Chỉ ghi khi đình chỉ đã được bỏ.")
    )
    document = LineField(label=_("Văn bản"), max_length=300)
    note = note_field()

    def clean(self) -> dict[str, Any]:
        """It ends after it begins; a withdrawal does not end."""
        data = super().clean() or {}
        start, end = data.get("start"), data.get("end")
        if start and end and end <= start:
            self.add_error("end", _now("Ngày có hiệu lực trở lại phải sau ngày bị dừng. Kiểm tra lại hai ngày."))
        if end and data.get("kind") == InterruptionKind.WITHDRAWN:
            self.add_error(
                "end", _now("Đã thu hồi thì không có hiệu lực trở lại; giấy mới được ghi thành bản ghi mới.")
            )
        return data


class ScopeLineForm(RecordForm):
    """A line of a scope."""

    fixed = ("laboratory",)

    laboratory = PickField(label=_("Phòng thí nghiệm"), source=laboratory_choices, blank=CHOOSE)
    kind = PickField(label=_("Loại phương tiện đo, chuẩn"), source=kind_choices, blank=CHOOSE)
    activity = forms.ChoiceField(label=_("Hoạt động"), choices=Activity.choices)
    field = forms.ChoiceField(label=_("Lĩnh vực"), choices=Field.choices, initial=Field.MEASUREMENT)
    range_text = LineField(label=_("Phạm vi đo, cấp chính xác"), max_length=300, required=False)
    valid_from = DateField(label=_("Thực hiện từ ngày"))
    last_day = DateField(label=_("Thực hiện đến hết ngày"), required=False)
    status = forms.ChoiceField(label=_("Trạng thái"), choices=LineStatus.choices, initial=LineStatus.ACTIVE)
    recognition = PickField(
        label=_("Theo giấy"),
        source=recognition_choices,
        required=False,
        help_text=_("Giấy đăng ký, chỉ định hoặc công nhận có dòng này. Chưa có thì chưa được tính."),
    )
    available_from = DateField(
        label=_("Đã có trước, từ ngày"),
        required=False,
        help_text=_("Chỉ ghi khi đã có loại này trước ngày của dòng; để trống thì lấy ngày thực hiện."),
    )
    note = note_field()

    def clean(self) -> dict[str, Any]:
        """Days in order; what was there before was there before."""
        data = super().clean() or {}
        self.dates_in_order("valid_from", "last_day")
        self.dates_in_order("available_from", "valid_from")
        return data


class AvailabilityForm(RecordForm):
    """Since when a laboratory has had a standard, a reference material or an instrument of a kind."""

    fixed = ("laboratory",)

    laboratory = PickField(label=_("Phòng thí nghiệm"), source=laboratory_choices, blank=CHOOSE)
    kind = PickField(label=_("Loại phương tiện đo, chuẩn"), source=kind_choices, blank=CHOOSE)
    available_from = DateField(label=_("Có từ ngày"))
    evidence = LineField(
        label=_("Căn cứ"), max_length=300, help_text=_("Biên bản nghiệm thu, giấy chứng nhận chuẩn, quyết định…")
    )
    note = note_field()


class CriteriaForm(RecordForm):
    """A criteria set, as its document says it."""

    title = LineField(label=_("Tên bộ tiêu chí"), max_length=300)
    version = LineField(label=_("Phiên bản"), max_length=40)
    requirements = ParagraphField(
        label=_("Các yêu cầu"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Mỗi dòng một yêu cầu, đúng như văn bản. Kết quả đánh giá trả lời theo số dòng."),
    )
    approved_by = LineField(
        label=_("Văn bản phê duyệt"), max_length=300, required=False, help_text=_("Để trống khi còn là dự thảo.")
    )
    approved_on = DateField(label=_("Ngày phê duyệt"), required=False)
    note = note_field()

    def clean(self) -> dict[str, Any]:
        """Document and day of approval go together."""
        data = super().clean() or {}
        if bool(data.get("approved_by")) != bool(data.get("approved_on")):
            missing = "approved_on" if data.get("approved_by") else "approved_by"
            self.add_error(missing, _now("Ghi cả văn bản và ngày phê duyệt, hoặc để trống cả hai."))
        return data


class AssessmentForm(RecordForm):
    """An assessment; its result by requirement is said on a page of its own."""

    fixed = ("laboratory",)

    laboratory = PickField(label=_("Phòng thí nghiệm"), source=laboratory_choices, blank=CHOOSE)
    criteria_set = PickField(label=_("Bộ tiêu chí"), source=criteria_choices, blank=CHOOSE)
    kind = forms.ChoiceField(label=_("Ai đánh giá"), choices=AssessmentKind.choices)
    concluded_on = DateField(
        label=_("Ngày kết luận"), required=False, help_text=_("Để trống khi chưa có kết luận; khi đó chưa được tính.")
    )
    document = LineField(label=_("Văn bản kết luận"), max_length=300, required=False)
    overall = forms.ChoiceField(
        label=_("Kết luận chung"), required=False, choices=[("", _("— chưa kết luận —")), *Result.choices[:3]]
    )
    note = note_field()

    def clean(self) -> dict[str, Any]:
        """A conclusion has a day, a document and a result."""
        data = super().clean() or {}
        if data.get("concluded_on"):
            if not data.get("document"):
                self.add_error("document", _now("Đã có ngày kết luận thì ghi văn bản kết luận."))
            if not data.get("overall"):
                self.add_error("overall", _now("Đã có ngày kết luận thì chọn kết luận chung."))
        return data


class ResultsForm(forms.Form):
    """The result of each requirement of a criteria set."""

    def __init__(self, *args: Any, requirements: str, results: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, words in enumerate(numbered(requirements), 1):
            self.fields[f"r{number}"] = forms.ChoiceField(
                label=f"{number}. {words}",
                required=False,
                choices=[("", _now("— chưa đánh giá —")), *Result.choices],
                initial=results.get(str(number), ""),
            )
        self.fields["reason"] = reason_field(_("Lý do sửa"))

    def results(self) -> dict[str, str]:
        """Number → result, of the requirements that were answered."""
        return {name[1:]: value for name, value in self.cleaned_data.items() if name != "reason" and value}


def answered(requirements: str, results: dict[str, str]) -> Sequence[tuple[int, str, str, str]]:
    """(number, requirement, result's words, state) in order."""
    words = dict(Result.choices)
    states = {"met": "met", "partly": "due_soon", "not_met": "invalid", "not_applicable": "closed"}
    found = []
    for number, text in enumerate(numbered(requirements), 1):
        result = results.get(str(number), "")
        found.append((number, text, str(words.get(result, _now("chưa đánh giá"))), states.get(result, "unknown")))
    return found
