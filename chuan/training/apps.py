"""Training courses and who attended them."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """Courses, attendances, attachments: the evidence behind "persons trained"."""

    name = "chuan.training"
    label = "training"
    verbose_name = "Đào tạo, bồi dưỡng"
