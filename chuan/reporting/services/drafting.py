"""What is written in a report's draft: its words, units' paragraphs taken in, words beside the generated sentences,
what Sở itself says of the plan's tasks.

All of it shares one version: who saves from a page that is older than the draft is told (StaleDraft).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.lib import clock, text
from chuan.reporting import contributions, drafts, obligations, own_words, policies
from chuan.reporting.contributions import SECTIONS, TOLD_TOGETHER, Given, Inserts, Sentence, Taken
from chuan.reporting.errors import Blocked, ChangedMeanwhile, MovedMeanwhile, NotAllowed, StaleDraft
from chuan.reporting.indicators import REPORTED
from chuan.reporting.models import Report
from chuan.reporting.own_words import OwnWord
from chuan.reporting.rules import ReportState

#: Actions whose entries hold the draft in each of its versions, one a version.
SAVES = (
    "reporting.save_words",
    "reporting.take_words",
    "reporting.arrange_paragraphs",
    "reporting.say_sentence",
    "reporting.say_own_words",
)


@dataclass(frozen=True)
class Choice:
    """A unit's paragraph as the officer wants it: which one, in which section, in what words."""

    ref: str
    section: str
    text: str


@service()
def arrange_paragraphs(*, actor: Actor, report: Report, version: int, chosen: Sequence[Choice]) -> Inserts:
    """Take units' paragraphs into the draft in this order, with these words; what is not among them is left out."""
    if not policies.may_write_report(actor):
        raise NotAllowed
    held = Inserts.of(Report.objects.get(pk=report.pk).inserts)
    made = replace(held, paragraphs=_chosen(chosen, held.paragraphs, _offered(report)))
    changes = save_draft(actor, report, version, inserts=made)
    record("reporting.arrange_paragraphs", report, changes=changes)
    return made


def _offered(report: Report) -> list[Given]:
    """What units contributed by now; kept words are Vietnamese whatever the reader's language."""
    with translation.override("vi"):
        return contributions.given(obligations.tracking(report.period, today=clock.today()))


def _chosen(chosen: Sequence[Choice], held: Sequence[Taken], offered: Sequence[Given]) -> list[Taken]:
    """Each choice with its origin; Blocked for one that no report holds, that stands twice or says nothing."""
    before = {one.origin.ref: one for one in held}
    given = {one.origin.ref: one for one in offered}
    last = max((int(one.key.removeprefix("p")) for one in held), default=0)
    made: list[Taken] = []
    for choice in chosen:
        words = text.nfc(choice.text)
        _require_possible(choice, words, [one.origin.ref for one in made])
        if choice.ref in before:
            made.append(replace(before[choice.ref], section=choice.section, text=words))
        elif choice.ref in given:
            last += 1
            one = given[choice.ref]
            made.append(Taken(f"p{last}", choice.section, words, one.text, one.origin))
        else:
            raise Blocked(
                [_("đoạn này không còn trong báo cáo của đơn vị; hãy tải lại trang")], _("Chưa lưu được đoạn văn")
            )
    return made


def _require_possible(choice: Choice, words: str, before: Sequence[str]) -> None:
    if choice.section not in SECTIONS or choice.ref in before:
        raise Blocked(
            [_("đoạn được chọn hai lần hoặc vào mục không có; hãy tải lại trang")], _("Chưa lưu được đoạn văn")
        )
    if not words:
        raise Blocked([_("đoạn để trống; muốn bỏ đoạn thì bấm “Bỏ ra”")], _("Chưa lưu được đoạn văn"))
    if len(words) > contributions.LONGEST:
        raise Blocked([_("đoạn dài quá %(n)s chữ") % {"n": contributions.LONGEST}], _("Chưa lưu được đoạn văn"))


