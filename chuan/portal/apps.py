"""Composition: the home page of each role, the menu, the second-factor policy."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Puts the contexts' pages together."""

    name = "chuan.portal"
    label = "portal"
    verbose_name = "Cổng"
