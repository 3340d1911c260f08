"""The annexes: targets by every reading, the plan's own annex with results, who reported, proposals by source."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from chuan.lib import numbers
from chuan.lib.text import one_line
from chuan.rendering.blocks import Annex, Block, Cell, Column, GroupRow, Inline, Paragraph, Row, Table, Text
from chuan.reporting.collecting import MoneySource, TaskAmount, TaskStatus, tally
from chuan.reporting.own_words import NAME
from chuan.reporting.papers import notes, occasion
from chuan.reporting.papers.offices import Office
from chuan.reporting.papers.words import (
    DASH,
    NAMED,
    STAGE,
    asked,
    by_hand,
    counted,
    day,
    field,
    figures_of,
    first_few,
    has_result,
    money_of,
    own_of,
    said,
    told,
    trieu,
    waits,
)
from chuan.reporting.readings import verdict_in_words

Snapshot = Mapping[str, Any]
#: The title of the annex that lists who reported.
LATE = "TÌNH HÌNH GỬI BÁO CÁO CỦA CÁC ĐƠN VỊ"


def all_of(snapshot: Snapshot, reference: str, *, late_units: bool) -> tuple[Annex, ...]:
    """PL I to PL IV; without the list of who reported where the recipient does not get it.

    Notes stand above a table: after it they might have a page to themselves.
    """
    made = [
        _figures_in_window(snapshot)
        if occasion.is_ad_hoc(snapshot)
        else ("CHỈ TIÊU CỦA KẾ HOẠCH THEO TỪNG CÁCH HIỂU", _targets(snapshot)),
        ("KẾT QUẢ THỰC HIỆN PHỤ LỤC CỦA KẾ HOẠCH", _tasks(snapshot)),
        *([(LATE, _units(snapshot))] if late_units else []),
        (f"ĐỀ XUẤT NHIỆM VỤ, KINH PHÍ{_next_year(snapshot).upper()} THEO NGUỒN", _proposals(snapshot)),
    ]
    romans = ("I", "II", "III", "IV")
    return tuple(
        Annex(roman, title, reference, blocks, landscape=True)
        for roman, (title, blocks) in zip(romans, made, strict=False)
    )


def _figures_in_window(snapshot: Snapshot) -> tuple[str, tuple[Block, ...]]:
    """Annex I of an ad hoc report: each figure over the days asked for, held against no target of a year."""
    columns = (
        Column("STT", 0.6, "center"),
        Column("Chỉ tiêu", 3.4),
        Column("ĐVT", 1.2, "center"),
        Column("Thực hiện trong kỳ", 1.2, "center"),
        Column("Đánh giá", 1.8, "center"),
        Column("Mã số liệu", 1.6),
    )
    judged = (Text(occasion.NOT_JUDGED, italic=True),)
    rows: tuple[Row, ...] = tuple(
        (str(place), found["title"], found["unit"], _in_window(found), judged, found["code"])
        for place, found in enumerate(snapshot["figures"], start=1)
    )
    return "SỐ LIỆU TRONG KỲ CỦA TỪNG CHỈ TIÊU", (Table(columns, rows),)


def _in_window(found: Mapping[str, Any]) -> Cell:
    """What was done over the days asked for; of a level, what it is on its day."""
    value = field(found, part="ky", unit="")
    return (value, Text(f" (tại ngày {day(min(found['at'], found['last']))})")) if found["level"] else (value,)


def _targets(snapshot: Snapshot) -> tuple[Block, ...]:
    columns = (
        Column("STT", 0.8, "center"),
        Column("Chỉ tiêu (nguyên văn)", 3.9),
        Column("Mục", 1.4),
        Column("Cách hiểu", 3.2),
        Column("ĐVT", 1.15, "center"),
        Column("Mục tiêu 2025", 0.95, "center"),
        Column("Thực hiện đến 31/12/2025", 1.15, "center"),
        Column("Mục tiêu 2030", 0.95, "center"),
        Column("Thực hiện trong kỳ", 0.95, "center"),
        Column("Ước cả năm", 0.8, "center"),
        Column("Lũy kế", 0.8, "center"),
        Column("Đánh giá", 0.95, "center"),
        Column("Mã số liệu", 1.2),
    )
    rows: list[Row] = []
    for found in snapshot["figures"]:
        if found["readings"]:
            rows.append(GroupRow(found["title"]))
            rows += _readings(snapshot, found, first=len([r for r in rows if not isinstance(r, GroupRow)]) + 1)
    return (*notes.of_estimates(snapshot), *notes.of_historical(snapshot), Table(columns, tuple(rows)))


def _readings(snapshot: Snapshot, found: Mapping[str, Any], *, first: int) -> list[Row]:
    """A row for each reading, each with the printed words: a page may begin with any of them."""
    rows: list[Row] = []
    for place, reading in enumerate(found["readings"], start=first):
        stage = reading["horizon"].startswith(STAGE)
        words, where = _printed(reading["source"])
        least = asked(place, reading)
        value: Cell = DASH
        if reading["value"] is not None:
            part = f"{reading['horizon'][:4]}{reading['label']}.{place}"  # two targets of a year share labels
            value = (field(found, reading["value"], part=part, unit=""), *notes.of_moved(snapshot, found, reading))
        rows.append(
            (
                str(place),
                words,
                where,
                _way(reading),
                reading["unit"],
                least if stage else DASH,
                value if stage else DASH,
                DASH if stage else least,
                notes.in_period(found) if not stage and reading["unit"] == found["unit"] else DASH,
                notes.estimate(snapshot, found) if not stage and reading["unit"] == found["unit"] else DASH,
                DASH if stage else value,
                verdict_in_words(reading),
                found["code"],
            )
        )
    return rows


def _way(reading: Mapping[str, Any]) -> str:
    """A reading's words, and the reply that keeps it or sets it aside."""
    words = f"{reading['label']}. {reading['words']}"
    if not reading.get("settled_by"):
        return words
    return f"{words} ({'theo' if reading['kept'] else 'không áp dụng theo'} {reading['settled_by']})"


