"""What stands in the way of a report's signature, and what is warned of and printed."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import translation

from chuan.audit import memory
from chuan.ledger.integrity import one_instant
from chuan.programme.models import Plan
from chuan.programme.queries import contradictions_of, settled_readings
from chuan.rendering.fonts import lacking, spelled
from chuan.reporting import (
    beside,
    contributions,
    issuing,
    obligations,
    own_words,
    queries,
    regime,
    sent_letters,
    states,
    verify,
)
from chuan.reporting.contributions import SECTIONS, Given, Inserts
from chuan.reporting.indicators import INDICATORS, REPORTED
from chuan.reporting.models import Report, ReportingPeriod
from chuan.reporting.own_words import OwnLine
from chuan.reporting.reach import unreached
from chuan.reporting.rules import ReportState, placeholders_in


@dataclass(frozen=True)
class Item:
    """One line of the checklist; a block stops the freeze, a warning is printed."""

    text: str
    blocks: bool
    #: The page on which it is dealt with, at its place; nothing where no page deals with it.
    address: str = ""


class Standing(NamedTuple):
    """What a report rests on besides its own words; nothing but a write changes it."""

    #: Contradictions of the plan that are open.
    unsettled: int
    #: Who signs today.
    signer: issuing.Signer
    #: Definitions approved: (indicator, hash).
    approved: frozenset[tuple[str, str]]
    #: What is said beside the figures and printed: (page, place on paper, words).
    beside: tuple[tuple[str, str, str], ...]
    #: Rows of the annex that Sở leads.
    led: Sequence[OwnLine]
    #: Letters of the period that were issued.
    letters: Sequence[Mapping[str, Any]]
    #: The log that this was read with.
    log: memory.Log


def items(
    report: Report,
    *,
    today: date,
    rows: Sequence[obligations.Row] | None = None,
    stands: Standing | None = None,
    whole: bool = True,
) -> list[Item]:
    """Blocks first, then warnings.

    `rows` are the period's as tracked and `stands` what it rests on, where the caller has them already.

    `whole`: check all seals of what the report rests on, as the freeze does; a page looks at what it has read.
    """
    rows = obligations.tracking(report.period, today=today) if rows is None else rows
    stands = stands or standing(report, today)
    blocks = [*_definitions(stands.approved), *_written(report, rows, stands.letters), *_unfilled(stands.beside)]
    if not stands.signer.name:
        # A paper for signature has its number and day blank, and nothing else.
        words = "chưa xác định người ký: Sở chưa có đúng một Giám đốc và không có ủy quyền ký"
        blocks.append(_block(words, reverse("reporting:issuing")))
    warnings = [*_warnings(report, rows, stands, today), *_unasked(report, rows, today, stands.log)]
    return [*blocks, *(_broken(report) if whole else _altered(rows)), *warnings]


def _block(text: str, address: str = "") -> Item:
    return Item(text, True, address)


def _warning(text: str, address: str) -> Item:
    return Item(text, False, address)


class _Ledger(NamedTuple):
    """The fields of a `Standing` that only the ledger says."""

    unsettled: int
    approved: frozenset[tuple[str, str]]
    beside: tuple[tuple[str, str, str], ...]
    led: Sequence[OwnLine]
    letters: Sequence[Mapping[str, Any]]


_periods: memory.Memory[_Ledger] = memory.Memory(size=4)


def standing(report: Report, today: date) -> Standing:
    """What stands now; what only the ledger says is remembered until it says otherwise."""
    asked, log = (report.period_id, today), memory.read()
    held = _periods.ask(asked, partial(_of_period, *asked), log)
    return Standing(signer=_signer(today, log.seq, log.sha256), log=log, **held._asdict())


def _of_period(period_id: int, today: date) -> _Ledger:
    period = ReportingPeriod.objects.get(pk=period_id)
    plan = states.plan_with_targets(period.plan_id)
    settled = {one.contradiction for one in settled_readings(plan, period.last)}
    unsettled = sum(one.code not in settled for one in contradictions_of(plan))
    return _Ledger(
        unsettled=unsettled,
        approved=frozenset(queries.approved_definitions()),
        beside=tuple(_beside(period, plan)),
        led=own_words.led(plan, min(today, period.last)),
        letters=sent_letters.numbered(period_id),
    )


def _beside(period: ReportingPeriod, plan: Plan) -> Iterator[tuple[str, str, str]]:
    for line in beside.outputs(period):
        page = reverse("reporting:output-line-record", args=[line.line.code])
        yield page, "kết quả nhiệm vụ ghi tay, Phụ lục II", "\n".join((line.what, line.unit, line.evidence))
    if period.is_ad_hoc:
        # Its annex I prints neither of what follows.
        return
    for code, one in beside.estimates(period).items():
        page = reverse("reporting:estimate-record", args=[one.estimate.code])
        yield page, f"căn cứ ước {code}, Phụ lục I", one.basis
    for total in beside.historical(plan):
        page = reverse("reporting:historical-figure-record", args=[total.figure.code])
        yield page, f"văn bản của số đã báo cáo {total.indicator}, Phụ lục I", total.document


@lru_cache(maxsize=4)
def _signer(today: date, _position: int, _sha256: str) -> issuing.Signer:
    """Asked once for each position of the ledger: people's names are theirs, and no sealed row."""
    return issuing.signer_on(today)


