"""A Word file that came back edited, held against the report: what it says otherwise, and which wordings to take.

A draft's foot names the version of the words and the instant of the figures, so the file is compared with what was
downloaded, not with what has become of it since. Numbers of the report are never taken over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chuan.audit.models import AuditEntry
from chuan.lib import clock
from chuan.rendering.blocks import OfficialDocument
from chuan.rendering.errors import UnreadableDocument
from chuan.rendering.word_changes import AddedParagraph, Original, Returned
from chuan.rendering.word_read import open_word
from chuan.rendering.word_reading import read_original, take_back
from chuan.reporting import contributions, drafts, papers
from chuan.reporting.contributions import Inserts
from chuan.reporting.forms import WordsForm
from chuan.reporting.models import Report, ReportContent
from chuan.reporting.papers import body
from chuan.reporting.papers.marks import Mark, read_mark, read_paper
from chuan.reporting.rules import PaperForm, Recipient, ReportState
from chuan.reporting.services.drafting import SAVES


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
    #: Units' paragraphs and words beside sentences that the file says otherwise, by their keys; "" for what it left
    #: out.
    pieces: Mapping[str, str] = field(default_factory=dict)
    #: Fields and keys that changed both in the file and here since the download: left as they are here.
    crossed: tuple[str, ...] = ()
    #: Added paragraphs that stand where the report has no words of its own.
    left: tuple[AddedParagraph, ...] = ()
    #: Whether anything would be taken over.
    takes: bool = False


@dataclass(frozen=True)
class Written:
    """What was written in a version of the draft."""

    words: Mapping[str, str]
    inserts: Inserts


def compare(report: Report, docx: bytes) -> Comparison:
    """What the file says otherwise; UnreadableDocument with the reason where it is no edited copy of this report."""
    foot = open_word(docx).foot
    recipients = _recipients(report, foot)
    if report.content is not None:
        return _with_frozen(report, report.content, docx, recipients)
    return _with_draft(report, docx, read_mark(foot), recipients)


def _recipients(report: Report, foot: str) -> tuple[Recipient, ...]:
    """Whom the file's report is addressed to, as its foot says; either of them where it no longer does."""
    said = read_paper(foot)
    if said is None:
        return tuple(Recipient)
    code, paper = said
    if code != report.code:
        raise UnreadableDocument(
            f"Tệp này là của báo cáo {code}, không phải của báo cáo {report.code}. Hãy chọn lại tệp."
        )
    if paper.form != PaperForm.REPORT:
        raise UnreadableDocument(
            f"Đây không phải bản báo cáo: tệp này là {paper.name} của báo cáo {code}. "
            "Hãy chọn bản Word của báo cáo đã sửa."
        )
    return (Recipient(paper.recipient),)


def _with_frozen(report: Report, content: ReportContent, docx: bytes, recipients: Iterable[Recipient]) -> Comparison:
    stage = "issued" if report.number else "for_signature"
    made = (papers.of_content(content, report, stage, to) for to in recipients)
    return Comparison(_nearest(made, docx)[1])


def _nearest(made: Iterable[OfficialDocument], docx: bytes) -> tuple[Original, Returned]:
    """The paper from which the file differs least, and what differs; UnreadableDocument where it is none of them."""
    found, refused = [], None
    for one in made:
        original = read_original(papers.docx(one))
        try:
            found.append((original, take_back(original, docx)))
        except UnreadableDocument as error:
            refused = error
    if refused is not None and not found:
        raise refused
    return min(found, key=lambda one: _size(one[1]))


def _size(told: Returned) -> int:
    return len(told.changed) + len(told.added) + len(told.removed) + len(told.fixed) + len(told.figures)


def _with_draft(report: Report, docx: bytes, mark: Mark | None, recipients: Iterable[Recipient]) -> Comparison:
    """The draft as it was downloaded, or as it is now where the file does not say when."""
    now = Written(report.draft, Inserts.of(report.inserts))
    base = _written_then(report, mark) if mark else None
    if mark is None or base is None or mark.known > clock.now():
        mark, base = None, now
    snapshot = drafts.snapshot(report, mark.known if mark else None)
    snapshot |= {"words": dict(base.words), **contributions.placed(base.inserts, ())}
    original, told = _nearest((papers.document(snapshot, recipient=to, draft=True) for to in recipients), docx)
    words, left = merged(base, told, original)
    changed = {name for name in words if words[name] != base.words.get(name, "")}
    crossed = tuple(name for name in words if name in changed and _moved(now.words, base.words, name))
    kept = {name: str(now.words.get(name, "")) for name in words}
    new = {name: words[name] if name in changed and name not in crossed else kept[name] for name in words}
    pieces, crossed_pieces = _pieces(base.inserts.pieces(), now.inserts.pieces(), told)
    is_open = report.state == ReportState.DRAFT
    takes = is_open and (new != kept or bool(pieces))
    return Comparison(told, mark, is_open, new, pieces, (*crossed, *crossed_pieces), left, takes)


