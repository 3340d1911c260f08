"""The evidence bundle of an issued report, and the waterfall from an issued value to today's."""

import hashlib
import html
import io
import json
import re
import zipfile
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest
from django.urls import reverse

from chuan.lib import clock
from chuan.rendering.blocks import Drawing, Table
from chuan.reporting import adjustments, bundles, falls
from chuan.reporting.evidence import EVIDENCE
from chuan.reporting.models import FrozenFigure, Report, ReportingPeriod
from chuan.reporting.papers import since
from chuan.reporting.register import HISTORICAL
from chuan.reporting.services import reports
from chuan.training.services import correct_attendance
from tests.cast import Cast
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import dispatched, period, reviewed
from tests.reporting.test_said import historical, said
from tests.training.builders import course, line, said_of

__all__ = ["period"]

NAMES = ("Lê Văn Ất", "Trần Thị Bính", "Phạm Văn Đinh")


@pytest.fixture
def lines(cast: Cast) -> list[Any]:
    """Three learners; the first of them in two courses."""
    held, again = (
        course(cast),
        course(cast, title="Lớp của thầy Nguyễn Mậu", end=date(2026, 6, 3), start=date(2026, 6, 1)),
    )
    kept = [line(cast, held, name) for name in NAMES]
    return [*kept, line(cast, again, "", person=said_of(kept[0]).person)]


def data_of(html: str) -> dict[str, str]:
    """Every text that the bundle carries, by name."""
    found = re.findall(r'<script type="application/json"[^>]* data-name="([^"]*)"[^>]*>(.*?)</script>', html, re.DOTALL)
    return {name: json.loads(carried) for name, carried in found}


# ---- the bundle --------------------------------------------------------------------------------------------------


def test_no_bundle_before_the_report_is_issued_nor_for_who_may_not_see_it(
    sign_in: Any, client: Any, cast: Cast, period: ReportingPeriod
) -> None:
    report = reviewed(cast, period)
    reports.freeze(actor=cast.specialist.actor, report=report)
    assert page(sign_in, cast, "specialist", "bundle", report.code).status_code == 404
    assert page(sign_in, cast, "focal", "bundle", report.code).status_code == 404
    assert client.get(reverse("reporting:bundle", args=[report.code])).status_code == 302


def test_no_name_is_in_the_bundle_whoever_asks(sign_in: Any, cast: Cast, period: ReportingPeriod, lines: Any) -> None:
    said(cast.specialist, HISTORICAL, historical(period.plan))
    report = dispatched(cast, period)
    people = {part for name in NAMES for part in (name, name.split()[-1])} | {"Nguyễn Mậu"}
    staff = {member.actor.name for member in cast.people.values()} | {"Nguyễn Thị Minh Anh"}
    assert page(sign_in, cast, "focal", "bundle", report.code).status_code == 403
    for who in ("specialist", "committee", "clerk"):
        answer = page(sign_in, cast, who, "bundle", report.code)
        html = answer.content.decode()
        assert answer.status_code == 200
        carried = " ".join(data_of(html).values())
        assert [name for name in people | staff if name in html or name in carried] == []
        assert "người 1" in html


def test_who_learned_twice_has_one_mask_and_the_list_hashes_to_its_seal(
    cast: Cast, period: ReportingPeriod, lines: Any
) -> None:
    report = dispatched(cast, period)
    assert report.content
    carried = data_of(bundles.made(report, report.content).decode())
    content = json.loads(carried["nội dung trang này"])
    told = {figure["name"]: figure for figure in content["figures"]}
    attended = next(figure for name, figure in told.items() if "lượt" in name.lower())
    assert [row[0] for row in attended["members"]] == ["người 1", "người 2", "người 3", "người 1"]
    assert attended["columns"] == ["Bản ghi", "Số hiệu bản ghi", "Kết thúc", "Số lượt"]
    frozen = FrozenFigure.objects.get(indicator="CT2-L")
    numbers = carried[f"danh sách bản ghi của {frozen.code}"]
    assert hashlib.sha256(numbers.encode()).hexdigest() == frozen.members_sha256
    assert numbers.split("\n") == [row[1] for row in attended["members"]]


def test_the_code_at_the_foot_of_the_paper_is_that_of_what_the_bundle_carries(
    cast: Cast, period: ReportingPeriod, lines: Any
) -> None:
    report = dispatched(cast, period)
    assert report.content
    carried = data_of(bundles.made(report, report.content).decode())
    sealed = carried[f"bản chốt 1 của {report.code}"]
    assert hashlib.sha256(sealed.encode()).hexdigest() == report.content.sha256
    assert bundles.made(report, report.content) == bundles.made(report, report.content)


def test_every_table_of_evidence_has_a_word_for_its_members() -> None:
    assert bundles.CALLED.keys() == EVIDENCE.keys()


