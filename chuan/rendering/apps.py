"""The Django application that carries the rendering mechanisms; it has no models."""

from django.apps import AppConfig


class RenderingConfig(AppConfig):
    """Names the application, so that its files are found."""

    name = "chuan.rendering"
    label = "rendering"
    verbose_name = "Trình bày văn bản"