def _printed(source: str) -> tuple[str, str]:
    """ "Mục I.2.a: “…”" as its words and its place."""
    place, _colon, words = source.partition(": ")
    return words, place


def _tasks(snapshot: Snapshot) -> tuple[Block, ...]:
    columns = (
        Column("STT", 0.75, "center"),
        Column("Nội dung, nhiệm vụ", 3),
        Column("Cơ quan chủ trì", 1.3),
        Column("Cơ quan phối hợp thực hiện", 1.5),
        Column("Thời gian thực hiện", 1),
        Column("Kết quả", 3.4),
        Column("Minh chứng", 1.6),
        Column("Kinh phí dự toán (triệu đồng)", 0.9, "right"),
        Column("Kinh phí thực hiện (triệu đồng)", 0.9, "right"),
        Column("Đánh giá", 1.4),
    )
    rows: list[Row] = []
    for task in snapshot["collected"]["tasks"]:
        if not task["task"]:
            rows.append(GroupRow(task["text"], task["number"]))
            continue
        printed = (task["number"], task["text"], task["lead"], task["coordinators"], task["timing"])
        result, proofs = _result(snapshot, task), _proofs(snapshot, task)
        rows.append((*printed, result, proofs, *_costs(snapshot, task), _assessed(snapshot, task)))
    if not rows:
        return (said("Kế hoạch được nạp chưa có Phụ lục."),)
    return (_cost_note(snapshot), Table(columns, (*rows, *_costs_in_all(snapshot))))


def _costs_in_all(snapshot: Snapshot) -> list[Row]:
    """The last row: what the tasks were planned to cost and did; no row where nobody said so of any."""
    told = [money_of(snapshot, task) for task in snapshot["collected"]["tasks"]]
    kinds = [kind for kind in TaskAmount.values if any(kind in money for money in told)]
    if not kinds:
        return []
    sums: list[Cell] = [
        (counted(f"kinh-phi.nhiem-vu.{kind}", trieu(sum(money.get(kind, 0) for money in told)), bold=True),)
        if kind in kinds
        else DASH
        for kind in TaskAmount.values
    ]
    return [("", (Text("Tổng cộng", bold=True),), *[""] * 5, *sums, "")]


