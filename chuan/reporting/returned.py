"""A Word file that came back edited, held against the report: what it says otherwise, and which wordings to take.

A draft's foot names the version of the words and the instant of the figures, so the file is compared with what was
downloaded, not with what has become of it since. Numbers of the report are never taken over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chuan.audit.models import AuditEntry
from chuan.lib import clock
from chuan.rendering.errors import UnreadableDocument
from chuan.rendering.word_changes import AddedParagraph, Original, Returned
from chuan.rendering.word_read import open_word
from chuan.rendering.word_reading import read_original, take_back
from chuan.reporting import drafts, papers
from chuan.reporting.forms import WordsForm
from chuan.reporting.models import Report
from chuan.reporting.papers.marks import Mark, read_mark
from chuan.reporting.rules import Recipient, ReportState

SAVES = ("reporting.save_words", "reporting.take_words")


@dataclass(frozen=True)
class Comparison:
    """An edited file beside the report."""

    told: Returned
    #: The draft that the file says it was made from; None for a file that does not say so.
    mark: Mark | None = None
    #: Whether the wordings can be taken over: the report is a draft.
    open: bool = False
    #: The report's words with what the file says otherwise.
    words: Mapping[str, str] = field(default_factory=dict)
    #: Fields that changed both in the file and here since the download: left as they are here.
    crossed: tuple[str, ...] = ()
    #: Added paragraphs that stand where the report has no words of its own.
    left: tuple[AddedParagraph, ...] = ()
    #: Whether anything would be taken over.
    takes: bool = False


def compare(report: Report, docx: bytes) -> Comparison:
    """What the file says otherwise; UnreadableDocument with the reason where it is no edited copy of this report."""
    mark = read_mark(open_word(docx).foot)
    if mark is not None and mark.report != report.code:
        raise UnreadableDocument(
            f"Tệp này là dự thảo của báo cáo {mark.report}, không phải của báo cáo {report.code}. Hãy chọn lại tệp."
        )
    return _with_frozen(report, docx) if report.content is not None else _with_draft(report, docx, mark)


def _with_frozen(report: Report, docx: bytes) -> Comparison:
    """The paper of whichever recipient the file differs least from."""
    content = report.content
    if content is None:
        raise ValueError(f"{report.code} is not frozen")
    stage = "issued" if report.number else "for_signature"
    originals = [read_original(papers.docx(papers.of_content(content, report, stage, to))) for to in Recipient]
    return Comparison(min((take_back(one, docx) for one in originals), key=_size))


def _size(told: Returned) -> int:
    return len(told.changed) + len(told.added) + len(told.removed) + len(told.fixed) + len(told.figures)


def _with_draft(report: Report, docx: bytes, mark: Mark | None) -> Comparison:
    """The draft as it was downloaded, or as it is now where the file does not say when."""
    base = _words_then(report, mark) if mark else None
    if mark is None or base is None or mark.known > clock.now():
        mark, base = None, dict(report.draft)
    snapshot = {**drafts.snapshot(report, mark.known if mark else None), "words": base}
    original = read_original(papers.docx(papers.document(snapshot, draft=True)))
    told = take_back(original, docx)
    words, left = merged(base, told, original)
    crossed = tuple(name for name in words if words[name] != base.get(name, "") and _moved(report, base, name))
    kept = {name: str(report.draft.get(name, "")) for name in words}
    new = {name: kept[name] if name in crossed or words[name] == base.get(name, "") else words[name] for name in words}
    is_open = report.state == ReportState.DRAFT
    return Comparison(told, mark, is_open, new, crossed, left, takes=is_open and new != kept)


def _moved(report: Report, base: Mapping[str, str], name: str) -> bool:
    return str(report.draft.get(name, "")) != str(base.get(name, ""))


def _words_then(report: Report, mark: Mark) -> dict[str, str] | None:
    """The words in the version of the mark, from the entry of the audit that saved it; None where there is none."""
    if mark.words_version == report.draft_version:
        return dict(report.draft)
    if mark.words_version == 0:
        return {}
    saves = AuditEntry.objects.filter(
        action__in=SAVES, subject_table=Report._meta.db_table, subject_id=str(report.pk)
    ).order_by("seq")
    entry = saves[mark.words_version - 1 : mark.words_version].first()
    return dict(entry.changes["draft"][1]) if entry else None


def merged(
    base: Mapping[str, str], told: Returned, original: Original
) -> tuple[dict[str, str], tuple[AddedParagraph, ...]]:
    """The words as the file has them, and the added paragraphs that belong to none of them."""
    changed = {one.key: one.new for one in told.changed}
    removed = {one.key for one in told.removed}
    places = {line.key: line.place for line in original.lines if line.key}
    homes = {_field(key): place for key, place in places.items()}
    after: dict[str, list[str]] = {}
    left = []
    for one in told.added:
        home = next((name for name, place in homes.items() if place == one.place), "")
        if home:
            after.setdefault(one.after if _field(one.after) == home else f"{home}.0", []).append(one.text.strip())
        else:
            left.append(one)
    words = {}
    for name in WordsForm.base_fields:
        lines = list(after.get(f"{name}.0", []))
        said = str(base.get(name, ""))
        for place, line in enumerate((line.strip() for line in said.splitlines() if line.strip()), start=1):
            key = f"{name}.{place}"
            lines += [] if key in removed else [changed.get(key, line).strip()]
            lines += after.get(key, [])
        touched = any(_field(key) == name for key in (*changed, *removed, *after))
        words[name] = "\n".join(line for line in lines if line) if touched else said
    return words, tuple(left)


def _field(key: str) -> str:
    return key.partition(".")[0]
