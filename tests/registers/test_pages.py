"""Every page of every register: refusals in words, one record for one thing, conflicts without loss, costs."""

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuan.audit.models import AuditEntry
from chuan.audit.service import head
from chuan.registers.models import Attachment
from chuan.registers.services import correct_record, void_record
from tests.cast import Cast
from tests.conftest import NOW
from tests.organisations.builders import dissolve
from tests.registers.samples import SAMPLES, Sample

pytestmark = pytest.mark.django_db
EACH = pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.register.name)
WITH_FILES = pytest.mark.parametrize("sample", [s for s in SAMPLES if s.register.files], ids=lambda s: s.register.name)
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
MOST_QUERIES = 12


def words(answer: Any) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def seen_of(answer: Any) -> int:
    """The statement that a page's form carries."""
    found = re.search(r'name="seen" value="(\d+)"', answer.content.decode())
    assert found, "the page carries no statement"
    return int(found.group(1))


@EACH
def test_whoever_has_no_register_is_refused_every_page(cast: Cast, sign_in: Any, sample: Sample) -> None:
    made = sample.make(cast)
    browser = sign_in(cast.finance)
    for page in ("list", "sheet", "import", "new"):
        assert browser.get(sample.url(page)).status_code == 403, page
    for page in ("record", "correct"):
        assert browser.get(sample.url(page, made.code)).status_code == 404, page


@EACH
def test_a_record_without_its_first_fact_is_refused_with_what_was_typed(
    cast: Cast, sign_in: Any, sample: Sample
) -> None:
    typed = {**sample.typed(cast), "note": "đã gõ thế này"}
    before = head()
    answer = sign_in(cast.specialist).post(sample.url("new"), {**typed, sample.needed: ""})
    assert answer.status_code == 422
    assert "đã gõ thế này" in words(answer)
    assert head() == before


@EACH
def test_a_record_is_added_once_and_a_second_of_the_same_is_refused_by_its_code(
    cast: Cast, sign_in: Any, sample: Sample
) -> None:
    typed, browser = sample.typed(cast), sign_in(cast.specialist)
    before = AuditEntry.objects.count()
    answer = browser.post(sample.url("new"), typed)
    assert answer.status_code == 302, words(answer)
    assert AuditEntry.objects.count() == before + 1
    code = answer["Location"].rstrip("/").rpartition("/")[2]
    assert AuditEntry.objects.order_by("seq").last().action == sample.register.action("add")  # type: ignore[union-attr]
    again = browser.post(sample.url("new"), typed)
    assert again.status_code == 422
    assert code in words(again)
    assert AuditEntry.objects.count() == before + 1


@EACH
def test_a_correction_changes_one_fact_and_is_told(cast: Cast, sign_in: Any, sample: Sample) -> None:
    made, browser = sample.make(cast), sign_in(cast.specialist)
    shown, (name, value) = sample.shown(cast, made), sample.change
    page = browser.get(sample.url("correct", made.code))
    sent = {**shown, name: value, "seen": seen_of(page)}
    assert browser.post(sample.url("correct", made.code), sent).status_code == 422, "a correction says why"
    before = AuditEntry.objects.count()
    answer = browser.post(sample.url("correct", made.code), {**sent, "reason": "Theo văn bản mới"})
    assert answer.status_code == 302, words(answer)
    assert AuditEntry.objects.count() == before + 1
    record = words(browser.get(answer["Location"]))
    assert "Theo văn bản mới" in record
    assert value in record


@EACH
def test_a_second_correction_gets_both_versions_and_overwrites_nothing(
    cast: Cast, sign_in: Any, sample: Sample
) -> None:
    made, browser = sample.make(cast), sign_in(cast.specialist)
    shown, (name, value) = sample.shown(cast, made), sample.change
    old = seen_of(browser.get(sample.url("correct", made.code)))
    correct_record(
        actor=cast.specialist.actor,
        register=sample.register,
        seen=sample.said(made),
        facts={"note": "của người khác"},
        reason="Sửa trước",
    )
    before = head()
    sent = {**shown, name: value, "reason": "Sửa sau", "note": "của tôi"}
    answer = browser.post(sample.url("correct", made.code), {**sent, "seen": old})
    assert answer.status_code == 409
    for part in ("của người khác", "của tôi", "Sửa trước", "Người khác vừa sửa"):
        assert part in words(answer)
    assert head() == before
    again = browser.post(sample.url("correct", made.code), {**sent, "seen": seen_of(answer)})
    assert again.status_code == 302
    assert sample.said(made).note == "của tôi"


