"""The part of allauth that is used: no self-registration, no mail."""

from allauth.account import views as account
from django.urls import include, path
from django.views.generic import RedirectView

closed = RedirectView.as_view(pattern_name="account_login")

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("2fa/", include("allauth.mfa.urls")),
    # Names that allauth reverses; each leads to the sign-in page.
    path("signup/", closed, name="account_signup"),
    path("email/", closed, name="account_email"),
    path("password/reset/", closed, name="account_reset_password"),
]
