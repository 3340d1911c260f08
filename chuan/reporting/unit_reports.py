"""What a unit's report is made of besides its figures: its tasks, last year's words, what lacks, what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuan.lib import clock, numbers
from chuan.lib.dates import day_of
from chuan.lib.text import one_line
from chuan.programme.document import PlanDocument
from chuan.programme.models import Plan, PlanText
from chuan.programme.queries import document_of, tasks_of_unit
from chuan.reporting.collecting import (
    WITH_WORDS,
    Addressed,
    Difficulty,
    DifficultyKind,
    Excess,
    MoneySource,
    Part,
    Parts,
    PeriodKind,
    Proposal,
    TaskAmount,
    TaskStatus,
    TaskWord,
)
from chuan.reporting.indicators.texts import TITLES
from chuan.reporting.models import Obligation, Submission, SubmissionContent
from chuan.reporting.rules import TURNED_IN, placeholders_in

#: Parts of a unit's report that may be returned as a whole.
PARTS: Mapping[str, Any] = {
    "narrative": gettext_lazy("Kết quả chung trong năm"),
    "money": gettext_lazy("Kinh phí thực hiện trong năm"),
    "difficulties": gettext_lazy("Khó khăn, vướng mắc"),
    "proposals": gettext_lazy("Đề xuất cho năm sau"),
}
#: How a returned task is named: "task:I.1".
TASK = "task:"


def part_title(code: str) -> str:
    """The name of a line that was returned: a figure, a task, a part."""
    if code.startswith(TASK):
        return _("Nhiệm vụ %(label)s") % {"label": code.removeprefix(TASK)}
    return str(PARTS.get(code) or TITLES.get(code, code))


@dataclass(frozen=True)
class TaskLine:
    """A task of the annex that the unit has: as people call it, its printed words, what is said of it now."""

    code: str
    label: str
    title: str
    said: TaskWord
    #: What the unit said last year.
    before: TaskWord | None = None

    @property
    def money_before(self) -> str:
        """What it was planned to cost and did last year, in words; "" where the unit said neither."""
        return amounts_in_words(self.before.amounts()) if self.before else ""


@dataclass(frozen=True)
class Filled:
    """What the unit's page is filled with beside its figures."""

    tasks: Sequence[TaskLine]
    parts: Parts
    last_year: Parts | None


@dataclass(frozen=True)
class Attempts:
    """What was written for an obligation, the latest attempt first, and what the unit's last annual report said."""

    own: Sequence[Submission]
    last_year: Parts | None
    #: Figures of last year's report as they were sent.
    last_figures: Mapping[str, int] = field(default_factory=dict)

    @property
    def current(self) -> Submission | None:
        """The latest attempt."""
        return self.own[0] if self.own else None

    @property
    def before(self) -> SubmissionContent | None:
        """What was sent the last time before the latest attempt."""
        return next((old.content for old in self.own[1:] if old.content), None)


def attempts_of(obligation: Obligation) -> Attempts:
    """Both in one query; last year's report counts where it was not sent back."""
    period = obligation.period
    last_year = Q(
        obligation__unit_id=obligation.unit_id,
        obligation__period__plan_id=period.plan_id,
        obligation__period__year=period.year - 1,
        obligation__period__kind=PeriodKind.ANNUAL,
        state__in=TURNED_IN,
    )
    rows = Submission.objects.filter(Q(obligation=obligation) | last_year).select_related("content", "letter__file")
    found = list(rows.order_by("-attempt"))
    own = [one for one in found if one.obligation_id == obligation.pk]
    for one in own:
        one.obligation = obligation
    old = next((one.content for one in found if one.obligation_id != obligation.pk and one.content), None)
    if old is None:
        return Attempts(own, None)
    return Attempts(own, Parts.of(old.parts), {code: said["value"] for code, said in old.figures.items()})


def filled(
    obligation: Obligation, draft: Mapping[str, Any], last_year: Parts | None, *, known: datetime | None = None
) -> Filled:
    """The unit's tasks on the day of `known` (now), and what the draft and last year's report say of them.

    What the draft says of a task that is the unit's no more counts for nothing.
    """
    parts = Parts.of(draft)
    tasks = _tasks(obligation, parts, last_year, known or clock.now())
    own = {line.code: line.said for line in tasks if line.code in parts.tasks}
    return Filled(tasks, replace(parts, tasks=own), last_year)


def _tasks(obligation: Obligation, parts: Parts, last: Parts | None, known: datetime) -> list[TaskLine]:
    """In the order of the annex; none where the plan was loaded without its text."""
    plan, day = obligation.period.plan, min(day_of(known), obligation.period.last)
    held = list(tasks_of_unit(obligation.unit_id, day).filter(plan=plan).order_by("item__order"))
    document = known_document(plan) if held else None
    if document is None:
        return []
    return [
        TaskLine(
            code=task.item.code,
            label=document.label(document.by_code[task.item.code]),
            title=one_line(document.display(task.item)),
            said=parts.tasks.get(task.item.code, TaskWord()),
            before=last.tasks.get(task.item.code) if last else None,
        )
        for task in held
    ]


