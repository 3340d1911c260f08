"""Forms of Sở KH&CN: a unit's letter, how a dispute is settled."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.lib import clock
from chuan.reporting.collecting import Outcome
from chuan.reporting.forms.printed import PrintedLineField, PrintedParagraphField, filled
from chuan.web.forms import DateField, LineField, ParagraphField


class LetterForm(forms.Form):
    """A unit's letter as it arrived: three dates that are not the same, and the scan."""

    number = PrintedLineField(label=_("Số, ký hiệu văn bản của đơn vị"), max_length=60, validators=[filled])
    dated = DateField(label=_("Ngày văn bản"))
    arrived = DateField(label=_("Ngày đến"), help_text=_("Theo sổ văn bản đến; đúng hạn hay không tính theo ngày này."))
    scan = forms.FileField(label=_("Bản chụp văn bản (PDF)"), required=False)

    def clean_arrived(self) -> Any:
        """Not in the future, not before the letter was written."""
        arrived, dated = self.cleaned_data["arrived"], self.cleaned_data.get("dated")
        if arrived is None:
            return None
        if arrived > clock.today():
            raise forms.ValidationError(_now("Ngày đến ở tương lai."))
        if dated and arrived < dated:
            raise forms.ValidationError(_now("Ngày đến trước ngày văn bản."))
        return arrived


class SignedLetterForm(LetterForm):
    """The signed letter of a report that was sent here; when the paper arrived is said by Sở alone."""

    def __init__(self, *args: Any, by_department: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scan"].label = _now("Bản đã ký (PDF)")
        self.fields["scan"].help_text = _now("Có thể bổ sung sau; ghi lại mà không chọn tệp thì giữ tệp đã có.")
        self.fields["arrived"].required = False
        self.fields["arrived"].help_text = _now("Ngày bản giấy đến Sở, nếu có; đúng hạn hay không tính theo lúc gửi.")
        if not by_department:
            del self.fields["arrived"]

    def clean_dated(self) -> Any:
        """Not in the future."""
        dated = self.cleaned_data["dated"]
        if dated > clock.today():
            raise forms.ValidationError(_now("Ngày văn bản ở tương lai."))
        return dated


class OpeningForm(forms.Form):
    """The letter that asks for reports: its subject and outline; the rest follows from the period."""

    subject = PrintedLineField(label=_("Trích yếu (V/v)"), max_length=300)
    outline = PrintedParagraphField(
        label=_("Đề cương báo cáo"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Mỗi dòng một mục."),
    )

    def lines(self) -> list[str]:
        """One item a line."""
        return [line.strip() for line in self.cleaned_data["outline"].splitlines() if line.strip()]


class LetterNumberForm(forms.Form):
    """What văn thư gave the letter."""

    number = PrintedLineField(label=_("Số công văn"), max_length=60)
    dated = DateField(label=_("Ngày công văn"))


class LinkForm(forms.Form):
    """For whom a single-use link is, and until when."""

    contact = LineField(label=_("Người nhận liên kết"), max_length=200)
    until = DateField(label=_("Dùng được đến hết ngày"))


class SettleForm(forms.Form):
    """How Sở settles a disputed figure."""

    outcome = forms.ChoiceField(label=_("Kết luận"), choices=Outcome.choices, widget=forms.RadioSelect)
    words = ParagraphField(label=_("Lý do, chú thích"), max_length=2000)
