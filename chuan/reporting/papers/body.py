"""The consolidated report's text: six parts, each filled from evidence and from what units wrote."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from chuan.lib import numbers
from chuan.lib.text import one_line
from chuan.rendering.blocks import (
    Block,
    Column,
    Footnote,
    Heading,
    Inline,
    Paragraph,
    Row,
    Table,
    Text,
    enumerated,
)
from chuan.reporting.collecting import Addressed, DifficultyKind, MoneySource, TaskAmount, TaskStatus
from chuan.reporting.own_words import NAME, bullet_key
from chuan.reporting.papers import occasion, sentences
from chuan.reporting.papers.occasion import about_what
from chuan.reporting.papers.offices import DEPARTMENT, Office, letter_number
from chuan.reporting.papers.words import (
    DASH,
    NAMED,
    STAGE,
    by_hand,
    counted,
    day,
    first_few,
    has_result,
    inserted,
    least,
    own_of,
    said,
    told,
    trieu,
    unworded,
    waits,
    worded,
)
from chuan.reporting.readings import left, verdict_in_words

Snapshot = Mapping[str, Any]
#: Parts that belong wholly to one field of the officer's words: field → heading.
PARTS: Final = {
    "direction": "I. CÔNG TÁC CHỈ ĐẠO, BAN HÀNH VĂN BẢN",
    "money": "III. KINH PHÍ THỰC HIỆN",
    "difficulties": "IV. KHÓ KHĂN, VƯỚNG MẮC, NGUYÊN NHÂN",
    "next": "V. PHƯƠNG HƯỚNG, NHIỆM VỤ NĂM SAU",
    "requests": "VI. KIẾN NGHỊ, ĐỀ XUẤT",
}
#: As an ad hoc report heads it: a year's alone speaks of the year that follows.
_NEXT_AD_HOC: Final = "V. PHƯƠNG HƯỚNG, NHIỆM VỤ THỜI GIAN TỚI"
#: Heading → field, of either kind of report.
FIELDS: Final = {**{heading: field for field, heading in PARTS.items()}, _NEXT_AD_HOC: "next"}
#: As points are lettered: đ has its own place, and f, j, w, z are no Vietnamese letters.
LETTERS: Final = "abcdđeghiklmnopqrstuvxy"


def _headings(snapshot: Snapshot) -> Mapping[str, str]:
    return {**PARTS, "next": _NEXT_AD_HOC} if occasion.is_ad_hoc(snapshot) else PARTS


def blocks(snapshot: Snapshot, *, office: Office, late: str, proposals: str) -> tuple[Block, ...]:
    """All six parts; a heading with nothing below it says so.

    `late`, `proposals`: the annexes that list who reported ("" where the recipient gets none) and what units propose.
    """
    told_limits = [*_instead_of(snapshot, office), *limits(snapshot, late)]
    opening = f"{occasion.opening(snapshot, office.name)}{'.' if told_limits else ' như sau:'}"
    headings = _headings(snapshot)
    found: list[Block] = [said(opening), *([told(*told_limits, "Kết quả cụ thể như sau:")] if told_limits else [])]
    found += [Heading(1, headings["direction"]), *_direction(snapshot)]
    found += [Heading(1, "II. KẾT QUẢ THỰC HIỆN"), *_results(snapshot)]
    found += [Heading(1, headings["money"]), *_money(snapshot)]
    found += [Heading(1, headings["difficulties"]), *_difficulties(snapshot)]
    found += [Heading(1, headings["next"]), *_next(snapshot, proposals)]
    found += [Heading(1, headings["requests"]), *_requests(snapshot, office)]
    return tuple(found)


def _instead_of(snapshot: Snapshot, office: Office) -> list[str | Inline]:
    """Which issued report of the same office this one takes the place of; the Committee's has a number of its own."""
    old = snapshot.get("replaces")
    if not old or office.is_committee:
        return []
    return [f"Báo cáo này thay thế Báo cáo số {old['number']}/{office.symbol} ngày {day(old['dated'])}. "]