#: Texts of plans by key and hash: sealed, so what was read once is true for ever.
_documents: dict[tuple[int, str], PlanDocument] = {}


def known_document(plan: Plan) -> PlanDocument | None:
    """The plan's text and items, read once in the life of a process."""
    key = (plan.pk, plan.sha256)
    if key not in _documents:
        if not PlanText.objects.filter(plan=plan).exists():
            return None
        _documents[key] = document_of(plan)
    return _documents[key]


def lacking(found: Filled, *, nil: bool, may_be_silent: bool = False) -> list[str]:
    """What keeps the report from its leader: a task without a status or words, places left to be filled, a nil that is
    not one, odd money, tasks that cost more than the sources gave.

    `may_be_silent`: what is typed from a letter says no more than the letter does, and what it leaves open.
    """
    reasons = [] if may_be_silent else [reason for line in found.tasks if (reason := _lacks(line, nil=nil))]
    reasons += [] if may_be_silent else _unfilled(found)
    for place in found.parts.questions(found.last_year):
        amount = numbers.format_trieu(found.parts.amounts()[place], unit=False)
        reasons.append(
            _("số tiền %(amount)s triệu đồng lớn bất thường, hãy xem lại hoặc xác nhận") % {"amount": amount}
        )
    if over := found.parts.unsure_excess():
        reasons.append(_("%(sums)s; sửa lại, hoặc đánh dấu “Đúng như vậy” ở mục 3") % {"sums": sums_of(over)})
    for part, lines in ((Part.DIFFICULTIES, found.parts.difficulties), (Part.PROPOSALS, found.parts.proposals)):
        if part in found.parts.none and lines:
            reasons.append(_("đã đánh dấu “%(none)s” nhưng vẫn ghi dòng ở phần này") % {"none": part.label})
    return reasons


def _unfilled(found: Filled) -> list[str]:
    """Places left to be filled in words that Sở's paper prints as they stand."""
    told = [(_("nhiệm vụ %(label)s") % {"label": line.label}, line.said.words) for line in found.tasks]
    told += [(_("khó khăn, vướng mắc"), line.words) for line in found.parts.difficulties]
    told += [(_("đề xuất cho năm sau"), line.words) for line in found.parts.proposals]
    return [
        _("%(part)s còn chỗ chưa điền “%(blank)s”, hãy điền hoặc xóa") % {"part": part, "blank": blank}
        for part, words in told
        for blank in placeholders_in(words)
    ]


def sums_of(over: Excess) -> str:
    """Both sums of an excess, in words; it begins a sentence or stands in a list."""
    values = {"tasks": _trieu(over.tasks), "sources": _trieu(over.sources or 0)}
    if over.sources is None:
        return (
            _("kinh phí thực hiện theo nhiệm vụ cộng lại là %(tasks)s triệu đồng nhưng chưa nêu kinh phí theo nguồn")
            % values
        )
    return (
        _(
            "kinh phí thực hiện theo nhiệm vụ cộng lại là %(tasks)s triệu đồng, lớn hơn tổng theo nguồn là "
            "%(sources)s triệu đồng"
        )
        % values
    )


def _lacks(line: TaskLine, *, nil: bool) -> str:
    values = {"label": line.label}
    status = line.said.status
    if nil and status and status != TaskStatus.NIL:
        values["status"] = str(TaskStatus(status).label)
        return _("báo cáo ghi “Không phát sinh” nhưng nhiệm vụ %(label)s ghi “%(status)s”") % values
    if not status:
        return "" if nil else _("chưa chọn tình trạng của nhiệm vụ %(label)s") % values
    if status in WITH_WORDS and not line.said.words.strip():
        return _("nhiệm vụ %(label)s cần ghi đã làm gì, hoặc vì sao chưa làm") % values
    return ""


def sealed(found: Filled) -> dict[str, Any]:
    """The parts as they are frozen when sent: each task with its printed words, so that the paper needs no plan."""
    tasks = {
        line.code: {"order": order, "label": line.label, "title": line.title, **line.said.plain()}
        for order, line in enumerate(found.tasks)
    }
    labels = {line.code: line.label for line in found.tasks}
    proposals = [{**p, "label": labels.get(p["task"], "")} for p in found.parts.plain()["proposals"]]
    return {**found.parts.plain(), "tasks": tasks, "proposals": proposals}


