"""What is planted of figures, units' reports and consolidated reports for the table of access."""

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import pikepdf

from chuan.files import store
from chuan.ledger.models import Identity
from chuan.organisations.services import set_drafting_room
from chuan.programme.models import Plan
from chuan.registers.services import Kept
from chuan.reporting.collecting import TRIEU, Difficulty, Parts, Proposal
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import (
    Obligation,
    ReportingPeriod,
    Submission,
)
from chuan.reporting.obligations import prefilled
from chuan.reporting.register import ESTIMATES, HISTORICAL, OUTPUTS, REGISTERS
from chuan.reporting.rules import Recipient
from chuan.reporting.services import dispatching, reports, submissions
from chuan.reporting.services.behalf import begin_on_behalf
from chuan.reporting.services.calendar import set_day
from chuan.reporting.services.figures import propose_definition, ship_definition
from chuan.reporting.services.issuing import delegate_signing, set_issuer
from chuan.reporting.services.letters import draw_opening
from chuan.reporting.services.links import make_link
from chuan.reporting.services.periods import open_period, ship_regime, waive
from chuan.reporting.services.workbooks import take_workbook
from chuan.reporting.unit_reports import attempts_of
from chuan.reporting.workbooks.basis import basis
from chuan.reporting.workbooks.filling import workbook
from tests.access.matrix import Planted
from tests.access.registers import planted
from tests.cast import SYSTEM, Cast
from tests.reporting.conftest import add_task, make_plan
from tests.reporting.test_said import estimate, historical, output, said
from tests.training.builders import course, line

UNITS = ("so-ct", "so-yt")
WORDS = {"direction": "Đã hướng dẫn.", "results": "", "difficulties": "", "next": ""}


def _said(cast: Cast, records: Mapping[str, Identity]) -> dict[str, Any]:
    """What is said and not computed is Sở's: the same records for every tenant's rows; planted before the freeze."""
    made: dict[str, Any] = {}
    for register in REGISTERS:
        made |= planted(cast, register, records[register.name], cast.specialist, title=f"Tệp {register.word}")
    return made


#: Keys of what `_said` planted, for the rows of every tenant.
SAID: dict[str, Any] = {}

TEXTS = (
    "Lop so lieu",
    "Nguoi So Lieu",
    "Ket qua gui",
    "Con thieu",
    "Ket qua nhap",
    "Kho khan",
    "De xuat",
    "So den",
    "Cho mien",
)
#: Tokens of single-use links, which are kept nowhere else.
TOKENS: dict[str, str] = {}
#: Million đồng that each tenant reports.
MONEY = {"so-ct": 7431, "so-yt": 8517}


def plant(cast: Cast) -> None:
    """Everything once, for all tenants: one plan, its periods, an issued report and one being written."""
    for indicator in INDICATORS:
        ship_definition(actor=SYSTEM, indicator_id=indicator)
    plan = make_plan(actor=SYSTEM, cast=cast)
    ship_regime(actor=SYSTEM, plan=plan)
    task = add_task(actor=SYSTEM, plan=plan)
    periods = {year: _period(cast, plan, year) for year in range(2021, 2027)}
    records = {
        HISTORICAL.name: said(cast.specialist, HISTORICAL, historical(plan)),
        ESTIMATES.name: said(cast.specialist, ESTIMATES, estimate(periods[2026])),
        OUTPUTS.name: said(cast.specialist, OUTPUTS, output(periods[2026], task)),
    }
    SAID.update(_said(cast, records))
    for unit in UNITS:
        _unit(cast, unit)
    open_period(
        actor=SYSTEM, plan=plan, year=2026, deadline=date(2026, 12, 20), letter="Công văn", units=[], title="Đột xuất"
    )
    set_day(actor=cast.specialist.actor, on=date(2026, 12, 24), kind="off", name="Nghỉ bù", document="Công văn 8")
    draw_opening(actor=cast.specialist.actor, period=periods[2024], subject="đề nghị báo cáo", outline=["Kết quả"])
    set_issuer(
        actor=cast.specialist.actor,
        plan=plan,
        recipient="bo",
        issuer="ubnd",
        signs_as="chairman",
        valid_from=date(2026, 1, 1),
        document="Thông lệ",
    )
    delegate_signing(
        actor=cast.specialist.actor,
        deputy=cast.deputy.user,
        first=date(2027, 1, 4),
        last=date(2027, 1, 8),
        document="Văn bản 11",
    )
    set_drafting_room(
        actor=cast.specialist.actor,
        unit=cast.unit("so-khcn"),
        name="Phòng soạn thảo",
        symbol="PST",
        valid_from=date(2026, 1, 1),
        document="Quyết định của Sở",
    )
    _issue(cast, periods[2026])
    report = reports.start_report(actor=cast.specialist.actor, period=periods[2025])
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=WORDS)
    propose_definition(actor=cast.specialist.actor, indicator_id="CT2", note="đề xuất")


