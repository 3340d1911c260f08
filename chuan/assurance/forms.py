"""Forms of versions and activities."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.assurance.queries import version_choices
from chuan.assurance.rules import ActivityKind
from chuan.organisations.rules import WITHOUT_STATE_SHARE, Ownership
from chuan.registers.forms import PickField, RecordForm
from chuan.registers.rules import Known
from chuan.registers.sources import enterprises
from chuan.web.forms import CountField, DateField, DecimalField, LineField, ParagraphField


class VersionForm(RecordForm):
    """A version of an enterprise's programme."""

    fixed = ("unit",)

    unit = PickField(label=_("Doanh nghiệp"), source=enterprises, blank=_("— chọn —"))
    number = CountField(
        label=_("Lần ban hành"),
        minimum=1,
        maximum=999,
        initial=1,
        help_text=_("1 là lần đầu; sửa đổi, gia hạn tăng dần."),
    )
    title = LineField(label=_("Tên chương trình"), max_length=300)
    document = LineField(label=_("Số, ký hiệu văn bản phê duyệt"), max_length=300, required=False)
    approved_on = DateField(
        label=_("Ngày phê duyệt"), required=False, help_text=_("Để trống khi còn là dự thảo; khi đó chưa được tính.")
    )
    approver = LineField(label=_("Người phê duyệt"), max_length=200, required=False)
    position = LineField(label=_("Chức vụ người phê duyệt"), max_length=200, required=False)
    by_head = forms.ChoiceField(
        label=_("Do người đứng đầu doanh nghiệp phê duyệt"), choices=Known.choices, initial=Known.UNKNOWN
    )
    term_from = DateField(label=_("Thời hạn từ ngày"))
    term_to = DateField(
        label=_("Thời hạn đến hết ngày"), help_text=_("Thời hạn dưới một năm vẫn ghi được nhưng không được tính.")
    )
    ended_on = DateField(label=_("Ngày hủy hoặc chấm dứt"), required=False)
    end_reason = LineField(label=_("Lý do hủy, chấm dứt"), max_length=300, required=False)
    ownership = forms.ChoiceField(label=_("Sở hữu lúc phê duyệt"), choices=Ownership.choices, initial=Ownership.UNKNOWN)
    state_share = DecimalField(
        label=_("Tỷ lệ vốn nhà nước (%)"), required=False, help_text=_("0 là không có; để trống là chưa rõ.")
    )
    accepted_by = LineField(
        label=_("Văn bản của Sở KH&CN cho tính hợp tác xã"),
        max_length=300,
        required=False,
        help_text=_("Hợp tác xã chỉ được tính khi có văn bản này; doanh nghiệp thì để trống."),
    )
    note = ParagraphField(label=_("Ghi chú"), max_length=2000, required=False)

    def clean_state_share(self) -> Any:
        """A share is between 0 and 100, with two decimals at most."""
        share = self.cleaned_data["state_share"]
        if share is not None and (not 0 <= share <= 100 or share != round(share, 2)):
            raise forms.ValidationError(_now("Tỷ lệ từ 0 đến 100, tối đa hai chữ số thập phân, ví dụ 51 hoặc 36,5."))
        return share

    def clean(self) -> dict[str, Any]:
        """Days in order; an end has a reason; an ownership without state share has none."""
        data = super().clean() or {}
        self.dates_in_order("term_from", "term_to")
        self.dates_in_order("approved_on", "ended_on")
        if data.get("ended_on") and not data.get("end_reason"):
            self.add_error("end_reason", _now("Đã có ngày hủy, chấm dứt thì ghi lý do."))
        if data.get("approved_on") and not data.get("approver"):
            self.add_error("approver", _now("Đã có ngày phê duyệt thì ghi người phê duyệt."))
        self._share(data)
        return data

    def _share(self, data: dict[str, Any]) -> None:
        share, ownership = data.get("state_share"), data.get("ownership")
        if share and ownership in WITHOUT_STATE_SHARE:
            self.add_error("state_share", _now("Loại sở hữu đã chọn không có vốn nhà nước. Sửa một trong hai ô."))
        if share == 0 and ownership == Ownership.STATE:
            self.add_error("state_share", _now("“Có vốn nhà nước” thì tỷ lệ lớn hơn 0, hoặc để trống nếu chưa rõ."))
        if data.get("accepted_by") and ownership != Ownership.COOPERATIVE:
            self.add_error("accepted_by", _now("Văn bản này chỉ dành cho hợp tác xã. Chọn “Hợp tác xã” hoặc để trống."))


class ActivityForm(RecordForm):
    """Something done under a version."""

    fixed = ("version",)

    version = PickField(label=_("Chương trình"), source=version_choices, blank=_("— chọn —"))
    kind = forms.ChoiceField(label=_("Việc"), choices=ActivityKind.choices)
    on = DateField(label=_("Ngày thực hiện"))
    description = LineField(label=_("Nội dung, đối tượng"), max_length=300)
    performer = LineField(label=_("Đơn vị thực hiện"), max_length=300, required=False)
    evidence = LineField(label=_("Căn cứ"), max_length=300, required=False)
    note = ParagraphField(label=_("Ghi chú"), max_length=2000, required=False)
