"""The sheet that explains a frozen figure: what the same question gives today, drawn and record by record.

Records stand by their codes: a sheet is passed on, and who the learners are stays in the register.
"""

from datetime import date

from django.utils import translation

from chuan.lib import numbers
from chuan.lib.dates import day_of, format_date
from chuan.rendering.blocks import Block, Column, FigureInline, OfficialDocument, Paragraph, Row, Signature, Table
from chuan.reporting import falls
from chuan.reporting.adjustments import Adjustment, Change
from chuan.reporting.indicators.texts import REASONS
from chuan.reporting.papers.offices import COMMITTEE, DEPARTMENT
from chuan.reporting.papers.words import said, told
from chuan.web import deployment

#: As many records as are listed; the drawing counts all of them.
LISTED = 200


def document(found: Adjustment, *, title: str, on: date) -> OfficialDocument:
    """The sheet in Vietnamese, as of the day `on`; `title` is the figure's own as it was frozen."""
    with translation.override("vi"):
        frozen = found.frozen
        return OfficialDocument(
            parent_body=COMMITTEE,
            issuer=DEPARTMENT,
            number=None,
            symbol="SKHCN",
            place="Tây Ninh",
            date=on,
            year=on.year,
            kind="PHIẾU GIẢI TRÌNH SỐ LIỆU",
            subject=f"{title} ({frozen.code})",
            addressees=(),
            body=(_issued(found), *_today(found, on)),
            signature=Signature(("NGƯỜI LẬP PHIẾU",)),
            recipients=("Lưu: hồ sơ số liệu",),
            banner="DỮ LIỆU MINH HỌA" if deployment.is_sample() else None,
            footer=f"{frozen.code} · SHA-256 {frozen.sha256[:16]}…",
        )


def _issued(found: Adjustment) -> Paragraph:
    frozen = found.frozen
    value = FigureInline(frozen.code, numbers.format_two_digits(frozen.value), frozen.unit)
    window = f"từ ngày {format_date(frozen.first)} đến ngày {format_date(frozen.last)}"
    return told("Số ", value, f" được chốt ngày {format_date(day_of(frozen.known))}, kỳ số liệu {window}.")


def _today(found: Adjustment, on: date) -> list[Block]:
    if not found.same_definition:
        return [said("Định nghĩa trong phần mềm đã khác định nghĩa lúc chốt, nên hai số không so được với nhau.")]
    asked = f"Hỏi lại đúng câu hỏi ấy ngày {format_date(on)}"
    value = f"{numbers.format_two_digits(found.value)} {found.frozen.unit}"
    if not found.steps():
        return [said(f"{asked} vẫn được {value}, từ đúng những bản ghi ấy.")]
    kept = said(f"{asked} được {value}. Số đã chốt giữ nguyên; khác nhau do những bản ghi sau.")
    return [kept, falls.of(found).block(0.9), *_records(found.changes)]


def _records(changes: list[Change]) -> list[Block]:
    if not changes:
        return []
    columns = (Column("STT", 0.5, "center"), Column("Bản ghi", 1.4), Column("Thay đổi", 1.2), Column("Lý do", 3))
    rows: list[Row] = [
        (str(place), one.record.code, "Tính thêm" if one.added else "Thôi tính", _why(one))
        for place, one in enumerate(changes[:LISTED], start=1)
    ]
    left = len(changes) - LISTED
    more = [said(f"Còn {left} bản ghi khác, xem ở trang nguồn gốc của số liệu.")] if left > 0 else []
    return [Table(columns, tuple(rows)), *more]


def _why(one: Change) -> str:
    if one.added:
        return "Bản ghi vào sổ sau lúc chốt" if one.later else "Bản ghi đã có, nay đủ điều kiện"
    why = "; ".join(str(REASONS.get(code, code)) for code in one.reasons)
    if "duplicate" in one.reasons:
        return f"{why} (đã tính ở bản ghi {one.counted_in})"
    return f"{why} {one.counted_in}".rstrip()
