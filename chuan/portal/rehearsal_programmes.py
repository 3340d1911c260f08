"""The illustration's assurance programmes, and what is said beside the computed figures."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from chuan.assurance.models import ProgrammeVersionFacts
from chuan.assurance.register import ACTIVITIES, VERSIONS
from chuan.ledger.models import Identity
from chuan.organisations.models import PartyFacts
from chuan.portal.rehearsal_common import Step, actor, party, step
from chuan.programme.models import Plan, PlanItem
from chuan.registers.register import Register
from chuan.registers.services import add_record, claim_record
from chuan.reporting.models import ReportingPeriod
from chuan.reporting.register import ESTIMATES, HISTORICAL, OUTPUTS

#: key; words of the enterprise's name; issue; approved on; by its head; term; activities; state of the version
VERSIONS_TOLD = """
vam-co | Vàm Cỏ Đông | 1 | 2022-03-10 | yes | 2022-04-01 | 2025-03-31 | 2022-09-14 2023-05-10 |
vam-co-2 | Vàm Cỏ Đông | 2 | 2025-03-20 | yes | 2025-04-01 | 2028-03-31 | 2025-10-08 |
suoi-ngo | Cao su Suối Ngô | 1 | 2023-02-15 | yes | 2023-03-01 | 2026-02-28 | 2023-11-20 |
long-hoa | Xăng dầu Long Hoa | 1 | 2021-10-12 | yes | 2021-11-01 | 2024-10-31 | 2022-03-22 |
nui-ba | Cân điện tử Núi Bà | 1 | 2022-07-05 | yes | 2022-08-01 | 2027-07-31 | 2023-01-17 |
tan-chau | Tinh bột khoai mì Tân Châu | 1 | 2023-06-20 | yes | 2023-07-01 | 2026-06-30 | 2024-04-11 |
ben-cau | Mía đường Bến Cầu | 1 | 2024-01-09 | yes | 2024-06-01 | 2027-05-31 | | cancelled
go-dau | Chế biến hạt điều Gò Dầu | 1 | 2024-09-18 | yes | 2024-10-01 | 2027-09-30 | 2025-02-12 |
tram-xang | Trạm xăng Châu Thành | 1 | 2024-11-05 | no | 2024-12-01 | 2026-11-30 | |
an-tinh | Dệt may An Tịnh | 1 | 2023-12-04 | yes | 2024-01-01 | 2026-12-31 | 2024-06-13 |
phuoc-dong | Lốp xe Phước Đông | 1 | 2025-03-11 | yes | 2025-04-01 | 2025-09-30 | |
truong-mit | Nông nghiệp Truông Mít | 1 | 2025-05-14 | yes | 2025-06-01 | 2027-05-31 | |
thuc-pham | Thực phẩm Trảng Bàng | 1 | 2025-08-06 | yes | 2025-09-01 | 2027-08-31 | |
be-tong | Bê tông Dương Minh Châu | 1 | 2025-10-15 | yes | 2025-11-01 | 2027-10-31 | |
gao | Gạo Bến Cầu | 1 | 2025-11-26 | yes | 2025-12-01 | 2028-11-30 | 2026-03-18 |
linh-kien | Linh kiện Điện tử Trảng Bàng | 1 | 2026-05-20 | yes | 2026-06-01 | 2029-05-31 | 2026-10-21 |
hoa-thanh | Vật liệu xây dựng Hòa Thành | 1 | | unknown | 2026-12-01 | 2028-11-30 | |
"""

#: indicator; window; value; document; page: totals of letters from before the registers
HISTORICAL_TOLD = """
CT2 | 2020-11-13 | 2021-12-14 | 12 | Báo cáo năm 2021 (minh họa, không có số) | Mục II.2
CT3 | 2022-12-15 | 2023-12-14 | 4 | Báo cáo năm 2023 (minh họa, không có số) | Mục II.3
"""

#: row of the annex, or bullet of the body; what; how many; unit; evidence
OUTPUTS_TOLD = """
PL.I.1 | Văn bản hướng dẫn, tuyên truyền | 3 | văn bản | Danh mục văn bản năm 2026 (minh họa)
IV.3.2 | Cuộc làm việc với doanh nghiệp để tháo gỡ khó khăn về đo lường | 6 | cuộc | Biên bản năm 2026 (minh họa)
"""
CONFIRMER = "Nguyễn Thị Minh Anh, chuyên viên"


def steps() -> list[Step]:
    """Versions some days after they were approved, activities after they were done; what is said in 2026."""
    versions: dict[str, Identity] = {}
    found = [
        step("2024-02-20", 10, _historical),
        step("2026-12-03", 10, _estimate),
        step("2026-12-03", 11, _outputs),
        step("2026-11-18", 9, partial(_claimed, versions, "linh-kien")),
    ]
    for row in _rows(VERSIONS_TOLD):
        key, done = row[0], row[7].split()
        found.append(step(row[3] or "2026-11-25", 14, partial(_version, versions, row)))
        found += [step(day, 16, partial(_activity, versions, key, date.fromisoformat(day))) for day in done]
    return found


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def _version(made: dict[str, Identity], row: Sequence[str]) -> None:
    """One issue of a programme; one was cancelled before its term began."""
    key, name, number, approved, by_head, first, last, _done, state = row
    enterprise = party(name)
    said = PartyFacts.objects.live().get(unit=enterprise)
    cancelled = state == "cancelled"
    facts = {
        "unit_id": enterprise.pk,
        "number": int(number),
        "title": "Chương trình đảm bảo đo lường (minh họa)",
        "document": "Quyết định của doanh nghiệp (minh họa)" if approved else "",
        "approved_on": date.fromisoformat(approved) if approved else None,
        "approver": ("Phó Giám đốc" if by_head == "no" else "Giám đốc") if approved else "",
        "position": "",
        "by_head": by_head,
        "term_from": date.fromisoformat(first),
        "term_to": date.fromisoformat(last),
        "ended_on": date(2024, 3, 1) if cancelled else None,
        "end_reason": "Doanh nghiệp thay đổi dây chuyền sản xuất" if cancelled else "",
        "ownership": said.ownership,
        "state_share": said.state_share,
        "accepted_by": "",
    }
    made[key] = _add(VERSIONS, facts)


def _activity(versions: dict[str, Identity], key: str, on: date) -> None:
    facts = {
        "version_id": versions[key].pk,
        "kind": "calibration",
        "on": on,
        "description": "Hiệu chuẩn phương tiện đo trong dây chuyền (minh họa)",
        "performer": "Trung tâm Khoa học và Công nghệ Tây Ninh",
        "evidence": "",
    }
    _add(ACTIVITIES, facts)


def _claimed(versions: dict[str, Identity], key: str) -> None:
    """Sở Công Thương helped the enterprise: the programme that Sở KH&CN keeps is its work too."""
    seen = ProgrammeVersionFacts.objects.live().get(version__code=versions[key].code)
    claim_record(
        actor=actor("daumoi.ct"),
        register=VERSIONS,
        facts=VERSIONS.facts_of(seen),
        document="Kế hoạch hỗ trợ doanh nghiệp công nghiệp hỗ trợ năm 2026 của Sở Công Thương (minh họa)",
    )


def _historical() -> None:
    plan = Plan.objects.get(code="KH-2828")
    for indicator, first, last, value, document, page in _rows(HISTORICAL_TOLD):
        facts = {
            "plan_id": plan.pk,
            "indicator": indicator,
            "first": date.fromisoformat(first),
            "last": date.fromisoformat(last),
            "value": int(value),
            "document": document,
            "page": page,
            "confirmer": CONFIRMER,
        }
        _add(HISTORICAL, facts)


def _period() -> ReportingPeriod:
    return ReportingPeriod.objects.get(code="KH-2828-2026")


def _estimate() -> None:
    facts = {
        "period_id": _period().pk,
        "indicator": "CT2",
        "increment": 12,
        "expected_on": date(2026, 12, 14),
        "basis": "Lớp tập huấn theo kế hoạch của Sở, dự kiến ngày 14/12/2026 (minh họa)",
    }
    _add(ESTIMATES, facts)


def _outputs() -> None:
    for item, what, value, counted_in, evidence in _rows(OUTPUTS_TOLD):
        facts = {
            "period_id": _period().pk,
            "item_id": PlanItem.objects.get(plan__code="KH-2828", code=item).pk,
            "what": what,
            "value": int(value),
            "unit": counted_in,
            "evidence": evidence,
            "confirmer": CONFIRMER,
        }
        _add(OUTPUTS, facts)


def _add(register: Register, facts: dict[str, Any]) -> Identity:
    return add_record(actor=actor("chuyenvien"), register=register, facts={**facts, "note": ""})
