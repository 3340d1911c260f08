"""What the foot of a draft says of where it comes from, written and read again from an edited file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chuan.lib.clock import VN

_MOMENT = "%H:%M:%S %d/%m/%Y"
_MARK = re.compile(r"Dự thảo (\S+) · bản nháp (\d{1,9}) · số liệu lúc (\d\d:\d\d:\d\d \d\d/\d\d/\d{4})")


@dataclass(frozen=True)
class Mark:
    """The draft that a Word file was made from: whose, which version of the words, figures as known when."""

    report: str
    words_version: int
    known: datetime


def draft_mark(snapshot: Mapping[str, Any]) -> str:
    """What a draft's foot says."""
    moment = datetime.fromisoformat(snapshot["frozen_at"]).astimezone(VN)
    said = f"Dự thảo {snapshot['report']} · bản nháp {snapshot['words_version']} · số liệu lúc {moment:{_MOMENT}}"
    return f"{said}, chưa chốt"


def read_mark(foot: str) -> Mark | None:
    """The mark in the words of a file's footers; None where nobody can say what it was made from."""
    found = _MARK.search(foot)
    if found is None:
        return None
    try:
        known = datetime.strptime(found[3], _MOMENT).replace(tzinfo=VN)
    except ValueError:
        return None
    return Mark(found[1], int(found[2]), known)
