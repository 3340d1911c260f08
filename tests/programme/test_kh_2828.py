"""Kế hoạch 2828 as issued: every byte accounted for, every target with its readings, every row and bullet."""

from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from chuan.programme import queries
from chuan.programme.board import Board
from chuan.programme.document import PlanDocument
from chuan.programme.models import Plan, PrintedParty, Task
from chuan.programme.outline import Outline
from chuan.programme.plan_checks import read_plan
from chuan.programme.plan_file import PlanDraft
from chuan.programme.rules import MAPPED, Duty, ItemKind, SlipKind
from chuan.programme.spans import Span, printed, spans_of
from tests.programme.builders import REAL

OCTETS = (REAL / "text.txt").read_bytes()
SHA256 = "6d35d9255649b53e69566becf49b1554dbc895675cffce40b2413cc0895314be"
SIGNED, STAGE_2, OVERLAP = date(2020, 11, 13), date(2026, 1, 1), date(2025, 1, 1)
H25, H30 = date(2025, 12, 31), date(2030, 12, 31)
DEPARTMENT = "Sở Khoa học và Công nghệ"


@pytest.fixture(scope="module")
def draft() -> PlanDraft:
    """The product's folder, checked."""
    return read_plan(REAL)


@pytest.fixture
def document(kh2828: Plan) -> PlanDocument:
    """The loaded plan's text with its items."""
    return queries.document_of(kh2828)


def test_the_text_is_the_issued_one() -> None:
    assert sha256(OCTETS).hexdigest() == SHA256
    assert len(OCTETS) == 18253


def test_every_byte_but_white_space_belongs_to_exactly_one_item(draft: PlanDraft) -> None:
    owners: list[list[str]] = [[] for _ in OCTETS]
    for item in draft.items:
        for spans in item.cells.values():
            for span in spans:
                for at in range(span.start, span.end):
                    owners[at].append(item.code)
    assert draft.outside == (), "nothing of this plan is left out"
    left = bytes(b for b, owned in zip(OCTETS, owners, strict=True) if not owned)
    assert left.decode().strip() == "", "only white space belongs to no item"
    assert [owned for owned in owners if len(owned) > 1] == []


def test_every_bullet_and_paragraph_of_the_body_is_mapped_or_said_to_stand_alone(draft: PlanDraft) -> None:
    asking = [item for item in draft.items if item.kind in MAPPED]
    assert [item.code for item in asking if item.rows is None] == []
    alone = {item.code for item in asking if not item.rows}
    budget_and_duties = {"III.1", "III.2", "III.3", "IV.1.1", "IV.2.1", "IV.3.1", "IV.3.2", "IV.4.1", "IV.6"}
    assert alone == {"I.1.3", "II.3.4", "II.4.3"} | budget_and_duties
    parts = {item.code: [printed(OCTETS, [s]) for s in item.body_only] for item in asking if item.body_only}
    assert parts == {
        "II.1.1": ["thúc đẩy xã hội hóa hoạt động đo lường"],
        "II.5.1": [
            "triển khai các hoạt động kỷ niệm ngày đo lường Việt Nam",
            "tổ chức thi đua, khen thưởng đối với tổ chức, cá nhân thực hiện tốt hoạt động đo lường",
        ],
    }
    tasks = {item.code for item in draft.items if item.kind == ItemKind.TASK}
    reached = {row for item in asking for row in item.rows or ()}
    assert tasks - reached == set(), "no row of the annex is without a bullet"


def test_a_line_of_the_body_that_begins_with_a_dash_is_a_bullet(draft: PlanDraft) -> None:
    body = OCTETS.split("Nơi nhận:".encode())[0].decode()
    dashes = sum(1 for line in body.splitlines() if line.startswith("- "))
    assert dashes == len([item for item in draft.items if item.kind == ItemKind.BULLET]) == 34


def test_five_general_objectives_and_five_groups_of_solutions(document: PlanDocument) -> None:
    under = {code: [i for i in document.items if i.parent_id == document.by_code[code].pk] for code in ("I.1", "II")}
    assert [document.display(item)[:24] for item in under["I.1"]] == [
        "Phát triển hạ tầng đo lư",
        "Tập trung hỗ trợ doanh n",
        "Đẩy mạnh xã hội hóa, huy",
        "Áp dụng hiệu quả bộ tiêu",
        "Tập trung đẩy mạnh công ",
    ]
    assert [(document.display(i, "number"), document.display(i)) for i in under["II"]] == [
        ("1.", "Triển khai các chính sách tạo thuận lợi hoạt động đo lường hỗ trợ doanh nghiệp:"),
        ("2.", "Tăng cường phát triển hạ tầng đo lường:"),
        ("3.", "Nâng cao hiệu quả công tác quản lý nhà nước về đo lường:"),
        ("4.", "Triển khai công tác hỗ trợ doanh nghiệp đảm bảo chất lượng sản phẩm hàng hóa:"),
        ("5.", "Tập trung đẩy mạnh công tác truyền thông về hoạt động đo lường:"),
    ]


