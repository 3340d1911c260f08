"""Forms of people: one or two, and corrected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuan.organisations import queries
from chuan.organisations.forms.common import ReasonForm
from chuan.organisations.models import PersonFacts
from chuan.web.forms import LineField, ParagraphField, offer


class ApartForm(forms.Form):
    """On what grounds two records are two people."""

    basis = ParagraphField(
        label=_("Căn cứ"),
        max_length=1000,
        help_text=_("Đã đối chiếu gì, với ai, ngày nào. Ví dụ: đơn vị xác nhận qua điện thoại ngày 05/12/2026."),
    )


class MergeForm(ApartForm):
    """On what grounds two records are one person, and which of them stays the main one."""

    keep = forms.ChoiceField(
        label=_("Hồ sơ chính"), widget=forms.RadioSelect, help_text=_("Hồ sơ còn lại được coi là hồ sơ trùng.")
    )
    field_order = ("keep", "basis")

    def __init__(self, *args: Any, people: Sequence[PersonFacts], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(p.person.code, f"{p.full_name} · {p.person.code}") for p in people]
        offer(self, "keep", choices)


Decision = ApartForm | ReasonForm


def is_full_name(name: str) -> bool:
    """Family name and given name: one word alone names half of a province."""
    return len(name.split()) > 1


class FullNameField(LineField):
    """A person's name, whole, wherever it is typed."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not is_full_name(value):
            raise forms.ValidationError(_("Cần đủ họ và tên, ví dụ “Nguyễn Văn An”."))


class PersonForm(forms.Form):
    """A person's name, position and contact, said anew."""

    full_name = FullNameField(label=_("Họ và tên"), max_length=200)
    position = LineField(label=_("Chức vụ"), max_length=200, required=False)
    work_contact = LineField(
        label=_("Liên hệ công vụ"),
        max_length=200,
        required=False,
        help_text=_("Điện thoại cơ quan hoặc thư công vụ; không ghi số căn cước."),
    )
    reason = ParagraphField(
        label=_("Lý do sửa"), max_length=500, help_text=_("Ghi vào lịch sử, người xem sau đọc được.")
    )
    #: The statement that the page showed.
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)

    @staticmethod
    def initial_of(facts: PersonFacts) -> dict[str, Any]:
        """A statement as the form shows it."""
        return {name: getattr(facts, name) for name in ("full_name", "position", "work_contact")}


@dataclass(frozen=True)
class Pair:
    """Two records side by side: what each says, and the two answers."""

    one: PersonFacts
    other: PersonFacts
    #: (label, of the one, of the other, whether they differ)
    rows: list[tuple[str, str, str, bool]]
    merge_form: ApartForm
    apart_form: ApartForm

    @classmethod
    def of(cls, found: queries.Suspects, names: Mapping[int, str], refused: forms.Form | None = None) -> "Pair":
        """A pair as the page shows it; a form that was refused comes back with what was typed."""
        one, other = found.one, found.other
        facts = (
            (_("Đơn vị công tác"), names.get(one.employer_id or 0, ""), names.get(other.employer_id or 0, "")),
            (_("Chức vụ"), one.position, other.position),
            (_("Liên hệ công vụ"), one.work_contact, other.work_contact),
            (_("Đơn vị quản lý hồ sơ"), names.get(one.owner_id, ""), names.get(other.owner_id, "")),
        )
        rows = [(str(label), a, b, a != b) for label, a, b in facts if a or b]
        if one.full_name != other.full_name:
            rows.insert(0, (str(_("Họ và tên")), one.full_name, other.full_name, True))
        merging = MergeForm(people=(one, other), auto_id=f"merge-{one.pk}-{other.pk}-%s")
        apart = ApartForm(auto_id=f"apart-{one.pk}-{other.pk}-%s")
        if isinstance(refused, MergeForm):
            merging = refused
        elif isinstance(refused, ApartForm):
            apart = refused
        return cls(one, other, rows, merging, apart)
