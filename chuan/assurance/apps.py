"""Measurement assurance programmes of enterprises."""

from django.apps import AppConfig


class AssuranceConfig(AppConfig):
    """Programmes, their versions and what was done under them."""

    name = "chuan.assurance"
    label = "assurance"
    verbose_name = "Chương trình đảm bảo đo lường"
