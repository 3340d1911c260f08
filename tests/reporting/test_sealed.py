"""What is frozen reads the same for ever: its language, its days, its names, and the chain that it points at."""

import zlib
from base64 import b64encode
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation

from chuan.audit.actor import system
from chuan.audit.models import AuditEntry
from chuan.lib import clock
from chuan.organisations.models import UnitVersion
from chuan.organisations.services import add_version, close_version
from chuan.reporting import drafts, papers, queries, snapshots, verify
from chuan.reporting.indicators.texts import SENTENCES, TITLES
from chuan.reporting.models import FrozenFigure, Report, ReportContent, ReportingPeriod
from chuan.reporting.services import reports
from tests.cast import Cast
from tests.reporting.test_bound import findings
from tests.reporting.test_pages import page, words
from tests.reporting.test_report import dispatched, period, reviewed, sent
from tests.training.builders import course, line

__all__ = ["period"]


def test_a_report_frozen_by_an_english_reader_is_vietnamese(cast: Cast, period: ReportingPeriod) -> None:
    line(cast, course(cast), "Lê Văn A")
    sent(cast, period)
    report = reviewed(cast, period)
    with translation.override("en"):
        content = reports.freeze(actor=cast.specialist.actor, report=report)
        draft = drafts.live_figures(report.period)
        english = papers.of_content(content, report, "for_signature")
    with translation.override("vi"):
        assert english == papers.of_content(content, report, "for_signature")
        titles, definitions = str(TITLES["CT2"]), str(SENTENCES["CT2"])
    for figures in (content.snapshot["figures"], draft):
        figure = next(f for f in figures if f["indicator"] == "CT2")
        assert (figure["title"], figure["definition"]) == (titles, definitions)


def test_the_basis_that_a_new_period_proposes_is_vietnamese(sign_in: Any, cast: Cast, period: ReportingPeriod) -> None:
    browser = sign_in(cast.specialist, fresh=True)
    browser.cookies["chuan_language"] = "en"
    assert "Mục IV" in browser.get(reverse("reporting:new-period")).content.decode()


def test_the_annex_prints_the_vietnamese_day_of_sending(cast: Cast, period: ReportingPeriod) -> None:
    with clock.at(datetime(2026, 12, 9, 18, 30, tzinfo=UTC)):
        sent(cast, period)
    report = reviewed(cast, period)
    annex = papers.document(drafts.snapshot(report)).annexes[2]
    assert "10/12/2026" in repr(annex)
    assert "09/12/2026" not in repr(annex)


def test_a_broken_list_is_a_finding_and_the_other_figures_are_still_checked(
    cast: Cast, period: ReportingPeriod, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatched(cast, period)
    torn = b64encode(zlib.compress(b"1,2,3,4,5,6,7,8,9")[:-6]).decode()
    real = queries.recompute

    def failing(figure: FrozenFigure) -> Any:
        if figure.indicator == "CT2":
            raise LookupError("đơn vị đã mất")
        return real(figure)

    monkeypatch.setattr(queries, "recompute", failing)
    original = FrozenFigure.from_db.__func__  # type: ignore[attr-defined]

    def from_db(cls: Any, *args: Any) -> Any:
        row = original(cls, *args)
        row.members = torn if row.indicator == "CT2-L" else row.members
        return row

    monkeypatch.setattr(FrozenFigure, "from_db", classmethod(from_db))
    said = dict(findings(verify.figures))
    assert len(said) == 2
    assert any("LookupError" in what for what in said.values())
    assert any("không khớp mã băm" in what for what in said.values())


@pytest.mark.parametrize("what", ["shortened", "hashed anew"])
def test_a_chain_that_a_frozen_report_does_not_know_is_named(
    cast: Cast, period: ReportingPeriod, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    content = reports.freeze(actor=cast.specialist.actor, report=reviewed(cast, period))
    assert findings(verify.anchors) == []
    with connection.cursor() as cursor:
        _unlock(cursor)
        if what == "shortened":
            cursor.execute("DELETE FROM audit_auditentry WHERE seq >= %s", [content.chain_seq])
        else:
            cursor.execute("UPDATE audit_auditentry SET sha256 = %s WHERE seq = %s", ["a" * 64, content.chain_seq])
    assert [f"mục nhật ký {content.chain_seq} không còn là mục đã có lúc chốt"] == [
        said for _where, said in findings(verify.anchors)
    ]


def _unlock(cursor: Any) -> None:
    """Take the guards of the frozen tables away, as the owner of the schema can; the test rolls back."""
    from chuan.ledger import triggers

    triggers.remove(connection)


def test_a_content_whose_columns_and_words_name_different_ends_is_named(
    cast: Cast, period: ReportingPeriod, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports.freeze(actor=cast.specialist.actor, report=reviewed(cast, period))
    original = ReportContent.from_db.__func__  # type: ignore[attr-defined]

    def from_db(cls: Any, *args: Any) -> Any:
        row = original(cls, *args)
        row.snapshot = {**row.snapshot, "chain": {"seq": 1, "sha256": "b" * 64}}
        return row

    monkeypatch.setattr(ReportContent, "from_db", classmethod(from_db))
    assert len(findings(verify.anchors)) == 1
    assert AuditEntry.objects.exists()


def test_a_unit_renamed_since_keeps_its_name_in_what_was_frozen(
    sign_in: Any, cast: Cast, period: ReportingPeriod
) -> None:
    line(cast, course(cast), "Lê Văn A")
    dispatched(cast, period)
    frozen = FrozenFigure.objects.get(indicator="CT2")
    version = UnitVersion.objects.live().get(unit=cast.unit("so-ct"))
    with clock.at(clock.now() + timedelta(days=1)):
        close_version(
            actor=system("tests"), version=version, valid_to=frozen.first, document="QĐ thử", reason="đổi tên"
        )
        add_version(actor=system("tests"), unit=cast.unit("so-ct"), name="Sở Đổi Tên Sau", valid_from=frozen.first)
        shown = words(page(sign_in, cast, "specialist", "origin", frozen.code))
    assert version.short_name in shown
    assert "Sở Đổi Tên Sau" not in shown


def test_the_origin_says_the_title_and_definition_that_were_frozen(
    client: Any, cast: Cast, period: ReportingPeriod, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = dispatched(cast, period).content
    assert content
    frozen = FrozenFigure.objects.get(indicator="CT2")
    printed = next(f["title"] for f in content.snapshot["figures"] if f["indicator"] == "CT2")
    monkeypatch.setitem(TITLES, "CT2", "Tên đặt lại về sau")
    assert snapshots.frozen_words(frozen, content)[0] == printed
    assert snapshots.frozen_words(frozen, None)[0] == "Tên đặt lại về sau"
    shown = words(client.get(reverse("reporting:origin", args=[frozen.code])))
    assert printed in shown
    assert "Tên đặt lại" not in shown
    assert client.get(reverse("reporting:origin-json", args=[frozen.code])).json()["title"] == printed


def test_the_year_beside_the_number_is_replayed(cast: Cast, period: ReportingPeriod) -> None:
    report = dispatched(cast, period)
    assert report.number_year == 2026
    Report.objects.filter(pk=report.pk).update(number_year=2025, dated=date(2026, 12, 11))
    assert len(findings(verify.heads)) == 1
