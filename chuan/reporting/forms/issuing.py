"""Forms of who issues and who signs."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.programme.models import DOCUMENT
from chuan.reporting.forms.printed import PrintedLineField, PrintedParagraphField
from chuan.reporting.rules import OF_COMMITTEE, Issuer, PaperForm, Recipient
from chuan.web.forms import CountField, DateField, LineField, offer

_SIGNS = [(value.value, value.label) for value in OF_COMMITTEE]


class IssuerForm(forms.Form):
    """Who issues the report to the Ministry, from when, by which document."""

    issuer = forms.ChoiceField(label=_("Cơ quan ban hành báo cáo gửi Bộ"), choices=Issuer.choices)
    signs_as = forms.ChoiceField(
        label=_("Ủy ban nhân dân tỉnh ký"), choices=[("", _("Không áp dụng")), *_SIGNS], required=False
    )
    signer = PrintedLineField(
        label=_("Họ tên người ký của Ủy ban nhân dân tỉnh"),
        max_length=200,
        required=False,
        help_text=_("Bỏ trống thì chừa chỗ cho Văn phòng Ủy ban nhân dân tỉnh điền."),
    )
    copies = PrintedParagraphField(
        label=_("Nơi nhận của báo cáo Ủy ban nhân dân tỉnh"),
        required=False,
        max_length=1000,
        help_text=_("Mỗi dòng một nơi nhận; bỏ trống: Như trên, Sở Khoa học và Công nghệ, Lưu: VT."),
    )
    valid_from = DateField(label=_("Áp dụng từ ngày"))
    valid_to = DateField(label=_("Đến trước ngày"), required=False)
    document = LineField(label=_("Văn bản, căn cứ"), max_length=DOCUMENT)
    checked = forms.BooleanField(label=_("Đã đối chiếu với văn bản gốc"), required=False)

    def clean(self) -> dict[str, Any]:
        """The Committee's report says who signs it."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("issuer") == Issuer.COMMITTEE and not data.get("signs_as") and "signs_as" not in self.errors:
            self.add_error("signs_as", _now("Chọn Chủ tịch hoặc Phó Chủ tịch ký thay."))
        return {**data, "recipient": Recipient.MINISTRY.value}


class RoomForm(forms.Form):
    """Which room drafts Sở's papers, from when, by which document."""

    name = LineField(label=_("Phòng, đơn vị soạn thảo"), max_length=200)
    symbol = PrintedLineField(
        label=_("Ký hiệu"),
        max_length=30,
        help_text=_("In sau “Lưu: VT,”. Ghi đúng ký hiệu trong quy định của Sở."),
    )
    valid_from = DateField(label=_("Áp dụng từ ngày"))
    valid_to = DateField(label=_("Đến trước ngày"), required=False)
    document = LineField(label=_("Văn bản, căn cứ"), max_length=DOCUMENT)
    checked = forms.BooleanField(label=_("Đã đối chiếu với văn bản gốc"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The page holds other forms with fields of the same names.
        super().__init__(*args, **{"auto_id": "id_room_%s", **kwargs})


class DelegationForm(forms.Form):
    """A deputy signs in the director's place on these days."""

    deputy = forms.ChoiceField(label=_("Phó Giám đốc được ủy quyền"))
    first = DateField(label=_("Từ ngày"))
    last = DateField(label=_("Đến hết ngày"))
    document = LineField(
        label=_("Văn bản ủy quyền"), max_length=DOCUMENT, help_text=_("Số, ngày, hoặc căn cứ phân công.")
    )
    reason = LineField(label=_("Lý do"), max_length=300, required=False)

    def __init__(self, *args: Any, deputies: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_delegation_%s", **kwargs})
        offer(self, "deputy", [("", _now("Chọn")), *deputies])


class PaperNumberForm(forms.Form):
    """Number and day of the tờ trình or of the Committee's report."""

    number = CountField(label=_("Số văn bản"), minimum=1, maximum=99_999)
    dated = DateField(label=_("Ngày văn bản"))
    signed = forms.FileField(label=_("Tệp đã ký số"), required=False)

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if of == PaperForm.REPORT:
            self.fields["signs_as"] = forms.ChoiceField(label=_("Ủy ban nhân dân tỉnh ký"), choices=_SIGNS)
            self.fields["signer"] = PrintedLineField(label=_("Họ tên người ký"), max_length=200)
