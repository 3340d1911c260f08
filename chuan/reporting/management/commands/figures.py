"""`chuan figures`: the plan's figures at two dates, as a table or as one JSON document."""

import json
from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chuan.lib import clock
from chuan.lib.dates import NotADate, Window, format_date, parse_date
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan
from chuan.reporting import queries
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.texts import COMPANIONS, REASONS, TITLES
from chuan.reporting.readings import verdict_in_words


class Command(BaseCommand):
    """Two dates, never one: events up to the end of `--at`, records known by `--known`."""

    help = "Tính các chỉ tiêu của một kế hoạch tại một ngày."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--plan, --at (or --as-of), --known, --frame, --year, --json."""
        parser.add_argument("--plan", default="KH-2828")
        parser.add_argument("--at", "--as-of", dest="at", help="ngày tính (dd/mm/yyyy hoặc yyyy-mm-dd)")
        parser.add_argument("--known", help="thời điểm biết (ISO 8601 có múi giờ); mặc định: bây giờ")
        parser.add_argument("--frame", choices=Frame.values, default=Frame.COMPARABLE.value)
        parser.add_argument("--year", type=int, help="kỳ báo cáo năm; mặc định: lũy kế từ ngày ban hành")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute and print."""
        plan = Plan.objects.filter(code=options["plan"]).first()
        if plan is None:
            known_plans = ", ".join(Plan.objects.values_list("code", flat=True)) or "chưa có kế hoạch nào"
            raise CommandError(f"--plan {options['plan']}: không có kế hoạch này (có: {known_plans})", returncode=2)
        at = self.day(options["at"], plan)
        known = self.instant(options["known"])
        window = plan.cumulative_window(at) if options["year"] is None else self.year(options["year"], plan)
        figures = [
            queries.compute(plan, code, Frame(options["frame"]), window, at=at, known=known) for code in INDICATORS
        ]
        if options["json"]:
            document = {
                "plan": plan.code,
                "at": at.isoformat(),
                "known": known.isoformat(),
                "figures": [self.plain(figure) for figure in figures],
            }
            self.stdout.write(json.dumps(document, ensure_ascii=False))
            return
        for figure in figures:
            self.table(figure)

    def day(self, typed: str | None, plan: Plan) -> date:
        """`--at`, not before the plan; today without it."""
        if typed is None:
            return clock.today()
        try:
            day = parse_date(typed)
        except NotADate:
            raise CommandError(f"--at {typed}: không phải ngày; viết dd/mm/yyyy", returncode=2) from None
        if day < plan.signed:
            signed = format_date(plan.signed)
            raise CommandError(f"--at {typed}: {plan.code} ban hành ngày {signed}; tính từ ngày đó", returncode=2)
        return day

    def year(self, typed: int, plan: Plan) -> Window:
        """The window of `--year`: a report year between the plan's first and its last."""
        first, last = queries.report_year(plan, plan.signed), queries.report_year(plan, plan.ends)
        if not first <= typed <= last:
            raise CommandError(f"--year {typed}: {plan.code} có kỳ báo cáo năm {first} đến {last}", returncode=2)
        return plan.year_window(typed)

    def instant(self, typed: str | None) -> datetime:
        """`--known`; now without it."""
        if typed is None:
            return clock.now()
        try:
            found = datetime.fromisoformat(typed)
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise CommandError(f"--known {typed}: viết như 2026-12-11T08:00:00+07:00", returncode=2)
        return found

    def plain(self, figure: queries.Figure) -> dict[str, Any]:
        """One figure of the JSON document (9-indicators.md)."""
        return {
            "id": figure.indicator.spec.id,
            "definition_version": figure.indicator.spec.version,
            "definition_hash": figure.indicator.definition_sha256(),
            "frame": figure.frame.value,
            "window": [figure.scope.window.start.isoformat(), figure.scope.window.end.isoformat()],
            "value": figure.value,
            "unit": figure.indicator.spec.unit,
            "flag": figure.flag,
            "readings": [reading.plain() for reading in figure.readings],
            "breakdown": figure.breakdown,
            "unallocated": figure.unallocated,
            "members_sha256": figure.members_sha256,
            "candidates": figure.candidates,
            "duplicates": figure.duplicates,
            "excluded": figure.excluded,
            "companions": figure.companions,
        }

    def table(self, figure: queries.Figure) -> None:
        """One figure in words."""
        spec = figure.indicator.spec
        self.stdout.write(f"{spec.id}  {TITLES[spec.id]}: {figure.value} {spec.unit} ({figure.frame.label})")
        for reading in figure.readings:
            verdict = verdict_in_words(reading) if reading.kept else f"không áp dụng theo {reading.settled_by}"
            value = "?" if reading.value is None else reading.value
            until = format_date(reading.horizon)
            self.stdout.write(f"    {reading.label}: {value}/{reading.target} {reading.unit} đến {until} – {verdict}")
        for code, count in figure.companions.items():
            self.stdout.write(f"    trong đó {count} {COMPANIONS[code]}")
        for code, count in figure.excluded.items():
            self.stdout.write(f"    không tính {count}: {REASONS[code]}")