#: Target → (value, unit, horizon, [(label, basis, from, what else)]).
TARGETS: dict[str, tuple[int, str, date, list[tuple[str, str, date, dict[str, str]]]]] = {
    "CT1a-2025": (5, "loại", H25, [("A", "level", SIGNED, {})]),
    "CT1a-2030": (10, "loại", H30, [("A", "level", SIGNED, {})]),
    "CT1b-2025": (5, "loại", H25, [("A", "stage", SIGNED, {}), ("B", "stage", SIGNED, {"unit": "cái, bộ"})]),
    "CT1b-GD2": (
        10,
        "loại",
        H30,
        [
            ("A", "stage", STAGE_2, {}),
            ("B", "stage", OVERLAP, {}),
            ("C", "stage", STAGE_2, {"unit": "cái, bộ"}),
            ("D", "stage", OVERLAP, {"unit": "cái, bộ"}),
        ],
    ),
    "CT1b-2030": (
        15,
        "loại",
        H30,
        [("A", "cumulative", SIGNED, {}), ("B", "cumulative", SIGNED, {"unit": "cái, bộ"})],
    ),
    "CT2-2025": (50, "người", H25, [("A", "cumulative", SIGNED, {}), ("B", "stage", SIGNED, {})]),
    "CT2-2030": (100, "người", H30, [("A", "cumulative", SIGNED, {}), ("B", "stage", STAGE_2, {})]),
    "CT3-2025": (
        10,
        "doanh nghiệp",
        H25,
        [
            ("A", "cumulative", SIGNED, {"counts": "approved"}),
            ("B", "cumulative", SIGNED, {"counts": "active"}),
            ("C", "stage", SIGNED, {"counts": "approved"}),
            ("D", "stage", SIGNED, {"counts": "active"}),
        ],
    ),
    "CT3-2030": (
        20,
        "doanh nghiệp",
        H30,
        [
            ("A", "cumulative", SIGNED, {"counts": "approved"}),
            ("B", "cumulative", SIGNED, {"counts": "active"}),
            ("C", "stage", STAGE_2, {"counts": "first_approved"}),
            ("D", "stage", STAGE_2, {"counts": "first_active"}),
        ],
    ),
    "CT4-2025": (1, "phòng thí nghiệm", H25, [("A", "stage", SIGNED, {})]),
    "CT4-2030": (
        1,
        "phòng thí nghiệm",
        H30,
        [
            ("A", "cumulative", SIGNED, {}),
            ("B", "stage", STAGE_2, {"labs": "any"}),
            ("C", "stage", STAGE_2, {"labs": "new"}),
            ("D", "stage", OVERLAP, {"labs": "any"}),
            ("E", "stage", OVERLAP, {"labs": "new"}),
        ],
    ),
    "CT5-2025": (
        1,
        "tổ chức",
        H25,
        [("A", "level", SIGNED, {"counts": "valid"}), ("B", "stage", SIGNED, {"counts": "raised"})],
    ),
}


def test_each_target_carries_every_reading_of_its_phrase(kh2828: Plan) -> None:
    found: dict[str, Any] = {}
    for target in queries.targets_of(kh2828):
        readings = []
        for said, window in target.windows():
            more = {key: value for key, value in said.items() if key in {"unit", "counts", "labs"}}
            readings.append((said["label"], said["basis"], window.start, more))
            assert window.end == target.horizon
        assert target.operator == ">="
        words = " ".join(OCTETS[start:end].decode() for start, end in target.spans)
        assert f"{target.value:02d} " in words or f" {target.value} " in words, target.code
        found[target.code.removeprefix("KH-2828-")] = (target.value, target.unit, target.horizon, readings)
    assert found == TARGETS


def test_a_target_that_a_page_break_cuts_is_quoted_whole(kh2828: Plan) -> None:
    (target,) = [t for t in queries.targets_of(kh2828) if t.indicator == "CT5"]
    assert target.words.startswith("Thực hiện nâng cao năng lực, hoạt động của ít nhất 01 tổ chức kinh doanh dịch vụ")
    assert target.words.endswith("TCVN ISO 9001; ...)")


