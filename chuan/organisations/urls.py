"""Units, accounts and roles."""

from django.urls import path

from chuan.organisations import views

app_name = "organisations"
urlpatterns = [
    path("units/", views.units, name="units"),
    path("units/<str:code>/", views.unit, name="unit"),
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/new/", views.new_account, name="new-account"),
    path("accounts/<int:pk>/", views.account, name="account"),
    path("accounts/<int:pk>/roles/", views.grant, name="grant"),
    path("accounts/<int:pk>/roles/<int:membership>/end/", views.end, name="end"),
    path("accounts/<int:pk>/active/", views.set_active, name="set-active"),
    path("accounts/<int:pk>/password/", views.set_password, name="set-password"),
]