memory.on_forget(_signer.cache_clear)


def _unfilled(written: Iterable[tuple[str, str, str]]) -> Iterator[Item]:
    """Places that were left to be filled, each in what is printed: (page, place on paper, words)."""
    for address, where, words in written:
        for blank in placeholders_in(words):
            yield _block(f"còn chỗ chưa điền “{blank}” ở {where}", address)


def _broken(report: Report) -> list[Item]:
    """Seals that do not hold any more: what was changed outside the software is not signed."""
    with one_instant():
        return [_block(f"{found.where}: {found.what}") for found in verify.of_period(report.period)]


def _altered(rows: Sequence[obligations.Row]) -> Iterator[Item]:
    """Of the reports that were read, those that are not what was sent."""
    names = [row.unit_name for row in rows if row.content and not verify.as_sealed(row.content)]
    if names:
        words = "nội dung đã gửi không còn khớp mã băm, chạy `chuan verify` trước"
        yield _block(f"{words}: {', '.join(names)}")


def _definitions(approved: Collection[tuple[str, str]]) -> Iterator[Item]:
    for indicator in (INDICATORS[code] for code in REPORTED):
        if (indicator.spec.id, indicator.definition_sha256()) not in approved:
            code = indicator.spec.id
            page = reverse("reporting:figure", args=[code])
            yield _block(f"định nghĩa chỉ tiêu {code} chưa được phê duyệt", f"{page}?tab=definition")


def _written(report: Report, rows: Sequence[obligations.Row], letters: Sequence[Mapping[str, Any]]) -> Iterator[Item]:
    """What is wrong with the draft itself: not reviewed, not closed, not written, left blank, or taken from what no
    longer stands."""
    page, paragraphs, sentences, own = (
        reverse(f"reporting:{name}", args=[report.code]) for name in ("report", "paragraphs", "sentences", "own-words")
    )
    if report.state == ReportState.DRAFT:
        yield _block("trưởng phòng chưa soát xét dự thảo", page)
    if regime.cut_off_of(report.period) is None:
        yield _block("chưa ấn định ngày chốt số liệu của kỳ", _period(report))
    if report.period.is_ad_hoc and regime.request_of(report.period) is None:
        words = "chưa ghi văn bản yêu cầu báo cáo đột xuất (số, ngày, cơ quan, trích yếu) ở trang kỳ báo cáo"
        yield _block(words, _period(report))
    inserts = Inserts.of(report.inserts)
    begun = letters or any(one.section == "direction" for one in inserts.paragraphs)
    if not report.draft.get("direction", "").strip() and not begun:
        yield _block("chưa ghi phần công tác chỉ đạo", f"{page}#id_direction")
    with translation.override("vi"):
        written = [(f"{page}#id_{name}", str(SECTIONS.get(name, name)), words) for name, words in report.draft.items()]
        written += [(paragraphs, str(SECTIONS[one.section]), one.text) for one in inserts.paragraphs]
        written += [(sentences, f"câu số liệu {code}", said.more) for code, said in inserts.sentences.items()]
        places = own_words.places(report.period.plan) if inserts.own else {}
        written += [
            (f"{own}#so-{code}", f"lời của Sở, {places.get(code, code)}", f"{word.words}\n{word.evidence}")
            for code, word in inserts.own.items()
        ]
        offered = contributions.given(rows)
    yield from _unfilled(written)
    for address, where, words in written:
        for letter in lacking(words):
            text = f"không in được ký tự {spelled(letter)} ở {where}; hãy xóa hoặc thay bằng chữ"
            yield _block(text, address)
    yield from _of_units_words(report, offered)
    names = sorted({one.origin.unit_name for one in contributions.adrift(offered, inserts.paragraphs)})
    if names:
        words = "đoạn lấy từ báo cáo đã trả lại hoặc được thay thế, cần lấy lại hoặc bỏ ra"
        yield _block(f"{words}: {', '.join(names)}", paragraphs)


