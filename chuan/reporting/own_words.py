"""What Sở KH&CN itself says in the consolidated report: of the annex's rows that it leads, and of what the plan's body
alone states.

The rows that nobody leads are offered too, since blank cells stay blank; nobody is reminded of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from chuan.lib.text import one_line
from chuan.organisations.models import OrganisationUnit
from chuan.organisations.rules import DEPARTMENT
from chuan.programme.document import PlanDocument
from chuan.programme.models import Plan, Task
from chuan.programme.queries import leads, led_by_nobody
from chuan.programme.solutions import Alone, alone_elsewhere, alone_in, solutions_of
from chuan.reporting.collecting import WITH_WORDS, TaskStatus, TaskWord
from chuan.reporting.unit_reports import TaskLine, amounts_in_words, known_document

#: As papers and pages call it beside the units whose words they show.
NAME = "Sở Khoa học và Công nghệ"
LONGEST = 4_000
#: How long a line of evidence may be.
EVIDENCE = 300


@dataclass(frozen=True)
class OwnWord(TaskWord):
    """What Sở says of one row or bullet: as a unit does of a task, and by which evidence."""

    evidence: str = ""

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "OwnWord":
        """As a draft or a snapshot holds it."""
        return cls(**asdict(TaskWord.of(plain)), evidence=plain["evidence"])

    def plain(self) -> dict[str, Any]:
        """As JSON holds it; an amount that is not said is not there."""
        return {**super().plain(), "evidence": self.evidence}

    @property
    def status_in_words(self) -> str:
        """How far the task is; "" where nothing is said."""
        return str(TaskStatus(self.status).label) if self.status else ""

    @property
    def money_in_words(self) -> str:
        """ "Dự toán 120; thực hiện 80,5 triệu đồng"; "" where neither is said."""
        return amounts_in_words(self.amounts())

    @property
    def is_whole(self) -> bool:
        """It says how far the task is, and what was done or why not where that is to be said."""
        return bool(self.status) and (self.status not in WITH_WORDS or bool(self.words))


@dataclass(frozen=True)
class OwnLine(TaskLine):
    """A row or a bullet, and what Sở says of it now."""

    said: OwnWord


@dataclass(frozen=True)
class Section:
    """A part of the page on which Sở writes: rows or bullets with what is said of them now."""

    title: str
    lines: Sequence[OwnLine]
    note: str = ""
    #: Its lines are rows of the annex, which have pages of their own; Sở leads them.
    of_annex: bool = False
    is_led: bool = False


def led(plan: Plan, day: date) -> list[OwnLine]:
    """The rows that Sở leads on a day, as printed or by an assignment, in the order of the annex."""
    unit = OrganisationUnit.objects.filter(code=DEPARTMENT).values_list("pk", flat=True).first()
    document = known_document(plan)
    if document is None or unit is None:
        return []
    rows = Task.objects.filter(leads(unit, day), plan=plan).values_list("item__code", flat=True)
    return _lines(document, set(rows))


def places(plan: Plan) -> dict[str, str]:
    """Everything that something can be said of, by code and as people call it: the annex's tasks, and bullets of the
    body that have no row."""
    document = known_document(plan)
    if document is None:
        return {}
    rows = [item for item in document.items if hasattr(item, "task")]
    tasks = {item.code: _("nhiệm vụ %(label)s") % {"label": document.label(item)} for item in rows}
    return tasks | {one.code: _("mục %(code)s") % {"code": one.code} for one in alone_in(document)}


def unsaid(lines: Iterable[OwnLine], own: Mapping[str, OwnWord]) -> list[str]:
    """The labels of the rows of which nothing is said, or nothing beyond how far they are."""
    return [line.label for line in lines if not own.get(line.code, OwnWord()).is_whole]


def sections(
    plan: Plan,
    day: date,
    own: Mapping[str, OwnWord],
    before: Mapping[str, OwnWord] = MappingProxyType({}),
    shown: Iterable[str] = (),
) -> list[Section]:
    """What Sở may say something of: the rows, then the bullets of the body by their groups.

    `before`: what it said a year ago. `shown`: codes that a page offers already, which stay though somebody else was
    given the row meanwhile.
    """
    document = known_document(plan)
    if document is None:
        return []
    first = {line.code for line in led(plan, day)}
    nobodys = set(Task.objects.filter(led_by_nobody(day), plan=plan).values_list("item__code", flat=True))
    others = (nobodys | set(own) | set(shown)) - first
    found = [
        Section(_("Nhiệm vụ của Phụ lục do Sở chủ trì"), _lines(document, first), of_annex=True, is_led=True),
        Section(
            _("Nhiệm vụ khác của Phụ lục"),
            _lines(document, others),
            _("Phụ lục không nêu cơ quan chủ trì, hoặc nay đơn vị khác chủ trì. Có kết quả của Sở thì ghi."),
            of_annex=True,
        ),
    ]
    found += [Section(f"{one.number} {one.title}".strip(), _bullets(one.alone)) for one in solutions_of(document)]
    found.append(Section(_("Nội dung khác chỉ nêu ở phần thân Kế hoạch"), _bullets(alone_elsewhere(document))))
    return [replace(one, lines=[_said(line, own, before) for line in one.lines]) for one in found if one.lines]


def _said(line: OwnLine, own: Mapping[str, OwnWord], before: Mapping[str, OwnWord]) -> OwnLine:
    return replace(line, said=own.get(line.code, line.said), before=before.get(line.code))


def _lines(document: PlanDocument, codes: set[str]) -> list[OwnLine]:
    return [
        OwnLine(item.code, document.label(item), one_line(document.display(item)), OwnWord())
        for item in document.items
        if item.code in codes and hasattr(item, "task")
    ]


def _bullets(bullets: Iterable[Alone]) -> list[OwnLine]:
    return [OwnLine(one.code, _("Mục %(code)s") % {"code": one.code}, one.words, OwnWord()) for one in bullets]


def bullet_key(code: str) -> str:
    """The key on paper of what is said of a bullet."""
    return f"so.{code}"


def with_pieces(own: Mapping[str, OwnWord], texts: Mapping[str, str]) -> dict[str, OwnWord]:
    """The same with other words of the bullets, by their keys; what a file left out is left out."""
    said = {code: replace(word, words=texts.get(bullet_key(code), word.words)) for code, word in own.items()}
    return {code: word for code, word in said.items() if word.words or not own[code].words}
