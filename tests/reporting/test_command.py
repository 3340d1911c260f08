"""`chuan report`: three files of one recipient; a wrong plan, year or folder is exit 2 with a clear message."""

import io
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.core.management import CommandError, call_command

from chuan.lib import clock
from chuan.rendering.word import read_figures
from chuan.reporting.models import FrozenFigure, ReportingPeriod
from chuan.reporting.services import reports
from tests.cast import Cast
from tests.reporting.test_report import dispatched, period, reviewed
from tests.training.builders import course, line

__all__ = ["period"]


def run(out: Path, *more: str, year: str = "2026", period: str = "", recipient: str = "ubnd") -> tuple[list[Path], str]:
    """The files that were written, and what was said beside."""
    told, beside = io.StringIO(), io.StringIO()
    which = ("--period", period) if period else ("--year", year)
    wanted = (*which, "--recipient", recipient, "--out", str(out), *more)
    call_command("report", *wanted, stdout=told, stderr=beside)
    return [Path(line) for line in told.getvalue().split()], beside.getvalue()


def test_a_wrong_plan_year_or_folder_is_named(cast: Cast, period: ReportingPeriod, tmp_path: Path) -> None:
    taken = tmp_path / "tep"
    taken.write_text("x")
    with pytest.raises(CommandError, match=r"--year 2026: KH-2828 chưa có báo cáo năm này \(có: chưa có") as none:
        run(tmp_path)
    reports.start_report(actor=cast.specialist.actor, period=period)
    with pytest.raises(CommandError, match=r"--plan KH-X: không có kế hoạch này \(có: KH-2828\)") as plan:
        run(tmp_path, "--plan", "KH-X")
    with pytest.raises(CommandError, match=r"--year 2031: KH-2828 chưa có báo cáo năm này \(có: 2026\)") as year:
        run(tmp_path, year="2031")
    with pytest.raises(CommandError, match="không ghi được") as folder:
        run(taken)
    assert [error.value.returncode for error in (none, plan, year, folder)] == [2, 2, 2, 2]
    assert taken.read_text() == "x"


def test_a_draft_is_written_where_nothing_is_frozen_and_said_so(
    cast: Cast, period: ReportingPeriod, tmp_path: Path
) -> None:
    reports.start_report(actor=cast.specialist.actor, period=period)
    paths, beside = run(tmp_path / "moi" / "nua", recipient="bo")
    assert [path.suffix for path in paths] == [".pdf", ".docx", ".xlsx"]
    assert "dự thảo, số liệu chưa chốt" in beside
    with pikepdf.open(paths[0]) as pdf:
        assert "snapshot.json" in pdf.attachments


def test_what_was_frozen_is_written_as_it_was_whatever_the_register_says_now(
    cast: Cast, period: ReportingPeriod, tmp_path: Path
) -> None:
    line(cast, course(cast), "Lê Văn A")
    report = reviewed(cast, period)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    with clock.at(clock.now() + timedelta(hours=1)):
        line(cast, course(cast, title="Lớp sau"), "Lê Văn B")
    paths, beside = run(tmp_path)
    code = FrozenFigure.objects.get(indicator="CT2").code
    assert read_figures(paths[1].read_bytes())[code] == "01\xa0người"
    assert f"bản chốt {content.version} (Trình ký" in beside


def test_an_issued_report_carries_its_number(cast: Cast, period: ReportingPeriod, tmp_path: Path) -> None:
    dispatched(cast, period)
    paths, beside = run(tmp_path)
    assert "Đã phát hành" in beside
    with pikepdf.open(paths[0]) as pdf:
        assert pdf.pages
    assert all(path.stat().st_size > 1000 for path in paths)
