"""Workbooks of who has no account and of who answered by letter; the service behind them."""

import html
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chuan.files import store
from chuan.registers.services import Kept
from chuan.reporting.collecting import Parts
from chuan.reporting.errors import NotAllowed, StaleDraft
from chuan.reporting.models import AnswerLinkUse, ReportingPeriod, Submission
from chuan.reporting.services import links
from chuan.reporting.services.behalf import begin_on_behalf
from chuan.reporting.services.workbooks import take_workbook
from tests.cast import Cast
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import period
from tests.reporting.test_unit_report import owed, sent, written
from tests.reporting.workbooks import (
    FILLED,
    MONEY,
    SAID,
    annex,
    out,
    press,
    send,
    typed,
)

__all__ = ["annex", "period"]


# -- who has no account, and what came by letter


def test_the_bearer_of_a_link_fills_the_page_from_a_workbook_and_sends_it(cast: Cast, period: ReportingPeriod) -> None:
    _link, token = links.make_link(
        actor=cast.specialist.actor, obligation=owed(period), contact="ông Tư", until=date(2026, 12, 15)
    )
    stranger = Client()
    blank = stranger.get(reverse("reporting:answer-workbook", args=[token]))
    assert blank.status_code == 200
    url = reverse("reporting:answer-from-workbook", args=[token])
    assert stranger.post(url, {}).status_code == 422
    assert stranger.post(url, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")}).status_code == 422
    bad = typed(blank.content, (MONEY, "Ngân sách nhà nước", "Năm nay (triệu đồng)", "1.234"))
    refused = stranger.post(url, {"file": SimpleUploadedFile("a.xlsx", bad)})
    assert refused.status_code == 422
    assert "1 dòng của tệp sai nên chưa đưa gì vào các ô dưới đây" in words(refused)
    assert "Xem lại, rồi gửi." not in words(refused)
    answer = stranger.post(url, {"file": SimpleUploadedFile("a.xlsx", typed(blank.content, *FILLED))})
    assert answer.status_code == 200
    assert "chưa gửi. Xem lại, rồi gửi." in words(answer)
    assert not Submission.objects.exists()
    shown = answer.content.decode()
    assert 'value="120,5"' in shown
    assert "Đã mở hai hội nghị." in shown
    sent_ = stranger.post(reverse("reporting:answer", args=[token]), fields_of(shown))
    assert "Biên nhận" in words(sent_), words(sent_)
    assert AnswerLinkUse.objects.count() == 1
    assert Parts.of(Submission.objects.get().draft) == SAID
    assert stranger.get(reverse("reporting:answer-workbook", args=[token])).status_code == 404
    assert stranger.post(url, {}).status_code == 404


def test_a_row_that_cannot_be_read_keeps_the_whole_file_out_of_the_links_page(
    cast: Cast, period: ReportingPeriod
) -> None:
    _link, token = links.make_link(
        actor=cast.specialist.actor, obligation=owed(period), contact="ông Tư", until=date(2026, 12, 15)
    )
    stranger = Client()
    blank = stranger.get(reverse("reporting:answer-workbook", args=[token])).content
    half = typed(blank, *FILLED, (MONEY, "Ngân sách nhà nước", "Năm nay (triệu đồng)", "mười"))
    url = reverse("reporting:answer-from-workbook", args=[token])
    shown = stranger.post(url, {"file": SimpleUploadedFile("a.xlsx", half)}).content.decode()
    assert "Đã mở hai hội nghị." not in fields_of(shown).values(), "nothing of a file of which a row is wrong"


def test_a_tick_beside_an_amount_stays_when_something_else_is_refused(cast: Cast, period: ReportingPeriod) -> None:
    _link, token = links.make_link(
        actor=cast.specialist.actor, obligation=owed(period), contact="ông Tư", until=date(2026, 12, 15)
    )
    stranger, url = Client(), reverse("reporting:answer", args=[token])
    filled = {**fields_of(stranger.get(url).content.decode()), "money-budget": "9000000"}
    asked = stranger.post(url, filled).content.decode()
    tick = re.search(r'<input[^>]*name="sure_money.budget"[^>]*value="(\d+)"[^>]*>', asked)
    assert tick is not None
    assert "checked" not in tick.group(0)
    filled |= {"sure_money.budget": tick.group(1)}
    for refused in (stranger.post(url, filled), stranger.post(url, {**filled, "money-enterprise": "x"})):
        assert refused.status_code in {409, 422}
        assert fields_of(refused.content.decode())["sure_money.budget"] == tick.group(1)
    other = stranger.post(url, {**filled, "money-budget": "8000000"})
    assert "sure_money.budget" not in fields_of(other.content.decode()), "another amount is asked about anew"


def fields_of(page_: str) -> dict[str, str]:
    """What a browser would post of the report's form."""
    form = page_[page_.index('class="measure unit-report"') :].partition("</form>")[0]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf'{a}="([^"]*)"', tag) for a in ("name", "value"))
        checkable = 'type="radio"' in tag or 'type="checkbox"' in tag
        if name and (not checkable or "checked" in tag):
            found[name.group(1)] = html.unescape(value.group(1)) if value else "on" if checkable else ""
    for name_, inner in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name_] = html.unescape(inner).strip()
    for name_, inner in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', inner)
        found[name_] = chosen.group(1) if chosen else ""
    return found


def test_the_specialist_takes_the_workbook_that_came_with_a_letter(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    begin_on_behalf(
        actor=cast.specialist.actor, obligation=owed(period), number="45/BC", dated=date(2026, 12, 8),
        arrived=date(2026, 12, 9),
    )  # fmt: skip
    browser = sign_in(cast.specialist, fresh=True)
    assert page(sign_in, cast, "focal", "take-workbook", owed(period).code).status_code == 403
    answer = send(browser, period, typed(out(period, with_draft=False), *FILLED))
    assert press(browser, period, answer).status_code == 302
    assert Parts.of(Submission.objects.get().draft) == SAID


def test_the_service_is_the_authors_and_takes_the_version_that_was_seen(cast: Cast, period: ReportingPeriod) -> None:
    made = written(cast, period)
    digest, kind = store.receive("a.xlsx", out(period))
    file = Kept(digest=digest, name="a.xlsx", media_type=kind.media_type, size=10)
    said: Any = {"figures": {}, "narrative": "x", "nil": False, "file": file, "submission": made}
    with pytest.raises(NotAllowed):
        take_workbook(actor=cast.other_focal.actor, version=1, **said)
    with pytest.raises(StaleDraft):
        take_workbook(actor=cast.focal.actor, version=0, **said)
    assert take_workbook(actor=cast.focal.actor, version=1, **said).draft_version == 2


def test_a_sent_report_still_gives_its_workbook(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    sent(cast, period, SAID)
    assert page(sign_in, cast, "focal", "workbook", owed(period).code).status_code == 200
