"""What the foot of a paper says of where it comes from, written and read again from an edited file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chuan.lib.clock import VN
from chuan.reporting.rules import PaperForm, Recipient

_MOMENT = "%H:%M:%S %d/%m/%Y"


@dataclass(frozen=True)
class PaperKind:
    """Which paper of a report it is: the report to a recipient, or the tờ trình that brings it to its issuer."""

    form: str = PaperForm.REPORT
    recipient: str = Recipient.COMMITTEE

    @property
    def name(self) -> str:
        """As the foot of the paper says it."""
        return _NAMES[self]


SUBMITTAL: Final = PaperKind(PaperForm.SUBMITTAL, Recipient.MINISTRY)
_NAMES: Final = {
    PaperKind(recipient=Recipient.COMMITTEE): "bản gửi UBND tỉnh",
    PaperKind(recipient=Recipient.MINISTRY): "bản gửi Bộ",
    SUBMITTAL: "tờ trình",
}
_PAPER = re.compile(rf"(\S+) · ({'|'.join(_NAMES.values())}) · bản (?:nháp|chốt) \d")
_DRAFT = re.compile(r" · bản nháp (\d{1,9}) · số liệu lúc (\d\d:\d\d:\d\d \d\d/\d\d/\d{4})")


@dataclass(frozen=True)
class Mark:
    """The draft that a Word file was made from: which version of the words, figures as known when."""

    words_version: int
    known: datetime


def draft_mark(snapshot: Mapping[str, Any], paper: PaperKind) -> str:
    """What a draft's foot says."""
    moment = datetime.fromisoformat(snapshot["frozen_at"]).astimezone(VN)
    words = f"bản nháp {snapshot['words_version']} · số liệu lúc {moment:{_MOMENT}}, chưa chốt"
    return f"Dự thảo {snapshot['report']} · {paper.name} · {words}"


def frozen_mark(snapshot: Mapping[str, Any], paper: PaperKind, content_sha256: str) -> str:
    """What the foot of a paper for signature, or an issued one, says."""
    chain = snapshot["chain"]
    return (
        f"{snapshot['report']} · {paper.name} · bản chốt {snapshot['version']} · SHA-256 {content_sha256[:16]}… · "
        f"nhật ký {chain['seq']}: {chain['sha256'][:16]}…"
    )


def read_paper(foot: str) -> tuple[str, PaperKind] | None:
    """The report and which of its papers, from the words of a file's footers; None where they do not say."""
    found = _PAPER.search(foot)
    if found is None:
        return None
    return found[1], next(kind for kind, name in _NAMES.items() if name == found[2])


def read_mark(foot: str) -> Mark | None:
    """The draft, from the words of a file's footers; None where nobody can say what it was made from."""
    found = _DRAFT.search(foot)
    if found is None:
        return None
    try:
        known = datetime.strptime(found[2], _MOMENT).replace(tzinfo=VN)
    except ValueError:
        return None
    return Mark(int(found[1]), known)
