"""Forms of the consolidated report."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.files.kinds import MAX_BYTES
from chuan.reporting.forms.printed import PrintedParagraphField
from chuan.reporting.rules import Channel
from chuan.web.forms import CountField, DateField, LineField, ParagraphField


class WordsForm(forms.Form):
    """The consolidated report's words; the figures are fields that nobody types."""

    direction = PrintedParagraphField(
        label=_("I. Công tác chỉ đạo, ban hành văn bản"), required=False, max_length=20_000
    )
    results = PrintedParagraphField(
        label=_("II. Kết quả chung (in trước các nhóm nhiệm vụ, giải pháp)"), required=False, max_length=20_000
    )
    money = PrintedParagraphField(label=_("III. Kinh phí (phần bổ sung sau bảng)"), required=False, max_length=20_000)
    difficulties = PrintedParagraphField(
        label=_("IV. Khó khăn, vướng mắc, nguyên nhân"), required=False, max_length=20_000
    )
    next = PrintedParagraphField(label=_("V. Phương hướng, nhiệm vụ"), required=False, max_length=20_000)
    requests = PrintedParagraphField(label=_("VI. Kiến nghị, đề xuất"), required=False, max_length=20_000)


class WordFileForm(forms.Form):
    """A Word file of the report that came back edited."""

    file = forms.FileField(
        label=_("Tệp Word đã sửa"),
        help_text=_("Tệp .docx tải từ báo cáo này, tối đa 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )

    def clean_file(self) -> Any:
        """Not larger than any upload."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(_("Tệp lớn quá. Hãy bớt hình ảnh trong tệp rồi tải lên lại."))
        return upload


class NumberForm(forms.Form):
    """What văn thư records after the leader signed."""

    number = CountField(label=_("Số văn bản"), minimum=1, maximum=99_999)
    dated = DateField(label=_("Ngày văn bản"))
    signed = forms.FileField(
        label=_("Tệp đã ký số"), required=False, help_text=_("PDF đã ký trong hệ thống văn bản của cơ quan.")
    )


class DispatchForm(forms.Form):
    """When and how a recipient was sent the report, and who took it."""

    sent_on = DateField(label=_("Ngày gửi"))
    channel = forms.ChoiceField(label=_("Cách gửi"), choices=[("", _("Chọn")), *Channel.choices])
    received_by = LineField(
        label=_("Người, bộ phận nhận"),
        required=False,
        max_length=200,
        help_text=_("Gửi trực tiếp thì ghi tên người nhận; cách khác để trống được."),
    )

    def clean(self) -> dict[str, Any]:
        """What is handed over is taken by somebody."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("channel") == Channel.BY_HAND and not data.get("received_by") and "received_by" not in self.errors:
            self.add_error("received_by", _now("Gửi trực tiếp thì phải ghi người nhận."))
        return data


class CorrectDispatchForm(DispatchForm):
    """What was recorded of a sending, said anew."""

    taken_back = forms.BooleanField(
        label=_("Ghi nhầm: chưa gửi nơi này"),
        required=False,
        help_text=_("Chọn thì dòng này không còn hiệu lực; ngày và cách gửi ở trên không dùng đến."),
    )
    reason = ParagraphField(label=_("Lý do sửa"), max_length=500)
