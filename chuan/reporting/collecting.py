"""Plain values of collecting: what a unit's report is made of, who reports until when, what asks to be looked at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from chuan.lib.dates import Window

TRIEU = 1_000_000
"""Đồng in a million."""

ASK_FACTOR = 1000
"""A line this many times another is asked about: money is typed in million đồng, so đồng typed by mistake shows."""

ASK_ABOVE = 1_000_000 * TRIEU
"""A line that has nothing to be compared with is asked about from here (đồng)."""


#: A calendar that says nothing: weekends alone are days off.
NO_DAYS: Mapping[date, str] = MappingProxyType({})


class TaskStatus(TextChoices):
    """How far a unit is with a task of the annex, in the year."""

    DONE = "done", _("Đã hoàn thành")
    UNDER_WAY = "under_way", _("Đang thực hiện")
    NOT_BEGUN = "not_begun", _("Chưa thực hiện")
    NIL = "nil", _("Không phát sinh")


#: Statuses that say what was done, or why not.
WITH_WORDS = frozenset({TaskStatus.DONE, TaskStatus.UNDER_WAY, TaskStatus.NOT_BEGUN})
#: Statuses that have something to show.
WITH_RESULT = frozenset({TaskStatus.DONE, TaskStatus.UNDER_WAY})


class DifficultyKind(TextChoices):
    """What a difficulty is about."""

    RULES = "rules", _("Thể chế, chính sách")
    MONEY = "money", _("Kinh phí")
    PEOPLE = "people", _("Nhân lực")
    AWARENESS = "awareness", _("Nhận thức của doanh nghiệp")
    TECHNICAL = "technical", _("Kỹ thuật, chuẩn đo lường")
    ORGANISATION = "organisation", _("Tổ chức bộ máy")
    OTHER = "other", _("Khác")


class Addressed(TextChoices):
    """Whom a proposal is put to."""

    DEPARTMENT = "department", _("Sở Khoa học và Công nghệ")
    COMMITTEE = "committee", _("Ủy ban nhân dân tỉnh")
    MINISTRY = "ministry", _("Bộ Khoa học và Công nghệ")
    OTHER = "other", _("Cơ quan khác")


class MoneySource(TextChoices):
    """Where money comes from, in the words and order of the plan (part III.1)."""

    BUDGET = "budget", _("Ngân sách nhà nước")
    ENTERPRISE = "enterprise", _("Đóng góp của doanh nghiệp")
    SPONSOR = "sponsor", _("Vốn tài trợ trong nước")
    ORGANISATION = "organisation", _("Vốn tổ chức, cá nhân")
    OTHER = "other", _("Nguồn huy động hợp pháp khác")


class TaskAmount(TextChoices):
    """What may be said of the money of one task."""

    PLANNED = "planned", _("Dự toán")
    SPENT = "spent", _("Thực hiện")


class PeriodKind(TextChoices):
    """A year's reporting, or one asked for besides."""

    ANNUAL = "annual", _("Báo cáo năm")
    AD_HOC = "ad_hoc", _("Báo cáo đột xuất")


class RuleTopic(TextChoices):
    """What a rule of the regime says: who reports to whom until when, each for itself; what a day off changes."""

    UNITS = "units", _("Hạn các đơn vị gửi Sở Khoa học và Công nghệ")
    COMMITTEE = "committee", _("Hạn Sở Khoa học và Công nghệ gửi Ủy ban nhân dân tỉnh")
    MINISTRY = "ministry", _("Hạn Sở Khoa học và Công nghệ gửi Bộ Khoa học và Công nghệ")
    DAY_OFF = "day_off", _("Hạn rơi vào ngày nghỉ")


class DayOff(TextChoices):
    """What becomes of a deadline that falls on a day off."""

    SAME = "same", _("Giữ nguyên ngày")
    NEXT = "next", _("Sang ngày làm việc tiếp theo")
    BEFORE = "before", _("Về ngày làm việc liền trước")


class DayKind(TextChoices):
    """What the calendar says of a day, where that is not what its weekday makes it."""

    OFF = "off", _("Nghỉ")
    WORKING = "working", _("Làm việc (làm bù)")


class LetterKind(TextChoices):
    """Letters of Sở KH&CN that belong to a period."""

    OPENING = "opening", _("Công văn đề nghị báo cáo")
    REMINDER = "reminder", _("Công văn nhắc")


class Outcome(TextChoices):
    """How a disputed figure was settled."""

    RECORD_ADDED = "record_added", _("Đã bổ sung, sửa bản ghi")
    KEPT = "kept", _("Giữ nguyên số liệu, có lý do")
    ACCEPTED = "accepted", _("Ghi nhận ý kiến, có chú thích")


