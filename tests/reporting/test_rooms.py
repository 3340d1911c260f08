"""Which room drafts Sở's papers, and the last line of their "Nơi nhận"; without one no symbol is printed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from chuan.ledger.errors import Superseded
from chuan.lib import clock
from chuan.organisations.errors import IncompleteRoom, NotAllowed, OverlappingRoom
from chuan.organisations.models import DraftingRoom
from chuan.organisations.queries import drafting_symbol
from chuan.organisations.services import end_drafting_room, set_drafting_room
from chuan.reporting import drafts, letter_papers, papers
from chuan.reporting.models import ReportingPeriod
from chuan.reporting.papers import submittals
from chuan.reporting.rules import Recipient
from chuan.reporting.services.letters import draw_opening
from tests.cast import Cast
from tests.reporting.test_issuing import TODAY, by_committee, frozen
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import period, reviewed

__all__ = ["period"]


def room(cast: Cast, **facts: Any) -> DraftingRoom:
    data = {"name": "Phòng Thử", "symbol": "PT", "valid_from": date(2026, 1, 1), "document": "Quyết định thử", **facts}
    return set_drafting_room(**{"actor": cast.specialist.actor, "unit": cast.unit("so-khcn"), **data})


def last_line(snapshot: dict[str, Any], recipient: Recipient = Recipient.COMMITTEE) -> str:
    return papers.document(snapshot, recipient=recipient).recipient_lines[-1]


def test_only_who_records_units_says_so(cast: Cast) -> None:
    for name, person in cast.people.items():
        if name not in {"specialist", "administrator"}:
            with pytest.raises(NotAllowed):
                room(cast, actor=person.actor)
    one = room(cast)
    with pytest.raises(NotAllowed):
        end_drafting_room(actor=cast.director.actor, room=one, reason="x")


@pytest.mark.parametrize("facts", [{"symbol": " "}, {"name": ""}, {"document": " "}, {"valid_to": date(2026, 1, 1)}])
def test_a_room_without_symbol_name_grounds_or_days_is_refused(cast: Cast, facts: dict[str, Any]) -> None:
    with pytest.raises(IncompleteRoom):
        room(cast, **facts)


def test_one_room_a_day_and_each_on_its_own_days(cast: Cast) -> None:
    first = room(cast, valid_to=date(2026, 7, 1))
    with pytest.raises(OverlappingRoom, match="Phòng Thử"):
        room(cast, valid_from=date(2026, 6, 30))
    room(cast, symbol="PM", valid_from=date(2026, 7, 1))
    days = [date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 1)]
    assert [drafting_symbol(day) for day in days] == ["", "PT", "PM"]
    with pytest.raises(IncompleteRoom):
        end_drafting_room(actor=cast.specialist.actor, room=first, reason=" ")
    end_drafting_room(actor=cast.specialist.actor, room=first, reason="ghi nhầm")
    assert drafting_symbol(date(2026, 6, 30)) == ""
    with pytest.raises(Superseded):
        end_drafting_room(actor=cast.specialist.actor, room=first, reason="lần nữa")


def test_sos_papers_end_with_the_rooms_symbol_and_the_committees_do_not(cast: Cast, period: ReportingPeriod) -> None:
    report = reviewed(cast, period)
    assert {last_line(drafts.snapshot(report), to) for to in Recipient} == {"- Lưu: VT."}
    room(cast)
    assert {last_line(drafts.snapshot(report), to) for to in Recipient} == {"- Lưu: VT, PT."}
    by_committee(cast, period)
    snapshot = drafts.snapshot(report)
    assert last_line(snapshot, Recipient.MINISTRY) == "- Lưu: VT."
    assert submittals.document(snapshot).recipient_lines[-1] == "- Lưu: VT, PT."
    letter = draw_opening(actor=cast.specialist.actor, period=period, subject="đề nghị báo cáo", outline=["Kết quả"])
    assert letter_papers.document(letter, None).recipient_lines[-1] == "- Lưu: VT, PT."


def test_a_frozen_report_keeps_the_symbol_of_its_day(cast: Cast, period: ReportingPeriod) -> None:
    one = room(cast, valid_to=TODAY + timedelta(days=1))
    report = frozen(cast, period)
    end_drafting_room(actor=cast.specialist.actor, room=one, reason="sắp xếp lại")
    with clock.at(clock.now() + timedelta(days=3)):
        assert report.content
        assert last_line(report.content.snapshot) == "- Lưu: VT, PT."


def test_it_is_set_where_the_issuer_is(cast: Cast, period: ReportingPeriod, sign_in: Any) -> None:
    browser = sign_in(cast.specialist, fresh=True)
    url = reverse("reporting:set-drafting-room")
    assert "in dòng cuối: Lưu: VT. Chưa ghi phòng" in words(page(sign_in, cast, "director", "issuing"))
    typed = {"name": "Phòng Thử", "symbol": "P☂", "valid_from": "01/01/2026", "document": "Quyết định thử"}
    refused = browser.post(url, typed)
    assert refused.status_code == 422
    assert "Không in được ký tự" in words(refused)
    assert browser.post(url, {**typed, "symbol": "PT"}).status_code == 302
    again = browser.post(url, {**typed, "symbol": "PM"})
    assert again.status_code == 409
    assert "Phòng Thử (PT)" in words(again)
    shown = page(sign_in, cast, "director", "issuing")
    assert "Lưu: VT, PT." in words(shown)
    assert "Bỏ phòng soạn thảo" not in words(shown)
    end = reverse("reporting:end-drafting-room", args=[DraftingRoom.objects.get().pk])
    assert sign_in(cast.director, fresh=True).post(end, {"note": "x"}).status_code == 403
    assert browser.post(end, {"note": "đổi tên"}).status_code == 302
    assert not DraftingRoom.objects.live().exists()
