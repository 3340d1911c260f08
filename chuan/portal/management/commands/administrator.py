"""`chuan administrator USERNAME "HỌ VÀ TÊN"`: open the first account, which opens the others."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from chuan.accounts.services import create_user
from chuan.audit.actor import system
from chuan.lib import clock
from chuan.organisations.forms import temporary_password
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.rules import Role
from chuan.organisations.services import grant_membership


class Command(BaseCommand):
    """Prints a temporary password; the second factor is set up at the first sign-in."""

    help = "Mở tài khoản quản trị đầu tiên và in mật khẩu tạm."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """USERNAME, FULL NAME, --unit."""
        parser.add_argument("username", help="tên đăng nhập")
        parser.add_argument("full_name", help="họ và tên")
        parser.add_argument("--unit", default="so-khcn", help="mã đơn vị (mặc định so-khcn)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Account and role in one transaction."""
        unit = OrganisationUnit.objects.filter(code=options["unit"]).first()
        if unit is None:
            raise CommandError(f"--unit {options['unit']}: không có đơn vị này", returncode=2)
        actor, password = system("command"), temporary_password()
        try:
            with transaction.atomic():
                user = create_user(
                    actor=actor,
                    username=options["username"],
                    full_name=options["full_name"],
                    password=password,
                    must_change_password=True,
                )
                grant_membership(actor=actor, user=user, unit=unit, role=Role.ADMINISTRATOR, valid_from=clock.today())
        except ValidationError as error:
            raise CommandError("; ".join(error.messages), returncode=2) from None
        self.stdout.write(f"Đã mở tài khoản quản trị {user.username}. Mật khẩu tạm: {password}")
        self.stdout.write("Đăng nhập, đổi mật khẩu và thiết lập bước xác thực thứ hai.")