def test_the_enterprises_must_be_of_both_kinds(kh2828: Plan) -> None:
    both = [{"ownership": "state", "least": 1}, {"ownership": "private", "least": 1}]
    rules = {t.code: t.composition for t in queries.targets_of(kh2828)}
    assert {code for code, rule in rules.items() if rule} == {"KH-2828-CT3-2025", "KH-2828-CT3-2030"}
    assert rules["KH-2828-CT3-2025"] == rules["KH-2828-CT3-2030"] == both


def test_the_annex_has_its_rows_with_lead_coordinators_and_timing(document: PlanDocument) -> None:
    rows = {
        document.label(task.item): tuple(
            document.display(task.item, cell) for cell in ("lead", "coordinators", "timing")
        )
        for task in queries.tasks_in(document)
    }
    service = "Các tổ chức cung cấp dịch vụ kiểm định, hiệu chuẩn, thử nghiệm phương tiện đo"
    everybody = (
        "Các sở, ngành, UBND huyện, thành phố, thị xã, UBND xã, phường, thị trấn và các doanh nghiệp và các tổ chức "
        "cung cấp dịch vụ kiểm định, hiệu chuẩn, thử nghiệm phương tiện đo"
    )
    laboratory = "Phòng thí nghiệm được công nhận trên địa bàn tỉnh cho các lĩnh vực đo lường"
    related, year = "Các đơn vị liên quan", "Hằng năm"
    assert rows == {
        "I.1": (DEPARTMENT, related, year),
        "I.2": (DEPARTMENT, related, year),
        "II.1": (DEPARTMENT, related, year),
        "2.1": (DEPARTMENT, related, "Đến năm 2030"),
        "2.2": (DEPARTMENT, service, "Đến năm 2025"),
        "2.3": (DEPARTMENT, everybody, "Đến năm 2030"),
        "2.4": (DEPARTMENT, laboratory, "Đến năm 2030"),
        "3.1": (DEPARTMENT, "Sở Tài chính, Sở Kế hoạch và Đầu tư", "Đến năm 2025"),
        "3.2": (DEPARTMENT, "Các ngành liên quan", year),
        "3.3": (DEPARTMENT, service, year),
        "4.1": (DEPARTMENT, "Doanh nghiệp", year),
        "4.2": (DEPARTMENT, service, year),
        "5.1": (DEPARTMENT, related, "Hằng năm, đột xuất"),
        "5.2": ("", "", ""),
        "5.3": ("", "", "3 năm, 5 năm"),
    }


def named_by(party: PrintedParty) -> str:
    """The code of the unit or the class that a cell names."""
    found = party.unit or party.party_class
    assert found is not None
    return found.code


def test_parties_are_units_or_classes_and_blanks_stay_blank(document: PlanDocument) -> None:
    named = {
        task.item.code.removeprefix("PL."): [(p.duty, named_by(p)) for p in task.printed_parties.all()]
        for task in queries.tasks_in(document)
    }
    lead = (Duty.LEAD, "so-khcn")
    assert named["II.3.1"] == [lead, (Duty.COORDINATE, "so-tc"), (Duty.COORDINATE, "so-khdt")]
    assert named["II.2.3"] == [
        lead,
        (Duty.COORDINATE, "so-ban-nganh"),
        (Duty.COORDINATE, "ubnd-cap-huyen"),
        (Duty.COORDINATE, "ubnd-cap-xa"),
        (Duty.COORDINATE, "doanh-nghiep"),
        (Duty.COORDINATE, "to-chuc-dich-vu"),
    ]
    assert named["II.5.2"] == named["II.5.3"] == []
    assert [t.item.code for t in queries.tasks_in(document) if not t.timing] == ["PL.II.5.2"]


@pytest.mark.parametrize(
    ("item", "years"),
    [
        ("PL.I.1", [2020, 2021, 2025, 2026, 2030]),
        ("PL.II.2.2", [2020, 2021, 2025]),
        ("PL.II.2.1", [2020, 2021, 2025, 2026, 2030]),
        ("PL.II.5.1", [2020, 2021, 2025, 2026, 2030]),
        ("PL.II.5.2", []),
        ("PL.II.5.3", [2025]),
    ],
)
def test_a_task_has_something_to_show_in_the_years_of_its_timing(kh2828: Plan, item: str, years: list[int]) -> None:
    task = Task.objects.select_related("item", "plan").get(item__code=item)
    due = [y for y in (2020, 2021, 2025, 2026, 2030) if any(r.is_due_in(y, kh2828.signed) for r in task.rules())]
    assert due == years


