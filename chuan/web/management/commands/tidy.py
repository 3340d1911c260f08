"""`chuan tidy`: drop what is kept for a while only. Run daily in production; each start runs it too."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from chuan.web import tidy


class Command(BaseCommand):
    """Ended sessions and old form keys."""

    help = "Dọn phiên đã hết hạn và khóa biểu mẫu cũ."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and say how much unless told to be quiet."""
        call_command("clearsessions", verbosity=0)
        dropped = tidy.drop_old_keys()
        if options["verbosity"]:
            self.stdout.write(f"Đã dọn {dropped} khóa biểu mẫu cũ và các phiên đã hết hạn.")