@service()
def say_sentence(
    *, actor: Actor, report: Report, version: int, indicator: str, seen: str, more: str, confirm: bool = True
) -> None:
    """Confirm a generated sentence with the numbers that were seen, and add words; no number can be typed into it."""
    if not policies.may_write_report(actor):
        raise NotAllowed
    shared = {code for codes in TOLD_TOGETHER.values() for code in codes[1:]}
    if indicator not in REPORTED or indicator in shared:
        raise Blocked([_("báo cáo không có câu của chỉ tiêu này")], _("Chưa lưu được đoạn văn"))
    if confirm and seen != contributions.numbers_of(drafts.live_figures(report.period), indicator):
        raise ChangedMeanwhile
    held = Inserts.of(Report.objects.get(pk=report.pk).inserts)
    words = text.nfc(more)
    if len(words) > contributions.LONGEST:
        raise Blocked([_("đoạn dài quá %(n)s chữ") % {"n": contributions.LONGEST}], _("Chưa lưu được đoạn văn"))
    said = Sentence(words, seen, actor.name) if confirm else Sentence(words)
    made = replace(held, sentences={**held.sentences, indicator: said})
    changes = save_draft(actor, report, version, inserts=made)
    record("reporting.say_sentence", report, label=f"{report.code} {indicator}", changes=changes)


@service()
def say_own_words(*, actor: Actor, report: Report, version: int, own: Mapping[str, OwnWord]) -> None:
    """Keep what Sở itself says of rows of the annex and of bullets that have none; what is not among them is not said.

    Blocked for a place that the plan does not have, and for words without how far the work is.
    """
    if not policies.may_write_report(actor):
        raise NotAllowed
    known = own_words.places(report.period.plan)
    said = {
        code: replace(word, words=text.nfc(word.words), evidence=text.nfc(word.evidence)) for code, word in own.items()
    }
    for code, word in said.items():
        _require_sayable(code, word, known)
    made = replace(Inserts.of(Report.objects.get(pk=report.pk).inserts), own=said)
    record("reporting.say_own_words", report, changes=save_draft(actor, report, version, inserts=made))


def _require_sayable(code: str, word: OwnWord, known: Mapping[str, str]) -> None:
    values = {"code": code, "place": known.get(code, ""), "n": own_words.LONGEST}
    if code not in known:
        raise Blocked([_("Kế hoạch không có mục %(code)s; hãy tải lại trang") % values], _("Chưa lưu được lời của Sở"))
    if not word.status:
        raise Blocked([_("chưa chọn tình trạng của %(place)s") % values], _("Chưa lưu được lời của Sở"))
    if len(word.words) > own_words.LONGEST or len(word.evidence) > own_words.EVIDENCE:
        raise Blocked([_("lời của %(place)s dài quá %(n)s chữ") % values], _("Chưa lưu được lời của Sở"))


@service()
def take_words(
    *,
    actor: Actor,
    report: Report,
    version: int,
    words: dict[str, str],
    file_sha256: str,
    pieces: Mapping[str, str] | None = None,
) -> None:
    """Save the words that an edited Word file brought back; the entry names the file by its hash.

    `pieces`: units' paragraphs and words beside sentences, by the keys that they have on paper; what the draft does
    not hold is left aside.
    """
    held = Inserts.of(Report.objects.get(pk=report.pk).inserts)
    made = held.with_pieces({key: text.nfc(said) for key, said in (pieces or {}).items()})
    changes = save_draft(actor, report, version, words=words, inserts=made)
    record("reporting.take_words", report, changes={**changes, "file": [None, file_sha256]})


def save_draft(
    actor: Actor,
    report: Report,
    version: int,
    *,
    words: Mapping[str, str] | None = None,
    inserts: Inserts | None = None,
) -> dict[str, Any]:
    """Write what is given where the draft still has the version; old and new, as the entry tells them."""
    if not policies.may_write_report(actor):
        raise NotAllowed
    new: dict[str, Any] = {}
    if words is not None:
        new["draft"] = {name: text.nfc_multiline(value) for name, value in words.items()}
    if inserts is not None:
        new["inserts"] = inserts.plain()
    held = Report.objects.filter(pk=report.pk, state=ReportState.DRAFT, draft_version=version)
    before: dict[str, Any] | None = dict(held.values("draft", "inserts").first() or {}) or None
    if before is None or not held.update(**new, draft_version=version + 1):
        _moved_or_stale(report)
    report.draft_version = version + 1
    told = {}
    for name, value in new.items():
        setattr(report, name, value)
        told[name] = [before[name] if before else None, value]
    return told


def _moved_or_stale(report: Report) -> None:
    now = Report.objects.get(pk=report.pk)
    if now.state != ReportState.DRAFT:
        raise MovedMeanwhile(ReportState(now.state).label)
    raise StaleDraft
