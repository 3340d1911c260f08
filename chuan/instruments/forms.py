"""Forms of kinds and intervals."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.instruments.queries import kind_choices
from chuan.instruments.rules import KindList, ObjectType
from chuan.registers.forms import PickField, RecordForm
from chuan.registers.rules import Known
from chuan.web.forms import CountField, DateField, LineField, ParagraphField


def known_field(label: Any) -> forms.ChoiceField:
    """Yes, no, or nobody has said."""
    return forms.ChoiceField(label=label, choices=Known.choices, initial=Known.UNKNOWN)


class DatedForm(RecordForm):
    """A record that holds during [valid_from, valid_to)."""

    def clean(self) -> dict[str, Any]:
        """The range holds at least a day."""
        data = super().clean() or {}
        begins, ends = data.get("valid_from"), data.get("valid_to")
        if begins and ends and ends <= begins:
            self.add_error("valid_to", _now("Ngày hết hiệu lực phải sau ngày bắt đầu. Kiểm tra lại hai ngày."))
        return data


class KindForm(DatedForm):
    """A kind, added or corrected."""

    name = LineField(label=_("Tên loại"), max_length=300)
    kind_list = forms.ChoiceField(label=_("Thuộc danh mục"), choices=KindList.choices, initial=KindList.OWN)
    object_type = forms.ChoiceField(label=_("Đối tượng"), choices=ObjectType.choices)
    parent = PickField(label=_("Thuộc loại"), source=kind_choices, required=False, blank=_("— không —"))
    row_number = LineField(
        label=_("Số thứ tự in trong văn bản"), max_length=20, required=False, help_text=_("Ví dụ: 8a.")
    )
    source = LineField(label=_("Văn bản quy định"), max_length=300, required=False)
    checked = forms.BooleanField(label=_("Đã đối chiếu với văn bản"), required=False)
    type_approval = known_field(_("Phê duyệt mẫu"))
    # Django takes declared fields off the class, so a form keeps its own `initial`.
    initial = known_field(_("Kiểm định ban đầu"))  # type: ignore[assignment]
    periodic = known_field(_("Kiểm định định kỳ"))
    after_repair = known_field(_("Kiểm định sau sửa chữa"))
    valid_from = DateField(label=_("Có trong danh mục từ ngày"), required=False)
    valid_to = DateField(
        label=_("Ra khỏi danh mục từ ngày"), required=False, help_text=_("Ngày đầu tiên không còn trong danh mục.")
    )
    note = ParagraphField(label=_("Ghi chú"), max_length=2000, required=False)


class IntervalForm(DatedForm):
    """A verification interval of a kind."""

    fixed = ("kind",)

    kind = PickField(label=_("Loại"), source=kind_choices, blank=_("— chọn —"))
    months = CountField(label=_("Chu kỳ kiểm định (tháng)"), minimum=1, maximum=600)
    valid_from = DateField(
        label=_("Áp dụng cho lần kiểm định từ ngày"), required=False, help_text=_("Để trống nếu chưa rõ.")
    )
    valid_to = DateField(label=_("Hết áp dụng từ ngày"), required=False)
    source = LineField(label=_("Văn bản quy định"), max_length=300)
    checked = forms.BooleanField(label=_("Đã đối chiếu với văn bản"), required=False)
    note = ParagraphField(label=_("Ghi chú"), max_length=2000, required=False)