def test_row_2_2_is_joined_across_the_page_and_keeps_both_pieces(document: PlanDocument) -> None:
    item = document.by_code["PL.II.2.2"]
    assert [len(spans) for cell, spans in item.cells.items() if cell != "number"] == [2, 2, 2, 2]
    assert document.display(item).startswith("Thực hiện nâng cao năng lực, hoạt động của ít nhất 01 tổ chức")
    assert document.display(item, "timing") == "Đến năm 2025"
    assert document.display(item, "lead") == DEPARTMENT
    assert printed(OCTETS, document.spans(item, "lead")) == f"{DEPARTMENT}\nCông nghệ"


def test_no_markup_is_left_in_the_display_text(document: PlanDocument) -> None:
    shown = "\n".join(document.display(item, cell) for item in document.items for cell in item.cells)
    assert "<" not in shown
    assert "do lường" not in shown
    assert "huyệ," not in shown
    assert "LUỜNG" not in shown


def test_slips_of_the_print_and_of_the_extraction_stand_apart(kh2828: Plan, document: PlanDocument) -> None:
    slips = queries.slips_of(kh2828)
    kinds = {slip.code: SlipKind(slip.kind) for slip in slips}
    assert set(kinds.values()) == {SlipKind.PRINT, SlipKind.EXTRACTION, SlipKind.UNCLEAR}
    words = {document.slip_words(slip): slip for slip in slips}
    assert (words["do lường"].shown, words["do lường"].kind) == ("đo lường", SlipKind.UNCLEAR)
    assert words["huyệ,"].shown == "huyện,"
    assert not words["- xã hội – nghề nghiệp"].mends
    assert (words["2828 /KH"].shown, words["ngành lĩnh vực"].shown) == ("2828/KH", "ngành, lĩnh vực")


def test_the_stretches_of_the_file_are_the_file(document: PlanDocument) -> None:
    assert "".join(s.words for s in document.stretches()).encode() == OCTETS == document.text


def test_the_scope_is_old_tay_ninh(kh2828: Plan) -> None:
    assert kh2828.scope.code == "tinh-tay-ninh-cu"
    assert kh2828.text_sha256 == SHA256


def test_the_contradictions_quote_both_places_word_for_word(kh2828: Plan, document: PlanDocument) -> None:
    found = list(queries.contradictions_of(kh2828))
    assert len(found) == 9
    for one in found:
        assert len(one.readings) >= 2
        items = [source["item"] for source in one.sources]
        assert len(items) == 2
        for source in one.sources:
            cells = document.by_code[source["item"]].cells.values()
            held = [Span(*pair) for pairs in cells for pair in pairs]
            for span in spans_of(source["spans"]):
                assert any(cell.holds(span) for cell in held), one.code


def test_ten_or_fifteen_is_quoted_from_body_and_annex(kh2828: Plan, document: PlanDocument) -> None:
    one = queries.contradictions_of(kh2828).get(code="KH-2828-CH-1")
    body, annex = (document.quote(spans_of(source["spans"])) for source in one.sources)
    assert body == "đáp ứng yêu cầu kiểm định, hiệu chuẩn được ít nhất 10 chuẩn đo lường, phương tiện đo các loại"
    assert annex.startswith("Phát triển được ít nhất 15 chuẩn đo lường, chất chuẩn, phương tiện đo các loại […] Gi")


def test_a_slip_is_quoted_as_printed_with_no_space_of_ours_around_it(kh2828: Plan, document: PlanDocument) -> None:
    quotes = [document.quote(spans_of(s["spans"])) for c in queries.contradictions_of(kh2828) for s in c.sources]
    assert "Giai đoạn đến 2025: […] Giai đoạn từ 2025 -2030:" in quotes
    assert not [quote for quote in quotes if " :" in quote or "  " in quote]


def test_each_task_is_reached_from_the_body_on_the_pages(kh2828: Plan, document: PlanDocument) -> None:
    board = Board(document, date(2026, 12, 11), officers=True)
    assert all(row.bullets for row in board.rows if row.task)
    assert ("II.4.3", "Hỗ trợ doanh nghiệp tham gia") in [(code, words[:28]) for code, words in board.body_only()]
    outline = Outline(document, queries.contradictions_of(kh2828))
    nodes = {node.code: node for part in outline.parts() for node in part.nodes}
    assert nodes["I.2.b.1"].mapped.rows == (("PL.II.2.1", "2.1"),)
    assert nodes["II.5.1"].mapped.part.startswith("triển khai các hoạt động kỷ niệm ngày đo lường Việt Nam; tổ chức")
    assert [c.short_code for c in nodes["I.2.b.1"].readings] == ["CH-1"]
