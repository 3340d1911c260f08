"""The illustration's reporting: who owed, what the units sent, what Sở KH&CN issued for 2024 and 2025, 2026 so far."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from chuan.accounts.models import User
from chuan.audit.actor import Actor
from chuan.lib import clock
from chuan.lib.dates import Window
from chuan.organisations.rules import TERRITORIAL
from chuan.portal import rehearsal_letters, rehearsal_own_words
from chuan.portal.rehearsal_common import SYSTEM, Step, actor, step, unit
from chuan.portal.rehearsal_units import JOINED
from chuan.programme.models import Plan
from chuan.reporting import contributions, drafts, jobs, obligations, unit_reports
from chuan.reporting.collecting import Difficulty, Part, Parts, Proposal, TaskWord
from chuan.reporting.models import Obligation, Report, ReportingPeriod, Submission
from chuan.reporting.rules import Channel, Recipient
from chuan.reporting.services import behalf, dispatching, drafting, heirs, issuing, reports, submissions

PLAN = "KH-2828"
BASIS = "Mục IV Kế hoạch 2828/KH-UBND"
TRIEU = 1_000_000
DISTRICTS = tuple(f"huyen-{number}" for number in (703, 705, 706, 707, 708, 709, 710, 711, 712))
WARDS = ("25459", "25480", "25567", "25630", "25633", "25645", "25654", "25672", "25708", "25732")
VILLAGES = (
    *("25486", "25489", "25516", "25522", "25525", "25531", "25534", "25549", "25552", "25573", "25579", "25585"),
    *("25606", "25621", "25657", "25702", "25729"),
)
COMMUNES = (*(f"phuong-{code}" for code in WARDS), *(f"xa-{code}" for code in VILLAGES), JOINED)
OWED = {
    2024: ("so-ct", "so-yt", "so-tc", "so-khdt", "so-tttt", *DISTRICTS),
    2025: ("so-ct", "so-yt", "so-tc", "huyen-706", *COMMUNES[:6]),
    2026: ("so-ct", "so-yt", "so-tc", *COMMUNES, "tt-khcn"),
}
#: What the units of 2026 did otherwise than all the others.
NOT_OPENED, BEGUN, NIL, BY_LETTER, RETURNED = "xa-25729", "xa-25702", "xa-25621", "xa-25606", "phuong-25645"
DISSOLVED, ACCOUNTABLE, CONTRIBUTOR = "huyen-706", "xa-25516", "xa-25522"
WAY = ("present", "approve", "send", "accept")


@dataclass(frozen=True)
class Said:
    """What a unit's report says besides its tasks."""

    words: str
    #: Which record of the unit's own is missing, where it disputes a figure.
    missing: str = ""
    money: int = 0
    #: Task → (planned, spent) of the money that the unit ties to it, in triệu đồng.
    costs: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    difficulties: Sequence[Difficulty] = ()
    proposals: Sequence[Proposal] = ()
    nil: bool = False
    way: Sequence[str] = field(default=WAY)


COMMON = (
    "Đã tuyên truyền về đo lường, phối hợp kiểm tra cân thông dụng tại chợ trên địa bàn.",
    "Đã rà soát phương tiện đo nhóm 2 của hộ kinh doanh và nhắc kiểm định đúng hạn.",
    "Đã phổ biến Kế hoạch đến doanh nghiệp trên địa bàn, bố trí cân đối chứng tại chợ.",
)
PEOPLE = Difficulty(
    "people", "Công chức phụ trách kiêm nhiệm.", "department", "Nhân sự thay đổi sau sắp xếp tổ chức bộ máy."
)
STANDARDS = Difficulty(
    "technical", "Địa bàn chưa có quả cân chuẩn để đối chứng.", "committee", "Dự toán năm chưa bố trí kinh phí mua sắm."
)
LAW = Difficulty("rules", "Chưa có hướng dẫn thống nhất về cân đối chứng tại chợ.", "ministry")
SPECIAL = {
    (2025, "so-ct"): Said(
        "Đã tổ chức tập huấn cho doanh nghiệp và công chức quản lý thị trường.",
        money=180 * TRIEU,
        costs={"PL.I.1": (60, 50), "PL.II.2.3": (120, 110)},
        difficulties=[LAW],
    ),
    (2025, "so-yt"): Said(
        "Đã rà soát phương tiện đo tại các cơ sở y tế.", money=95 * TRIEU, costs={"PL.II.2.3": (80, 75)}
    ),
    (2026, "so-ct"): Said(
        "Đã tổ chức hai lớp tập huấn; kiểm tra cân thông dụng tại các chợ.",
        missing="Thiếu danh sách lớp tổ chức tại Gò Dầu tháng 8/2026 (đang thu thập).",
        money=210 * TRIEU,
        costs={"PL.I.1": (50, 45), "PL.II.2.3": (110, 100)},
        difficulties=[LAW, PEOPLE],
        proposals=[Proposal("PL.II.2.3", "Mở hai lớp cho cửa hàng xăng dầu", {"budget": 120 * TRIEU})],
    ),
    (2026, "so-yt"): Said(
        "Đã bồi dưỡng quản lý phương tiện đo y tế.",
        money=60 * TRIEU,
        costs={"PL.II.2.3": (50, 45)},
        way=WAY[:1],
    ),
    (2026, "so-tc"): Said("Đã cân đối kinh phí thực hiện Kế hoạch theo dự toán được duyệt.", way=WAY[:3]),
    (2026, "tt-khcn"): Said("Đã kiểm định, hiệu chuẩn phương tiện đo cho cơ sở trên địa bàn, duy trì công nhận."),
    (2026, "phuong-25459"): Said(
        COMMON[0], money=25 * TRIEU, costs={"PL.I.1": (20, 15)}, difficulties=[PEOPLE, STANDARDS]
    ),
    (2026, BEGUN): Said(COMMON[1], way=()),
    (2026, NIL): Said("", nil=True),
}


