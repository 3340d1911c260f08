"""Units, people and memberships."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Units through time, enterprises, people and who acts where."""

    name = "chuan.organisations"
    label = "organisations"
    verbose_name = "Tổ chức"