class HeirDuty(TextChoices):
    """What a unit does for a dissolved unit's report."""

    ACCOUNTABLE = "accountable", _("Chịu trách nhiệm lập và gửi")
    CONTRIBUTING = "contributing", _("Cung cấp số liệu")


def tally(statuses: Iterable[str]) -> list[tuple[TaskStatus, int]]:
    """How many units are how far, in the order of the statuses."""
    given = list(statuses)
    return [(status, n) for status in TaskStatus if (n := given.count(status))]


@dataclass(frozen=True)
class TaskWord:
    """What a unit says of one task: how far it is (blank: nothing said), what was done or why not, and what was
    planned for it and spent on it in the year (đồng; None: not said, which is not 0)."""

    status: str = ""
    words: str = ""
    planned: int | None = None
    spent: int | None = None

    def __post_init__(self) -> None:
        if self.status and self.status not in TaskStatus.values:
            raise ValueError(f"no status of a task: {self.status!r}")
        if any(amount < 0 for amount in self.amounts().values()):
            raise ValueError(f"no amount of a task: {self.amounts()}")

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "TaskWord":
        """As a draft or a sent content holds it; those written before tasks had money say none."""
        return cls(plain["status"], plain["words"], *(plain.get(kind) for kind in TaskAmount.values))

    def plain(self) -> dict[str, Any]:
        """As JSON holds it; an amount that is not said is not there."""
        return {"status": self.status, "words": self.words, **self.amounts()}

    def amounts(self) -> dict[str, int]:
        """Đồng by `TaskAmount`, of what is said."""
        said = {TaskAmount.PLANNED: self.planned, TaskAmount.SPENT: self.spent}
        return {kind.value: amount for kind, amount in said.items() if amount is not None}


@dataclass(frozen=True)
class Difficulty:
    """A difficulty, to whom it is put, and what causes it where the unit says so."""

    kind: str
    words: str
    to: str
    cause: str = ""

    def __post_init__(self) -> None:
        if self.kind not in DifficultyKind.values or self.to not in Addressed.values or not self.words.strip():
            raise ValueError(f"no difficulty: {self}")


@dataclass(frozen=True)
class Proposal:
    """What a unit proposes for the next year: under which task ("" for none of the annex), with what money (đồng)."""

    task: str
    words: str
    money: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.words.strip():
            raise ValueError("a proposal says what is proposed")
        _require_money(self.money)


class Part(TextChoices):
    """Parts of a unit's report that say "none" by a mark of their own."""

    DIFFICULTIES = "difficulties", _("Không có khó khăn, vướng mắc")
    PROPOSALS = "proposals", _("Không có đề xuất cho năm sau")


@dataclass(frozen=True)
class Excess:
    """More was spent on the tasks together than the sources gave (đồng); `sources` is None where none is said."""

    tasks: int
    sources: int | None

    @property
    def told(self) -> str:
        """What a tick confirms: other sums are asked about again."""
        return f"{self.tasks}>{'' if self.sources is None else self.sources}"


@dataclass(frozen=True)
class Parts:
    """A unit's report besides its figures; a source of money that is missing is not said, which is not 0."""

    tasks: Mapping[str, TaskWord] = field(default_factory=dict)
    money: Mapping[str, int] = field(default_factory=dict)
    difficulties: Sequence[Difficulty] = ()
    proposals: Sequence[Proposal] = ()
    #: Parts of which the unit says that there is nothing.
    none: Sequence[str] = ()
    #: Amounts that the unit was asked about and confirmed: ["money.budget=5000000"].
    sure: Sequence[str] = ()

    def __post_init__(self) -> None:
        _require_money(self.money)
        if set(self.none) - set(Part.values):
            raise ValueError(f"no part: {self.none}")

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Parts":
        """As a draft or a sent content holds it; what is not there is not said."""
        return cls(
            tasks={code: TaskWord.of(said) for code, said in plain.get("tasks", {}).items()},
            money=dict(plain.get("money", {})),
            difficulties=[Difficulty(**line) for line in plain.get("difficulties", [])],
            proposals=[Proposal(p["task"], p["words"], p["money"]) for p in plain.get("proposals", [])],
            none=list(plain.get("none", [])),
            sure=list(plain.get("sure", [])),
        )

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "tasks": {code: said.plain() for code, said in self.tasks.items()},
            "money": dict(self.money),
            "difficulties": [asdict(line) for line in self.difficulties],
            "proposals": [{**asdict(line), "money": dict(line.money)} for line in self.proposals],
            "none": list(self.none),
            "sure": list(self.sure),
        }

    def amounts(self) -> dict[str, int]:
        """Every amount by its place: "money.budget", "task.PL.I.1.spent", "proposal.0.budget"."""
        found = {f"money.{source}": amount for source, amount in self.money.items()}
        for code, said in self.tasks.items():
            found |= {f"task.{code}.{kind}": amount for kind, amount in said.amounts().items()}
        for index, line in enumerate(self.proposals):
            found |= {f"proposal.{index}.{source}": amount for source, amount in line.money.items()}
        return found

    def questions(self, before: "Parts | None") -> list[str]:
        """Places of amounts that look mistyped beside last year's, and were not confirmed as they stand."""
        old = before.amounts() if before else {}
        return [
            place
            for place, amount in self.amounts().items()
            if asks(amount, _same(place, old), old.values()) and sure_of(place, amount) not in self.sure
        ]

    def spent_on_tasks(self) -> int | None:
        """What was spent on the tasks together (đồng): a part of the money by source; None where nothing is said."""
        said = [word.spent for word in self.tasks.values() if word.spent is not None]
        return sum(said) if said else None

    def excess(self) -> Excess | None:
        """Where the tasks together cost more than the sources gave, which a unit is asked about."""
        spent, given = self.spent_on_tasks(), sum(self.money.values()) if self.money else None
        return Excess(spent, given) if spent and spent > (given or 0) else None

    def unsure_excess(self) -> Excess | None:
        """The excess, where nobody confirmed it as it stands."""
        over = self.excess()
        return over if over and sure_of(TASKS_PLACE, over.told) not in self.sure else None


