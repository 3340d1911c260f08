"""Service organisations' laboratories: what they are recognised for and how they were assessed."""

from django.apps import AppConfig


class LaboratoriesConfig(AppConfig):
    """Laboratories, recognitions, scopes, assessments."""

    name = "chuan.laboratories"
    label = "laboratories"
    verbose_name = "Phòng thí nghiệm, tổ chức dịch vụ đo lường"
