"""Forms of submissions and reports."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.lib import clock
from chuan.organisations.queries import versions_on
from chuan.organisations.rules import UnitKind
from chuan.organisations.territory import Frame
from chuan.reporting.indicators.texts import TITLES
from chuan.reporting.obligations import CONFIRMED, Prefilled
from chuan.web.forms import CountField, DateField, LineField, ParagraphField


class FigureForm(forms.Form):
    """How a figure is asked for."""

    frame = forms.ChoiceField(label=_("Địa bàn"), choices=Frame.choices, required=False)
    at = DateField(label=_("Tính đến hết ngày"), required=False)
    year = forms.TypedChoiceField(label=_("Kỳ báo cáo"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("", _now("Lũy kế từ ngày ban hành Kế hoạch")),
            *((str(y), _now("Năm %(y)s") % {"y": y}) for y in years),
        ]
        self.fields["year"].choices = choices  # type: ignore[attr-defined]

    def clean_at(self) -> Any:
        """Not in the future: no evidence of tomorrow."""
        day = self.cleaned_data["at"]
        if day and day > clock.today():
            raise forms.ValidationError(_now("Chưa thể tính đến một ngày trong tương lai."))
        return day


class PeriodForm(forms.Form):
    """A year's reporting: until when, by which letter, who owes it."""

    year = CountField(label=_("Năm báo cáo"), minimum=2020, maximum=2100)
    deadline = DateField(label=_("Hạn gửi của các đơn vị"))
    letter = LineField(
        label=_("Công văn đề nghị báo cáo"),
        max_length=200,
        required=False,
        help_text=_("Số, ngày, trích yếu; có thể bổ sung sau."),
    )
    basis = LineField(label=_("Căn cứ nghĩa vụ báo cáo"), max_length=300)
    units = forms.MultipleChoiceField(label=_("Đơn vị phải báo cáo"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = (
            UnitKind.DEPARTMENT,
            UnitKind.AGENCY,
            UnitKind.COMMUNE,
            UnitKind.ASSOCIATION,
            UnitKind.SERVICE_ORGANISATION,
        )
        found = versions_on(clock.today()).filter(unit__kind__in=kinds).order_by("order")
        self.fields["units"].choices = [(v.unit.code, v.name) for v in found]  # type: ignore[attr-defined]


class SubmissionForm(forms.Form):
    """A unit's report: each figure right or not, and what was done."""

    narrative = ParagraphField(
        label=_("Kết quả thực hiện trong năm"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Viết ngắn gọn các việc đã làm, sản phẩm, tồn tại. Số liệu ở trên được lấy từ sổ theo dõi."),
    )
    nil = forms.BooleanField(label=_("Không phát sinh trong năm"), required=False)

    def __init__(self, *args: Any, lines: list[Prefilled], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"right_{line.id}"] = forms.TypedChoiceField(
                label=line.title,
                choices=[("yes", _now("Đúng")), ("no", _now("Chưa đúng, còn thiếu hoặc thừa bản ghi"))],
                coerce=lambda value: value == "yes",
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                initial={True: "yes", False: "no"}.get(line.right) if line.right is not None else None,
            )
            self.fields[f"missing_{line.id}"] = ParagraphField(
                label=_now("Bản ghi nào còn thiếu hoặc thừa?"), required=False, max_length=2000, initial=line.missing
            )
            self.fields[f"seen_{line.id}"] = CountField(required=False, widget=forms.HiddenInput)

    def figures(self) -> dict[str, Any]:
        """What the unit says of each figure, and which value it was shown."""
        return {
            line.id: {said: self.cleaned_data[f"{said}_{line.id}"] for said in ("right", "missing", "seen")}
            for line in self.lines
        }

    def rows(self) -> list[tuple[Prefilled, Any, Any]]:
        """(figure, right or not, what is missing) for the template."""
        return [(line, self[f"right_{line.id}"], self[f"missing_{line.id}"]) for line in self.lines]


class ReasonForm(forms.Form):
    """Words that go with a step."""

    note = ParagraphField(label=_("Ý kiến, lý do"), max_length=2000, required=False)

    def __init__(self, *args: Any, longest: int = 2000, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].validators.append(MaxLengthValidator(longest))

    def clean_note(self) -> str:
        """A NUL is refused, not dropped: no browser sends one."""
        ProhibitNullCharactersValidator()(self.data.get("note", ""))
        said: str = self.cleaned_data["note"]
        return said


class NoteForm(ReasonForm):
    """Words that go with a step of a unit's report, and the lines that are returned."""

    lines = forms.MultipleChoiceField(
        label=_("Dòng cần sửa"),
        required=False,
        choices=[*((code, TITLES[code]) for code in CONFIRMED), ("narrative", _("Kết quả thực hiện"))],
        widget=forms.CheckboxSelectMultiple,
    )


class WordsForm(forms.Form):
    """The consolidated report's words; the figures are fields that nobody types."""

    direction = ParagraphField(label=_("I. Công tác chỉ đạo, ban hành văn bản"), required=False, max_length=20_000)
    results = ParagraphField(label=_("II. Kết quả (phần bổ sung sau câu số liệu)"), required=False, max_length=20_000)
    difficulties = ParagraphField(label=_("III. Khó khăn, vướng mắc, nguyên nhân"), required=False, max_length=20_000)
    next = ParagraphField(label=_("IV. Phương hướng, kiến nghị"), required=False, max_length=20_000)


class NumberForm(forms.Form):
    """What văn thư records after the leader signed."""

    number = CountField(label=_("Số văn bản"), minimum=1, maximum=99_999)
    dated = DateField(label=_("Ngày văn bản"))
    signed = forms.FileField(
        label=_("Tệp đã ký số"), required=False, help_text=_("PDF đã ký trong hệ thống văn bản của cơ quan.")
    )


class DispatchForm(forms.Form):
    """To whom the paper went."""

    recipients = ParagraphField(
        label=_("Nơi nhận"),
        initial="Ủy ban nhân dân tỉnh Tây Ninh\nBộ Khoa học và Công nghệ",
        help_text=_("Mỗi dòng một nơi nhận."),
    )

    def clean_recipients(self) -> list[str]:
        """One a line."""
        return [line.strip() for line in self.cleaned_data["recipients"].splitlines() if line.strip()]