def _pieces(base: Mapping[str, str], now: Mapping[str, str], told: Returned) -> tuple[dict[str, str], tuple[str, ...]]:
    """What the file says otherwise of single paragraphs, and those that changed here too, which stay as they are."""
    said = {one.key: one.new.strip() for one in told.changed} | {one.key: "" for one in told.removed}
    changed = {key: words for key, words in said.items() if key in base and words != base[key]}
    crossed = tuple(key for key in changed if _moved(now, base, key))
    return {key: words for key, words in changed.items() if key not in crossed}, crossed


def _moved(now: Mapping[str, str], base: Mapping[str, str], name: str) -> bool:
    return str(now.get(name, "")) != str(base.get(name, ""))


def _written_then(report: Report, mark: Mark) -> Written | None:
    """The draft in the version of the mark, from the entries of the audit that saved it; None where they lack."""
    if mark.words_version == report.draft_version:
        return Written(report.draft, Inserts.of(report.inserts))
    saves = AuditEntry.objects.filter(
        action__in=SAVES, subject_table=Report._meta.db_table, subject_id=str(report.pk)
    ).order_by("seq")
    told = list(saves.values_list("changes", flat=True)[: mark.words_version])
    if len(told) < mark.words_version:
        return None
    found = {name: value[1] for changes in told for name, value in changes.items()}
    return Written(dict(found.get("draft", {})), Inserts.of(found.get("inserts", {})))


def merged(base: Written, told: Returned, original: Original) -> tuple[dict[str, str], tuple[AddedParagraph, ...]]:
    """The words as the file has them, and the added paragraphs that belong to none of them."""
    changed = {one.key: one.new for one in told.changed}
    removed = {one.key for one in told.removed}
    homes = _homes(base, original)
    after: dict[str, list[str]] = {}
    left = []
    for one in told.added:
        home = next((name for name, place in homes.items() if _is_within(one.place, place, name)), "")
        if home:
            after.setdefault(_following(one.after, home, base), []).append(one.text.strip())
        else:
            left.append(one)
    words = {}
    for name in WordsForm.base_fields:
        first = f"{name}.0"  # what stands there while the section has no words
        lines = [changed[first].strip()] if first in changed else []
        lines += after.get(first, [])
        said = str(base.words.get(name, ""))
        for place, line in enumerate((line.strip() for line in said.splitlines() if line.strip()), start=1):
            key = f"{name}.{place}"
            lines += [] if key in removed else [changed.get(key, line).strip()]
            lines += after.get(key, [])
        lines += after.get(f"{name}.", [])
        touched = any(_field(key) == name for key in (*changed, *removed, *after))
        words[name] = "\n".join(line for line in lines if line) if touched else said
    return words, tuple(left)


def _homes(base: Written, original: Original) -> dict[str, str]:
    """Field → where its words stand: a part of the report, or below the heading that has words or units' paragraphs."""
    homes = {body.FIELDS[line.text]: line.place for line in original.lines if line.text in body.FIELDS}
    places = {line.key: line.place for line in original.lines if line.key}
    fields = {contributions.piece_of(one.key): one.section for one in base.inserts.paragraphs}
    for key, place in places.items():
        field_ = fields.get(key, _field(key))
        if field_ in WordsForm.base_fields:
            homes.setdefault(field_, place)
    return homes


def _is_within(place: str, home: str, name: str) -> bool:
    """Words on the results stand above the groups of solutions, which have none of their own."""
    return place == home or (name != "results" and place.startswith(f"{home}."))


def _following(key: str, home: str, base: Written) -> str:
    """Where an added paragraph goes: after the wording of its field, before the first, or after units' paragraphs."""
    if _field(key) == home:
        return key
    return f"{home}." if key in base.inserts.pieces() else f"{home}.0"


def _field(key: str) -> str:
    return key.partition(".")[0]
