"""A sheet that comes in: what is wrong is named cell by cell and nothing is saved; what is right is taken whole."""

import html
import re
import unicodedata
from datetime import date
from time import monotonic
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chuan.assurance.models import ProgrammeVersionFacts
from chuan.assurance.register import VERSIONS
from chuan.audit.models import AuditEntry
from chuan.audit.service import head
from chuan.instruments.models import KindFacts
from chuan.instruments.register import KINDS
from chuan.laboratories.models import RecognitionFacts
from chuan.laboratories.register import RECOGNITIONS
from chuan.lib import canonical
from chuan.registers.importing import check
from chuan.registers.models import ImportBatch
from chuan.registers.register import Register
from chuan.registers.rules import MAX_ROWS, Verdict
from chuan.registers.services import correct_record
from tests.assurance.builders import version
from tests.cast import Cast
from tests.instruments.builders import kind
from tests.laboratories.builders import recognition
from tests.registers.books import book, edited, part, with_part

pytestmark = pytest.mark.django_db
HEADS = (
    "Tên loại",
    "Thuộc danh mục",
    "Đối tượng",
    "Phê duyệt mẫu",
    "Kiểm định ban đầu",
    "Kiểm định định kỳ",
    "Kiểm định sau sửa chữa",
)
ROW = ("Taximet", "Nhóm 2", "Phương tiện đo", "Có", "Có", "Có", "Có")
VERSION_HEADS = (
    "Doanh nghiệp",
    "Lần ban hành",
    "Tên chương trình",
    "Thời hạn từ ngày",
    "Thời hạn đến hết ngày",
    "Do người đứng đầu doanh nghiệp phê duyệt",
    "Sở hữu lúc phê duyệt",
)
GIVEN = ("Tổ chức", "Hình thức", "Số, ký hiệu", "Cơ quan, tổ chức cấp", "Có giá trị từ ngày", "Tiêu chuẩn")
PAPER = ("Trung tâm Khoa học và Công nghệ", "Đăng ký (ĐK)", "ĐK 416", "TĐC", "01/02/2026", "Không áp dụng")


def send(browser: Any, register: Register, content: bytes, name: str = "so.xlsx") -> Any:
    """Send a file to be checked."""
    return browser.post(reverse(register.route("import")), {"file": SimpleUploadedFile(name, content)})


def apply(browser: Any, register: Register, checked: Any, reason: str = "Theo hồ sơ") -> Any:
    """Press the button on the page that shows what a file would do."""
    token = re.search(r'name="token" value="([^"]+)"', checked.content.decode())
    assert token, "the page offers nothing to take in"
    sent = {"token": html.unescape(token.group(1)), "reason": reason}
    return browser.post(reverse(register.route("import")), sent)