@EACH
def test_a_record_is_taken_back_with_a_reason_and_stays_readable(cast: Cast, sign_in: Any, sample: Sample) -> None:
    made, browser = sample.make(cast), sign_in(cast.specialist)
    seen = sample.said(made).pk
    refused = browser.post(sample.url("void", made.code), {"seen": seen, "reason": ""})
    assert refused.status_code == 422
    answer = browser.post(sample.url("void", made.code), {"seen": seen, "reason": "Ghi nhầm"})
    assert answer.status_code == 302
    page = browser.get(answer["Location"])
    assert "Ghi nhầm" in words(page)
    assert sample.url("correct", made.code) not in page.content.decode()
    assert made.code not in words(browser.get(sample.url("list")))
    assert browser.get(sample.url("correct", made.code)).status_code == 403
    assert browser.post(sample.url("void", made.code), {"seen": seen, "reason": "Lần nữa"}).status_code in {403, 409}


@EACH
def test_a_unit_that_was_abolished_meanwhile_changes_nothing(cast: Cast, sign_in: Any, sample: Sample) -> None:
    made, browser = sample.make(cast), sign_in(cast.specialist)
    said, typed, shown = sample.said(made), sample.typed(cast), sample.shown(cast, made)
    sent: dict[str, dict[str, Any]] = {
        sample.url("new"): typed,
        sample.url("correct", made.code): {**shown, sample.change[0]: sample.change[1], "reason": "x", "seen": said.pk},
        sample.url("void", made.code): {"seen": said.pk, "reason": "Ghi nhầm"},
    }
    if sample.register.files:
        browser.post(sample.url("attach", made.code), {"file": SimpleUploadedFile("giay.pdf", PDF)})
        file = Attachment.objects.live().get()
        sent[sample.url("attach", made.code)] = {"file": SimpleUploadedFile("lan-hai.pdf", PDF)}
        sent[sample.url("detach", made.code, file.pk)] = {"reason": "Nhầm tệp"}
    dissolve(cast.unit("so-khcn"), NOW.date())
    before = head()
    for address, data in sent.items():
        answer = browser.post(address, data)
        assert answer.status_code == 422, address
        assert "Đơn vị của bạn đã kết thúc hoạt động" in words(answer), address
    assert head() == before


@EACH
def test_a_correction_of_what_was_voided_meanwhile_is_refused(cast: Cast, sign_in: Any, sample: Sample) -> None:
    made, browser = sample.make(cast), sign_in(cast.specialist)
    shown, old = sample.shown(cast, made), sample.said(made)
    void_record(actor=cast.specialist.actor, register=sample.register, seen=old, reason="Ghi nhầm")
    sent = {**shown, sample.change[0]: sample.change[1], "reason": "Sửa sau", "seen": old.pk}
    answer = browser.post(sample.url("correct", made.code), sent)
    assert answer.status_code == 409
    assert "vừa hủy bản ghi này" in words(answer)


@EACH
def test_a_record_is_found_without_marks_and_not_by_other_words(cast: Cast, sign_in: Any, sample: Sample) -> None:
    made, browser = sample.make(cast), sign_in(cast.specialist)
    assert made.code in words(browser.get(sample.url("list"), {"q": sample.word}))
    other = browser.get(sample.url("list"), {"q": "khong co chu nay"})
    assert made.code not in words(other)
    assert "Không có bản ghi nào khớp" in words(other)


