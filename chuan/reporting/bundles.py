"""The evidence bundle of an issued report: its figures, definitions and hashes, and members that nobody can name.

A member is "người 1" and numbers: the number of its record, days, counts. What is written in words stays at home,
since names hide in words. The record numbers hash to the seal of the list, so the list can be checked.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils import translation

from chuan.lib import canonical, numbers
from chuan.lib.dates import format_date
from chuan.rendering.bundle import Bundle, BundleFigure, BundleSource, write_bundle
from chuan.reporting import members
from chuan.reporting.evidence import evidence_of
from chuan.reporting.evidence.base import Evidence, Heading
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import FrozenFigure, Report, ReportContent
from chuan.web import deployment

MEDIA_TYPE = "text/html"
#: What a member is called, by the table it stands in.
CALLED = {
    "training.attendance": "người",
    "assurance.version": "doanh nghiệp",
    "organisations.service": "tổ chức",
    "laboratories.assessment": "phòng thí nghiệm",
    "laboratories.scope_line": "năng lực",
    "laboratories.availability": "chuẩn, phương tiện đo",
}


def made(report: Report, content: ReportContent) -> bytes:
    """The file; in Vietnamese, whatever the reader's language."""
    with translation.override("vi"):
        frozen = {figure.code: figure for figure in content.frozen_figures().select_related("plan")}
        printed = content.snapshot["figures"]
        sealed = canonical.dumps({"table": ReportContent._meta.db_table, **content.sealed_facts()}).decode()
        return write_bundle(
            Bundle(
                title=f"Bằng chứng của Báo cáo số {report.number}/BC-SKHCN",
                facts=tuple(_facts(report, content)),
                figures=tuple(_figure(said, frozen[said["code"]]) for said in printed),
                sources=(
                    BundleSource(f"bản chốt {content.version} của {report.code}", sealed, content.sha256),
                    *(_list(frozen[said["code"]]) for said in printed),
                ),
                notice="DỮ LIỆU MINH HỌA" if deployment.is_sample() else "",
            )
        )


def _facts(report: Report, content: ReportContent) -> Iterator[tuple[str, str]]:
    period = content.snapshot["period"]
    yield "Báo cáo", f"Số {report.number}/BC-SKHCN ngày {format_date(report.dated)}" if report.dated else report.code
    yield "Kế hoạch", content.snapshot["plan"]["number"]
    yield "Kỳ số liệu", f"từ {_day(period['first'])} đến {_day(period['last'])}"
    yield "Bản chốt", f"{content.version}, mã băm {content.sha256}"
    yield "Đầu chuỗi nhật ký lúc chốt", f"mục {content.chain_seq}, mã băm {content.chain_sha256}"


def _day(iso: str) -> str:
    return format_date(date.fromisoformat(iso[:10]))


def _figure(said: dict[str, Any], frozen: FrozenFigure) -> BundleFigure:
    evidence, spec = evidence_of(frozen.indicator), INDICATORS[frozen.indicator].spec
    ids = members.unpack(frozen.members)
    rows = evidence.said(ids, on=frozen.at, known=frozen.known)
    shown = [
        (place, heading)
        for place, heading in enumerate(evidence.columns)
        if heading.kind in {"date", "count"} and (bool(spec.weight) or not heading.weighted)
    ]
    return BundleFigure(
        code=said["code"],
        name=said["title"],
        text=f"{numbers.format_two_digits(said['value'])} {said['unit']}",
        definition=said["definition"],
        columns=("Bản ghi", "Số hiệu bản ghi", *(str(heading.label) for _place, heading in shown)),
        members=tuple(_masked(evidence, rows, shown)),
        hashes=(
            ("Số liệu", frozen.sha256),
            ("Định nghĩa", frozen.definition_sha256),
            ("Danh sách bản ghi", frozen.members_sha256),
        ),
    )


def _masked(evidence: Evidence, rows: Iterable[Any], shown: list[tuple[int, Heading]]) -> Iterator[tuple[str, ...]]:
    """In the order of the record numbers; who stands in two records has one mask."""
    masks: dict[str, str] = {}
    for record in sorted((evidence.record(row) for row in rows), key=lambda one: one.id):
        who = record.about or str(record.id)
        mask = masks.setdefault(who, f"{CALLED[evidence.universe]} {len(masks) + 1}")
        yield mask, str(record.id), *(_plain(record.cells[place].value) for place, _heading in shown)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return format_date(value)
    return "" if value is None else str(value)


def _list(frozen: FrozenFigure) -> BundleSource:
    """The numbers of the records, one a line, as the seal of the list was made of them."""
    text = "\n".join(map(str, members.unpack(frozen.members)))
    return BundleSource(f"danh sách bản ghi của {frozen.code}", text, frozen.members_sha256)
