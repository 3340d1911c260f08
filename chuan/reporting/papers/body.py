"""The consolidated report's text: six parts, each filled from evidence and from what units wrote."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from chuan.lib import numbers
from chuan.rendering.blocks import Block, Bullets, Column, Footnote, Heading, Paragraph, Row, Table, Text
from chuan.reporting.collecting import Addressed, DifficultyKind, MoneySource, TaskStatus
from chuan.reporting.papers import sentences
from chuan.reporting.papers.words import day, said, trieu, verdict, worded

Snapshot = Mapping[str, Any]


def blocks(snapshot: Snapshot, *, proposals: str) -> tuple[Block, ...]:
    """All six parts; a heading with nothing below it says so. `proposals`: the annex that lists what units propose."""
    plan, period, words = snapshot["plan"], snapshot["period"], snapshot["words"]
    opening = (
        f"Thực hiện Kế hoạch số {plan['number']} ngày {day(plan['signed'])} của {plan['issuer']}, "
        f"Sở Khoa học và Công nghệ báo cáo kết quả thực hiện năm {period['year']} "
        f"(số liệu từ ngày {day(period['first'])} đến ngày {day(period['last'])}) như sau:"
    )
    found: list[Block] = [said(opening), Heading(1, "I. CÔNG TÁC CHỈ ĐẠO, BAN HÀNH VĂN BẢN")]
    found += worded(words.get("direction", ""), "direction") or [said("Trong kỳ không có văn bản chỉ đạo mới.")]
    found += [Heading(1, "II. KẾT QUẢ THỰC HIỆN"), *_results(snapshot)]
    found += [Heading(1, "III. KINH PHÍ THỰC HIỆN"), *_money(snapshot)]
    found += [Heading(1, "IV. KHÓ KHĂN, VƯỚNG MẮC, NGUYÊN NHÂN"), *_difficulties(snapshot)]
    found += [Heading(1, "V. PHƯƠNG HƯỚNG, NHIỆM VỤ NĂM SAU"), *_next(snapshot, proposals)]
    found += [Heading(1, "VI. KIẾN NGHỊ, ĐỀ XUẤT"), *_requests(snapshot)]
    return tuple(found)


def _results(snapshot: Snapshot) -> list[Block]:
    collected = snapshot["collected"]
    found: list[Block] = [Heading(2, "1. Theo các nhóm nhiệm vụ, giải pháp")]
    groups = collected["groups"] or [{"number": "", "title": "", "rows": [], "indicators": _indicators(snapshot)}]
    for letter, group in zip("abcdefghijkl", groups, strict=False):
        if group["title"]:
            found.append(Heading(3, f"{letter}) {group['title']}"))
        found += _group(snapshot, group)
    found += worded(snapshot["words"].get("results", ""), "results")
    found += [Heading(2, "2. Theo Phụ lục của Kế hoạch"), *_annex_summary(collected["tasks"])]
    found += [Heading(2, "3. Theo chỉ tiêu"), *_targets(snapshot)]
    return found


def _indicators(snapshot: Snapshot) -> list[str]:
    return [found["indicator"] for found in snapshot["figures"]]


def _group(snapshot: Snapshot, group: Mapping[str, Any]) -> list[Block]:
    """Sentences of the group's indicators, then outputs that people counted by hand."""
    found: list[Block] = []
    frozen = set(_indicators(snapshot))
    for indicator in group["indicators"]:
        sentence = sentences.of_indicator(snapshot, indicator) if indicator in frozen else None
        if sentence:
            found.append(sentence)
    items = [
        (Text(f"{line['what']}: {numbers.format_two_digits(line['value'])} {line['unit']} ({_proof(line)})"),)
        for line in snapshot["collected"]["outputs"]
        if line["task"] in group["rows"]
    ]
    if items:
        found.append(Bullets(tuple(items)))
    return found or [said("Trong kỳ chưa ghi nhận kết quả bằng số liệu; việc đã làm nêu tại Phụ lục II.")]


def _proof(line: Mapping[str, Any]) -> str:
    return line["evidence"] or "chưa có minh chứng"


def _annex_summary(tasks: Iterable[Mapping[str, Any]]) -> list[Block]:
    asked = [task for task in tasks if task["task"]]
    if not asked:
        return [said("Kế hoạch được nạp chưa có Phụ lục.")]
    reported = [task for task in asked if task["said"] or task["outputs"]]
    counts = Counter(word["status"] for task in asked for word in task["said"])
    told = ", ".join(
        f"{numbers.format_two_digits(counts[status])} lượt “{TaskStatus(status).label}”"
        for status in TaskStatus.values
        if counts[status]
    )
    words = (
        f"Phụ lục của Kế hoạch có {numbers.format_two_digits(len(asked))} nhiệm vụ; "
        f"{numbers.format_two_digits(len(reported))} nhiệm vụ có kết quả được báo cáo"
    )
    return [said(f"{words} ({told}). Chi tiết tại Phụ lục II." if told else f"{words}. Chi tiết tại Phụ lục II.")]


