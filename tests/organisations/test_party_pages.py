"""Pages of the register: who sees which party, what a form refuses in words and keeps, search, history, pages."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy

from chuan.organisations.models import OrganisationUnit, PartyFacts
from chuan.organisations.services import correct_party, describe_party, establish_unit
from tests.cast import BEGIN, MERGER, SYSTEM, Cast
from tests.organisations.builders import entry, party, said_of, version_of

LIST, NEW = reverse_lazy("organisations:parties"), reverse_lazy("organisations:new-party")
TYPED = {
    "kind": "enterprise",
    "name": "Công ty TNHH Cao su Tân Biên",
    "tax_code": "0100109106",
    "ownership": "private",
    "state_share": "0",
    "place": "x-tb",
    "valid_from": "01/07/2025",
}
MANAGERS = ("specialist", "administrator")
OTHERS = ("focal", "leader", "finance", "committee", "laboratory", "clerk")


def url(name: str, unit: OrganisationUnit) -> str:
    return reverse(f"organisations:{name}", args=[unit.code])


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def seen_on(answer: Any) -> int:
    found = re.search(r'name="seen" value="(\d+)"', answer.content.decode())
    assert found, "the page carries no statement"
    return int(found.group(1))


@pytest.mark.parametrize("who", OTHERS)
def test_the_register_is_not_for_other_units(cast: Cast, sign_in: Any, who: str) -> None:
    made, browser = party(cast), sign_in(cast.people[who])
    assert browser.get(LIST).status_code == 403
    assert browser.get(NEW).status_code == 403
    assert browser.get(url("party", made)).status_code == 404
    assert browser.post(url("end-party", made), {"on": "01/06/2026", "reason": "x"}).status_code == 404


def test_an_enterprise_sees_its_own_facts_and_no_other(cast: Cast, sign_in: Any) -> None:
    made = party(cast)
    describe_party(actor=SYSTEM, unit=cast.unit("dn-a"), entry=entry(tax_code="0300588569"))
    browser = sign_in(cast.enterprise)
    assert "0300588569" in words(browser.get(url("party", cast.unit("dn-a"))))
    assert url("party", cast.unit("dn-a")) in browser.get(url("unit", cast.unit("dn-a"))).content.decode()
    assert browser.get(url("party", made)).status_code == 404
    assert "0100109106" not in words(browser.get(url("unit", made)))
    assert browser.get(url("correct-party", cast.unit("dn-a"))).status_code == 403
    assert sign_in(cast.laboratory, fresh=True).get(url("party", cast.unit("dn-a"))).status_code == 404
    visitor = Client().get(url("party", cast.unit("dn-a")))
    assert visitor.status_code == 302
    assert "0300588569" not in visitor.content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"tax_code": "12345"}, "“12345” không phải là mã số thuế"),
        ({"tax_code": ""}, "Nhập mã số thuế, hoặc chọn vì sao không có."),
        ({"no_tax_code": "unknown"}, "Đã có mã số thuế thì để trống ô này."),
        ({"state_share": "101"}, "từ 0 đến 100"),
        ({"state_share": "33,3333"}, "hai chữ số sau dấu phẩy"),
        ({"state_share": "1.234,5"}, "1.234,5"),
        ({"state_share": "51"}, "không khớp với hình thức sở hữu"),
        ({"ownership": "state"}, "không khớp với hình thức sở hữu"),
        ({"place": "h-tb"}, "Ngày 01/07/2025 không có địa bàn này"),
        ({"valid_from": "31/02/2025"}, "Không có ngày “31/02/2025”"),
        ({"kind": "department"}, "Loại"),
    ],
)
def test_what_cannot_be_true_is_refused_in_words_and_kept(
    cast: Cast, sign_in: Any, wrong: dict[str, str], said: str
) -> None:
    answer = sign_in(cast.specialist).post(NEW, {**TYPED, **wrong})
    assert answer.status_code == 422
    assert said in words(answer)
    assert TYPED["name"] in answer.content.decode()
    assert not PartyFacts.objects.exists()


@pytest.mark.parametrize("who", MANAGERS)
def test_a_party_is_entered_in_one_step(cast: Cast, sign_in: Any, who: str) -> None:
    browser = sign_in(cast.people[who])
    answer = browser.post(NEW, {**TYPED, "tax_code": "0100109106-001", "exports": "yes"})
    assert answer.status_code == 302
    facts = PartyFacts.objects.get()
    assert (facts.tax_code, facts.exports, facts.priority_sector) == ("0100109106001", True, None)
    shown = words(browser.get(answer["Location"]))
    assert shown.count("0100109106-001") == 2, "as a fact and in the history"
    assert "không khớp" not in shown


def test_a_wrong_check_digit_is_warned_of_and_not_refused(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.specialist)
    answer = browser.post(NEW, {**TYPED, "tax_code": "0100109107"})
    assert answer.status_code == 302
    assert "không khớp, kiểm tra lại" in words(browser.get(answer["Location"]))


def test_a_taken_tax_code_names_who_has_it(cast: Cast, sign_in: Any) -> None:
    party(cast, "Công ty Một")
    answer = sign_in(cast.specialist).post(NEW, TYPED)
    assert answer.status_code == 409
    assert "0100109106 đã có trong sổ: Công ty Một" in words(answer)


def test_a_second_correction_is_shown_what_is_in_force_and_may_be_sent_again(cast: Cast, sign_in: Any) -> None:
    made = party(cast)
    browser = sign_in(cast.specialist)
    old = seen_on(browser.get(url("correct-party", made)))
    correct_party(actor=SYSTEM, seen=said_of(made), entry=entry(sector="Trồng cao su"), reason="Bổ sung")
    mine = {**TYPED, "sector": "Chế biến mủ", "reason": "Theo đăng ký", "seen": old}
    answer = browser.post(url("correct-party", made), mine)
    assert answer.status_code == 409
    assert "Trồng cao su" in words(answer)
    assert "Chế biến mủ" in answer.content.decode()
    assert said_of(made).sector == "Trồng cao su"
    assert browser.post(url("correct-party", made), {**mine, "seen": seen_on(answer)}).status_code == 302
    assert said_of(made).sector == "Chế biến mủ"


def test_a_unit_that_has_only_a_name_gets_its_facts(cast: Cast, sign_in: Any) -> None:
    browser, unit = sign_in(cast.specialist), cast.unit("tt-khcn")
    assert url("party", unit) in browser.get(url("unit", unit)).content.decode(), "one link away"
    assert "chưa có thông tin trong sổ" in words(browser.get(url("party", unit)))
    assert browser.post(url("correct-party", unit), {**TYPED, "ownership": "other"}).status_code == 302
    assert said_of(unit).ownership == "other"


def test_a_new_name_from_a_day_and_an_end_are_recorded_on_the_pages(cast: Cast, sign_in: Any) -> None:
    made, browser = party(cast), sign_in(cast.specialist)
    seen = seen_on(browser.get(url("rename-party", made)))
    typed = {"name": "Công ty Đổi Tên", "place": "x-hd", "since": "01/03/2026", "reason": "CNĐKDN lần 2", "seen": seen}
    assert browser.post(url("rename-party", made), {**typed, "place": "h-tb"}).status_code == 422
    assert browser.post(url("rename-party", made), typed).status_code == 302
    assert browser.post(url("rename-party", made), typed).status_code == 409, "that name was replaced meanwhile"
    assert version_of(made).valid_from == date(2026, 3, 1)
    assert browser.post(url("end-party", made), {"on": "", "reason": ""}).status_code == 422
    assert browser.post(url("end-party", made), {"on": "01/12/2026", "reason": "Giải thể"}).status_code == 302
    shown = words(browser.get(url("party", made)))
    for part in ("đã kết thúc từ 01/12/2026", "CNĐKDN lần 2", "Giải thể", "Xã Hảo Đước"):
        assert part in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "cao su"}, ["Cao su Tân Biên"]),
        ({"q": "BIÊN tân"}, ["Cao su Tân Biên"]),
        ({"q": "0100 109"}, ["Cao su Tân Biên"]),
        ({"q": "0100109106-001"}, []),
        ({"q": "%"}, ["Cao su Tân Biên", "Cân Tây Ninh", "Sài Gòn", "Trung tâm"]),
        ({"ownership": "private"}, ["Cao su Tân Biên"]),
        ({"ownership": "fdi"}, []),
        ({"kind": "service_organisation"}, ["Trung tâm"]),
        ({"state": "ended"}, []),
        ({"kind": "khong-co"}, ["Cao su Tân Biên", "Cân Tây Ninh", "Sài Gòn", "Trung tâm"]),
    ],
)
def test_the_register_is_searched_and_filtered(
    cast: Cast, sign_in: Any, query: dict[str, str], found: list[str]
) -> None:
    party(cast)
    shown = words(sign_in(cast.auditor).get(LIST, query))
    names = ("Cao su Tân Biên", "Cân Tây Ninh", "Sài Gòn", "Trung tâm")
    assert [n for n in names if n in shown] == found


def test_pages_follow_one_another_without_gap_or_repeat(cast: Cast, sign_in: Any) -> None:
    for n in range(120):
        party(cast, f"Công ty {n % 7} Trùng Tên", tax_code="", no_tax_code="unknown")
    browser, seen, page = sign_in(cast.auditor), [], f"{LIST}?q=trung+ten"
    for _ in range(3):
        answer = browser.get(page)
        seen += re.findall(r"/organisations/parties/(dn-\d+)/", answer.content.decode())
        after = re.search(r'href="(\?[^"]*after=\d+)"', answer.content.decode())
        page = LIST + after.group(1).replace("&amp;", "&") if after else ""
    assert not page
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize("after", ["0", "x", "9" * 30, "-1"])
def test_a_page_that_does_not_exist_is_the_first(cast: Cast, sign_in: Any, after: str) -> None:
    party(cast)
    assert "Cao su Tân Biên" in words(sign_in(cast.auditor).get(LIST, {"after": after}))


def test_the_pages_cost_few_queries(cast: Cast, sign_in: Any) -> None:
    made = [party(cast, f"Công ty {n}", tax_code="", no_tax_code="unknown") for n in range(60)]
    browser = sign_in(cast.specialist)
    browser.get("/")
    for asked in (LIST, f"{LIST}?q=cong&ownership=private", url("party", made[0]), url("correct-party", made[0]), NEW):
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(asked).status_code == 200
        assert len(seen) <= 12, asked


def test_a_place_that_is_no_more_says_what_stood_above_it(cast: Cast, sign_in: Any) -> None:
    for code, district in (("cu-1", "h-tb"), ("cu-2", "h-ct")):
        above = cast.unit(district)
        given: dict[str, Any] = {"kind": "commune", "name": "Xã Thái Bình", "valid_from": BEGIN, "valid_to": MERGER}
        establish_unit(actor=SYSTEM, code=code, parent=above, **given)
    form = sign_in(cast.specialist).get(NEW).content.decode()
    for shown in (
        "Xã Thái Bình, Huyện Tân Biên (đến 01/07/2025)",
        "Xã Thái Bình, Huyện Châu Thành (đến 01/07/2025)",
        "Thành phố Tân An, Tỉnh Long An (đến 01/07/2025)",
    ):
        assert shown in form
    assert "Xã Tân Biên</option>" in form, "a commune of today stands alone"


def test_an_organisation_of_an_authority_stays_below_it(cast: Cast, sign_in: Any) -> None:
    browser, centre = sign_in(cast.specialist), cast.unit("tt-khcn")
    assert "thuộc Sở Khoa học và Công nghệ" in words(browser.get(url("party", centre)))
    form = browser.get(url("rename-party", centre))
    assert '<option value="so-khcn" selected>' in form.content.decode()
    typed = {"name": "Trung tâm Đo lường", "place": "so-khcn", "reason": "Gõ nhầm", "seen": seen_on(form)}
    assert browser.post(url("rename-party", centre), typed).status_code == 302
    assert version_of(centre).parent == cast.unit("so-khcn")


def test_the_history_is_told_in_words(cast: Cast, sign_in: Any) -> None:
    made, browser = party(cast, state_share=None, ownership="fdi"), sign_in(cast.specialist)
    correct_party(
        actor=SYSTEM, seen=said_of(made), entry=entry(ownership="fdi", state_share=Decimal("12.50")), reason="x"
    )
    typed = {"name": "Công ty Mới", "place": "", "since": "01/03/2026", "reason": "CNĐKDN lần 2"}
    seen = seen_on(browser.get(url("rename-party", made)))
    browser.post(url("rename-party", made), {**typed, "seen": seen})
    shown = words(browser.get(url("party", made)))
    assert "Phần vốn nhà nước (%) (trống) thành 12,5" in shown
    assert "Từ ngày 01/03/2026" in shown, "nothing was there before, and nothing is said to have been"
    assert "Xã Tân Biên thành (trống)" in shown
    assert "organisations." not in shown, "deeds have words"


def test_a_name_of_120_letters_is_kept_whole(cast: Cast, sign_in: Any) -> None:
    long = ("Công ty Cổ phần Kiểm định, Hiệu chuẩn và Thử nghiệm Phương tiện đo " * 2)[:120].strip()
    made, browser = party(cast, long), sign_in(cast.specialist)
    for asked in (LIST, url("party", made), url("unit", made), url("rename-party", made)):
        assert long in browser.get(asked).content.decode()
