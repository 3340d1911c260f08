"""Figures before issue: Sở KH&CN. A unit's report: the unit and Sở. Issued reports: who is signed in; figures: all."""

import io
from datetime import date
from typing import Any

import pikepdf

from chuan.files import store
from chuan.organisations.rules import Role
from chuan.programme.models import Plan
from chuan.reporting.models import FrozenFigure, Obligation, Paper, Report, ReportingPeriod, Submission
from chuan.reporting.policies import ISSUER
from chuan.reporting.services import reports, submissions
from chuan.reporting.services.figures import propose_definition, ship_definition
from tests.access.matrix import OWN_UNIT, PROVINCE_WIDE, SIGNED_IN, Grid, Outcome, Persona, Planted, Row
from tests.cast import SYSTEM, Cast
from tests.reporting.conftest import make_plan
from tests.training.builders import course, line

SPECIALIST = frozenset({str(Role.SPECIALIST)})
HEAD = frozenset({str(Role.HEAD_OF_OFFICE)})
DIRECTOR = frozenset({str(Role.DEPARTMENT_LEADER)})
KEEPERS = frozenset({str(Role.FOCAL), str(Role.UNIT_LEADER)})
UNITS = ("so-ct", "so-yt")
_WORDS = {"direction": "Đã hướng dẫn.", "results": "", "difficulties": "", "next": ""}


def seed(cast: Cast, unit: str) -> Planted:
    """A sent report (2026), one being written (2025), one not begun (2024); an issued figure with the unit's people."""
    if not Plan.objects.exists():
        _plant(cast)
    issued = Report.objects.exclude(content=None).get()
    figure = FrozenFigure.objects.get(indicator="CT2")
    return Planted(
        unit,
        keys={
            "sent": f"KH-2828-2026-{unit}",
            "writing": f"KH-2828-2025-{unit}",
            "owed": f"KH-2828-2024-{unit}",
            "figure": figure.code,
            "issued": issued.code,
            "draft": Report.objects.get(content=None).code,
            "paper": Paper.objects.get(stage="issued").pk,
        },
        texts=tuple(f"{word} {unit} {number}" for number, word in enumerate(_TEXTS, 5501)),
    )


_TEXTS = ("Lop so lieu", "Nguoi So Lieu", "Ket qua gui", "Con thieu", "Ket qua nhap")


def _plant(cast: Cast) -> None:
    for indicator in ("CT2", "CT2-L"):
        ship_definition(actor=SYSTEM, indicator_id=indicator)
    plan = make_plan(actor=SYSTEM, cast=cast)
    periods = {year: _period(cast, plan, year) for year in (2024, 2025, 2026)}
    for unit in UNITS:
        _unit(cast, unit)
    _issue(cast, periods[2026])
    report = reports.start_report(actor=cast.specialist.actor, period=periods[2025])
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=_WORDS)
    propose_definition(actor=cast.specialist.actor, indicator_id="CT2", note="đề xuất")


def _period(cast: Cast, plan: Plan, year: int) -> ReportingPeriod:
    units = [(cast.unit(code), "Mục IV") for code in UNITS]
    return submissions.open_period(
        actor=SYSTEM, plan=plan, year=year, deadline=date(year, 12, 10), letter="Công văn", units=units
    )


def _unit(cast: Cast, unit: str) -> None:
    focal, leader = {"so-ct": (cast.focal, cast.leader), "so-yt": (cast.other_focal, cast.other_leader)}[unit]
    title, name, sent, missing, writing = (f"{word} {unit} {number}" for number, word in enumerate(_TEXTS, 5501))
    line(cast, course(cast, by=focal, title=title), name, by=focal, employer=cast.unit(unit))
    for year, narrative, until in ((2025, writing, 0), (2026, sent, 3)):
        obligation = Obligation.objects.get(code=f"KH-2828-{year}-{unit}")
        made: Submission = submissions.start_submission(actor=focal.actor, obligation=obligation)
        figures = {"CT2": {"right": False, "missing": missing}, "CT2-L": {"right": True, "missing": ""}}
        submissions.save_draft(
            actor=focal.actor, submission=made, version=0, figures=figures, narrative=narrative, nil=False
        )
        for verb, who in (("present", focal), ("approve", leader), ("send", focal))[:until]:
            submissions.move_submission(actor=who.actor, submission=made, verb=verb)


def _issue(cast: Cast, period: ReportingPeriod) -> None:
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=_WORDS)
    reports.review(actor=cast.head.actor, report=report)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    reports.sign(actor=cast.director.actor, report=report)
    pdf = _pdf()
    digest, kind = store.receive("ban-ky.pdf", pdf)
    signed = (digest, "ban-ky.pdf", kind.media_type, len(pdf))
    reports.number_report(actor=cast.clerk.actor, report=report, number=345, dated=date(2026, 12, 11), signed=signed)
    for stage in ("for_signature", "issued"):
        reports.store_paper(
            actor=SYSTEM, content=content, stage=stage, kind="pdf", digest=digest,
            name=f"{stage}.pdf", media_type=kind.media_type, size=len(pdf),
        )  # fmt: skip
    reports.dispatch(actor=cast.clerk.actor, report=report, recipients=["UBND tỉnh"])


