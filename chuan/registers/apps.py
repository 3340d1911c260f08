"""What the registers of evidence share."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """Lists, records, corrections, attachments, Excel in and out."""

    name = "chuan.registers"
    label = "registers"
    verbose_name = "Sổ theo dõi"