def _direction(snapshot: Snapshot) -> list[Block]:
    found = [*directing(snapshot), *_officers(snapshot, "direction")]
    return found or unworded("[CHƯA GHI CÔNG TÁC CHỈ ĐẠO, BAN HÀNH VĂN BẢN]", "direction")


def directing(snapshot: Snapshot) -> list[Block]:
    """Sở's letters of the period that the officer's own words do not cite already, in one sentence."""
    written = snapshot["words"].get("direction", "")
    parts: list[str | Inline] = []
    for place, letter in enumerate(snapshot.get("letters", []), start=1):
        number = letter_number(letter["number"])
        if re.search(rf"(?<!\w){re.escape(number)}", written):
            continue
        parts.append("; " if parts else f"{DEPARTMENT} đã ban hành ")
        parts.append(f"Công văn số {number} ngày {day(letter['dated'])} về việc {about_what(letter['subject'])}, gửi ")
        parts.append(counted(f"cong-van.{place}", letter["units"], "cơ quan, đơn vị"))
    return [told(*parts, ".")] if parts else []


def _officers(snapshot: Snapshot, section: str) -> list[Block]:
    """What the officer wrote in a section, then the units' paragraphs that were taken into it."""
    return [*worded(snapshot["words"].get(section, ""), section), *inserted(snapshot, section)]


def limits(snapshot: Snapshot, late: str) -> list[str | Inline]:
    """What the numbers rest on: who reported, who did not, what was not accepted yet, whose opinion differs, until
    when they count."""
    units = [unit for unit in snapshot["units"] if unit["state"] != "waived"]
    missing = sum(bool(unit.get("missing", not unit["sent_at"])) for unit in units)
    disputed = sum(bool(unit["disputed"]) for unit in units)
    waiting = sum(waits(unit) for unit in units)
    where = f" ({late})" if late else ""
    parts: list[str | Inline] = []
    if units:
        parts += ["Báo cáo tổng hợp từ báo cáo của ", counted("don-vi.da-gui", len(units) - missing), " trên "]
        parts += [counted("don-vi.phai-gui", len(units), "đơn vị"), " phải báo cáo"]
        parts += ["; còn ", counted("don-vi.chua-gui", missing, "đơn vị"), f" chưa gửi{where}. "] if missing else [". "]
    if waiting:
        parts += [counted("don-vi.cho-tiep-nhan", waiting, "báo cáo"), f" đã gửi, chưa được tiếp nhận{where}. "]
    if disputed:
        parts += [counted("don-vi.y-kien-khac", disputed, "đơn vị"), f" còn ý kiến khác về số liệu{where}. "]
    if occasion.is_ad_hoc(snapshot) and snapshot["period"]["first"] < snapshot["plan"]["signed"]:
        parts.append(f"Kỳ số liệu bắt đầu trước ngày ban hành Kế hoạch ({day(snapshot['plan']['signed'])}). ")
    until = sorted({one["at"] for one in snapshot["figures"] if one["flag"] == "provisional"})
    if until:
        last = day(snapshot["period"]["last"])
        parts.append(f"Số liệu tạm tính đến hết ngày {day(until[0])}; kỳ số liệu kết thúc ngày {last}. ")
    return parts


def _results(snapshot: Snapshot) -> list[Block]:
    collected = snapshot["collected"]
    found: list[Block] = [Heading(2, "1. Theo các nhóm nhiệm vụ, giải pháp")]
    groups = collected["groups"] or [{"number": "", "title": "", "rows": [], "indicators": _indicators(snapshot)}]
    found += worded(snapshot["words"].get("results", ""), "results")
    in_groups = {row for group in groups for row in group["rows"]}
    other = {one["origin"]["task"] for one in snapshot.get("paragraphs", [])} - in_groups
    found += inserted(snapshot, "results", tasks=other)
    for letter, group in zip(LETTERS, groups, strict=False):
        shown = _group(snapshot, group)
        if group["title"] and shown:
            found.append(Heading(3, f"{letter}) {group['title']}"))
        found += shown
    found += [Heading(2, "2. Theo Phụ lục của Kế hoạch"), *_annex_summary(snapshot)]
    found += [Heading(2, "3. Theo chỉ tiêu"), *_targets(snapshot)]
    return found