def _pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(out)
    return out.getvalue()


def _indicator(tenant: Planted) -> dict[str, Any]:
    return {"indicator": "CT2"}


def _code(key: str, **more: Any) -> Any:
    return lambda tenant: {"code": tenant.keys[key], **more}


def _unit_step(done: Outcome = Outcome.DONE) -> Grid:
    """The unit's focal officer and leader; its other readers and Sở are told that they may not."""
    return Grid(done, own=KEEPERS, sees=PROVINCE_WIDE, sees_own=OWN_UNIT, otherwise=Outcome.UNSEEN)


class _Printers(Grid):
    """The specialist, and of the clerks the one of Sở only."""

    def outcome(self, persona: Persona, unit: str | None) -> Outcome:
        if persona.role == Role.CLERK and persona.unit == ISSUER:
            return self.done
        return super().outcome(persona, unit)


_LIVE = Grid(Outcome.SHOWN, anywhere=PROVINCE_WIDE)
_PUBLIC = Grid(Outcome.SHOWN, anywhere=SIGNED_IN, anonymous=Outcome.SHOWN)
_ISSUED = Grid(Outcome.SHOWN, anywhere=SIGNED_IN)
_DRAFT = Grid(Outcome.SHOWN, anywhere=PROVINCE_WIDE, otherwise=Outcome.UNSEEN)

ROWS = (
    Row("reporting:figures", get=_LIVE),
    Row(
        "reporting:figure",
        kwargs=_indicator,
        get=_LIVE,
        queries=(
            "tab=excluded",
            "tab=breakdown&year=2026",
            "tab=definition",
            "tab=issued",
            "at=x&year=x&frame=x&tab=x",
        ),
    ),
    Row("reporting:members-sheet", kwargs=_indicator, get=_LIVE, expensive=True),
    Row("reporting:propose-definition", kwargs=_indicator, post=Grid(Outcome.DONE, anywhere=SPECIALIST)),
    Row("reporting:approve-definition", kwargs=_indicator, post=Grid(Outcome.DONE, anywhere=DIRECTOR)),
    Row("reporting:origin", kwargs=_code("figure"), get=_PUBLIC),
    Row("reporting:origin-json", kwargs=_code("figure"), get=_PUBLIC),
    Row("reporting:tracking", get=_LIVE),
    Row(
        "reporting:new-period",
        get=Grid(Outcome.SHOWN, anywhere=SPECIALIST),
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"year": "2027", "deadline": "10/12/2027", "basis": "Mục IV", "units": t.unit},
    ),
    Row(
        "reporting:submission",
        kwargs=_code("sent"),
        get=Grid(Outcome.SHOWN, anywhere=PROVINCE_WIDE, own=OWN_UNIT, otherwise=Outcome.UNSEEN),
    ),
    Row("reporting:start-submission", kwargs=_code("owed"), post=_unit_step()),
    Row(
        "reporting:save-draft",
        kwargs=_code("writing"),
        post=_unit_step(),
        data=lambda t: {"version": "1", "narrative": "Đã làm.", "right_CT2": "yes", "seen_CT2": "1"},
    ),
    Row(
        "reporting:move-submission",
        kwargs=_code("sent", verb="return_lines"),
        post=Grid(Outcome.DONE, anywhere=SPECIALIST, sees=PROVINCE_WIDE, sees_own=OWN_UNIT, otherwise=Outcome.UNSEEN),
        data=lambda t: {"note": "Bổ sung danh sách", "lines": "CT2"},
    ),
    Row("reporting:reports", get=_ISSUED, post=Grid(Outcome.DONE, anywhere=SPECIALIST)),
    Row("reporting:report", kwargs=_code("issued"), get=_ISSUED),
    Row(
        "reporting:save-words",
        kwargs=_code("draft"),
        post=Grid(Outcome.DONE, anywhere=SPECIALIST, sees=PROVINCE_WIDE, otherwise=Outcome.UNSEEN),
        data=lambda t: {"version": "1", "direction": "Đã chỉ đạo."},
    ),
    Row("reporting:draft-pdf", kwargs=_code("draft"), get=_DRAFT, expensive=True),
    Row("reporting:draft-docx", kwargs=_code("draft"), get=_DRAFT, expensive=True),
    Row(
        "reporting:paper",
        kwargs=lambda t: {"code": t.keys["issued"], "pk": t.keys["paper"]},
        get=_ISSUED,
        expensive=True,
    ),
    Row("reporting:signed-file", kwargs=_code("issued"), get=_ISSUED, expensive=True),
    Row(
        "reporting:move-report",
        kwargs=_code("draft", verb="review"),
        post=Grid(Outcome.DONE, anywhere=HEAD, sees=PROVINCE_WIDE, otherwise=Outcome.UNSEEN),
        data=lambda t: {"seen": "1"},
    ),
    Row(
        "reporting:reprint",
        kwargs=_code("issued"),
        post=_Printers(Outcome.DONE, anywhere=SPECIALIST),
    ),
)
