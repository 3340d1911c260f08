"""Figures before issue: Sở KH&CN. A unit's report: the unit and Sở. Issued reports: who is signed in; figures: all."""

from typing import Any

from chuan.organisations.rules import Role
from chuan.programme.models import Plan
from chuan.reporting.models import (
    CalendarDayFacts,
    FrozenFigure,
    IncomingLetter,
    Paper,
    RegimeRule,
    Report,
    TakenWorkbook,
)
from chuan.reporting.register import REGISTERS
from tests.access.matrix import OWN_UNIT, PROVINCE_WIDE, SIGNED_IN, Grid, Outcome, Planted, Row
from tests.access.registers import Rules, rows
from tests.access.report_rows import DIRECTOR, LIVE, REPORT_ROWS, SPECIALIST, code
from tests.access.reporting_world import MONEY, SAID, TEXTS, TOKENS, answered, plant
from tests.cast import Cast

KEEPERS = frozenset({str(Role.FOCAL), str(Role.UNIT_LEADER)})


def seed(cast: Cast, unit: str) -> Planted:
    """A sent report (2026), one being written (2025), one not begun (2024); an issued figure with the unit's people."""
    if not Plan.objects.filter(code="KH-2828").exists():
        plant(cast)
    issued = Report.objects.exclude(content=None).get()
    figure = FrozenFigure.objects.get(indicator="CT2")
    return Planted(
        unit,
        keys={
            "sent": f"KH-2828-2026-{unit}",
            "writing": f"KH-2828-2025-{unit}",
            "owed": f"KH-2828-2024-{unit}",
            "by letter": f"KH-2828-2023-{unit}",
            "letter": IncomingLetter.objects.get(obligation__code=f"KH-2828-2023-{unit}").pk,
            "token": TOKENS[unit],
            "accepted": f"KH-2828-2022-{unit}",
            "waived": f"KH-2828-2021-{unit}",
            "figure": figure.code,
            "taken": TakenWorkbook.objects.get(submission__obligation__code=f"KH-2828-2025-{unit}").pk,
            "issued": issued.code,
            "content": issued.content_id,
            "draft": Report.objects.get(content=None).code,
            "paper": Paper.objects.get(stage="issued").pk,
            **SAID,
        },
        texts=tuple(f"{word} {unit} {number}" for number, word in enumerate(TEXTS, 5501)),
        counts={"reported money": MONEY[unit]},
    )


def _indicator(tenant: Planted) -> dict[str, Any]:
    return {"indicator": "CT2"}


def _unit_step(done: Outcome = Outcome.DONE) -> Grid:
    """The unit's focal officer and leader; its other readers and Sở are told that they may not."""
    return Grid(done, own=KEEPERS, sees=PROVINCE_WIDE, sees_own=OWN_UNIT, otherwise=Outcome.UNSEEN)


def _specialists(done: Outcome) -> Grid:
    """Sở's specialist; who sees the unit's report is told that they may not."""
    return Grid(done, anywhere=SPECIALIST, sees=PROVINCE_WIDE, sees_own=OWN_UNIT, otherwise=Outcome.UNSEEN)


_PUBLIC = Grid(Outcome.SHOWN, anywhere=SIGNED_IN, anonymous=Outcome.SHOWN)

_OF_DEPARTMENT = Rules(SPECIALIST, closed=True)