def _indicators(snapshot: Snapshot) -> list[str]:
    return [found["indicator"] for found in snapshot["figures"]]


def _group(snapshot: Snapshot, group: Mapping[str, Any]) -> list[Block]:
    """Sentences of the group's indicators, outputs that people counted by hand, what Sở says of bullets that have no
    row of the annex, units' paragraphs."""
    found: list[Block] = []
    frozen = set(_indicators(snapshot))
    for indicator in group["indicators"]:
        found += sentences.with_more(snapshot, indicator) if indicator in frozen else []
    alone = group.get("alone", ())
    places = {*group["rows"], *(one["code"] for one in alone)}
    items = [
        (Text(f"{line['what']}: "), by_hand(place, line), Text(f" ({_proof(line)})"))
        for place, line in enumerate(snapshot["collected"]["outputs"], start=1)
        if line["task"] in places
    ]
    if items:
        found.append(enumerated(items))
    for bullet in alone:
        found += _of_bullet(snapshot, bullet)
    found += inserted(snapshot, "results", tasks=group["rows"])
    if found or group.get("rest"):
        return found
    return [said("Trong kỳ chưa ghi nhận kết quả bằng số liệu; việc đã làm nêu tại Phụ lục II.")]


def _of_bullet(snapshot: Snapshot, bullet: Mapping[str, Any]) -> list[Block]:
    """What Sở says of a bullet of the plan's body, with its place at the foot; then its money."""
    one = own_of(snapshot, bullet["code"])
    if not one.status:
        return []
    status = str(TaskStatus(one.status).label)
    words = one.words or f"{bullet['words'][:1].upper()}{bullet['words'][1:]}: {status.lower()}."
    note = f"Mục {bullet['code']} của Kế hoạch, không có dòng trong Phụ lục: {status.lower()}."
    note += f" Minh chứng: {one.evidence.rstrip('.')}." if one.evidence else ""
    key = bullet_key(bullet["code"]) if one.words else ""
    found: list[Block] = [Paragraph((Text(words), Footnote(note)), key=key)]
    money: list[str | Inline] = []
    for kind, amount in one.amounts().items():
        money += [", " if money else "Kinh phí của nội dung này: ", f"{TaskAmount(kind).label} ".lower()]
        money.append(counted(f"kinh-phi.{bullet['code']}.{kind}", trieu(amount), "triệu đồng"))
    return [*found, told(*money, ".")] if money else found


def _proof(line: Mapping[str, Any]) -> str:
    return line["evidence"] or "chưa có minh chứng"


def _annex_summary(snapshot: Snapshot) -> list[Block]:
    asked = [task for task in snapshot["collected"]["tasks"] if task["task"]]
    if not asked:
        return [said("Kế hoạch được nạp chưa có Phụ lục.")]
    reported = [task for task in asked if has_result(snapshot, task)]
    counts = Counter(word["status"] for task in asked for word in task["said"])
    own = Counter(own_of(snapshot, task["code"]).status for task in asked)
    parts: list[str | Inline] = ["Phụ lục của Kế hoạch có ", counted("nhiem-vu", len(asked), "nhiệm vụ"), "; "]
    parts += [counted("nhiem-vu.co-ket-qua", len(reported), "nhiệm vụ"), " có kết quả được ghi nhận"]
    statuses = [status for status in TaskStatus.values if counts[status]]
    for status in statuses:
        parts += [" (" if status == statuses[0] else ", ", counted(f"nhiem-vu.{status}", counts[status], "lượt")]
        parts += [f" “{TaskStatus(status).label}”"]
    parts += ["). " if statuses else ". ", *_own_summary(own)]
    return [told(*parts, "Chi tiết tại Phụ lục II.")]


def _own_summary(counts: Mapping[str, int]) -> list[str | Inline]:
    """How far the tasks are that Sở itself speaks of."""
    found: list[str | Inline] = []
    for status in (status for status in TaskStatus.values if counts.get(status)):
        found += [", " if found else f"{NAME} đánh giá: "]
        found += [counted(f"nhiem-vu.so.{status}", counts[status], "nhiệm vụ"), f" “{TaskStatus(status).label}”"]
    return [*found, ". "] if found else []


