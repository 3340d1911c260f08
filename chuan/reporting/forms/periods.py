"""Forms of the regime, of periods and of who owes a report."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.lib import clock
from chuan.lib.dates import Window
from chuan.programme.models import DOCUMENT
from chuan.reporting import obliged
from chuan.reporting.collecting import DayKind, DayOff, RuleTopic
from chuan.reporting.forms.printed import PrintedLineField
from chuan.web.forms import CountField, DateField, LineField, ParagraphField, offer

#: As many contributors as the form has lines for.
CONTRIBUTORS = 3


class RequestForm(forms.Form):
    """The document that asked for an ad hoc report, as the report cites it."""

    kind = PrintedLineField(label=_("Loại văn bản yêu cầu"), max_length=60, initial="Công văn")
    number = PrintedLineField(label=_("Số, ký hiệu văn bản yêu cầu"), max_length=60)
    dated = DateField(label=_("Ngày văn bản yêu cầu"))
    issuer = PrintedLineField(label=_("Cơ quan yêu cầu"), max_length=200)
    summary = PrintedLineField(
        label=_("Trích yếu văn bản yêu cầu"),
        max_length=300,
        help_text=_("Phần sau chữ “về việc”; câu mở đầu báo cáo viện dẫn nguyên văn."),
    )


class PeriodForm(forms.Form):
    """A year's reporting, or one asked for besides: until when, which days, by which letter, who owes it."""

    year = CountField(label=_("Năm báo cáo"), minimum=2020, maximum=2100)
    title = PrintedLineField(
        label=_("Tên báo cáo đột xuất"),
        max_length=200,
        required=False,
        help_text=_("Bỏ trống nếu là báo cáo năm."),
    )
    deadline = DateField(label=_("Hạn gửi của các đơn vị"))
    first = DateField(label=_("Kỳ số liệu từ ngày"), required=False)
    last = DateField(
        label=_("Kỳ số liệu đến ngày"),
        required=False,
        help_text=_("Bỏ trống cả hai: theo năm số liệu của Kế hoạch."),
    )
    cut_off = DateField(
        label=_("Ngày Sở chốt số liệu"),
        required=False,
        help_text=_("Bỏ trống nếu chưa ấn định; phải ấn định trước khi chốt báo cáo."),
    )
    letter = LineField(
        label=_("Công văn đề nghị báo cáo"),
        max_length=200,
        required=False,
        help_text=_("Số, ngày, trích yếu; có thể bổ sung sau."),
    )
    basis = LineField(label=_("Căn cứ nghĩa vụ báo cáo"), max_length=300)
    document = LineField(label=_("Văn bản giao nghĩa vụ"), max_length=DOCUMENT, required=False)
    whole = forms.MultipleChoiceField(
        label=_("Chọn cả nhóm"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Thêm mọi đơn vị của nhóm, kể cả những đơn vị chưa đánh dấu dưới đây."),
    )
    units = forms.MultipleChoiceField(
        label=_("Đơn vị phải báo cáo"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in RequestForm().fields.items():
            field.required = False
            if name == "kind":
                field.help_text = _("Công văn, công điện… yêu cầu báo cáo; chỉ ghi cho báo cáo đột xuất.")
            self.fields[f"request_{name}"] = field
        self.order_fields(["year", "title", *(name for name in self.fields if name.startswith("request_"))])
        self.groups = obliged.groups(clock.today())
        whole = [(group.code, f"{group.title} ({len(group.units)})") for group in self.groups]
        offer(self, "whole", whole)
        listed = [(group.title, list(group.units)) for group in self.groups]
        offer(self, "units", listed)

    def clean(self) -> dict[str, Any]:
        """Both ends of the window or neither, in order, a year's own window being the plan's; some unit owes it."""
        data: dict[str, Any] = super().clean() or {}
        whole = data.pop("whole", [])
        chosen = {code for group in self.groups if group.code in whole for code, _name in group.units}
        data["units"] = sorted({*data.get("units", []), *chosen})
        if not data["units"] and not {"units", "whole"} & set(self.errors):
            self.add_error("units", _now("Chọn ít nhất một đơn vị phải báo cáo."))
        first, last = data.get("first"), data.get("last")
        if (first is None) != (last is None):
            self.add_error("last" if first else "first", _now("Ghi cả ngày đầu và ngày cuối của kỳ số liệu."))
        if first and last and last < first:
            self.add_error("last", _now("Ngày cuối trước ngày đầu của kỳ số liệu."))
        data["request"] = self._request(data)
        return data

    def _request(self, data: dict[str, Any]) -> dict[str, Any] | None:
        """The requesting document, whole, of an ad hoc report; None where it is not at hand yet."""
        said = {name: data.pop(f"request_{name}", None) for name in RequestForm.base_fields}
        if not any(value for name, value in said.items() if name != "kind"):
            return None
        if not data.get("title") and "title" not in self.errors:
            words = _now("Có văn bản yêu cầu thì là báo cáo đột xuất: ghi tên báo cáo, hoặc bỏ trống phần văn bản.")
            self.add_error("title", words)
        for name in (name for name, value in said.items() if not value and f"request_{name}" not in self.errors):
            self.add_error(f"request_{name}", _now("Ghi đủ loại, số, ngày, cơ quan và trích yếu, hoặc bỏ trống cả."))
        return said


class RuleForm(forms.Form):
    """A dated rule of the regime."""

    topic = forms.ChoiceField(label=_("Quy tắc"), choices=RuleTopic.choices)
    day = CountField(label=_("Ngày"), minimum=1, maximum=31, required=False)
    month = CountField(label=_("Tháng"), minimum=1, maximum=12, required=False)
    day_off = forms.ChoiceField(
        label=_("Khi hạn là ngày nghỉ"), choices=[("", _("Không áp dụng")), *DayOff.choices], required=False
    )
    valid_from = DateField(label=_("Áp dụng từ ngày"))
    valid_to = DateField(label=_("Đến trước ngày"), required=False)
    document = LineField(label=_("Văn bản quy định"), max_length=DOCUMENT)
    checked = forms.BooleanField(label=_("Đã đối chiếu với văn bản gốc"), required=False)

    def clean(self) -> dict[str, Any]:
        """A deadline has a day and a month, a rule of days off says what becomes of the deadline."""
        data: dict[str, Any] = super().clean() or {}
        of_days_off = data.get("topic") == RuleTopic.DAY_OFF
        for name in ("day_off",) if of_days_off else ("day", "month"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _now("Quy tắc này cần phần này."))
        for name in ("day", "month") if of_days_off else ("day_off",):
            data[name] = "" if name == "day_off" else None
        return data


class DayForm(forms.Form):
    """What a day of the calendar is."""

    on = DateField(label=_("Ngày"))
    kind = forms.ChoiceField(label=_("Là ngày"), choices=DayKind.choices)
    name = LineField(label=_("Dịp nghỉ, hoặc làm bù cho ngày nào"), max_length=120)
    document = LineField(label=_("Văn bản"), max_length=DOCUMENT)
    checked = forms.BooleanField(label=_("Đã đối chiếu với văn bản gốc"), required=False)


class CutOffForm(forms.Form):
    """When Sở closes the figures of a period that was opened without it."""

    on = DateField(label=_("Ngày Sở chốt số liệu"))
    document = LineField(label=_("Văn bản, ý kiến ấn định"), max_length=DOCUMENT)


class ObligationForm(forms.Form):
    """A further unit that owes a period's report."""

    unit = forms.ChoiceField(label=_("Đơn vị"))
    basis = LineField(label=_("Căn cứ nghĩa vụ báo cáo"), max_length=300)
    document = LineField(label=_("Văn bản giao nghĩa vụ"), max_length=DOCUMENT)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", [("", _now("Chọn")), *choices])


class WaiverForm(forms.Form):
    """By which document a unit need not report."""

    document = LineField(label=_("Văn bản cho miễn"), max_length=DOCUMENT)
    dated = DateField(label=_("Ngày văn bản"))
    reason = ParagraphField(label=_("Lý do"), max_length=1000)


class HeirForm(forms.Form):
    """Who answers for a dissolved unit's report; up to three units that know parts of the year, each with its days."""

    accountable = forms.ChoiceField(label=_("Đơn vị chịu trách nhiệm lập và gửi"))
    document = LineField(label=_("Văn bản giao"), max_length=DOCUMENT)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [("", _now("Chọn")), *choices]
        offer(self, "accountable", units)
        for number in range(1, CONTRIBUTORS + 1):
            values = {"n": number}
            label = _now("Đơn vị cung cấp số liệu %(n)s") % values
            self.fields[f"unit_{number}"] = forms.ChoiceField(label=label, choices=units, required=False)
            self.fields[f"first_{number}"] = DateField(label=_now("Từ ngày"), required=False)
            self.fields[f"last_{number}"] = DateField(label=_now("Đến ngày"), required=False)

    def clean(self) -> dict[str, Any]:
        """A contributor has both days, in order."""
        data: dict[str, Any] = super().clean() or {}
        for number in range(1, CONTRIBUTORS + 1):
            unit, first, last = (data.get(f"{part}_{number}") for part in ("unit", "first", "last"))
            if any((unit, first, last)) and not all((unit, first, last)):
                self.add_error(f"unit_{number}", _now("Ghi đủ đơn vị, từ ngày, đến ngày; hoặc bỏ trống cả dòng."))
            elif first and last and last < first:
                self.add_error(f"last_{number}", _now("Ngày cuối trước ngày đầu của kỳ số liệu."))
        return data

    def contributors(self) -> list[tuple[str, Window]]:
        """(unit's code, days) of the lines that are filled."""
        data = self.cleaned_data
        numbers = [n for n in range(1, CONTRIBUTORS + 1) if data[f"unit_{n}"]]
        return [(data[f"unit_{n}"], Window(data[f"first_{n}"], data[f"last_{n}"])) for n in numbers]