def _targets(snapshot: Snapshot) -> list[Block]:
    """Each target's verdict by every reading, none preferred; the contradictions quoted at the foot."""
    notes = [
        (Text(f"{'; ' if place else ''}({place + 1}) {one['title']}"), Footnote("; ".join(one["quotes"]) + "."))
        for place, one in enumerate(one for one in snapshot["collected"]["contradictions"] if not one["settled"])
    ]
    rows: list[Row] = []
    for found in snapshot["figures"]:
        horizons = sorted({reading["horizon"] for reading in found["readings"]})
        if horizons:
            cells = [_verdicts(found, horizon) for horizon in horizons]
            stage, final = (cells[0] if len(cells) > 1 or horizons[0] < "2026" else "–"), cells[-1]
            rows.append((found["title"], stage, final if horizons[-1] > "2026" else "–"))
    columns = (
        Column("Chỉ tiêu", 2.6),
        Column("Giai đoạn đến năm 2025", 2.2),
        Column("Đến năm 2030", 2.2),
    )
    told: list[Block] = []
    if notes:
        lead = (
            f"Kế hoạch còn {numbers.format_two_digits(len(notes))} điểm hiểu được theo nhiều cách, các cách được nêu "
            "song song đến khi có văn bản hướng dẫn: "
        )
        told.append(Paragraph((Text(lead), *(inline for note in notes for inline in note), Text("."))))
    told.append(said(f"{_closing_of_stage(snapshot)}Kết quả theo từng cách hiểu nêu tại Phụ lục I."))
    return [*told, Table(columns, tuple(rows))] if rows else told


def _closing_of_stage(snapshot: Snapshot) -> str:
    """A stage that ended before the period did is closed: its verdicts change no more."""
    last = snapshot["period"]["last"]
    ended = {r["horizon"] for found in snapshot["figures"] for r in found["readings"] if r["horizon"] < last}
    return "".join(f"Giai đoạn đến ngày {day(horizon)} đã kết thúc. " for horizon in sorted(ended))


def _verdicts(found: Mapping[str, Any], horizon: str) -> str:
    """ "Đạt theo cách hiểu A, C; chưa đạt theo B": in the order of the readings."""
    by: dict[str, list[str]] = {}
    for reading in found["readings"]:
        if reading["horizon"] == horizon:
            by.setdefault(reading["verdict"], []).append(reading["label"])
    if len(by) == 1:
        return verdict(next(iter(by)))
    told = "; ".join(f"{verdict(value).lower()} theo cách hiểu {', '.join(labels)}" for value, labels in by.items())
    return told[:1].upper() + told[1:]


def _money(snapshot: Snapshot) -> list[Block]:
    money = snapshot["collected"]["money"]
    found = worded(snapshot["words"].get("money", ""), "money")
    if not money["by_source"]:
        return found or [said("Các đơn vị chưa nêu kinh phí thực hiện trong năm.")]
    lead = f"Tổng hợp từ {numbers.format_two_digits(money['units'])} đơn vị có nêu kinh phí (đơn vị: triệu đồng):"
    by_source = [(source, money["by_source"][source]) for source in MoneySource.values if source in money["by_source"]]
    rows: list[Row] = [(str(MoneySource(source).label), trieu(amount)) for source, amount in by_source]
    total = ((Text("Tổng cộng", bold=True),), (Text(trieu(sum(n for _s, n in by_source)), bold=True),))
    columns = (Column("Nguồn", 3), Column("Thực hiện trong năm", 1.4, "right"))
    return [said(lead), Table(columns, (*rows, total)), *found]


def _difficulties(snapshot: Snapshot) -> list[Block]:
    """The officer's words, then what units raised, by kind."""
    found = worded(snapshot["words"].get("difficulties", ""), "difficulties")
    lines = snapshot["collected"]["difficulties"]
    for kind in DifficultyKind.values:
        own = [line for line in lines if line["kind"] == kind]
        if own:
            found.append(said(f"{DifficultyKind(kind).label}:"))
            found.append(Bullets(tuple((Text(_by(line)),) for line in own)))
    return found or [said("Các đơn vị không nêu khó khăn, vướng mắc.")]


def _by(line: Mapping[str, Any]) -> str:
    """ "Thiếu kiểm định viên (Sở Công Thương)": whose words they are."""
    return f"{line['words'].strip().rstrip('.;')} ({line['unit']})"


def _next(snapshot: Snapshot, annex: str) -> list[Block]:
    found = worded(snapshot["words"].get("next", ""), "next")
    proposals = snapshot["collected"]["proposals"]
    if proposals:
        units = numbers.format_two_digits(len({line["unit"] for line in proposals}))
        lines = numbers.format_two_digits(len(proposals))
        total = trieu(sum(sum(line["money"].values()) for line in proposals))
        words = f"{units} đơn vị đề xuất {lines} nội dung cho năm sau, kinh phí {total} triệu đồng ({annex})."
        found.append(said(words))
    return found or [said("Tiếp tục thực hiện các nhiệm vụ của Kế hoạch.")]


def _requests(snapshot: Snapshot) -> list[Block]:
    """What is put to others, by whom it is put to."""
    found: list[Block] = []
    lines = snapshot["collected"]["difficulties"]
    order = (Addressed.COMMITTEE, Addressed.MINISTRY, Addressed.OTHER)
    put = [(to, [line for line in lines if line["to"] == to]) for to in order]
    for number, (to, own) in enumerate([one for one in put if one[1]], start=1):
        found.append(Heading(2, f"{number}. Đối với {to.label}"))
        items = tuple((Text(f"Xem xét, giải quyết: {_by(line)}"),) for line in own)
        found.append(Bullets(items))
    found += worded(snapshot["words"].get("requests", ""), "requests")
    return found or [said("Không có kiến nghị.")]
