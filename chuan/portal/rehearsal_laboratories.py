"""The illustration's laboratories: invented recognitions, scope lines, what is there, assessments."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from chuan.laboratories import register as registers
from chuan.ledger.models import Identity
from chuan.organisations.models import OrganisationUnit
from chuan.portal.rehearsal_common import Step, actor, kind, party, step, unit
from chuan.registers.register import Register
from chuan.registers.services import add_record

#: key; words of the organisation's name; laboratory; its place when it is recorded
LABORATORIES = """
do-luong | tt-khcn | Phòng Đo lường (minh họa) | cu-25459
mien-dong | Hiệu chuẩn Miền Đông | Phòng Hiệu chuẩn Miền Đông (minh họa) | huyen-709
xang-dau | Thử nghiệm Xăng dầu | Phòng Thử nghiệm xăng dầu (minh họa) | huyen-712
dong-ho | Kiểm định Đồng hồ nước | Phòng Kiểm định đồng hồ nước (minh họa) | huyen-703
"""

#: key; organisation; what; standard; number; from; last day; only for this laboratory. Numbers are nobody's.
RECOGNITIONS = """
dk-tt | tt-khcn | registration | none | ĐK minh họa 01 | 2019-03-01 | |
n-tt | tt-khcn | designation | none | N minh họa 01 | 2019-06-01 | 2029-05-31 |
cn-tt | tt-khcn | accreditation | iso_17025 | VILAS minh họa 01 | 2023-05-10 | 2026-05-09 | do-luong
cn-tt-2 | tt-khcn | accreditation | iso_17025 | VILAS minh họa 01 (gia hạn) | 2026-05-10 | 2029-05-09 | do-luong
dk-md | Hiệu chuẩn Miền Đông | registration | none | ĐK minh họa 02 | 2021-08-02 | |
n-md | Hiệu chuẩn Miền Đông | designation | none | N minh họa 02 | 2022-03-01 | 2027-02-28 |
ql-md | Hiệu chuẩn Miền Đông | certification | iso_9001 | QMS minh họa 02 | 2022-01-10 | 2028-01-09 |
dk-xd | Thử nghiệm Xăng dầu | registration | none | ĐK minh họa 03 | 2020-02-03 | |
cn-xd | Thử nghiệm Xăng dầu | accreditation | iso_17025 | VILAS minh họa 03 | 2022-09-01 | 2025-08-31 | xang-dau
dk-dh | Kiểm định Đồng hồ nước | registration | none | ĐK minh họa 04 | 2021-04-01 | |
n-dh | Kiểm định Đồng hồ nước | designation | none | N minh họa 04 | 2021-06-01 | 2026-05-31 |
ql-dh | Kiểm định Đồng hồ nước | certification | other | HTQL minh họa 04 | 2023-02-01 | 2027-01-31 |
"""

#: laboratory; kind; what is done; field; by which recognition; since; state
LINES = """
do-luong | Cân đồng hồ lò xo | verification | measurement | n-tt | 2019-06-01 | active
do-luong | Cân bàn; cân đĩa; cân treo dọc thép-lá đề | verification | measurement | n-tt | 2019-06-01 | active
do-luong | Huyết áp kế | verification | measurement | n-tt | 2022-06-15 | active
do-luong | Cột đo xăng dầu | verification | measurement | n-tt | 2023-03-01 | active
do-luong | Công tơ điện 1 pha kiểu cảm ứng | verification | measurement | n-tt | 2026-04-15 | active
do-luong | Quả cân chuẩn | calibration | measurement | cn-tt | 2023-05-10 | active
do-luong | Quả cân chuẩn | calibration | measurement | dk-tt | 2023-05-10 | active
do-luong | Phương tiện đo độ ẩm hạt nông sản | testing | measurement | dk-tt | 2024-02-01 | active
do-luong | Nhiệt kế y học điện tử tiếp xúc có cơ cấu cực đại | verification | measurement | | 2025-03-03 | active
do-luong | Taximet | verification | measurement | n-tt | 2021-09-01 | closed
mien-dong | Cân ô tô | verification | measurement | n-md | 2022-03-15 | active
mien-dong | Cân bàn; cân đĩa; cân treo dọc thép-lá đề | verification | measurement | n-md | 2022-03-15 | active
mien-dong | Cân phân tích | verification | measurement | dk-md | 2023-07-03 | active
mien-dong | Áp kế chuẩn | calibration | measurement | dk-md | 2024-08-01 | active
xang-dau | Dung dịch chuẩn pH | calibration | chemical | cn-xd | 2022-09-01 | active
dong-ho | Đồng hồ nước lạnh cơ khí | verification | measurement | n-dh | 2021-06-15 | active
dong-ho | Bình chuẩn dung tích | calibration | measurement | dk-dh | 2021-06-15 | active
"""

#: laboratory; kind; since; evidence
AVAILABILITIES = """
do-luong | Bình chuẩn dung tích | 2022-11-01 | Biên bản nghiệm thu thiết bị (minh họa)
do-luong | Khí chuẩn nồng độ cồn | 2024-05-20 | Giấy chứng nhận chất chuẩn (minh họa)
mien-dong | Nhiệt kế chuẩn | 2026-06-05 | Giấy chứng nhận hiệu chuẩn (minh họa)
xang-dau | Dung dịch chuẩn pH | 2018-05-02 | Giấy chứng nhận chất chuẩn (minh họa)
"""

#: laboratory; who assessed; concluded on; document; result
ASSESSMENTS = """
do-luong | confirmed | 2025-10-22 | Kết luận đánh giá năng lực năm 2025 (minh họa) | partly
xang-dau | confirmed | 2025-06-18 | Kết luận đánh giá phòng thử nghiệm năm 2025 (minh họa) | met
mien-dong | self | 2026-09-15 | Báo cáo tự đánh giá năm 2026 (minh họa) | met
dong-ho | confirmed | | |
"""

#: Laboratories are typed in on this day, what hangs on them on its own day, but not before.
FIRST_TYPED = "2021-08-16"


class Laboratories:
    """Remembers what was recorded by the keys of the tables."""

    def __init__(self) -> None:
        self.laboratories: dict[str, Identity] = {}
        self.recognitions: dict[str, Identity] = {}
        self.criteria_set: Identity | None = None

    def steps(self) -> list[Step]:
        """Each record on its day."""
        return [
            *_each(LABORATORIES, lambda _row: FIRST_TYPED, 9, self.laboratory),
            *_each(RECOGNITIONS, lambda row: row[5], 10, self.recognition),
            *_each(LINES, lambda row: row[5], 11, self.line),
            *_each(AVAILABILITIES, lambda row: row[2], 14, self.availability),
            step("2025-02-10", 9, self.criteria),
            *_each(ASSESSMENTS, lambda row: row[2] or "2026-11-02", 15, self.assessment),
            step("2026-09-07", 9, self.stop),
        ]

    def laboratory(self, key: str, of: str, name: str, place: str) -> None:
        """A laboratory in its commune or district."""
        facts = {"name": name, "unit_id": _body(of).pk, "place_id": unit(place).pk, "address": "", "contact": ""}
        self.laboratories[key] = _add(registers.LABORATORIES, facts)

    def recognition(
        self, key: str, of: str, sort: str, standard: str, number: str, first: str, last: str, only: str
    ) -> None:
        """A registration, designation, accreditation or certificate."""
        facts = {
            "unit_id": _body(of).pk,
            "laboratory_id": self.laboratories[only].pk if only else None,
            "kind": sort,
            "standard": standard,
            "standard_text": "Tiêu chuẩn cơ sở (minh họa)" if standard == "other" else "",
            "accepted_by": "",
            "number": number,
            "issuer": "Cơ quan cấp (minh họa)",
            "scope": "",
            "valid_from": date.fromisoformat(first),
            "last_day": date.fromisoformat(last) if last else None,
        }
        self.recognitions[key] = _add(registers.RECOGNITIONS, facts)

    def line(self, lab: str, what: str, activity: str, field: str, by: str, since: str, status: str) -> None:
        """A line of a scope."""
        facts = {
            "laboratory_id": self.laboratories[lab].pk,
            "kind_id": kind(what),
            "activity": activity,
            "field": field,
            "range_text": "",
            "status": status,
            "valid_from": date.fromisoformat(since),
            "last_day": None,
            "recognition_id": self.recognitions[by].pk if by else None,
            "available_from": None,
        }
        _add(registers.LINES, facts)

    def availability(self, lab: str, what: str, since: str, evidence: str) -> None:
        """What a laboratory has had since a day."""
        facts = {"laboratory_id": self.laboratories[lab].pk, "kind_id": kind(what), "evidence": evidence}
        _add(registers.AVAILABILITIES, {**facts, "available_from": date.fromisoformat(since)})

    def criteria(self) -> None:
        """The set that assessments answer to; invented, so that no standard's words are."""
        facts = {
            "title": "Bộ tiêu chí đánh giá năng lực phòng thí nghiệm đo lường (minh họa)",
            "version": "1",
            "requirements": "Có chuẩn đo lường còn hiệu lực\nCó người được giao phụ trách\nCó quy trình bằng văn bản",
            "approved_by": "Văn bản phê duyệt (minh họa)",
            "approved_on": date(2025, 2, 3),
        }
        self.criteria_set = _add(registers.CRITERIA, facts)

    def assessment(self, lab: str, by: str, concluded: str, document: str, overall: str) -> None:
        """One that Sở confirmed counts; a self-assessment and one without a conclusion do not."""
        facts = {
            "laboratory_id": self.laboratories[lab].pk,
            "criteria_set_id": self.criteria_set.pk if self.criteria_set else None,
            "kind": by,
            "concluded_on": date.fromisoformat(concluded) if concluded else None,
            "document": document,
            "overall": overall,
        }
        _add(registers.ASSESSMENTS, facts)

    def stop(self) -> None:
        """A registration is suspended until further notice."""
        facts = {"recognition_id": self.recognitions["dk-dh"].pk, "kind": "suspended", "end": None}
        _add(registers.STOPS, {**facts, "start": date(2026, 9, 1), "document": "Quyết định đình chỉ (minh họa)"})


def _each(table: str, day: Callable[[list[str]], str], hour: int, does: Callable[..., None]) -> list[Step]:
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [step(max(day(row), FIRST_TYPED), hour, partial(does, *row)) for row in rows]


def _body(words: str) -> OrganisationUnit:
    return unit(words) if words == "tt-khcn" else party(words)


def _add(register: Register, facts: dict[str, Any]) -> Identity:
    return add_record(actor=actor("chuyenvien"), register=register, facts={**facts, "note": ""})
