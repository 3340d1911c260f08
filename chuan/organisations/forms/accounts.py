"""Forms of accounts and roles."""

import secrets
from typing import Any

from django import forms
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.utils.translation import gettext_lazy as _

from chuan.accounts.models import User
from chuan.lib import clock
from chuan.organisations import queries
from chuan.organisations.rules import Role
from chuan.web.forms import DateField, LineField, offer


class AccountForm(forms.Form):
    """A new account; its temporary password is shown once."""

    username = LineField(label=_("Tên đăng nhập"), max_length=60, validators=[ASCIIUsernameValidator()])
    full_name = LineField(label=_("Họ và tên"), max_length=200)
    email = forms.EmailField(label=_("Thư điện tử công vụ"), required=False, max_length=254)

    def clean_username(self) -> str:
        """One account a name, whatever the case."""
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(_("Tên đăng nhập này đã có người dùng. Hãy thêm tên đơn vị hoặc số."))
        return username


class GrantForm(forms.Form):
    """A role at a unit, during a range."""

    unit = forms.ChoiceField(label=_("Đơn vị"))
    role = forms.ChoiceField(label=_("Vai trò"), choices=Role.choices)
    valid_from = DateField(label=_("Từ ngày"))
    valid_to = DateField(label=_("Đến hết ngày trước"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = queries.versions_on(clock.today()).order_by("order")
        offer(self, "unit", [(v.unit.code, v.name) for v in versions])

    def clean(self) -> dict[str, Any]:
        """The range is not empty."""
        data = super().clean() or {}
        start, end = data.get("valid_from"), data.get("valid_to")
        if start and end and end <= start:
            self.add_error("valid_to", _("Ngày kết thúc phải sau ngày bắt đầu."))
        return data


def temporary_password() -> str:
    """Fifteen letters and digits that are not mistaken for one another."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(3))
