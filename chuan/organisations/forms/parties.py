"""Forms of the register of enterprises and organisations, and of the plan's classes."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.organisations import queries
from chuan.organisations.forms.units import unit_of
from chuan.organisations.models import PartyFacts, UnitVersion
from chuan.organisations.rules import (
    FIRST_YEAR,
    LAST_YEAR,
    PARTIES,
    TERRITORIAL,
    NoTaxCode,
    Ownership,
    share_contradicts,
    tax_digits,
)
from chuan.organisations.services import PartyEntry
from chuan.web.forms import CountField, DateField, DecimalField, LineField, ParagraphField, offer

KINDS = [(kind.value, kind.label) for kind in PARTIES]
#: A flag that nobody may have said: unknown, yes, no.
KNOWN = (("", _("Chưa rõ")), ("yes", _("Có")), ("no", _("Không")))
HISTORY = _("Ghi vào lịch sử, người xem sau đọc được.")


def _flag(value: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[value]


class FactsForm(forms.Form):
    """What is said of a party beside its name and place."""

    tax_code = LineField(
        label=_("Mã số thuế"),
        max_length=20,
        required=False,
        help_text=_("10 chữ số; chi nhánh thêm 3 chữ số, ví dụ 3900123456-001."),
    )
    no_tax_code = forms.ChoiceField(
        label=_("Nếu không có mã số thuế"), required=False, choices=[("", "—"), *NoTaxCode.choices]
    )
    ownership = forms.ChoiceField(label=_("Hình thức sở hữu"), choices=Ownership.choices, initial=Ownership.UNKNOWN)
    state_share = DecimalField(
        label=_("Phần vốn nhà nước (%)"),
        required=False,
        help_text=_("Để trống nếu chưa rõ; không có thì ghi 0."),
    )
    sector = LineField(
        label=_("Ngành kinh doanh chính (VSIC)"),
        max_length=200,
        required=False,
        help_text=_("Mã và tên ngành như trong đăng ký kinh doanh."),
    )
    priority_sector = forms.ChoiceField(
        label=_("Thuộc ngành, lĩnh vực trọng tâm về đo lường"), required=False, choices=KNOWN
    )
    exports = forms.ChoiceField(label=_("Có xuất khẩu"), required=False, choices=KNOWN)
    basis = LineField(
        label=_("Nguồn thông tin"),
        max_length=300,
        required=False,
        help_text=_("Ví dụ: Giấy chứng nhận đăng ký doanh nghiệp, phiếu khảo sát ngày 05/3/2026."),
    )

    def clean_tax_code(self) -> str:
        """Digits only."""
        typed: str = self.cleaned_data["tax_code"]
        digits = tax_digits(typed) if typed else ""
        if digits is None:
            raise forms.ValidationError(
                _("“%(typed)s” không phải là mã số thuế: cần 10 chữ số, hoặc 13 chữ số nếu là chi nhánh."),
                params={"typed": typed},
            )
        return digits

    def clean_state_share(self) -> Decimal | None:
        """A percentage."""
        share: Decimal | None = self.cleaned_data["state_share"]
        if share is not None and not 0 <= share <= 100:
            raise forms.ValidationError(_("Phần vốn nhà nước phải từ 0 đến 100 %."))
        if share is not None and share != round(share, 2):
            raise forms.ValidationError(_("Phần vốn nhà nước ghi nhiều nhất hai chữ số sau dấu phẩy."))
        return share

    def clean(self) -> dict[str, Any]:
        """A tax code or the reason why there is none; a share that the ownership allows."""
        data = super().clean() or {}
        code, without = data.get("tax_code"), data.get("no_tax_code")
        if "tax_code" not in self.errors:
            if not code and not without:
                self.add_error("tax_code", _now("Nhập mã số thuế, hoặc chọn vì sao không có."))
            if code and without:
                self.add_error("no_tax_code", _now("Đã có mã số thuế thì để trống ô này."))
        if share_contradicts(data.get("ownership", ""), data.get("state_share")):
            self.add_error(
                "state_share", _now("Phần vốn nhà nước không khớp với hình thức sở hữu. Kiểm tra lại hai ô.")
            )
        return data

    def entry(self) -> PartyEntry:
        """The valid form as the services take it."""
        data = self.cleaned_data
        flags = {"yes": True, "no": False, "": None}
        return PartyEntry(
            ownership=data["ownership"],
            tax_code=data["tax_code"],
            no_tax_code=data["no_tax_code"],
            state_share=data["state_share"],
            sector=data["sector"],
            priority_sector=flags[data["priority_sector"]],
            exports=flags[data["exports"]],
            basis=data["basis"],
        )

    @staticmethod
    def initial_of(facts: PartyFacts | None) -> dict[str, Any]:
        """A statement as the form shows it."""
        if facts is None:
            return {}
        plain = {name: getattr(facts, name) for name in ("no_tax_code", "ownership", "sector", "basis")}
        shown = {"tax_code": facts.tax_code_shown, "state_share": facts.state_share_shown}
        flags = {name: _flag(getattr(facts, name)) for name in ("priority_sector", "exports")}
        return {**plain, **shown, **flags}


class PartyForm(FactsForm):
    """A party entered: what it is, since when and where, and its facts."""

    kind = forms.ChoiceField(label=_("Loại"), choices=KINDS)
    name = LineField(label=_("Tên đầy đủ"), max_length=200)
    short_name = LineField(label=_("Tên ngắn"), max_length=200, required=False)
    place = forms.ChoiceField(
        label=_("Xã, phường"),
        required=False,
        help_text=_("Nơi đặt trụ sở, theo đơn vị hành chính vào ngày bắt đầu ở trên."),
    )
    valid_from = DateField(
        label=_("Hoạt động từ ngày"), help_text=_("Ngày đăng ký; không rõ thì ghi ngày sớm nhất biết chắc.")
    )
    field_order = ("kind", "name", "short_name", "tax_code", "no_tax_code", "valid_from", "place")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "place", place_choices())

    def clean(self) -> dict[str, Any]:
        """The place existed on the first day."""
        data = super().clean()
        _place_exists(self, data.get("place", ""), data.get("valid_from"))
        return data


def place_choices() -> list[tuple[str, str]]:
    """Places by name, those of the past with their years."""
    return [("", _now("— chưa rõ —")), *queries.named_units(TERRITORIAL)]


def _authority_above(version: UnitVersion) -> list[tuple[str, str]]:
    """The authority that the unit belongs to, where that is what stands above it."""
    if version.parent is None or version.lies_in_place:
        return []
    said = _now("thuộc %(name)s") % {"name": queries.unit_name(version.parent)}
    return [(version.parent.code, said)]


def _place_exists(form: forms.Form, code: str, on: date | None) -> None:
    """An error on the form where the chosen place did not exist on the day."""
    place = unit_of(code)
    if place and on and not queries.versions_on(on).filter(unit=place).exists():
        said = _now("Ngày %(on)s không có địa bàn này. Chọn xã, phường hoặc huyện có vào ngày đó.")
        form.add_error("place", said % {"on": f"{on:%d/%m/%Y}"})


class CorrectFactsForm(FactsForm):
    """A correction says why."""

    reason = ParagraphField(label=_("Lý do sửa"), max_length=500, help_text=HISTORY)


class NameForm(forms.Form):
    """A party's name and place: of the same days (a slip), or from a day on (it was renamed or moved)."""

    name = LineField(label=_("Tên đầy đủ"), max_length=200)
    short_name = LineField(label=_("Tên ngắn"), max_length=200, required=False)
    place = forms.ChoiceField(label=_("Xã, phường"), required=False)
    since = DateField(
        label=_("Có tên, trụ sở mới từ ngày"),
        required=False,
        help_text=_("Để trống nếu chỉ sửa lỗi ghi sai; khi đó tên và trụ sở cũ coi như chưa từng ghi."),
    )
    reason = ParagraphField(label=_("Lý do, văn bản căn cứ"), max_length=300, help_text=HISTORY)

    def __init__(self, *args: Any, version: UnitVersion, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": self.initial_of(version), **kwargs})
        self.version = version
        offer(self, "place", [*place_choices(), *_authority_above(version)])

    def clean(self) -> dict[str, Any]:
        """The place existed on the first day that the form speaks of."""
        data = super().clean() or {}
        if "since" not in self.errors:
            _place_exists(self, data.get("place", ""), data.get("since") or self.version.valid_from)
        return data

    def said(self) -> dict[str, Any]:
        """Name and place as the services take them."""
        data = self.cleaned_data
        return {"name": data["name"], "short_name": data["short_name"], "place": unit_of(data["place"])}

    @staticmethod
    def initial_of(version: UnitVersion) -> dict[str, Any]:
        """A version as the form shows it."""
        short = version.short_name if version.short_name != version.name else ""
        return {"name": version.name, "short_name": short, "place": version.parent.code if version.parent else ""}


class EndForm(forms.Form):
    """The day from which a party exists no more."""

    on = DateField(label=_("Không còn hoạt động từ ngày"))
    reason = ParagraphField(label=_("Lý do, văn bản căn cứ"), max_length=500)


class PartyFilterForm(forms.Form):
    """What the register shows."""

    q = LineField(label=_("Tìm tên hoặc mã số thuế"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Loại"), required=False, choices=[("", _("Tất cả loại")), *KINDS])
    ownership = forms.ChoiceField(
        label=_("Hình thức sở hữu"), required=False, choices=[("", _("Tất cả hình thức")), *Ownership.choices]
    )
    state = forms.ChoiceField(
        label=_("Tình trạng"), required=False, choices=[("", _("Đang hoạt động")), ("ended", _("Đã kết thúc"))]
    )


class YearForm(forms.Form):
    """The year of the classes' lists."""

    year = CountField(label=_("Năm"), required=False, minimum=FIRST_YEAR, maximum=LAST_YEAR)


class FindForm(forms.Form):
    """Units looked for by name, to be added to a class's list."""

    find = LineField(
        label=_("Tìm đơn vị để thêm"),
        required=False,
        max_length=100,
        help_text=_("Một phần của tên, không cần gõ dấu. Chọn được nhiều đơn vị một lần."),
    )


class ClassMembersForm(forms.Form):
    """Units, some of those found, added to a class's list of a year."""

    units = forms.MultipleChoiceField(label=_("Đơn vị"), widget=forms.CheckboxSelectMultiple)
    basis = LineField(
        label=_("Căn cứ"),
        max_length=300,
        help_text=_("Ví dụ: Công văn số 12/SKHCN ngày 05/3/2026; ý kiến Giám đốc Sở."),
    )

    def __init__(self, *args: Any, found: Sequence[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = queries.unit_names(of=[v.parent_id for v in found if v.parent_id])
        offer(self, "units", [(v.unit.code, queries.told_apart(v, above)) for v in found])


class CopyYearForm(forms.Form):
    """The year from which a list is begun."""

    source = CountField(label=_("Chép từ danh sách năm"), minimum=FIRST_YEAR, maximum=LAST_YEAR)
    basis = LineField(label=_("Căn cứ"), max_length=300)
