"""Replies to requests for interpretation: a document that settles a reading from its day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.files.store import register
from chuan.ledger.models import changes
from chuan.ledger.work import append, correct, hold, void
from chuan.lib import text
from chuan.programme import policies
from chuan.programme.errors import AnswerExists
from chuan.programme.models import Contradiction, SettledReading
from chuan.programme.services.common import refuse_stale, require


@dataclass(frozen=True)
class KeptFile:
    """Bytes that `files.store.receive` has judged and kept."""

    digest: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True)
class ReplyEntry:
    """What a form says of a reply; without a file a correction keeps the one that is there."""

    label: str
    document: str
    issuer: str
    dated: date
    note: str = ""
    file: KeptFile | None = None

    def facts(self) -> dict[str, Any]:
        """Columns of `SettledReading`, text in NFC; the file is registered, so inside a service only."""
        found: dict[str, Any] = {
            "label": self.label,
            "document": text.nfc(self.document),
            "issuer": text.nfc(self.issuer),
            "dated": self.dated,
            "note": text.nfc_multiline(self.note),
        }
        if self.file is not None:
            kept = self.file
            found["file"] = register(kept.digest, name=kept.name, media_type=kept.media_type, size=kept.size)
        return found


@service(lock="shared")
def settle_reading(*, actor: Actor, contradiction: Contradiction, entry: ReplyEntry) -> SettledReading:
    """Record a reply: its reading holds from its day. KeyError where the reading does not exist."""
    require(policies.can_decide(actor))
    hold(Contradiction, contradiction.pk)
    contradiction.reading(entry.label)
    _refuse_same_day(contradiction, entry)
    made = append(SettledReading(contradiction=contradiction, **entry.facts()))
    record("programme.settle_reading", contradiction, label=_label(contradiction, made), changes=changes(None, made))
    return made


@service(lock="shared")
def correct_reply(*, actor: Actor, seen: SettledReading, entry: ReplyEntry, reason: str) -> SettledReading:
    """Say a recorded reply anew."""
    require(policies.can_decide(actor))
    contradiction = seen.contradiction
    hold(Contradiction, contradiction.pk)
    refuse_stale(seen)
    contradiction.reading(entry.label)
    _refuse_same_day(contradiction, entry, besides=seen.pk)
    new = correct(seen, reason, **entry.facts())
    said = changes(seen, new)
    record("programme.correct_reply", contradiction, label=_label(contradiction, new), changes=said, reason=reason)
    return new


@service(lock="shared")
def void_reply(*, actor: Actor, seen: SettledReading, reason: str) -> None:
    """Take a recorded reply back: the contradiction is open again, unless another reply settles it."""
    require(policies.can_decide(actor))
    void(seen, reason)
    label = _label(seen.contradiction, seen)
    said = {"voided": [False, True]}
    record("programme.void_reply", seen.contradiction, label=label, changes=said, reason=reason)


def _label(contradiction: Contradiction, said: SettledReading) -> str:
    return f"{contradiction.code} {said.label}: {said.document}"


def _refuse_same_day(contradiction: Contradiction, entry: ReplyEntry, besides: int = 0) -> None:
    same = SettledReading.objects.live().filter(contradiction=contradiction, dated=entry.dated).exclude(pk=besides)
    if found := same.first():
        raise AnswerExists(found.document)