def test_the_page_of_an_issued_report_offers_it(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    report = dispatched(cast, period)
    address = reverse("reporting:bundle", args=[report.code])
    assert address not in page(sign_in, cast, "focal", "report", report.code).content.decode()
    assert address in page(sign_in, cast, "finance", "report", report.code).content.decode()


# ---- the waterfall -----------------------------------------------------------------------------------------------


def frozen_lines(cast: Cast, period: ReportingPeriod) -> FrozenFigure:
    dispatched(cast, period)
    return FrozenFigure.objects.select_related("plan").get(indicator="CT2-L")


def test_nothing_changed_draws_nothing(cast: Cast, period: ReportingPeriod, lines: Any) -> None:
    assert adjustments.explain(frozen_lines(cast, period)).steps() == []


def test_what_left_and_what_came_adds_up_to_todays_value(cast: Cast, period: ReportingPeriod, lines: Any) -> None:
    frozen = frozen_lines(cast, period)
    with clock.at(clock.now() + timedelta(days=2)):
        correct_attendance(actor=cast.focal.actor, seen=said_of(lines[1]), reason="vắng", completed=False)
        line(cast, course(cast, title="Lớp ghi sau", end=date(2026, 5, 9), start=date(2026, 5, 7)), "Người Vào Sau")
        line(cast, course(cast, title="Lớp ghi sau 2", end=date(2026, 5, 9), start=date(2026, 5, 7)), "Người Sau Nữa")
        found = adjustments.explain(frozen)
    assert found.steps() == [("not_completed", -1), ("later", 2)]
    assert frozen.value + sum(change for _kind, change in found.steps()) == found.value
    drawn = falls.of(found)
    assert "Thôi tính: chưa hoàn thành lớp học: −1; Tính thêm: bản ghi vào sổ sau lúc chốt: +2" in drawn.words
    assert drawn.block().alt == drawn.words


def test_a_difference_that_no_record_explains_stands_alone(cast: Cast, period: ReportingPeriod, lines: Any) -> None:
    frozen = frozen_lines(cast, period)
    with clock.at(clock.now() + timedelta(days=2)):
        correct_attendance(actor=cast.focal.actor, seen=said_of(lines[1]), reason="vắng", completed=False)
        change = adjustments.explain(frozen).changes[0]
    heavier = adjustments.Adjustment(frozen, frozen.value + 3, [], same_definition=True)
    assert heavier.steps() == [("reweighed", 3)]
    odd = adjustments.Adjustment(frozen, 0, [change] * 9, same_definition=True)
    assert odd.steps() == [("reweighed", -frozen.value)]
    assert "đã khác" in falls.of(odd).words


def test_the_origin_draws_it_for_so_and_for_nobody_else(
    sign_in: Any, cast: Cast, period: ReportingPeriod, lines: Any
) -> None:
    frozen = frozen_lines(cast, period)
    with clock.at(clock.now() + timedelta(days=2)):
        correct_attendance(actor=cast.focal.actor, seen=said_of(lines[1]), reason="vắng", completed=False)
        ours = page(sign_in, cast, "specialist", "origin", frozen.code)
        theirs = page(sign_in, cast, "focal", "origin", frozen.code)
    assert "chart-waterfall" in ours.content.decode()
    assert "Thôi tính: chưa hoàn thành lớp học" in words(ours)
    assert "chart-waterfall" not in theirs.content.decode()
    assert Report.objects.get().state == "dispatched"


def test_the_sheet_is_for_so_and_prints_the_same_drawing_in_word_and_pdf(
    sign_in: Any, cast: Cast, period: ReportingPeriod, lines: Any
) -> None:
    frozen = frozen_lines(cast, period)
    assert page(sign_in, cast, "focal", "origin-sheet", frozen.code, "pdf").status_code == 403
    assert page(sign_in, cast, "specialist", "origin-sheet", frozen.code, "odt").status_code == 404
    title = "Đào tạo"
    before = since.document(adjustments.explain(frozen), title=title, on=clock.today())
    assert not any(isinstance(block, Drawing) for block in before.body)
    with clock.at(clock.now() + timedelta(days=2)):
        correct_attendance(actor=cast.focal.actor, seen=said_of(lines[1]), reason="vắng", completed=False)
        found = adjustments.explain(frozen)
        sheet = since.document(found, title=title, on=clock.today())
        drawing = next(block for block in sheet.body if isinstance(block, Drawing))
        on_page = page(sign_in, cast, "specialist", "origin", frozen.code).content.decode()
        word = page(sign_in, cast, "specialist", "origin-sheet", frozen.code, "docx").content
        pdf = page(sign_in, cast, "specialist", "origin-sheet", frozen.code, "pdf").content
    assert drawing.svg in on_page
    table = next(block for block in sheet.body if isinstance(block, Table))
    assert [row[2:] for row in table.rows if isinstance(row, tuple)] == [("Thôi tính", "chưa hoàn thành lớp học")]
    with zipfile.ZipFile(io.BytesIO(word)) as file:
        xml = file.read("word/document.xml").decode()
        assert drawing.alt in html.unescape(xml)
        assert any(name.startswith("word/media/") for name in file.namelist())
    with pikepdf.open(io.BytesIO(pdf)) as made:
        figures = [one for one in made.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
        assert [str(one.Alt) for one in figures] == [drawing.alt]
    assert not any(name in xml for name in NAMES)