def _targets(snapshot: Snapshot) -> list[Block]:
    """Each target's verdict by every reading that is left, none preferred; the contradictions quoted at the foot.

    An ad hoc report has no verdicts, and says so.
    """
    if occasion.is_ad_hoc(snapshot):
        return [said(_NOT_JUDGED)]
    notes = [
        (Text(f"{'; ' if place else ''}({place + 1}) {one['title']}"), Footnote("; ".join(one["quotes"]) + "."))
        for place, one in enumerate(one for one in snapshot["collected"]["contradictions"] if not one["settled"])
    ]
    rows = [row for found in snapshot["figures"] for row in _targets_of(found)]
    columns = (
        Column("Chỉ tiêu", 2.6),
        Column("Giai đoạn đến năm 2025", 2.2),
        Column("Đến năm 2030", 2.2),
    )
    found_so: list[Block] = []
    if notes:
        lead = " hiểu được theo nhiều cách, các cách được nêu song song đến khi có văn bản hướng dẫn: "
        many = counted("cach-hieu", len(notes), "điểm")
        found_so.append(told("Kế hoạch còn ", many, lead, *(inline for note in notes for inline in note), "."))
    found_so.append(said(f"{_closing_of_stage(snapshot)}Kết quả theo từng cách hiểu nêu tại Phụ lục I."))
    return [*found_so, Table(columns, tuple(rows))] if rows else found_so


_NOT_JUDGED: Final = (
    "Số liệu trong kỳ của từng chỉ tiêu nêu tại Phụ lục I. Báo cáo đột xuất không đánh giá mức đạt chỉ tiêu của "
    "Kế hoạch; việc đánh giá nêu tại báo cáo năm."
)


def _closing_of_stage(snapshot: Snapshot) -> str:
    """A stage that ended before the period did is closed: its verdicts change no more."""
    last = snapshot["period"]["last"]
    ended = {r["horizon"] for found in snapshot["figures"] for r in found["readings"] if r["horizon"] < last}
    return "".join(f"Giai đoạn đến ngày {day(horizon)} đã kết thúc. " for horizon in sorted(ended))


def _targets_of(found: Mapping[str, Any]) -> list[Row]:
    """A figure's targets, the first stage's beside the last one's; where a stage has several, each in a row of its own,
    since their readings bear the same letters."""
    targets: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for reading in left(found["readings"]):
        targets.setdefault((reading["horizon"], reading["source"]), []).append(reading)
    early, late = (
        [_verdicts(readings) for (horizon, _source), readings in targets.items() if horizon.startswith(STAGE) == first]
        for first in (True, False)
    )
    if len(early) <= 1 and len(late) <= 1:
        return [(found["title"], *(early or [DASH]), *(late or [DASH]))] if targets else []
    return [*((found["title"], words, DASH) for words in early), *((found["title"], DASH, words) for words in late)]


def _verdicts(readings: Sequence[Mapping[str, Any]]) -> str:
    """ "≥ 10: đạt theo cách hiểu A, C; chưa đạt theo B": of one target, in the order of its readings that are left."""
    by: dict[str, list[str]] = {}
    for reading in readings:
        by.setdefault(verdict_in_words(reading), []).append(reading["label"])
    if len(by) == 1:
        return f"{least(readings[0])}: {next(iter(by)).lower()}"
    told = "; ".join(f"{words.lower()} theo cách hiểu {', '.join(labels)}" for words, labels in by.items())
    return f"{least(readings[0])}: {told}"