@EACH
def test_filters_that_are_not_understood_are_left_out(cast: Cast, sign_in: Any, sample: Sample) -> None:
    made, browser = sample.make(cast), sign_in(cast.specialist)
    asked = dict.fromkeys(sample.register.filters, "khong-co")
    assert made.code in words(browser.get(sample.url("list"), asked))
    for raw in ("x", "_", "2026-13-45_1", "2026-01-01_" + "9" * 40, "%00"):
        assert browser.get(sample.url("list"), {"after": raw}).status_code == 200


@EACH
def test_every_filter_answers_each_of_its_choices(cast: Cast, sign_in: Any, sample: Sample) -> None:
    made, browser = sample.make(cast), sign_in(cast.specialist)
    page = browser.get(sample.url("list")).content.decode()
    for name in sample.register.filters:
        select = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)
        assert select, name
        values = re.findall(r'value="([^"]+)"', select.group())
        found = [made.code in words(browser.get(sample.url("list"), {name: v})) for v in values]
        assert any(found), name


@EACH
def test_an_empty_register_says_what_to_do_next(cast: Cast, sign_in: Any, sample: Sample) -> None:
    assert "Ghi từng bản ghi, hoặc nhập cả danh sách" in words(sign_in(cast.specialist).get(sample.url("list")))
    assert "ghi xong sẽ hiện ở đây" in words(sign_in(cast.auditor, fresh=True).get(sample.url("list")))


@EACH
def test_no_page_costs_more_than_twelve_queries(cast: Cast, sign_in: Any, sample: Sample) -> None:
    made, browser = sample.make(cast), sign_in(cast.specialist)
    pages = [sample.url(page) for page in ("list", "sheet", "import", "new")]
    pages += [sample.url(page, made.code) for page in ("record", "correct")]
    browser.get(pages[0])
    costs = {}
    for page in pages:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert browser.get(page).status_code == 200
        costs[page] = len(asked)
    assert {page: n for page, n in costs.items() if n > MOST_QUERIES} == {}


@WITH_FILES
def test_a_file_is_attached_read_and_taken_back(cast: Cast, sign_in: Any, sample: Sample) -> None:
    made, browser = sample.make(cast), sign_in(cast.specialist)
    wrong = SimpleUploadedFile("giay.exe", b"MZ\x90")
    assert browser.post(sample.url("attach", made.code), {"file": wrong}).status_code == 422
    good = {"file": SimpleUploadedFile("giay.pdf", PDF), "title": "Giấy chứng nhận"}
    assert browser.post(sample.url("attach", made.code), good).status_code == 302
    page = browser.get(sample.url("record", made.code))
    assert "Giấy chứng nhận" in words(page)
    download = re.search(rf'href="({sample.url("record", made.code)}files/(\d+)/)"', page.content.decode())
    assert download
    got = browser.get(download.group(1))
    assert b"".join(got.streaming_content) if got.streaming else got.content == PDF
    detach = sample.url("detach", made.code, download.group(2))
    assert browser.post(detach, {"reason": ""}).status_code == 422
    assert browser.post(detach, {"reason": "Nhầm tệp"}).status_code == 302
    assert browser.get(download.group(1)).status_code == 404
    assert "giay.pdf" in words(browser.get(sample.url("record", made.code))), "the history keeps its name"


@EACH
def test_the_pager_shows_every_record_once_in_order(
    cast: Cast, sign_in: Any, sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chuan.registers.pages.PAGE", 1)
    first, browser = sample.make(cast), sign_in(cast.specialist)
    added = browser.post(sample.url("new"), sample.typed(cast))["Location"].rstrip("/").rpartition("/")[2]
    found, address = [], sample.url("list")
    for _page in range(6):
        page = browser.get(address).content.decode()
        found += re.findall(r'<span class="sub mono">([A-Z]+\d{6})</span>', page)
        older = re.search(r'href="([^"]*after=[^"]+)"', page)
        if not older:
            break
        address = sample.url("list") + html.unescape(older.group(1))
    assert {first.code, added} <= set(found)
    assert len(found) == len(set(found))
