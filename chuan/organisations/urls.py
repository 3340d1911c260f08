"""Units, parties, classes, people, accounts and roles."""

from django.urls import path

from chuan.organisations import views

app_name = "organisations"
urlpatterns = [
    path("units/", views.units.units, name="units"),
    path("units/new/", views.units.new_authority, name="new-authority"),
    path("units/<str:code>/", views.units.unit, name="unit"),
    path("units/<str:code>/acting/", views.units.decide_acting, name="decide-acting"),
    path("units/<str:code>/acting/<int:pk>/correct/", views.units.correct_acting, name="correct-acting"),
    path("units/<str:code>/acting/<int:pk>/undo/", views.units.undo_acting, name="undo-acting"),
    path("parties/", views.parties.parties, name="parties"),
    path("parties/new/", views.parties.new_party, name="new-party"),
    path("parties/<str:code>/", views.parties.party, name="party"),
    path("parties/<str:code>/correct/", views.parties.correct_party, name="correct-party"),
    path("parties/<str:code>/name/", views.parties.rename_party, name="rename-party"),
    path("parties/<str:code>/end/", views.parties.end_party, name="end-party"),
    path("classes/", views.classes.classes, name="classes"),
    path("classes/<str:code>/<int:year>/", views.classes.party_class, name="class"),
    path("classes/<str:code>/<int:year>/add/", views.classes.add_members, name="add-class-members"),
    path("classes/<str:code>/<int:year>/<int:pk>/remove/", views.classes.remove_member, name="remove-class-member"),
    path("classes/<str:code>/<int:year>/copy/", views.classes.copy_year, name="copy-class-year"),
    path("people/suspects/", views.people.suspects, name="suspects"),
    path("people/<str:code>/merge/<str:other>/", views.people.merge, name="merge"),
    path("people/<str:code>/differ/<str:other>/", views.people.tell_apart, name="tell-apart"),
    path("people/merges/<int:pk>/undo/", views.people.undo_merge, name="undo-merge"),
    path("people/differences/<int:pk>/undo/", views.people.undo_tell_apart, name="undo-tell-apart"),
    path("people/<str:code>/correct/", views.people.correct_person, name="correct-person"),
    path("accounts/", views.accounts.accounts, name="accounts"),
    path("accounts/new/", views.accounts.new_account, name="new-account"),
    path("accounts/<int:pk>/", views.accounts.account, name="account"),
    path("accounts/<int:pk>/roles/", views.accounts.grant, name="grant"),
    path("accounts/<int:pk>/roles/<int:membership>/end/", views.accounts.end, name="end"),
    path("accounts/<int:pk>/active/", views.accounts.set_active, name="set-active"),
    path("accounts/<int:pk>/second-factor/", views.accounts.reset_second_factor, name="reset-second-factor"),
    path("accounts/<int:pk>/password/", views.accounts.set_password, name="set-password"),
]