def steps() -> list[Step]:
    """Three years of reporting."""
    return [*_year(2024, _report_2024()), *_year(2025, _report_2025()), *_year(2026, _report_2026())]


def _year(year: int, report: list[Step]) -> list[Step]:
    """The period opens on 8 November; the units send one after the other up to the deadline; then Sở consolidates."""
    found = [step(f"{year}-11-09", 8, partial(_open, year))]
    last = date(year, 12, 9)
    for place, code in enumerate(OWED[year]):
        day = last - timedelta(days=place % 7)
        does = _way(year, code)
        if does:
            found += [step(day.isoformat(), 9, does), step(day.isoformat(), 15, partial(_sign, year, code, place))]
    return [*found, *report]


def _sign(year: int, code: str, place: int) -> None:
    """Whoever sent here records the signed letter in the afternoon."""
    rehearsal_letters.sign(_obligation(year, code), place)


def _way(year: int, code: str) -> Callable[[], None] | None:
    """How a unit answered: districts by letter, as offices did then; a few otherwise than all the others."""
    if (year, code) == (2026, NOT_OPENED):
        return None
    if (year, code) == (2026, RETURNED):
        return _returned
    if (year, code) == (2026, BY_LETTER) or (year == 2024 and code in DISTRICTS):
        return partial(_by_letter, year, code)
    return partial(_submit, year, code)


def _open(year: int) -> None:
    submissions.open_period(
        actor=actor("chuyenvien"),
        plan=Plan.objects.get(code=PLAN),
        year=year,
        deadline=date(year, 12, 10),
        cut_off=date(year, 12, 14),
        letter=f"Công văn đề nghị báo cáo năm {year} (minh họa)",
        units=[(unit(code), BASIS) for code in OWED[year]],
    )
    if DISSOLVED in OWED[year] and year == 2025:
        _inherit()
    if year == 2026:
        rehearsal_letters.ask(_period(2026), "1986")


def _inherit() -> None:
    """The dissolved district's report falls to one heir; another knows the second part of the year."""
    window = _period(2025).window
    parts = (Window(window.start, date(2025, 6, 30)), Window(date(2025, 7, 1), window.end))
    heirs.decide_heirs(
        actor=actor("chuyenvien"),
        obligation=_obligation(2025, DISSOLVED),
        accountable=unit(ACCOUNTABLE),
        contributors=list(zip((unit(ACCOUNTABLE), unit(CONTRIBUTOR)), parts, strict=True)),
        document="Văn bản phân công kế thừa nghĩa vụ báo cáo (minh họa)",
    )


def _period(year: int) -> ReportingPeriod:
    return ReportingPeriod.objects.get(code=f"{PLAN}-{year}")


def _obligation(year: int, code: str) -> Obligation:
    rows = Obligation.objects.select_related("period", "period__plan", "unit")
    return rows.get(code=f"{PLAN}-{year}-{code}")


def _people(code: str) -> tuple[Actor, Actor]:
    """Who writes and who approves; units without accounts are served by the illustration itself."""
    suffix = code.removeprefix("so-")
    names = (f"daumoi.{suffix}", f"lanhdao.{suffix}")
    known = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    focal, leader = (actor(name) if name in known else SYSTEM for name in names)
    return focal, leader