def _of_units_words(report: Report, offered: Sequence[Given]) -> Iterator[Item]:
    """What units wrote and the paper prints as it stands: places left to be filled, and characters that the document
    font lacks."""
    for one in offered:
        if not one.printed:
            continue
        where = f"{one.origin.label}, {one.printed}: lời của {one.origin.unit_name}"
        wrong = [f"còn chỗ chưa điền “{blank}”" for blank in placeholders_in(one.text)]
        wrong += [f"không in được ký tự {spelled(letter)}" for letter in lacking(one.text)]
        for what in wrong:
            yield _block(f"{what} ở {where}; hãy để đơn vị sửa và gửi lại", _tracking(report))


def _warnings(report: Report, rows: Sequence[obligations.Row], stands: Standing, today: date) -> Iterator[Item]:
    """What the paper says of itself (`papers/body.py: limits`), and the words that units left unfilled."""
    missing = [row for row in rows if row.is_missing]
    if missing:
        yield _of_units(report, f"{len(missing)} đơn vị chưa gửi", missing)
    waiting = [row for row in rows if row.waits]
    if waiting:
        yield _of_units(report, f"{len(waiting)} báo cáo đã gửi mà Sở chưa tiếp nhận", waiting)
    disputed = [row for row in rows if row.disputed]
    if disputed:
        yield _of_units(report, "số liệu còn ý kiến khác của", disputed)
    unfilled = [row for row in rows if row.content and placeholders_in(row.content.narrative)]
    if unfilled:
        yield _of_units(report, "lời chung của đơn vị còn chỗ chưa điền, sửa khi lấy vào báo cáo", unfilled)
    silent = own_words.unsaid(stands.led, Inserts.of(report.inserts).own)
    if silent and not report.period.is_ad_hoc:
        words = f"chưa ghi kết quả của {len(silent)} nhiệm vụ Sở chủ trì: {', '.join(silent)}"
        yield _warning(words, reverse("reporting:own-words", args=[report.code]))
    if stands.unsettled and not report.period.is_ad_hoc:
        words = f"{stands.unsettled} điểm của Kế hoạch còn hiểu được theo nhiều cách; in mọi cách hiểu"
        yield _warning(words, reverse("programme:readings", args=[report.period.plan.code]))
    period, last = report.period, report.period.last
    if period.is_ad_hoc and period.first < period.plan.signed:
        words = f"kỳ số liệu bắt đầu trước ngày ban hành Kế hoạch ({period.plan.signed:%d/%m/%Y})"
        yield _warning(words, _period(report))
    if today <= last:
        yield _warning(f"kỳ số liệu chưa đóng (đến {last:%d/%m/%Y}); in là số liệu tạm tính", _period(report))


def _unasked(report: Report, rows: Sequence[obligations.Row], today: date, log: memory.Log) -> Iterator[Item]:
    """Rows of the annex that nobody in the period was asked about: they stay empty on the paper."""
    period = report.period
    if period.is_ad_hoc:
        return
    day = min(today, period.last)
    for one in unreached(period.plan, day, [row.obligation.unit_id for row in rows], log):
        why = f"chưa lập danh sách năm {day.year}" if one.unlisted else "không đơn vị nào của nhóm phải báo cáo"
        words = f"dòng {', '.join(one.rows)} của Phụ lục chưa hỏi đơn vị nào: nhóm “{one.title}” {why}"
        yield _warning(words, reverse("organisations:class", args=[one.code, day.year]))


def _of_units(report: Report, words: str, rows: Sequence[obligations.Row]) -> Item:
    alone = reverse("reporting:submission", args=[rows[0].obligation.code]) if len(rows) == 1 else ""
    return _warning(f"{words}: {', '.join(row.unit_name for row in rows)}", alone or _tracking(report))


def _tracking(report: Report) -> str:
    return f"{reverse('reporting:tracking')}?{urlencode({'period': report.period.code})}"


def _period(report: Report) -> str:
    return reverse("reporting:period", args=[report.period.code])


def unconfirmed(report: Report, indicators: Sequence[str]) -> list[Item]:
    """Generated sentences that nobody has confirmed with the numbers that they have now: warned of, not printed."""
    if not indicators:
        return []
    words = f"{len(indicators)} câu số liệu chưa được xác nhận: {', '.join(indicators)}"
    return [_warning(words, reverse("reporting:sentences", args=[report.code]))]