def words(answer: Any) -> str:
    """The words of a page."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()))


def refused(answer: Any, *parts: str) -> None:
    """Nothing is offered to be taken in, and the page says why."""
    assert answer.status_code == 422, words(answer)
    assert 'name="token"' not in answer.content.decode()
    for said in parts:
        assert said in words(answer)


def verdicts(cast: Cast, register: Register, content: bytes, who: str = "specialist") -> list[str]:
    """The verdict on each row."""
    return [str(row.verdict) for row in check(cast.people[who].actor, register, content).rows]


def test_nothing_is_saved_while_one_row_is_wrong(cast: Cast, sign_in: Any) -> None:
    before = head()
    wrong = book(HEADS, ROW, ("", *ROW[1:]), ("Cân bàn", "Nhóm 3", *ROW[2:]))
    answer = send(sign_in(cast.specialist), KINDS, wrong)
    refused(answer, "2 dòng sai, chưa ghi gì", "Tên loại", "Ô B4", "“Nhóm 3” không có trong các lựa chọn: Nhóm 1")
    assert not KindFacts.objects.exists()
    assert head() == before


def test_a_good_file_is_taken_in_whole_by_one_entry(cast: Cast, sign_in: Any) -> None:
    standing = kind(cast, "Cân bàn")
    browser = sign_in(cast.specialist)
    content = book(HEADS, ROW, ("Cân bàn", "Nhóm 2", "Phương tiện đo", "Có", *["Chưa rõ"] * 3), ("Áp kế", *ROW[1:]))
    page = send(browser, KINDS, content)
    assert page.status_code == 200
    assert "Phê duyệt mẫu: Chưa rõ" in words(page)
    before = AuditEntry.objects.count()
    assert apply(browser, KINDS, page, reason="").status_code == 422, "corrections say why"
    assert apply(browser, KINDS, page).status_code == 302
    assert AuditEntry.objects.count() == before + 1
    entry, batch = AuditEntry.objects.order_by("seq").last(), ImportBatch.objects.get()
    assert entry is not None
    assert (entry.action, entry.reason) == ("instruments.import_kind", "Theo hồ sơ")
    assert (batch.rows_added, batch.rows_corrected) == (2, 1)
    assert entry.changes["file"][1] == ["so.xlsx", batch.file.content_sha]
    written = [KindFacts.objects.live().get(name=name).sha256 for name in ("Taximet", "Cân bàn", "Áp kế")]
    assert entry.changes["rows"][1] == batch.rows_sha256 == canonical.sha256(written)
    assert entry.changes["changed"][1] == [standing.code]
    told = words(browser.get(reverse(KINDS.route("record"), args=[standing.code])))
    assert "so.xlsx" in told
    assert "Theo hồ sơ" in told


def test_a_second_import_of_the_same_file_changes_nothing(cast: Cast, sign_in: Any) -> None:
    browser, content = sign_in(cast.specialist), book(HEADS, ROW)
    assert apply(browser, KINDS, send(browser, KINDS, content)).status_code == 302
    before = head()
    again = send(browser, KINDS, content)
    assert again.status_code == 200
    assert "không cần ghi" in words(again)
    assert 'name="token"' not in again.content.decode()
    assert head() == before


def test_pressing_twice_writes_once(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.specialist)
    page = send(browser, KINDS, book(HEADS, ROW))
    assert apply(browser, KINDS, page).status_code == 302
    assert apply(browser, KINDS, page).status_code == 409
    assert KindFacts.objects.count() == 1


def test_what_was_checked_is_what_is_written_or_it_is_shown_anew(cast: Cast, sign_in: Any) -> None:
    kind(cast, "Taximet")
    browser = sign_in(cast.specialist)
    page = send(browser, KINDS, book(HEADS, ROW))
    said = KindFacts.objects.live().get()
    correct_record(actor=cast.specialist.actor, register=KINDS, seen=said, facts={"periodic": "no"}, reason="x")
    moved = apply(browser, KINDS, page)
    assert moved.status_code == 409
    assert "Sổ đã thay đổi từ lúc kiểm tra" in words(moved)
    assert KindFacts.objects.live().get().periodic == "no"
    assert apply(browser, KINDS, moved).status_code == 302


@pytest.mark.parametrize("token", ["", "x", "a:b:c"])
def test_a_token_that_is_not_ours_writes_nothing(cast: Cast, sign_in: Any, token: str) -> None:
    answer = sign_in(cast.specialist).post(reverse(KINDS.route("import")), {"token": token})
    assert answer.status_code == 422
    assert "Chọn lại tệp để kiểm tra lại" in words(answer)


def test_the_token_of_another_person_or_register_writes_nothing(cast: Cast, sign_in: Any) -> None:
    page = send(sign_in(cast.specialist), RECOGNITIONS, book(GIVEN, PAPER))
    assert apply(sign_in(cast.laboratory, fresh=True), RECOGNITIONS, page).status_code == 422
    assert apply(sign_in(cast.specialist, fresh=True), KINDS, page).status_code == 422
    assert not RecognitionFacts.objects.exists()


def test_headings_are_found_below_a_title_in_any_order_over_two_merged_rows(cast: Cast) -> None:
    content = book(
        ["Danh mục phương tiện đo", *[None] * 7],
        [],
        ["STT", "Tên loại", "Đối tượng", "Thuộc danh mục", "Các biện pháp kiểm soát"],
        [None, None, None, None, *HEADS[3:]],
        [1, "Taximet", "Phương tiện đo", "Nhóm 2", *ROW[3:]],
        merge=("A1:H1", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:H3"),
    )
    found = check(cast.specialist.actor, KINDS, content)
    assert [(row.number, row.verdict) for row in found.rows] == [(5, Verdict.ADDED)]


def test_a_missing_column_is_named(cast: Cast, sign_in: Any) -> None:
    refused(send(sign_in(cast.specialist), KINDS, book(HEADS[1:], ROW[1:])), "Thiếu cột: Tên loại")


def test_a_column_that_is_not_there_keeps_what_the_record_says(cast: Cast) -> None:
    kind(cast, "Taximet", row_number="2", type_approval="yes", initial="yes", periodic="yes", after_repair="yes")
    assert verdicts(cast, KINDS, book(HEADS, ROW)) == ["same"]


def test_an_empty_cell_of_a_column_that_is_there_clears_it(cast: Cast) -> None:
    kind(cast, "Taximet", row_number="2", type_approval="yes", initial="yes", periodic="yes", after_repair="yes")
    found = check(cast.specialist.actor, KINDS, book((*HEADS, "Số thứ tự in trong văn bản"), (*ROW, None)))
    assert [(c.old, c.new) for c in found.rows[0].changes] == [("2", "")]


def test_text_of_decomposed_letters_is_the_same_text(cast: Cast) -> None:
    kind(cast, "Taximet", type_approval="yes", initial="yes", periodic="yes", after_repair="yes")
    nfd = [[unicodedata.normalize("NFD", text) for text in row] for row in (HEADS, ROW)]
    assert verdicts(cast, KINDS, book(*nfd)) == ["same"]


def test_a_formula_is_never_computed_nor_taken_by_its_last_value(cast: Cast, sign_in: Any) -> None:
    content = book(HEADS, ('=CONCATENATE("Taxi","met")', *ROW[1:]), ("#REF!", *ROW[1:]))
    refused(send(sign_in(cast.specialist), KINDS, content), "Ô A2", "ô có công thức", "dán giá trị")


def test_the_same_row_twice_is_named_with_the_first(cast: Cast) -> None:
    found = check(cast.specialist.actor, KINDS, book(HEADS, ROW, ROW))
    assert [str(row.verdict) for row in found.rows] == ["added", "wrong"]
    assert "trùng với dòng 2" in found.rows[1].problems[0][1]


def test_a_code_that_one_may_not_see_is_not_known(cast: Cast) -> None:
    theirs = recognition(cast, "ĐK 900", by=cast.specialist, unit=cast.unit("dn-hcm"))
    row = check(cast.laboratory.actor, RECOGNITIONS, book(("Mã", *GIVEN), (theirs.code, *PAPER))).rows[0]
    assert row.verdict == Verdict.WRONG
    assert "không có bản ghi mã" in row.problems[0][1]
    assert "900" not in row.problems[0][1]


def test_a_row_of_another_unit_is_refused(cast: Cast) -> None:
    row = check(cast.laboratory.actor, RECOGNITIONS, book(GIVEN, ("dn-hcm", *PAPER[1:]))).rows[0]
    assert row.verdict == Verdict.WRONG
    assert "không có quyền" in row.problems[0][1]


def test_what_another_unit_has_recorded_is_said_without_saying_more(cast: Cast) -> None:
    version(cast, by=cast.other_focal, title="Bí mật 7717")
    heads = VERSION_HEADS
    rows = ("dn-a", 1, "Chương trình", date(2026, 1, 1), date(2026, 12, 31), "Có", "Chưa rõ")
    row = check(cast.focal.actor, VERSIONS, book(heads, rows)).rows[0]
    assert (row.verdict, row.code) == (Verdict.CLAIMED, "")
    assert "đơn vị khác đã ghi" in row.remark
    assert "7717" not in f"{row.remark} {row.label}"


def test_a_correction_of_what_another_unit_keeps_is_refused(cast: Cast, sign_in: Any) -> None:
    made = version(cast, by=cast.specialist, unit=cast.unit("dn-a"))
    browser = sign_in(cast.enterprise)
    assert browser.get(reverse(VERSIONS.route("import"))).status_code == 403
    assert ProgrammeVersionFacts.objects.live().get(version=made).number == 1


def test_what_belongs_to_the_identity_is_not_changed_by_a_row(cast: Cast) -> None:
    made = recognition(cast)
    row = ("dn-hcm", *PAPER[1:4], date(2024, 1, 1), PAPER[5])
    found = check(cast.specialist.actor, RECOGNITIONS, book(("Mã", *GIVEN), (made.code, *row))).rows[0]
    assert found.verdict == Verdict.WRONG
    assert "không đổi được Tổ chức" in found.problems[0][1]


def test_a_code_whose_row_says_what_another_record_says_is_refused(cast: Cast) -> None:
    kind(cast, "Taximet")
    other = kind(cast, "Cân bàn")
    found = check(cast.specialist.actor, KINDS, book(("Mã", *HEADS), (other.code, *ROW))).rows[0]
    assert found.verdict == Verdict.WRONG
    assert "không ghi hai lần" in found.problems[0][1]


def test_a_name_that_two_things_have_asks_for_the_code(cast: Cast) -> None:
    top, below = kind(cast, "Cân"), kind(cast, "Cân", object_type="standard")
    content = book((*HEADS, "Thuộc loại"), (*ROW, "Cân"))
    found = check(cast.specialist.actor, KINDS, content).rows[0]
    assert "tên của nhiều mục" in found.problems[0][1]
    assert {top.code, below.code} <= set(re.findall(r"LO\d+", found.problems[0][1]))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"khong phai bang tinh", "so.xlsx"),
        (b"PK\x03\x04" + b"\0" * 200, "so.xlsx"),
        (b"%PDF-1.7\n%%EOF", "so.pdf"),
        (b"", "so.xlsx"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_in_words(cast: Cast, sign_in: Any, content: bytes, name: str) -> None:
    before = head()
    answer = send(sign_in(cast.specialist), KINDS, content, name)
    assert answer.status_code == 422
    assert "xlsx" in words(answer) or "trống" in words(answer) or "rỗng" in words(answer)
    assert head() == before


def test_an_empty_sheet_and_headings_alone_are_refused(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.specialist)
    refused(send(browser, KINDS, book()), "không có dòng nào")
    refused(send(browser, KINDS, book(HEADS)), "không có dòng nào để nhập")


def test_a_package_that_swells_is_refused_unopened(cast: Cast, sign_in: Any) -> None:
    bomb = with_part(book(HEADS, ROW), "xl/media/big.xml", b"<a/>" * 8_000_000)
    start = monotonic()
    refused(send(sign_in(cast.specialist), KINDS, bomb))
    assert monotonic() - start < 5


def test_a_package_with_a_document_type_is_refused(cast: Cast, sign_in: Any) -> None:
    evil = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    refused(send(sign_in(cast.specialist), KINDS, with_part(book(HEADS, ROW), "xl/workbook.xml", evil)))


def test_a_used_range_of_a_million_rows_is_read_in_seconds(cast: Cast) -> None:
    content = edited(book(HEADS, ROW), {"A1048576": "Cân bàn", "B1048576": "Nhóm 2", "C1048576": "Phương tiện đo"})
    start = monotonic()
    found = check(cast.specialist.actor, KINDS, content)
    assert [row.number for row in found.rows] == [2, 1048576]
    assert monotonic() - start < 10


def test_a_million_formatted_empty_rows_are_refused_or_read_in_seconds(cast: Cast, sign_in: Any) -> None:
    rows = b"".join(b'<row r="%d" s="1"/>' % n for n in range(3, 800_000))
    made = book(HEADS, ROW)
    sheet = part(made, "xl/worksheets/sheet1.xml").replace(b"</sheetData>", rows + b"</sheetData>")
    start = monotonic()
    answer = send(sign_in(cast.specialist), KINDS, with_part(made, "xl/worksheets/sheet1.xml", sheet))
    assert answer.status_code in {200, 422}
    assert monotonic() - start < 10


def test_too_many_rows_ask_for_several_files(cast: Cast, sign_in: Any) -> None:
    rows = [(f"Loại {n}", *ROW[1:]) for n in range(MAX_ROWS + 1)]
    refused(send(sign_in(cast.specialist), KINDS, book(HEADS, *rows)), "Chia thành nhiều tệp")


def test_the_check_of_a_long_file_costs_few_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    rows = [(f"Loại {n}", *ROW[1:]) for n in range(300)]
    content = book(HEADS, *rows)
    with django_assert_max_num_queries(12):
        assert len(check(cast.specialist.actor, KINDS, content).planned) == 300


def test_a_batch_is_sealed(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.specialist)
    apply(browser, KINDS, send(browser, KINDS, book(HEADS, ROW)))
    batch = ImportBatch.objects.get()
    assert batch.sha256 == batch.sealed_sha256()


NUMBERS = [f"({n})" for n in range(1, len(HEADS) + 1)]
NOTHING = [None] * (len(HEADS) - 1)


def test_a_row_that_says_more_than_its_place_or_its_sums_is_not_set_apart(cast: Cast) -> None:
    """No record is lost: what is set apart is exactly what no record can be."""
    for odd in (["(1)", "(3)", *NUMBERS[2:]], [*NUMBERS[:-1], None], [*NUMBERS[:-1], "Có"]):
        assert verdicts(cast, KINDS, book(HEADS, odd, ROW)) == ["wrong", "added"], odd
    assert verdicts(cast, KINDS, book(HEADS, ROW, NUMBERS)) == ["added", "wrong"], "not under the headings"
    for odd in (["Tổng cộng", *ROW[1:]], ["Tổng cộng ty", *NOTHING], ["Công", *NOTHING], ["Tổng cộng: 1", *NOTHING]):
        assert len(verdicts(cast, KINDS, book(HEADS, ROW, odd))) == 2, odd
    assert len(verdicts(cast, KINDS, book(HEADS, ROW, ["Cộng", *NOTHING], ["Áp kế", *ROW[1:]]))) == 3, "not the last"


@pytest.mark.parametrize("numbers", [NUMBERS, [n.strip("()") for n in NUMBERS], list(range(1, len(HEADS) + 1))])
@pytest.mark.parametrize("sums", [[" TỔNG  CỘNG", *NOTHING], ["Cộng", 2, "1.234,5", "-"], ["Tổng số", "=SUM(B3:B4)"]])
def test_the_row_of_column_numbers_and_the_closing_total_are_set_apart_and_named(
    cast: Cast, sign_in: Any, numbers: list[Any], sums: list[Any]
) -> None:
    page = send(sign_in(cast.specialist), KINDS, book(HEADS, numbers, ROW, sums))
    assert page.status_code == 200, words(page)
    assert "Bỏ qua dòng 2: dòng đánh số cột, không phải bản ghi." in words(page)
    assert "Bỏ qua dòng 4: dòng cộng, không phải bản ghi." in words(page)
    assert "1 thêm mới" in words(page)


def test_a_table_of_nothing_but_its_frame_has_no_row(cast: Cast, sign_in: Any) -> None:
    refused(send(sign_in(cast.specialist), KINDS, book(HEADS, NUMBERS, ["Tổng cộng", *NOTHING])), "không có dòng nào")