def _said(year: int, code: str) -> Said:
    return SPECIAL.get((year, code)) or Said(COMMON[sum(map(ord, code)) % len(COMMON)])


def _parts(obligation: Obligation, said: Said) -> Parts:
    """Every task of the unit with a status and words, unless there is nothing to report."""
    if said.nil:
        return Parts(none=[Part.DIFFICULTIES.value, Part.PROPOSALS.value])
    tasks = unit_reports.filled(obligation, {}, None).tasks
    year = obligation.period.year
    told = {
        line.code: TaskWord(
            "done" if place % 2 else "under_way",
            f"Đã phối hợp thực hiện trong năm {year} (minh họa).",
            *(amount * TRIEU for amount in said.costs.get(line.code, ())),
        )
        for place, line in enumerate(tasks)
    }
    none = [] if said.difficulties else [Part.DIFFICULTIES.value]
    none += [] if said.proposals else [Part.PROPOSALS.value]
    money = {"budget": said.money} if said.money else {}
    return Parts(tasks=told, money=money, difficulties=said.difficulties, proposals=said.proposals, none=none)


def _write(obligation: Obligation, said: Said, who: Actor, current: Submission) -> None:
    right: dict[str, Any] = {"right": True, "missing": ""}
    figures = {"CT2": {**right, "right": not said.missing, "missing": said.missing}, "CT2-L": right}
    if obligation.unit.kind in TERRITORIAL:
        # Communes keep no record: what they saw is 0, which need not be counted again.
        figures = {code: {**told, "seen": 0} for code, told in figures.items()}
    else:
        lines = obligations.prefilled(obligation, {}, known=clock.now())
        figures |= {line.id: right for line in lines if line.id not in figures}
    submissions.save_draft(
        actor=who,
        submission=current,
        version=current.draft_version,
        figures=figures,
        narrative=said.words,
        nil=said.nil,
        parts=_parts(obligation, said),
    )


def _go(current: Submission, way: Sequence[str], code: str) -> None:
    focal, leader = _people(code)
    who = {"present": focal, "approve": leader, "send": focal, "accept": actor("chuyenvien")}
    for verb in way:
        submissions.move_submission(actor=who[verb], submission=current, verb=verb)


def _submit(year: int, code: str) -> None:
    """Write, present, approve, send and accept a unit's report, as far as it went."""
    obligation, said = _obligation(year, code), _said(year, code)
    focal, _leader = _people(code)
    current = submissions.start_submission(actor=focal, obligation=obligation)
    _write(obligation, said, focal, current)
    _go(current, said.way, code)


def _returned() -> None:
    """Sent, returned, sent, returned, sent again and accepted."""
    obligation, said = _obligation(2026, RETURNED), _said(2026, RETURNED)
    current = submissions.start_submission(actor=SYSTEM, obligation=obligation)
    for note in ("Chưa nêu số chợ đã kiểm tra.", "Số chợ chưa khớp với phần kinh phí."):
        _write(obligation, said, SYSTEM, current)
        _go(current, WAY[:3], RETURNED)
        current = submissions.move_submission(
            actor=actor("chuyenvien"), submission=current, verb="return_lines", note=note, lines=["narrative"]
        )
    _write(obligation, Said(f"{said.words} Đã kiểm tra 04 chợ."), SYSTEM, current)
    _go(current, WAY, RETURNED)


def _by_letter(year: int, code: str) -> None:
    """A unit answered on paper: Sở types in its letter, which says nothing of the figures."""
    office, arrived = actor("chuyenvien"), clock.today()
    current = behalf.begin_on_behalf(
        actor=office,
        obligation=_obligation(year, code),
        number="Công văn không số (minh họa)",
        dated=arrived - timedelta(days=2),
        arrived=arrived,
    )
    words = _said(year, code).words
    submissions.save_and_enter(actor=office, submission=current, version=0, figures={}, narrative=words, nil=False)
    submissions.move_submission(actor=office, submission=current, verb="accept")


def _report_2024() -> list[Step]:
    return _issued(2024, 298, WORDS_2024)


def _report_2025() -> list[Step]:
    return _issued(2025, 312, WORDS_2025)


def _report_2026() -> list[Step]:
    """The draft is begun: part I has the letter that asked for reports, and no words yet."""
    return [
        step("2026-12-10", 16, _begin_2026),
        step("2026-12-10", 17, _put_together),
        step("2026-12-10", 17, _signing),
    ]


def _begin_2026() -> None:
    office = actor("chuyenvien")
    report = reports.start_report(actor=office, period=_period(2026))
    reports.save_words(actor=office, report=report, version=0, words=WORDS_2026)