def _period(cast: Cast, plan: Plan, year: int) -> ReportingPeriod:
    units = [(cast.unit(code), "Mục IV") for code in UNITS]
    return submissions.open_period(
        actor=SYSTEM,
        plan=plan,
        year=year,
        deadline=date(year, 12, 10),
        cut_off=date(year, 12, 14),
        letter="Công văn",
        units=units,
    )


def _unit(cast: Cast, unit: str) -> None:
    focal, leader = {"so-ct": (cast.focal, cast.leader), "so-yt": (cast.other_focal, cast.other_leader)}[unit]
    words = (f"{word} {unit} {number}" for number, word in enumerate(TEXTS, 5501))
    title, name, sent, missing, writing, difficulty, proposal, number, waiver = words
    parts = Parts(
        money={"budget": MONEY[unit] * TRIEU},
        difficulties=[Difficulty("people", difficulty, "department")],
        proposals=[Proposal("", proposal, {"budget": MONEY[unit] * TRIEU})],
    )
    line(cast, course(cast, by=focal, title=title), name, by=focal, employer=cast.unit(unit))
    for year, narrative, until in ((2022, sent, 4), (2025, writing, 0), (2026, sent, 3)):
        obligation = Obligation.objects.get(code=f"KH-2828-{year}-{unit}")
        made: Submission = submissions.start_submission(actor=focal.actor, obligation=obligation)
        figures: dict[str, Any] = {one.id: {"right": True, "missing": ""} for one in prefilled(obligation, {})}
        figures["CT2"] = {"right": False, "missing": missing}
        submissions.save_draft(
            actor=focal.actor, submission=made, version=0, figures=figures, narrative=narrative, nil=False, parts=parts
        )
        for verb, who in (
            ("present", focal),
            ("approve", leader),
            ("send", focal),
            ("accept", cast.specialist),
        )[:until]:
            submissions.move_submission(actor=who.actor, submission=made, verb=verb)
        if not until:
            taken = workbook(basis(obligation, attempts_of(obligation), with_draft=True))
            digest, kind = store.receive("mau.xlsx", taken)
            file = Kept(digest=digest, name="mau.xlsx", media_type=kind.media_type, size=len(taken))
            take_workbook(
                actor=focal.actor, submission=made, version=1, file=file, figures=figures, narrative=narrative,
                nil=False, parts=parts,
            )  # fmt: skip
    TOKENS[unit] = make_link(
        actor=cast.specialist.actor,
        obligation=Obligation.objects.get(code=f"KH-2828-2024-{unit}"),
        contact="ông Tư",
        until=date(2026, 12, 20),
    )[1]
    waive(
        actor=cast.specialist.actor,
        obligation=Obligation.objects.get(code=f"KH-2828-2021-{unit}"),
        document=waiver,
        dated=date(2021, 12, 1),
        reason="mới thành lập",
    )
    begin_on_behalf(
        actor=cast.specialist.actor,
        obligation=Obligation.objects.get(code=f"KH-2828-2023-{unit}"),
        number=number,
        dated=date(2023, 12, 8),
        arrived=date(2023, 12, 9),
        scan=(*_kept(), len(blank_pdf())),
    )


def _kept() -> tuple[str, str, str]:
    digest, kind = store.receive("van-ban.pdf", blank_pdf())
    return digest, "van-ban.pdf", kind.media_type


def _issue(cast: Cast, period: ReportingPeriod) -> None:
    report = reports.start_report(actor=cast.specialist.actor, period=period)
    reports.save_words(actor=cast.specialist.actor, report=report, version=0, words=WORDS)
    reports.review(actor=cast.head.actor, report=report)
    content = reports.freeze(actor=cast.specialist.actor, report=report)
    pdf = blank_pdf()
    digest, kind = store.receive("ban-ky.pdf", pdf)

    def printed(stage: str, recipient: str) -> None:
        reports.store_paper(
            actor=SYSTEM, content=content, stage=stage, recipient=recipient, kind="pdf", digest=digest,
            name=f"{stage}.pdf", media_type=kind.media_type, size=len(pdf),
        )  # fmt: skip

    for recipient in Recipient.values:
        printed("for_signature", recipient)
    reports.sign(actor=cast.director.actor, report=report)
    signed = (digest, "ban-ky.pdf", kind.media_type, len(pdf))
    reports.number_report(actor=cast.clerk.actor, report=report, number=345, dated=date(2026, 12, 11), signed=signed)
    printed("issued", Recipient.COMMITTEE.value)
    dispatching.dispatch(
        actor=cast.clerk.actor, report=report, recipient="ubnd", sent_on=date(2026, 12, 11), channel="axis"
    )


def blank_pdf() -> bytes:
    """A PDF of one empty page, the same bytes each time."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def answered(tenant: Planted) -> dict[str, str]:
    """What is posted by the link: every figure of the unit is right as it stands."""
    lines = prefilled(Obligation.objects.get(code=f"KH-2828-2024-{tenant.unit}"), {})
    said = {f"right_{one.id}": "yes" for one in lines} | {f"seen_{one.id}": str(one.value) for one in lines}
    return {"narrative": "Một lớp.", **said}
