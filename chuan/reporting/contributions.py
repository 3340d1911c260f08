"""Paragraphs that units contributed and what the officer made of them; words beside the generated sentences.

A paragraph of a unit's sealed report is taken into a section of the outline as it stands or edited; where it comes
from stays with it: the unit, the receipt, the hash of the content that was sent. What is not taken can be counted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuan.lib import canonical
from chuan.lib.text import one_line
from chuan.reporting.collecting import DifficultyKind
from chuan.reporting.models import Report, SubmissionContent
from chuan.reporting.obligations import Row
from chuan.reporting.own_words import OwnWord, bullet_key, with_pieces
from chuan.reporting.rules import ReportState

#: The sections of the outline, by the name of the officer's words in them.
SECTIONS: Mapping[str, Any] = {
    "direction": gettext_lazy("I. Công tác chỉ đạo, ban hành văn bản"),
    "results": gettext_lazy("II. Kết quả thực hiện"),
    "money": gettext_lazy("III. Kinh phí thực hiện"),
    "difficulties": gettext_lazy("IV. Khó khăn, vướng mắc, nguyên nhân"),
    "next": gettext_lazy("V. Phương hướng, nhiệm vụ"),
    "requests": gettext_lazy("VI. Kiến nghị, đề xuất"),
}
#: Figures whose sentence the paper tells together, by the indicator that the sentence is known by.
TOLD_TOGETHER: Mapping[str, tuple[str, ...]] = {"CT2": ("CT2", "CT2-L")}
LONGEST = 4_000


@dataclass(frozen=True)
class Origin:
    """Where a paragraph comes from: one place of the content that a unit sent."""

    #: "TN-2026-0001/narrative.1"
    ref: str
    unit: str
    unit_name: str
    receipt: str
    content_sha256: str
    #: The task of the annex that it speaks of, by code and as people call it; blank for other parts.
    task: str = ""
    label: str = ""


@dataclass(frozen=True)
class Given:
    """A paragraph that a unit contributed, and the section that it belongs in."""

    origin: Origin
    section: str
    text: str
    #: The obligation, by which its report is opened.
    obligation: str = ""
    #: Where the paper prints it anyway; blank for words that stand nowhere unless they are taken in.
    printed: str = ""


@dataclass(frozen=True)
class Taken:
    """A paragraph in the draft; `key` stays its own for as long as it is there."""

    key: str
    section: str
    text: str
    original: str
    origin: Origin

    @property
    def edited(self) -> bool:
        """It reads otherwise than the unit wrote it."""
        return self.text != self.original

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)


@dataclass(frozen=True)
class Sentence:
    """What the officer says of a generated sentence: seen and right, and words that follow it."""

    more: str = ""
    #: The numbers that were confirmed (`numbers_of`), and by whom; blank where nobody did.
    seen: str = ""
    by: str = ""


@dataclass(frozen=True)
class Inserts:
    """What stands in a draft besides its words."""

    paragraphs: Sequence[Taken] = ()
    sentences: Mapping[str, Sentence] = field(default_factory=dict)
    #: Row of the annex or bullet of the body → what Sở itself says of it.
    own: Mapping[str, OwnWord] = field(default_factory=dict)

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Inserts":
        """As a report or an entry of the audit holds it."""
        paragraphs = [Taken(**{**one, "origin": Origin(**one["origin"])}) for one in plain.get("paragraphs", [])]
        sentences = {code: Sentence(**said) for code, said in plain.get("sentences", {}).items()}
        return cls(paragraphs, sentences, {code: OwnWord.of(said) for code, said in plain.get("own", {}).items()})

    def plain(self) -> dict[str, Any]:
        """As JSON holds it; nothing at all where nothing was inserted."""
        found: dict[str, Any] = {}
        if self.paragraphs:
            found["paragraphs"] = [one.plain() for one in self.paragraphs]
        if self.sentences:
            found["sentences"] = {code: asdict(said) for code, said in self.sentences.items()}
        if self.own:
            found["own"] = {code: said.plain() for code, said in self.own.items()}
        return found

    def pieces(self) -> dict[str, str]:
        """The words in it by the keys that Word gives them back by."""
        found = {piece_of(one.key): one.text for one in self.paragraphs}
        found |= {after_sentence(code): said.more for code, said in self.sentences.items() if said.more}
        return found | {bullet_key(code): said.words for code, said in self.own.items() if said.words}

    def with_pieces(self, texts: Mapping[str, str]) -> "Inserts":
        """The same with other words; a paragraph without words is left out, a sentence keeps being confirmed."""
        paragraphs = [replace(one, text=texts.get(piece_of(one.key), one.text)) for one in self.paragraphs]
        sentences = {
            code: replace(said, more=texts.get(after_sentence(code), said.more))
            for code, said in self.sentences.items()
        }
        return Inserts([one for one in paragraphs if one.text.strip()], sentences, with_pieces(self.own, texts))


def own_in(reports: Iterable[Report]) -> Mapping[str, OwnWord]:
    """What Sở says itself in the report that is under way, else in the latest that was issued."""
    found = sorted(reports, key=lambda one: (one.state == ReportState.DISPATCHED, -one.pk))
    return Inserts.of(found[0].inserts).own if found else {}


def piece_of(key: str) -> str:
    """The key of a unit's paragraph on paper."""
    return f"doan.{key}"