ROWS = (
    *(row for register in REGISTERS for row in rows(register, _OF_DEPARTMENT)),
    Row("reporting:figures", get=LIVE),
    Row(
        "reporting:figure",
        kwargs=_indicator,
        get=LIVE,
        queries=(
            "tab=excluded",
            "tab=breakdown&year=2026",
            "tab=definition",
            "tab=issued",
            "at=x&year=x&frame=x&tab=x",
        ),
    ),
    Row("reporting:members-sheet", kwargs=_indicator, get=LIVE, expensive=True),
    Row("reporting:propose-definition", kwargs=_indicator, post=Grid(Outcome.DONE, anywhere=SPECIALIST)),
    Row("reporting:approve-definition", kwargs=_indicator, post=Grid(Outcome.DONE, anywhere=DIRECTOR)),
    Row("reporting:origin", kwargs=code("figure"), get=_PUBLIC),
    Row("reporting:origin-json", kwargs=code("figure"), get=_PUBLIC),
    Row("reporting:origin-sheet", kwargs=code("figure", kind="docx"), get=LIVE),
    Row("reporting:tracking", get=LIVE),
    Row(
        "reporting:new-period",
        get=Grid(Outcome.SHOWN, anywhere=SPECIALIST),
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"year": "2027", "deadline": "10/12/2027", "basis": "Mục IV", "units": t.unit},
    ),
    Row(
        "reporting:submission",
        kwargs=code("sent"),
        get=Grid(Outcome.SHOWN, anywhere=PROVINCE_WIDE, own=OWN_UNIT, otherwise=Outcome.UNSEEN),
    ),
    Row("reporting:start-submission", kwargs=code("owed"), post=_unit_step()),
    Row(
        "reporting:save-draft",
        kwargs=code("writing"),
        post=_unit_step(),
        data=lambda t: {"version": "2", "narrative": "Đã làm.", "right_CT2": "yes", "seen_CT2": "1"},
    ),
    Row(
        "reporting:move-submission",
        kwargs=code("sent", verb="return_lines"),
        post=Grid(Outcome.DONE, anywhere=SPECIALIST, sees=PROVINCE_WIDE, sees_own=OWN_UNIT, otherwise=Outcome.UNSEEN),
        data=lambda t: {"note": "Bổ sung danh sách", "lines": "CT2"},
    ),
    Row(
        "reporting:regime",
        get=LIVE,
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {
            "topic": "ministry",
            "day": "20",
            "month": "12",
            "valid_from": "01/01/2026",
            "document": "Công văn",
        },
    ),
    Row(
        "reporting:end-rule",
        kwargs=lambda t: {"pk": RegimeRule.objects.get(topic="units").pk},
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"note": "thay bằng quy tắc khác"},
    ),
    Row(
        "reporting:calendar",
        get=LIVE,
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"on": "02/01/2026", "kind": "off", "name": "Nghỉ bù", "document": "Công văn 9"},
    ),
    Row(
        "reporting:void-day",
        kwargs=lambda t: {"pk": CalendarDayFacts.objects.get().pk},
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"note": "nhầm"},
    ),
    Row(
        "reporting:set-cut-off",
        kwargs=lambda t: {"code": "KH-2828-2026-DX1"},
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"on": "20/12/2026", "document": "Công văn 9"},
    ),
    Row(
        "reporting:record-request",
        kwargs=lambda t: {"code": "KH-2828-2026-DX1"},
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {
            "request-kind": "Công văn",
            "request-number": "88/BKHCN",
            "request-dated": "20/11/2026",
            "request-issuer": "Bộ Khoa học và Công nghệ",
            "request-summary": "báo cáo đột xuất",
        },
    ),
    Row("reporting:workbooks", kwargs=lambda t: {"code": "KH-2828-2024"}, get=LIVE, expensive=True),
    Row(
        "reporting:workbook",
        kwargs=code("writing"),
        get=Grid(
            Outcome.SHOWN,
            anywhere=SPECIALIST,
            own=KEEPERS,
            sees=PROVINCE_WIDE,
            sees_own=OWN_UNIT,
            otherwise=Outcome.UNSEEN,
        ),
        expensive=True,
    ),
    Row(
        "reporting:take-workbook", kwargs=code("owed"), get=_unit_step(Outcome.SHOWN), post=_unit_step(Outcome.INVALID)
    ),
    Row(
        "reporting:taken-workbook",
        kwargs=lambda t: {"code": t.keys["writing"], "pk": t.keys["taken"]},
        get=Grid(Outcome.SHOWN, own=OWN_UNIT, otherwise=Outcome.UNSEEN),
        expensive=True,
    ),
    Row("reporting:period", kwargs=lambda t: {"code": "KH-2828-2024"}, get=LIVE),
    Row(
        "reporting:add-obligation",
        kwargs=lambda t: {"code": "KH-2828-2024"},
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"unit": "so-tc", "basis": "Mục IV", "document": "Công văn 12"},
    ),
    Row("reporting:letters", kwargs=lambda t: {"code": "KH-2828-2024"}, get=LIVE),
    Row(
        "reporting:draw-letter",
        kwargs=lambda t: {"code": "KH-2828-2024", "kind": "opening"},
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"subject": "đề nghị báo cáo", "outline": "Kết quả"},
    ),
    Row(
        "reporting:number-letter",
        kwargs=lambda t: {"code": "KH-2828-2024-CV1"},
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"number": "812", "dated": "11/12/2026"},
    ),
    Row(
        "reporting:letter-paper",
        kwargs=lambda t: {"code": "KH-2828-2024-CV1", "kind": "docx"},
        get=LIVE,
        expensive=True,
    ),
    Row(
        "reporting:make-link",
        kwargs=code("owed"),
        get=_specialists(Outcome.SHOWN),
        post=_specialists(Outcome.DONE),
        data=lambda t: {"contact": "ông Tư", "until": "20/12/2026"},
    ),
    Row(
        "reporting:answer",
        kwargs=lambda t: {"token": t.keys["token"]},
        get=_PUBLIC,
        post=Grid(Outcome.SERVED, anywhere=SIGNED_IN, anonymous=Outcome.SERVED),
        data=answered,
    ),
    Row("reporting:answer-workbook", kwargs=lambda t: {"token": t.keys["token"]}, get=_PUBLIC, expensive=True),
    Row(
        "reporting:answer-from-workbook",
        kwargs=lambda t: {"token": t.keys["token"]},
        post=Grid(Outcome.INVALID, anywhere=SIGNED_IN, anonymous=Outcome.INVALID),
    ),
    Row(
        "reporting:heirs",
        kwargs=code("owed"),
        get=_specialists(Outcome.SHOWN),
        post=_specialists(Outcome.INVALID),
        data=lambda t: {"accountable": "so-tc", "document": "Quyết định 5"},
    ),
    Row(
        "reporting:waive",
        kwargs=code("owed"),
        post=_specialists(Outcome.DONE),
        data=lambda t: {"document": "Công văn 12", "dated": "01/12/2024", "reason": "mới thành lập"},
    ),
    Row(
        "reporting:end-waiver",
        kwargs=code("waived"),
        post=_specialists(Outcome.DONE),
        data=lambda t: {"note": "đã kiện toàn"},
    ),
    Row(
        "reporting:enter-letter",
        kwargs=code("owed"),
        get=_specialists(Outcome.SHOWN),
        post=_specialists(Outcome.DONE),
        data=lambda t: {"number": "45/BC", "dated": "08/12/2024", "arrived": "09/12/2024"},
    ),
    Row(
        "reporting:letter-file",
        kwargs=lambda t: {"code": t.keys["by letter"], "pk": t.keys["letter"]},
        get=Grid(Outcome.SHOWN, anywhere=PROVINCE_WIDE, own=OWN_UNIT, otherwise=Outcome.UNSEEN),
    ),
    Row(
        "reporting:signed-letter",
        kwargs=code("sent"),
        post=Grid(
            Outcome.DONE,
            anywhere=SPECIALIST,
            own=KEEPERS | {str(Role.CLERK)},
            sees=PROVINCE_WIDE,
            sees_own=OWN_UNIT,
            otherwise=Outcome.UNSEEN,
        ),
        data=lambda t: {"number": "45/BC", "dated": "09/12/2026"},
    ),
    Row(
        "reporting:settle-dispute",
        kwargs=code("sent", figure="CT2"),
        post=_specialists(Outcome.DONE),
        data=lambda t: {"outcome": "kept", "words": "đã đối chiếu"},
    ),
    Row(
        "reporting:replace-submission",
        kwargs=code("accepted"),
        post=_unit_step(),
        data=lambda t: {"note": "bổ sung một lớp"},
    ),
    *REPORT_ROWS,
)
