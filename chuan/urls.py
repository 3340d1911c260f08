"""Every route of the product."""

from django.urls import include, path

handler400 = "chuan.web.errors.bad_request"
handler403 = "chuan.web.errors.forbidden"
handler404 = "chuan.web.errors.not_found"
handler500 = "chuan.web.errors.server_error"

urlpatterns = [
    path("", include("chuan.portal.urls")),
    path("account/", include("chuan.accounts.urls")),
    path("organisations/", include("chuan.organisations.urls")),
    path("plan/", include("chuan.programme.urls")),
    path("instruments/", include("chuan.instruments.urls")),
    path("laboratories/", include("chuan.laboratories.urls")),
    path("training/", include("chuan.training.urls")),
    path("assurance/", include("chuan.assurance.urls")),
    path("", include("chuan.reporting.urls")),
]
