"""Pages of accounts and roles."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuan.accounts import services as account_services
from chuan.accounts.models import User
from chuan.lib import clock
from chuan.organisations import forms, policies, queries, services
from chuan.organisations.errors import OrganisationError
from chuan.organisations.middleware import actor_of
from chuan.organisations.models import Membership, OrganisationUnit
from chuan.web.idempotency import once


def _administrator(request: HttpRequest) -> None:
    if not policies.can_manage_accounts(actor_of(request)):
        raise PermissionDenied


@login_required
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Every account with the roles it holds today."""
    _administrator(request)
    rows = queries.accounts_with_roles(on=clock.today(), query=request.GET.get("q", "")[:100])
    return render(request, "organisations/accounts.html", {"rows": rows, "query": request.GET.get("q", "")})


@login_required
@require_http_methods(["GET", "POST"])
def new_account(request: HttpRequest) -> HttpResponse:
    """Open an account; the temporary password is shown once, on the next page."""
    _administrator(request)
    form = forms.AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = forms.temporary_password()

        def effect() -> tuple[str, str]:
            user = account_services.create_user(
                actor=actor_of(request), password=password, must_change_password=True, **form.cleaned_data
            )
            said = _("Đã mở tài khoản. Mật khẩu tạm, chỉ hiện một lần: %(password)s") % {"password": password}
            return reverse("organisations:account", args=[user.pk]), said

        return once(request, effect)
    return render(request, "organisations/account_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its roles, and what may be done with it."""
    _administrator(request)
    return _account_page(
        request, get_object_or_404(User, pk=pk), forms.GrantForm(initial={"valid_from": clock.today()})
    )


def _account_page(
    request: HttpRequest,
    user: User,
    form: forms.GrantForm,
    status: int = 200,
    reason_form: forms.ReasonForm | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "account": user,
        "form": form,
        "reason_form": reason_form or forms.ReasonForm(),
        "names": queries.unit_names(),
        "memberships": queries.membership_history(user.pk),
        "today": clock.today(),
    }
    return render(request, "organisations/account.html", context, status=status)


@login_required
@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role."""
    _administrator(request)
    user = get_object_or_404(User, pk=pk)
    form = forms.GrantForm(request.POST)
    if form.is_valid():
        data = {**form.cleaned_data, "unit": OrganisationUnit.objects.get(code=form.cleaned_data["unit"])}

        def effect() -> tuple[str, str]:
            services.grant_membership(actor=actor_of(request), user=user, **data)
            return reverse("organisations:account", args=[pk]), _("Đã giao vai trò.")

        try:
            return once(request, effect)
        except OrganisationError as error:
            form.add_error(None, str(error))
    return _account_page(request, user, status=422, form=form)


@login_required
@require_POST
def end(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    """End a role today."""
    _administrator(request)
    held = get_object_or_404(Membership.objects.live(), pk=membership, user_id=pk)
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        return _account_page(request, held.user, forms.GrantForm(), 422, form)

    def effect() -> tuple[str, str]:
        services.end_membership(actor=actor_of(request), membership=held, on=clock.today(), **form.cleaned_data)
        return reverse("organisations:account", args=[pk]), _("Đã kết thúc vai trò từ hôm nay.")

    try:
        return once(request, effect)
    except OrganisationError as error:
        form.add_error(None, str(error))
    return _account_page(request, held.user, forms.GrantForm(), 422, form)


@login_required
@require_POST
def set_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Close or reopen an account."""
    _administrator(request)
    user = get_object_or_404(User, pk=pk)
    form = forms.ReasonForm(request.POST)
    if not form.is_valid() or user.pk == request.user.pk:
        return _account_page(request, user, forms.GrantForm(), 422, form)
    active = request.POST.get("active") == "1"

    def effect() -> tuple[str, str]:
        account_services.set_active(actor=actor_of(request), user=user, active=active, **form.cleaned_data)
        return reverse("organisations:account", args=[pk]), _("Đã mở lại tài khoản.") if active else _(
            "Đã khóa tài khoản."
        )

    return once(request, effect)


@login_required
@require_POST
def set_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a temporary password, shown once."""
    _administrator(request)
    user = get_object_or_404(User, pk=pk)
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        return _account_page(request, user, forms.GrantForm(), 422, form)
    password = forms.temporary_password()

    def effect() -> tuple[str, str]:
        account_services.set_temporary_password(
            actor=actor_of(request), user=user, password=password, **form.cleaned_data
        )
        said = _("Mật khẩu tạm, chỉ hiện một lần: %(password)s") % {"password": password}
        return reverse("organisations:account", args=[pk]), said

    return once(request, effect)


@login_required
@require_POST
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a lost second factor."""
    _administrator(request)
    user = get_object_or_404(User, pk=pk)
    form = forms.ReasonForm(request.POST)
    if not form.is_valid() or user.pk == request.user.pk:
        return _account_page(request, user, forms.GrantForm(), 422, form)

    def effect() -> tuple[str, str]:
        account_services.reset_second_factor(actor=actor_of(request), user=user, **form.cleaned_data)
        said = _("Đã gỡ bước xác thực thứ hai. Người này sẽ thiết lập lại khi đăng nhập.")
        return reverse("organisations:account", args=[pk]), said

    return once(request, effect)