def _costs(snapshot: Snapshot, task: Mapping[str, Any]) -> list[Cell]:
    """Planned and spent in triệu đồng, as fields; "–" where nobody said."""
    money = money_of(snapshot, task)
    return [
        (counted(f"kinh-phi.{task['code']}.{kind}", trieu(money[kind])),) if kind in money else DASH
        for kind in TaskAmount.values
    ]


def _cost_note(snapshot: Snapshot) -> Paragraph:
    """Whose amounts the annex adds up; part III has the units' alone."""
    tasks = snapshot["collected"]["tasks"]
    units = len({one["unit"] for task in tasks for one in task.get("money", ())})
    own = any(own_of(snapshot, task["code"]).amounts() for task in tasks)
    if not units and not own:
        return said("Đơn vị báo cáo kinh phí theo nguồn, không theo từng nhiệm vụ; tổng hợp ở phần III của Báo cáo.")
    whose: list[str | Inline] = [NAME] if own else []
    if units:
        whose += [*([" và "] if own else []), counted("kinh-phi.nhiem-vu.don-vi", units, "đơn vị")]
    return told(
        "Kinh phí theo nhiệm vụ là số ",
        *whose,
        " nêu riêng cho từng nhiệm vụ, không gồm khoản không gắn với nhiệm vụ nào; “–” là chưa có đơn vị nào nêu. "
        f"Tổng theo nguồn{' của các đơn vị' if own else ''} ở phần III của Báo cáo.",
    )


def _result(snapshot: Snapshot, task: Mapping[str, Any]) -> Cell:
    """What Sở says; figures that count the task, as fields; what was counted by hand; then each unit's words."""
    own = own_of(snapshot, task["code"]).words
    found: list[Inline] = [Text(_sentence(own))] if own else []
    for one in figures_of(snapshot, task):
        found += [Text(f"{' ' if found else ''}{one['title']}: "), field(one), Text(".")] if one["value"] else []
    for line in task["outputs"]:
        place = snapshot["collected"]["outputs"].index(line) + 1
        found += [Text(f"{' ' if found else ''}{line['what']}: "), by_hand(place, line), Text(".")]
    for words in _told(task["said"]):
        found += [Text(" "), words] if found else [words]
    return tuple(found) or DASH


def _told(words: Iterable[Mapping[str, Any]]) -> list[Text]:
    """What each unit says; what several say in the same words stands once, with who says it."""
    by: dict[str, list[str]] = {}
    for one in words:
        if one["words"].strip():
            by.setdefault(_sentence(one["words"]), []).append(one["unit"])
    return [
        Text(f"{_together(units, NAMED)}: {sentence}", in_full=f"{_together(units, len(units))}: {sentence}")
        for sentence, units in by.items()
    ]


def _together(units: Sequence[str], named: int) -> str:
    """ "Sở Y tế"; "05 đơn vị (A, B, C và 02 đơn vị khác)": paper names the first, a worksheet every one."""
    if len(units) == 1:
        return units[0]
    return f"{numbers.format_two_digits(len(units))} đơn vị ({first_few(units, named)})"


def _sentence(words: str) -> str:
    one = one_line(words)
    return one if one.endswith((".", "!", "?")) else f"{one}."


def _proofs(snapshot: Snapshot, task: Mapping[str, Any]) -> str:
    found = [own] if (own := own_of(snapshot, task["code"]).evidence) else []
    found += [f"Số liệu {one['code']}" for one in figures_of(snapshot, task) if one["value"]]
    found += [line["evidence"] or "chưa có minh chứng" for line in task["outputs"]]
    return "; ".join(dict.fromkeys(found)) or DASH


def _assessed(snapshot: Snapshot, task: Mapping[str, Any]) -> str:
    """How far Sở says the task is, then how many units are how far; nobody said anything: "chưa ghi nhận", which is
    not nothing done."""
    own = own_of(snapshot, task["code"]).status
    counts = tally(word["status"] for word in task["said"])
    units = "; ".join(f"{status.label}: {n} đơn vị" for status, n in counts)
    if own:
        return f"{TaskStatus(own).label}{f' ({units.lower()})' if units else ''}"
    return units or ("Có kết quả" if has_result(snapshot, task) else "Chưa ghi nhận")