def _put_together() -> None:
    """Two units' paragraphs are taken in, one of them edited; one sentence is confirmed and followed by words."""
    office, report = actor("chuyenvien"), Report.objects.select_related("period__plan").get(period__code=f"{PLAN}-2026")
    offered = contributions.given(obligations.tracking(report.period, today=clock.today()))
    found = [one for one in offered if one.origin.unit in {"so-ct", "phuong-25459"} and not one.origin.label]
    chosen = [drafting.Choice(one.origin.ref, one.section, one.text) for one in found]
    chosen[-1] = replace(chosen[-1], text=f"{chosen[-1].text.rstrip('.')}, xử lý kịp thời cân không đạt.")
    made = drafting.arrange_paragraphs(actor=office, report=report, version=1, chosen=chosen)
    seen = contributions.numbers_of(drafts.live_figures(report.period), "CT2")
    more = "Các lớp tập trung vào kiểm định viên và người phụ trách đo lường của doanh nghiệp."
    if made.paragraphs:
        drafting.say_sentence(actor=office, report=report, version=2, indicator="CT2", seen=seen, more=more)
    rehearsal_own_words.say(report, rehearsal_own_words.TOLD_2026)


def _signing() -> None:
    """The Committee issues the report to the Ministry; the director is away for a week, the deputy signs."""
    office = actor("chuyenvien")
    issuing.set_issuer(
        actor=office,
        plan=Plan.objects.get(code=PLAN),
        recipient="bo",
        issuer="ubnd",
        signs_as="chairman",
        valid_from=date(2026, 1, 1),
        document="Thông lệ, chưa xác định văn bản (minh họa)",
    )
    issuing.delegate_signing(
        actor=office,
        deputy=User.objects.get(username="phogiamdoc"),
        first=date(2026, 12, 14),
        last=date(2026, 12, 18),
        document="Văn bản phân công không số (minh họa)",
        reason="Giám đốc đi công tác (minh họa)",
    )


def _issued(year: int, number: int, words: dict[str, str]) -> list[Step]:
    """Begun and frozen on 15 December, dispatched on the 18th."""
    return [
        step(f"{year}-12-15", 14, partial(_freeze, year, words)),
        step(f"{year}-12-18", 10, partial(_dispatch, year, number)),
    ]


def _freeze(year: int, words: dict[str, str]) -> None:
    office = actor("chuyenvien")
    report = reports.start_report(actor=office, period=_period(year))
    reports.save_words(actor=office, report=report, version=0, words=words)
    report.refresh_from_db()
    if year == 2025:
        rehearsal_own_words.say(report, rehearsal_own_words.TOLD_2025)
    reports.review(actor=actor("truongphong"), report=report)
    reports.freeze(actor=office, report=report)


def _dispatch(year: int, number: int) -> None:
    report = Report.objects.select_related("content", "period").get(period__code=f"{PLAN}-{year}")
    clerk, content_id = actor("vanthu"), report.content_id or 0
    jobs.print_papers(content_id)
    reports.sign(actor=actor("giamdoc"), report=report)
    reports.number_report(actor=clerk, report=report, number=number, dated=date(year, 12, 18))
    jobs.print_papers(content_id)
    for recipient in Recipient:
        dispatching.dispatch(
            actor=clerk, report=report, recipient=recipient, sent_on=date(year, 12, 18), channel=Channel.AXIS
        )


WORDS_2024 = {
    "direction": "Sở Khoa học và Công nghệ đã hướng dẫn các sở, huyện, thị xã, thành phố triển khai Kế hoạch.",
    "results": "Các đơn vị tập trung kiểm tra phương tiện đo tại chợ và bồi dưỡng công chức.",
    "difficulties": "Kinh phí cho hoạt động đo lường ở cấp huyện còn hạn chế.",
    "next": "Mở rộng hỗ trợ doanh nghiệp xây dựng Chương trình đảm bảo đo lường.",
}
WORDS_2025 = {
    "direction": "Sở Khoa học và Công nghệ đã hướng dẫn các cơ quan, đơn vị triển khai Kế hoạch và đôn đốc báo cáo.",
    "results": "Nội dung tập trung vào kiểm định phương tiện đo nhóm 2 và đánh giá độ không đảm bảo đo.",
    "difficulties": "Nhân lực làm công tác đo lường thay đổi sau sắp xếp tổ chức bộ máy.",
    "next": "Tiếp tục mở lớp theo nhu cầu của doanh nghiệp trên địa bàn.",
}
WORDS_2026 = {
    "direction": "",
    "results": "Năm 2026 là năm đầu của giai đoạn 2026–2030; các xã, phường lần đầu báo cáo trực tiếp.",
    "difficulties": "",
    "next": "",
}