def after_sentence(indicator: str) -> str:
    """The key of the words that follow a generated sentence."""
    return f"cau.{indicator}"


def numbers_of(figures: Iterable[Mapping[str, Any]], indicator: str) -> str:
    """The numbers that a sentence is made of, as a short text that changes with each of them."""
    codes = TOLD_TOGETHER.get(indicator, (indicator,))
    told = [
        [one["indicator"], one["value"], one["companions"], one["before"]]
        for one in figures
        if one["indicator"] in codes
    ]
    return canonical.sha256(told)[:16]


def unconfirmed(inserts: Inserts, figures: Sequence[Mapping[str, Any]], told: Iterable[str]) -> list[str]:
    """Indicators whose sentence nobody confirmed with the numbers that it has now."""
    return [code for code in told if inserts.sentences.get(code, Sentence()).seen != numbers_of(figures, code)]


def given(rows: Iterable[Row]) -> list[Given]:
    """Every paragraph of the reports that arrived; `rows` as `obligations.tracking` gives them."""
    return [one for row in rows if row.content for one in _of_report(row, row.content)]


def _of_report(row: Row, content: SubmissionContent) -> Iterator[Given]:
    for part, section, text, task, label in (*_general(content), *_tasks(content), *_lines(content)):
        if not text:
            continue
        ref, unit = f"{content.receipt}/{part}", row.obligation.unit.code
        origin = Origin(ref, unit, row.authority, content.receipt, content.sha256, task, label)
        yield Given(origin, section, text, row.obligation.code, str(_PRINTED.get(part.partition(".")[0], "")))


#: Parts that the paper prints whether or not they are taken into its text.
_PRINTED: Mapping[str, Any] = {
    "task": gettext_lazy("Phụ lục II"),
    "difficulty": gettext_lazy("mục IV"),
    "proposal": gettext_lazy("phụ lục đề xuất"),
}
#: (part, section, words, task, label)
_Piece = tuple[str, str, str, str, str]


def _general(content: SubmissionContent) -> Iterator[_Piece]:
    lines = [line.strip() for line in content.narrative.splitlines() if line.strip()]
    for place, line in enumerate(lines, start=1):
        yield f"narrative.{place}", "results", line, "", ""


def _tasks(content: SubmissionContent) -> Iterator[_Piece]:
    tasks = content.parts.get("tasks", {})
    for code, said in sorted(tasks.items(), key=lambda item: item[1].get("order", 0)):
        label = _("Nhiệm vụ %(label)s") % {"label": said.get("label", code)}
        yield f"task.{code}", "results", one_line(said["words"]), code, label


def _lines(content: SubmissionContent) -> Iterator[_Piece]:
    """Difficulties and proposals; which the paper prints anyway, unless somebody words them anew."""
    for place, said in enumerate(content.parts.get("difficulties", []), start=1):
        yield difficulty(place), "difficulties", _with_cause(said), "", str(DifficultyKind(said["kind"]).label)
    for place, said in enumerate(content.parts.get("proposals", []), start=1):
        yield f"proposal.{place}", "next", one_line(said["words"]), "", _("Đề xuất cho năm sau")


def _with_cause(said: Mapping[str, Any]) -> str:
    words, cause = one_line(said["words"]), one_line(said.get("cause", ""))
    return f"{words.rstrip('.;')}. Nguyên nhân: {cause}" if cause else words


def difficulty(place: int) -> str:
    """How a unit's difficulty is known in its content, the first by 1."""
    return f"difficulty.{place}"


def unused(offered: Sequence[Given], taken: Iterable[Taken]) -> list[Given]:
    """What units contributed, nobody took in, and the paper prints nowhere else."""
    return [one for one in not_taken(offered, taken) if not one.printed]


def not_taken(offered: Sequence[Given], taken: Iterable[Taken]) -> list[Given]:
    """What units contributed and is not in the text."""
    refs = {one.origin.ref for one in taken}
    return [one for one in offered if one.origin.ref not in refs]


def adrift(offered: Sequence[Given], taken: Iterable[Taken]) -> list[Taken]:
    """Paragraphs whose report no longer stands: it was returned, withdrawn or replaced after they were taken."""
    standing = {(one.origin.ref, one.origin.content_sha256) for one in offered}
    return [one for one in taken if (one.origin.ref, one.origin.content_sha256) not in standing]


def placed(inserts: Inserts, offered: Sequence[Given]) -> dict[str, Any]:
    """What a snapshot holds of it: paragraphs with their origin, what was left out, words beside the sentences, Sở's
    own by row and bullet."""
    left = unused(offered, inserts.paragraphs)
    return {
        "paragraphs": [{**one.plain(), "edited": one.edited} for one in inserts.paragraphs],
        "unused": {"count": len(left), "refs": [[one.origin.ref, one.origin.content_sha256] for one in left]},
        # Who confirmed a sentence stands in the audit; a snapshot names nobody.
        "sentences": {code: {"more": said.more, "seen": said.seen} for code, said in inserts.sentences.items()},
        "own": {code: said.plain() for code, said in inserts.own.items()},
    }
