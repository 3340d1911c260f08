"""`chuan secret-key`: print a fresh key for CHUAN_SECRET_KEY."""

from typing import Any

from django.core.management.base import BaseCommand
from django.core.management.utils import get_random_secret_key


class Command(BaseCommand):
    """Prints 50 random characters."""

    help = "In một khóa bí mật mới cho CHUAN_SECRET_KEY."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """One line on standard output."""
        self.stdout.write(get_random_secret_key())