def _units(snapshot: Snapshot) -> tuple[Block, ...]:
    columns = (
        Column("STT", 0.75, "center"),
        Column("Đơn vị", 3.4),
        Column("Số, ngày văn bản", 1.9),
        Column("Biên nhận", 1.6, "center"),
        Column("Ngày gửi", 1.3, "center"),
        Column("Tình trạng", 1.4, "center"),
        Column("Ghi chú", 2),
    )
    rows: list[Row] = [
        (
            str(place),
            unit["name"],
            _letter(unit),
            unit["receipt"] or DASH,
            _sent(unit),
            "Quá hạn" if unit["late"] else "Đúng hạn" if unit["sent_at"] else "Chưa gửi",
            _remarks(unit),
        )
        for place, unit in enumerate(snapshot["units"], start=1)
    ]
    return (Table(columns, tuple(rows)),) if rows else (said("Không có đơn vị nào phải báo cáo."),)


def _remarks(unit: Mapping[str, Any]) -> str:
    told = ["Chưa được tiếp nhận"] if waits(unit) else []
    told += ["Có ý kiến khác về số liệu"] if unit["disputed"] else []
    return "; ".join(told)


def _letter(unit: Mapping[str, Any]) -> str:
    """Number and date of the unit's signed letter; snapshots frozen before letters were recorded have none."""
    if not unit.get("number"):
        return DASH
    return f"{unit['number']} ngày {day(unit['dated'])}"


def _sent(unit: Mapping[str, Any]) -> str:
    sent = unit.get("arrived") or unit["sent_at"]
    return day(sent) if sent else DASH


def _next_year(snapshot: Snapshot) -> str:
    """What units propose is for the next year; an ad hoc report without proposals does not speak of it."""
    silent = occasion.is_ad_hoc(snapshot) and not snapshot["collected"]["proposals"]
    return "" if silent else " năm sau"


def _proposals(snapshot: Snapshot) -> tuple[Block, ...]:
    """Money in triệu đồng, a column a source of the plan's part III."""
    sources = list(MoneySource.values)
    columns = (
        Column("STT", 0.75, "center"),
        Column("Đơn vị", 2),
        Column("Nội dung đề xuất", 3.4),
        Column("Nhiệm vụ của Phụ lục", 1, "center"),
        *(Column(str(MoneySource(source).label), 1.1, "right") for source in sources),
        Column("Cộng (triệu đồng)", 1.1, "right"),
    )
    rows: list[Row] = []
    for place, line in enumerate(snapshot["collected"]["proposals"], start=1):
        money = line["money"]
        amounts = [_proposed(f"{place}.{s}", money[s]) if s in money else DASH for s in sources]
        total = _proposed(f"{place}.cong", sum(money.values())) if money else DASH
        rows.append((str(place), line["unit"], line["words"], line["label"] or DASH, *amounts, total))
    if not rows:
        return (said(f"Các đơn vị không có đề xuất{' cho' if _next_year(snapshot) else ''}{_next_year(snapshot)}."),)
    given = snapshot["collected"]["proposals"]
    by_source = [sum(line["money"].get(source, 0) for line in given) for source in sources]
    sums = [
        _proposed(name, n, bold=True) for name, n in zip([*sources, "cong"], [*by_source, sum(by_source)], strict=True)
    ]
    rows.append(("", (Text("Tổng cộng", bold=True),), "", "", *sums))
    return (Table(columns, tuple(rows)),)


def _proposed(what: str, amount: int, *, bold: bool = False) -> Cell:
    """Proposed money in triệu đồng, as a field."""
    return (counted(f"de-xuat.{what}", trieu(amount), bold=bold),)


def reference_line(snapshot: Snapshot, number: int | None, dated: date | None, office: Office) -> str:
    """ "(Kèm theo Báo cáo số … ngày … của …)", with blanks until the clerk records number and day."""
    said_number = numbers.format_two_digits(number) if number else numbers.NBSP * 8
    blank = numbers.NBSP * 6
    on = day(dated.isoformat()) if dated else f"{blank}tháng{blank}năm {occasion.year(snapshot)}"
    return f"(Kèm theo Báo cáo số {said_number}/{office.symbol} ngày {on} của {office.name})"
