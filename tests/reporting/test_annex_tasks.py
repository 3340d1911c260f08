"""What annex II of the consolidated report says of each task: by units, by figures, by nobody."""

from datetime import date

from chuan.programme.models import Plan
from chuan.reporting import drafts, papers
from chuan.reporting.models import ReportingPeriod
from chuan.reporting.register import OUTPUTS
from chuan.reporting.services import submissions
from tests.cast import SYSTEM, Cast
from tests.reporting.tasks import make_tasks
from tests.reporting.test_consolidation import (
    FIRST,
    SECOND,
    annex,
    below,
    drafted,
    output,
    paper,
    real,
    table,
    told,
    turned_in,
)
from tests.reporting.test_said import said

__all__ = ["real", "told"]


def test_each_task_says_what_which_unit_did_of_it(cast: Cast, plan: Plan) -> None:
    make_tasks(actor=SYSTEM, cast=cast, plan=plan)
    opened = submissions.open_period(
        actor=cast.specialist.actor, plan=plan, year=2026, deadline=date(2026, 12, 10), letter="",
        cut_off=date(2026, 12, 14),
        units=[(cast.unit(code), "Mục IV") for code in ("so-ct", "so-yt")],
    )  # fmt: skip
    turned_in(cast, opened, "so-ct", cast.focal, cast.leader, FIRST)
    turned_in(cast, opened, "so-yt", cast.other_focal, cast.other_leader, SECOND)
    said(cast.specialist, OUTPUTS, output(opened))
    doc = paper(cast, opened)
    first, second, third = table(annex(doc, "KẾT QUẢ THỰC HIỆN PHỤ LỤC"))[-3:]
    assert first.startswith("1 | Tổ chức hội nghị về đo lường | ")
    assert "Hội nghị phổ biến: 02 hội nghị." in first
    assert "Sở Công Thương: so-ct đã làm việc 0. Sở Y tế: so-yt đã làm việc 0." in first
    assert first.endswith("chưa có minh chứng | – | – | Đã hoàn thành: 2 đơn vị")
    assert second.endswith("Đã hoàn thành: 2 đơn vị")
    assert third.endswith("Chưa ghi nhận")
    assert below(doc, "2. Theo Phụ lục")[0].startswith("Phụ lục của Kế hoạch có 03 nhiệm vụ; 02 nhiệm vụ có kết quả")


def test_a_task_that_a_figure_counts_prints_it_though_no_unit_said_anything(cast: Cast, told: ReportingPeriod) -> None:
    snapshot = drafts.snapshot(drafted(cast, told))
    for one in snapshot["figures"]:
        one["value"] = {"CT2": 3, "CT4": 2}.get(one["indicator"], 0)
    doc = papers.document(snapshot, draft=True)
    rows = {row.partition(" | ")[0]: row for row in table(annex(doc, "KẾT QUẢ THỰC HIỆN PHỤ LỤC"))}
    trained = "Số người được đào tạo, bồi dưỡng về đo lường: 03 người. Sở Công Thương: so-ct đã làm việc 0."
    assert trained in rows["2.3"], "the figure first, then each unit's words"
    assert rows["2.3"].endswith("Số liệu CT2 | – | – | Đã hoàn thành: 2 đơn vị")
    assert rows["3.3"].endswith("02 phòng thí nghiệm. | Số liệu CT4 | – | – | Có kết quả")
    assert rows["2.2"].endswith("– | – | – | – | Chưa ghi nhận"), "of what is nought the annex does not boast"
    whole = below(doc, "2. Theo Phụ lục")[0]
    silent = sum(row.endswith("Chưa ghi nhận") for row in rows.values())
    asked = int(whole.split("Kế hoạch có ")[1].split()[0])
    assert f"; {asked - silent:02d} nhiệm vụ có kết quả được ghi nhận" in whole
