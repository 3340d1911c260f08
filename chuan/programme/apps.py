"""The plan as issued."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """Plans, their printed phrases and targets with every reading."""

    name = "chuan.programme"
    label = "programme"
    verbose_name = "Kế hoạch"