def _money(snapshot: Snapshot) -> list[Block]:
    money = snapshot["collected"]["money"]
    found = _officers(snapshot, "money")
    if not money["by_source"]:
        return found or unworded(f"Các đơn vị chưa nêu kinh phí thực hiện trong {_span(snapshot)}.", "money")
    units = counted("kinh-phi.don-vi", money["units"], "đơn vị")
    lead = told("Tổng hợp từ ", units, " có nêu kinh phí (đơn vị: triệu đồng):")
    by_source = [(source, money["by_source"][source]) for source in MoneySource.values if source in money["by_source"]]
    rows: list[Row] = [
        (str(MoneySource(source).label), (counted(f"kinh-phi.{source}", trieu(amount)),))
        for source, amount in by_source
    ]
    whole = counted("kinh-phi", trieu(sum(amount for _source, amount in by_source)), bold=True)
    columns = (Column("Nguồn", 3), Column(f"Thực hiện trong {_span(snapshot)}", 1.4, "right"))
    return [lead, Table(columns, (*rows, ((Text("Tổng cộng", bold=True),), (whole,)))), *found]


def _span(snapshot: Snapshot) -> str:
    return "kỳ" if occasion.is_ad_hoc(snapshot) else "năm"


def _difficulties(snapshot: Snapshot) -> list[Block]:
    """The officer's words, then what units raised, by kind; what was taken in as a paragraph is not printed twice."""
    found = _officers(snapshot, "difficulties")
    taken = {one["origin"]["ref"] for one in snapshot.get("paragraphs", [])}
    lines = [line for line in snapshot["collected"]["difficulties"] if line.get("ref") not in taken]
    for kind in DifficultyKind.values:
        own = [line for line in lines if line["kind"] == kind]
        if own:
            found.append(said(f"{DifficultyKind(kind).label}:"))
            found.append(enumerated((Text(words),) for words in _together(own, causes=True)))
    return found or unworded("Các đơn vị không nêu khó khăn, vướng mắc.", "difficulties")


def _together(lines: Iterable[Mapping[str, Any]], *, causes: bool) -> list[str]:
    """ "Thiếu kiểm định viên (Sở Công Thương). Nguyên nhân: …": what several units say in the same words once."""
    by: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        cause = _bare(line.get("cause", "")) if causes else ""
        by.setdefault((_bare(line["words"]), cause), []).append(line["unit"])
    return [
        f"{words} ({_whose(units)}){f'. Nguyên nhân: {cause}' if cause else ''}" for (words, cause), units in by.items()
    ]


def _bare(words: str) -> str:
    return one_line(words).rstrip(".;")


def _whose(units: Sequence[str]) -> str:
    """ "Sở Y tế", "02 đơn vị: Sở Y tế, Sở Công Thương"."""
    units = list(dict.fromkeys(units))
    several = f"{numbers.format_two_digits(len(units))} đơn vị: " if len(units) > 1 else ""
    return f"{several}{first_few(units, NAMED)}"


def _next(snapshot: Snapshot, annex: str) -> list[Block]:
    found = _officers(snapshot, "next")
    proposals = snapshot["collected"]["proposals"]
    if proposals:
        units = counted("de-xuat.don-vi", len({line["unit"] for line in proposals}), "đơn vị")
        lines = counted("de-xuat", len(proposals), "nội dung")
        total = counted("de-xuat.kinh-phi", trieu(sum(sum(line["money"].values()) for line in proposals)), "triệu đồng")
        found.append(told(units, " đề xuất ", lines, " cho năm sau, kinh phí ", total, f" ({annex})."))
    return found or unworded("Tiếp tục thực hiện các nhiệm vụ của Kế hoạch.", "next")


def _requests(snapshot: Snapshot, office: Office) -> list[Block]:
    """What is put to others, by whom it is put to; the Committee puts nothing to itself."""
    found: list[Block] = []
    lines = snapshot["collected"]["difficulties"]
    order = (Addressed.COMMITTEE, Addressed.MINISTRY, Addressed.OTHER)
    put = [(to, [line for line in lines if line["to"] == to]) for to in order]
    others = [one for one in put if one[1] and not (office.is_committee and one[0] == Addressed.COMMITTEE)]
    for number, (to, own) in enumerate(others, start=1):
        found.append(Heading(2, f"{number}. Đối với {to.label}"))
        found.append(enumerated((Text(f"Xem xét, giải quyết: {words}"),) for words in _together(own, causes=False)))
    found += _officers(snapshot, "requests")
    return found or unworded("Không có kiến nghị.", "requests")
