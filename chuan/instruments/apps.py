"""Kinds of measuring instruments, measurement standards and reference materials."""

from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    """The list of kinds that the law and the province name."""

    name = "chuan.instruments"
    label = "instruments"
    verbose_name = "Loại phương tiện đo, chuẩn đo lường"
