"""`chuan plan text CODE | check FOLDER | load FOLDER`: a plan's bytes, and whether a folder is a plan."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chuan.audit.actor import system
from chuan.programme.errors import PlanFileWrong
from chuan.programme.models import Plan, PlanText
from chuan.programme.plan_checks import read_plan
from chuan.programme.services import load_plan


class Command(BaseCommand):
    """Exit 1 where a folder does not hold, 2 for a plan that is not there."""

    help = "In nguyên văn một kế hoạch, kiểm tra hoặc nạp thư mục của một kế hoạch."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """text CODE, check FOLDER, load FOLDER."""
        parts = parser.add_subparsers(dest="part", required=True)
        text = parts.add_parser("text", help="in văn bản như đã ban hành, đúng từng byte")
        text.add_argument("code", help="mã kế hoạch, ví dụ KH-2828")
        for name, said in (("check", "kiểm tra thư mục kế hoạch"), ("load", "kiểm tra rồi nạp thư mục kế hoạch")):
            parts.add_parser(name, help=said).add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """One of the three parts."""
        if options["part"] == "text":
            self.text(options["code"])
        elif options["part"] == "check":
            self.check_folder(options["folder"])
        else:
            self.load(options["folder"])

    def text(self, code: str) -> None:
        """The bytes as they were issued."""
        text = PlanText.objects.filter(plan__code=code).first()
        if text is None:
            known = ", ".join(Plan.objects.values_list("code", flat=True)) or "chưa có kế hoạch nào"
            raise CommandError(f"{code}: không có văn bản của kế hoạch này (có: {known})", returncode=2)
        out = getattr(self.stdout, "_out", sys.stdout)
        octets = getattr(out, "buffer", None)
        if octets is None:
            out.write(text.content)
        else:
            out.flush()
            octets.write(text.octets)
            octets.flush()

    def check_folder(self, folder: Path) -> None:
        """Every problem of a folder, one a line."""
        try:
            draft = read_plan(folder)
        except PlanFileWrong as wrong:
            for problem in wrong.problems:
                self.stdout.write(str(problem))
            raise CommandError(f"{folder.name}: {len(wrong.problems)} chỗ chưa đúng") from None
        self.stdout.write(
            f"{draft.head['code']}: {len(draft.items)} mục, {len(draft.targets)} chỉ tiêu, "
            f"{len(draft.contradictions)} chỗ nhiều cách hiểu, {len(draft.slips)} lỗi ghi riêng. Mọi khoảng đều khớp."
        )

    def load(self, folder: Path) -> None:
        """Load a folder that holds."""
        try:
            plan = load_plan(actor=system("plan load"), draft=read_plan(folder))
        except PlanFileWrong as wrong:
            raise CommandError(str(wrong)) from None
        self.stdout.write(f"Đã nạp {plan}.")