@dataclass(frozen=True)
class Entry:
    """One line of the printed report; `before` is what the attempt before said there, where it said otherwise."""

    key: str
    title: str
    text: str
    changed: bool = False
    before: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the printed report; `note` says what is not said, or that there is nothing."""

    key: str
    title: str
    entries: Sequence[Entry]
    note: str = ""


def sections(sealed_parts: Mapping[str, Any]) -> list[Section]:
    """The printed report besides figures and narrative, of a frozen content or of a draft shaped like one."""
    parts = Parts.of(sealed_parts)
    tasks = sorted(sealed_parts.get("tasks", {}).items(), key=lambda one: one[1].get("order", 0))
    return [
        Section("tasks", _("Nhiệm vụ của Phụ lục"), [_task_entry(code, said) for code, said in tasks]),
        Section(
            "money",
            _("Kinh phí thực hiện trong năm (triệu đồng)"),
            [Entry(f"money.{s}", str(MoneySource(s).label), _trieu(n)) for s, n in _in_order(parts.money)],
            _money_note(parts),
        ),
        Section(
            "difficulties",
            _("Khó khăn, vướng mắc"),
            [Entry(f"d.{line.words}", line.words, _cause_and_way(line)) for line in parts.difficulties],
            _note(parts, Part.DIFFICULTIES, parts.difficulties),
        ),
        Section(
            "proposals",
            _("Đề xuất cho năm sau"),
            [
                _proposal(raw, line)
                for raw, line in zip(sealed_parts.get("proposals", []), parts.proposals, strict=True)
            ],
            _note(parts, Part.PROPOSALS, parts.proposals),
        ),
    ]


def _cause_and_way(line: Difficulty) -> str:
    way = f"{DifficultyKind(line.kind).label} → {Addressed(line.to).label}"
    return "\n".join([*([_("Nguyên nhân: %(cause)s") % {"cause": line.cause}] if line.cause else []), way])


def _task_entry(code: str, said: Mapping[str, Any]) -> Entry:
    status = str(TaskStatus(said["status"]).label) if said["status"] else _("Chưa nêu.")
    text = f"{status}. {said['words']}" if said["words"] else status
    money = amounts_in_words(TaskWord.of(said).amounts())
    return Entry(f"task.{code}", f"{said['label']}. {said['title']}", f"{text}\n{money}" if money else text)


def amounts_in_words(amounts: Mapping[str, int]) -> str:
    """ "Dự toán 120; thực hiện 80,5 triệu đồng"; "" where neither is said."""
    told = "; ".join(
        f"{TaskAmount(kind).label} {_trieu(amounts[kind])}" for kind in TaskAmount.values if kind in amounts
    )
    return _("%(amounts)s triệu đồng") % {"amounts": told[:1] + told[1:].lower()} if told else ""


def _money_note(parts: Parts) -> str:
    """That no source is said; what of the whole was spent on the tasks."""
    spent = parts.spent_on_tasks()
    on_tasks = _("Tổng theo nhiệm vụ: %(sum)s.") % {"sum": _trieu(spent)} if spent is not None else ""
    return " ".join(filter(None, ("" if parts.money else _("Chưa nêu."), on_tasks)))


def _proposal(raw: Mapping[str, Any], line: Proposal) -> Entry:
    money = "; ".join(f"{MoneySource(s).label}: {_trieu(n)}" for s, n in _in_order(line.money))
    under = _("Nhiệm vụ %(label)s") % {"label": raw["label"]} if raw.get("label") else _("Ngoài Phụ lục")
    return Entry(f"p.{line.words}", line.words, f"{under}. {money}" if money else under)


def _in_order(money: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(source, money[source]) for source in MoneySource.values if source in money]


def _trieu(amount: int) -> str:
    return numbers.format_trieu(amount, unit=False)


def _note(parts: Parts, part: Part, lines: Sequence[Any]) -> str:
    if part in parts.none:
        return f"{part.label}."
    return "" if lines else _("Chưa nêu.")


@dataclass(frozen=True)
class Printed:
    """The printed report beside what was sent the last time."""

    sections: Sequence[Section]
    #: Lines of the attempt before that are no longer there.
    gone: Sequence[Entry] = ()
    #: The general words of the attempt before, where they were others.
    narrative_before: str = ""


def printed(attempts: Attempts, sealed_parts: Mapping[str, Any]) -> Printed:
    """The latest attempt as it reads, with every line marked that the attempt before did not have, or had otherwise."""
    now, current, before = sections(sealed_parts), attempts.current, attempts.before
    if current is None or before is None:
        return Printed(now)
    old = [entry for section in sections(before.parts) for entry in section.entries]
    texts, kept = {e.key: e.text for e in old}, {e.key for section in now for e in section.entries}
    narrative = current.content.narrative if current.content else current.draft.get("narrative", "")
    return Printed(
        [replace(section, entries=[_marked(entry, texts) for entry in section.entries]) for section in now],
        [entry for entry in old if entry.key not in kept],
        before.narrative if before.narrative != narrative else "",
    )


def _marked(entry: Entry, old: Mapping[str, str]) -> Entry:
    before = old.get(entry.key)
    return entry if before == entry.text else replace(entry, changed=True, before=before or "")
