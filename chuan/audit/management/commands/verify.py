"""`chuan verify`: prove that nothing sealed was changed, or name what was."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chuan.audit import verify
from chuan.ledger import integrity


class Command(BaseCommand):
    """Run every integrity check; exit 1 where anything is found."""

    help = "Kiểm tra toàn vẹn: chuỗi nhật ký, từng bản ghi đã niêm, tệp lưu, trigger."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--only NAME, --json."""
        parser.add_argument("--only", help="chỉ chạy một phép kiểm tra (chain, rows, files, triggers …)")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
        parser.add_argument(
            "--anchor", action="append", default=[], metavar="SỐ:MÃ", help="so với số và mã băm nhật ký in ở chân trang"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print findings as they come, then a total."""
        findings: list[dict[str, str]] = []
        counts: dict[str, int] = {}
        for item in integrity.run(options["only"]):
            if isinstance(item, integrity.Checked):
                counts[item.name] = item.count
                continue
            findings.append({"where": item.where, "what": item.what})
            if not options["json"]:
                self.stdout.write(f"SAI  {item.where}: {item.what}")
        for printed in options["anchor"]:
            findings += self.anchored(printed, quiet=options["json"])
        if options["json"]:
            self.stdout.write(json.dumps({"checked": counts, "findings": findings}, ensure_ascii=False))
        else:
            self.stdout.write("Đã kiểm tra: " + " · ".join(f"{n} {name}" for name, n in counts.items() if n))
        if findings:
            raise CommandError(f"{len(findings)} chỗ không toàn vẹn.", returncode=1)
        if not options["json"]:
            self.stdout.write("Toàn vẹn: không có gì bị thay đổi.")

    def anchored(self, printed: str, *, quiet: bool) -> list[dict[str, str]]:
        """What is wrong with the entry that a paper names, as `271:0f2fb6ebcd34b6fa`."""
        seq, _sep, sha256 = printed.partition(":")
        if not seq.isascii() or not seq.isdigit() or len(seq) > 18 or len(sha256) < 8:
            raise CommandError(f"--anchor {printed}: viết như 271:0f2fb6ebcd34b6fa", returncode=2)
        found = verify.anchor(int(seq), sha256.rstrip("…"))
        if found is None:
            return []
        if not quiet:
            self.stdout.write(f"SAI  {found.where}: {found.what}")
        return [{"where": found.where, "what": found.what}]
