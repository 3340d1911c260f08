"""`chuan report`: a year's consolidated report, or an ad hoc one, for one recipient, as Word, PDF and Excel."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chuan.programme.models import Plan
from chuan.rendering.blocks import OfficialDocument
from chuan.rendering.errors import RenderingError
from chuan.reporting import drafts, papers
from chuan.reporting.collecting import PeriodKind
from chuan.reporting.models import Report
from chuan.reporting.papers import submittals
from chuan.reporting.rules import PaperForm, Recipient


class Command(BaseCommand):
    """Exit 2 for a plan, a year, a period or a folder that is not there, and for words that cannot be printed."""

    help = "Ghi báo cáo tổng hợp của một năm, hoặc của một kỳ đột xuất, ra thư mục: Word, PDF và Excel."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--plan, --year or --period, --recipient, --out."""
        parser.add_argument("--plan", default="KH-2828", help="mã kế hoạch")
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--year", type=int, help="năm báo cáo: báo cáo năm của năm đó")
        which.add_argument("--period", help="mã kỳ báo cáo, dùng cho báo cáo đột xuất")
        parser.add_argument("--recipient", choices=Recipient.values, required=True, help="ubnd hoặc bo")
        parser.add_argument("--out", type=Path, required=True, help="thư mục để ghi ba tệp")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the latest frozen content, else the draft, and say on stderr which."""
        report = self.report(self.plan(options["plan"]), options["year"], options["period"])
        doc, snapshot, kept = self.made(report, Recipient(options["recipient"]))
        self.stderr.write(kept)
        try:
            made = {kind: papers.made(doc, kind, snapshot) for kind in papers.KINDS}
            if doc.symbol == "BC-UBND":
                letter = self.submittal(report)
                made |= {f"to-trinh.{kind}": papers.made(letter, kind, snapshot) for kind in ("pdf", "docx")}
        except RenderingError as error:
            raise CommandError(f"{report.code}: {error}", returncode=2) from None
        for kind, content in made.items():
            path = options["out"] / f"{report.code}-{options['recipient']}.{kind}"
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            except OSError as error:
                raise CommandError(f"--out {options['out']}: không ghi được ({error.strerror})", returncode=2) from None
            self.stdout.write(str(path))

    def submittal(self, report: Report) -> OfficialDocument:
        """The tờ trình that goes with a report which the Committee issues."""
        content = report.content
        if content is None:
            return submittals.document(drafts.snapshot(report), draft=True)
        issued = content.paper_numbers.filter(form=PaperForm.SUBMITTAL).exists()
        return submittals.of_content(content, report, "issued" if issued else "for_signature")

    def plan(self, code: str) -> Plan:
        """`--plan`."""
        plan = Plan.objects.filter(code=code).first()
        if plan is None:
            known = ", ".join(Plan.objects.values_list("code", flat=True)) or "chưa có kế hoạch nào"
            raise CommandError(f"--plan {code}: không có kế hoạch này (có: {known})", returncode=2)
        return plan

    def report(self, plan: Plan, year: int | None, period: str | None) -> Report:
        """The latest frozen report of the year or of the period named, else the one being written."""
        reports = Report.objects.filter(period__plan=plan).select_related("content", "period__plan")
        name = "period__code" if period else "period__year"
        reports = reports if period else reports.filter(period__kind=PeriodKind.ANNUAL)
        found = reports.filter(**{name: period or year}).order_by("-id")
        report = found.exclude(content=None).first() or found.first()
        if report is None:
            known = ", ".join(map(str, sorted(set(reports.order_by().values_list(name, flat=True)))))
            asked = f"--period {period}: kỳ này chưa có báo cáo" if period else f"--year {year}: {plan.code} chưa có"
            lacking = asked if period else f"{asked} báo cáo năm này"
            raise CommandError(f"{lacking} (có: {known or 'chưa có báo cáo nào'})", returncode=2)
        return report

    def made(self, report: Report, recipient: Recipient) -> tuple[OfficialDocument, dict[str, Any], str]:
        """The paper, what it prints, and which one it is, in words."""
        content = report.content
        if content is None:
            snapshot = drafts.snapshot(report)
            doc = papers.document(snapshot, recipient=recipient, draft=True)
            return doc, snapshot, f"{report.code}: dự thảo, số liệu chưa chốt"
        doc = papers.of_content(content, report, "issued" if report.number else "for_signature", recipient)
        return doc, content.snapshot, f"{report.code}: bản chốt {content.version} ({report.get_state_display()})"
