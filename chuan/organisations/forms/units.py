"""Forms of units: the day that is asked about, and who acts for a unit that exists no more."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.lib import clock
from chuan.organisations import queries
from chuan.organisations.models import OrganisationUnit, UnitVersion
from chuan.organisations.rules import (
    AUTHORITIES,
    HOME_OF_ROLE,
    TAKING_OVER,
    EventKind,
    FunctionDomain,
    UnitKind,
)
from chuan.web.forms import DateField, LineField, ParagraphField, offer

#: Kinds of units that carry out state management and reporting.
ABLE = (
    UnitKind.MINISTRY,
    UnitKind.PROVINCE_COMMITTEE,
    UnitKind.DEPARTMENT,
    UnitKind.AGENCY,
    UnitKind.DISTRICT,
    UnitKind.COMMUNE,
    UnitKind.SERVICE_ORGANISATION,
)

Choices = list[tuple[str, Any]]


HISTORY = _("Ghi vào lịch sử, người xem sau đọc được.")


class DayForm(forms.Form):
    """The day on which units are shown."""

    on = DateField(label=_("Tại ngày"), required=False)
    q = LineField(label=_("Tìm theo tên"), required=False, max_length=100)


class AuthorityForm(forms.Form):
    """A further sở or ngành of the province."""

    kind = forms.ChoiceField(label=_("Loại đơn vị"), choices=[(kind.value, kind.label) for kind in AUTHORITIES])
    name = LineField(
        label=_("Tên đầy đủ"), max_length=200, help_text=_("Ví dụ: Công an tỉnh, Ban Quản lý Khu kinh tế.")
    )
    short_name = LineField(label=_("Tên ngắn"), max_length=200, required=False)
    valid_from = DateField(label=_("Hoạt động từ ngày"))
    document = LineField(
        label=_("Văn bản thành lập, quy định"),
        max_length=300,
        help_text=_("Số, ký hiệu, ngày, cơ quan ban hành."),
    )
    predecessors = forms.MultipleChoiceField(
        label=_("Kế thừa từ"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Cơ quan cũ kết thúc từ ngày cơ quan này hoạt động. Cơ quan cũ chưa có ở đây thì thêm nó trước."),
    )
    event = forms.ChoiceField(label=_("Hình thức sắp xếp"), required=False)
    basis = ParagraphField(label=_("Căn cứ ghi thêm"), max_length=300, help_text=HISTORY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "predecessors", authority_choices())
        offer(self, "event", [("", _now("— không kế thừa —")), *((k, EventKind(k).label) for k in TAKING_OVER)])

    def clean(self) -> dict[str, Any]:
        """Both who was before and how it followed, or neither."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("predecessors") and not data.get("event"):
            self.add_error("event", _now("Chọn hình thức sắp xếp của các cơ quan đã đánh dấu."))
        if data.get("event") and not data.get("predecessors"):
            self.add_error("predecessors", _now("Đánh dấu ít nhất một cơ quan cũ, hoặc bỏ hình thức sắp xếp."))
        return data

    def entry(self) -> dict[str, Any]:
        """The valid form as the service takes it."""
        before = OrganisationUnit.objects.filter(code__in=self.cleaned_data["predecessors"]).order_by("code")
        return {**self.cleaned_data, "predecessors": list(before)}


def authority_choices() -> Choices:
    """Sở and ngành that may have ended in another one, by their last name; those to whom roles are bound stay."""
    versions = UnitVersion.objects.live().filter(unit__kind__in=AUTHORITIES).order_by("order", "valid_from")
    rows = versions.exclude(unit__code__in=HOME_OF_ROLE.values()).values_list("unit__code", "name", "valid_to")
    ended = _now("%(name)s (đến trước %(day)s)")
    return list(
        {
            code: name if end is None else ended % {"name": name, "day": f"{end:%d/%m/%Y}"} for code, name, end in rows
        }.items()
    )


def unit_of(code: str) -> OrganisationUnit | None:
    """The unit of a chosen code."""
    return OrganisationUnit.objects.filter(code=code).first() if code else None


def able_choices(first: Sequence[str]) -> Choices:
    """Units in force that may act, those of `first` (codes) above the others."""
    found = queries.versions_on(clock.today()).filter(unit__kind__in=ABLE).order_by("order")
    names = dict(found.values_list("unit__code", "name"))
    likely = [(code, names[code]) for code in first if code in names]
    rest = [(code, name) for code, name in names.items() if code not in dict(likely)]
    if not likely:
        return [("", _now("— chọn đơn vị —")), *rest]
    return [
        ("", _now("— chọn đơn vị —")),
        (_now("Đơn vị kế thừa"), likely),
        (_now("Đơn vị khác đang hoạt động"), rest),
    ]


class CorrectActingForm(forms.Form):
    """Who acts for a unit that exists no more, decided anew."""

    acting = forms.ChoiceField(label=_("Đơn vị làm thay"))
    document = LineField(
        label=_("Văn bản căn cứ"),
        max_length=300,
        help_text=_("Số, ký hiệu, ngày, cơ quan ban hành."),
    )
    reason = ParagraphField(label=_("Lý do"), max_length=500, help_text=HISTORY)

    def __init__(self, *args: Any, able: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "acting", able)

    def decided(self) -> dict[str, Any]:
        """The valid form as the services take it."""
        return {**self.cleaned_data, "acting": unit_of(self.cleaned_data["acting"])}


class ActingForm(CorrectActingForm):
    """Who acts for a unit that exists no more, in one field."""

    domain = forms.ChoiceField(label=_("Lĩnh vực"))
    field_order = ("domain", "acting", "document", "reason")

    def __init__(self, *args: Any, domains: Sequence[FunctionDomain] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "domain", [(d.value, d.label) for d in domains])