#: The place of what was spent on all tasks together.
TASKS_PLACE = "tasks"


def sure_of(place: str, amount: int | str) -> str:
    """How a confirmed amount is kept: another amount at the same place is asked about again."""
    return f"{place}={amount}"


def _same(place: str, old: Mapping[str, int]) -> int:
    """Last year's amount of a source or a task; lines of proposals have no identity that lasts, so they have none."""
    return 0 if place.startswith("proposal.") else old.get(place, 0)


def _require_money(money: Mapping[str, int]) -> None:
    if set(money) - set(MoneySource.values) or any(amount < 0 for amount in money.values()):
        raise ValueError(f"no money of a known source: {dict(money)}")


@dataclass(frozen=True)
class Due:
    """A deadline as the rule prints it and as it falls."""

    printed: date
    falls: date

    @property
    def moved(self) -> bool:
        """The printed day is a day off."""
        return self.printed != self.falls


def is_day_off(on: date, days: Mapping[date, str]) -> bool:
    """Saturdays, Sundays and what the calendar calls a day off, save a day that it says is worked."""
    kind = days.get(on, "")
    return kind == DayKind.OFF or (on.isoweekday() > 5 and kind != DayKind.WORKING)


def due(printed: date, day_off: str, days: Mapping[date, str] = NO_DAYS) -> Due:
    """The deadline of a rule; `days`: what the calendar says of days, which may be nothing."""
    step = {DayOff.NEXT: 1, DayOff.BEFORE: -1}.get(DayOff(day_off), 0)
    falls = printed
    while step and is_day_off(falls, days):
        falls += timedelta(days=step)
    return Due(printed, falls)


def asks(amount: int, same_line_before: int, others: Iterable[int]) -> bool:
    """Whether an amount (đồng) looks as if it had been typed in đồng where million đồng are asked for."""
    known = [other for other in others if other > 0]
    if same_line_before > 0:
        return amount >= ASK_FACTOR * same_line_before
    return amount >= (ASK_FACTOR * max(known) if known else ASK_ABOVE)


@dataclass(frozen=True)
class Misfit:
    """Days of a period that no contributor has, or that several have."""

    window: Window
    overlaps: bool


def misfits(period: Window, parts: Sequence[Window]) -> list[Misfit]:
    """Where the contributors' windows leave a gap in a period, overlap, or reach outside it; in order of day."""
    found: list[Misfit] = []
    following = period.start
    for part in sorted(parts, key=lambda one: (one.start, one.end)):
        if following < part.start and following <= period.end:
            gap = Window(following, min(part.start - timedelta(days=1), period.end))
            found.append(Misfit(gap, overlaps=False))
        if part.start < following:
            found.append(Misfit(Window(part.start, min(part.end, following - timedelta(days=1))), overlaps=True))
        following = max(following, part.end + timedelta(days=1))
    if following <= period.end:
        found.append(Misfit(Window(following, period.end), overlaps=False))
    if following > period.end + timedelta(days=1):
        found.append(Misfit(Window(period.end + timedelta(days=1), following - timedelta(days=1)), overlaps=True))
    return found
