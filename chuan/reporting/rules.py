"""States of submissions and reports, and how a target's reading is judged: plain values."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from chuan.organisations.rules import Role


class Verdict(TextChoices):
    """Whether a reading of a target is met."""

    MET = "met", _("Đạt")
    NOT_MET = "not_met", _("Chưa đạt")
    UNDETERMINED = "undetermined", _("Chưa xác định")


#: In words, what is counted and not reached before its day is not unknown.
NOT_DUE = _("Chưa đến hạn")


class Recipient(TextChoices):
    """Who gets a paper of the consolidated report."""

    COMMITTEE = "ubnd", _("Ủy ban nhân dân tỉnh")
    MINISTRY = "bo", _("Bộ Khoa học và Công nghệ")


#: The same in a sentence that has no room.
RECIPIENT_IN_SHORT: Mapping[str, Any] = {Recipient.COMMITTEE: _("UBND tỉnh"), Recipient.MINISTRY: _("Bộ KH&CN")}


class Channel(TextChoices):
    """How a paper went to its recipient."""

    AXIS = "axis", _("Trục liên thông văn bản")
    EMAIL = "email", _("Thư điện tử công vụ")
    POST = "post", _("Bưu chính")
    BY_HAND = "hand", _("Trực tiếp")


class Issuer(TextChoices):
    """Who issues a paper of the consolidated report."""

    DEPARTMENT = "so", _("Sở Khoa học và Công nghệ")
    COMMITTEE = "ubnd", _("Ủy ban nhân dân tỉnh")


class SignsAs(TextChoices):
    """In what capacity a paper is signed."""

    DIRECTOR = "director", _("Giám đốc")
    DEPUTY = "deputy", _("Phó Giám đốc ký thay Giám đốc")
    CHAIRMAN = "chairman", _("Chủ tịch thay mặt Ủy ban nhân dân")
    VICE_CHAIRMAN = "vice_chairman", _("Phó Chủ tịch ký thay Chủ tịch")


#: What is printed above the signature, line by line.
AUTHORITY: Mapping[str, tuple[str, ...]] = {
    SignsAs.DIRECTOR: ("GIÁM ĐỐC",),
    SignsAs.DEPUTY: ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
    SignsAs.CHAIRMAN: ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    SignsAs.VICE_CHAIRMAN: ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
}
#: How the People's Committee signs.
OF_COMMITTEE = (SignsAs.CHAIRMAN, SignsAs.VICE_CHAIRMAN)


class PaperForm(TextChoices):
    """What a printed paper is: the report, or the tờ trình by which Sở submits one that the Committee issues."""

    REPORT = "report", _("Báo cáo")
    SUBMITTAL = "submittal", _("Tờ trình")


@dataclass(frozen=True)
class Part:
    """A composition rule: at least so many of one part; how many there are, and how many nobody can assign."""

    least: int
    known: int
    unknown: int


def judge(
    value: int | None, target: int, operator: str, *, horizon: date, at: date, parts: Iterable[Part] = ()
) -> Verdict:
    """The verdict of one reading at `at`.

    Before its horizon a target that is not yet reached is undetermined; so is one that no register counts (`value`
    None), or whose composition depends on members of whom the part is not known.
    """
    if value is None:
        return Verdict.UNDETERMINED
    reached = {">=": value >= target, "<=": value <= target, "=": value == target}[operator]
    lacking = [part for part in parts if part.known < part.least]
    if reached and not lacking and (operator == ">=" or at >= horizon):
        return Verdict.MET
    if reached and lacking and all(part.known + part.unknown >= part.least for part in lacking):
        return Verdict.UNDETERMINED
    return Verdict.UNDETERMINED if at < horizon else Verdict.NOT_MET


class SubmissionState(TextChoices):
    """Where a unit's report stands."""

    DRAFT = "draft", _("Đang soạn")
    WITH_LEADER = "with_leader", _("Chờ lãnh đạo duyệt")
    APPROVED = "approved", _("Đã duyệt, chưa gửi")
    SENT = "sent", _("Đã gửi")
    RETURNED = "returned", _("Bị trả lại")
    WITHDRAWN = "withdrawn", _("Đơn vị rút lại")
    ACCEPTED = "accepted", _("Đã tiếp nhận")
    SUPERSEDED = "superseded", _("Đã được thay thế")


#: The report has arrived and was not returned.
TURNED_IN = frozenset({SubmissionState.SENT, SubmissionState.ACCEPTED})


#: What people leave where something is still to be written: `……`, `[...]`, `[bổ sung số]`, `____`, `số …/SKHCN`.
_BLANKS = re.compile(
    r"\[[^\[\]\n]{0,120}\]|<[\s.…_]+>|\.{4,}|…[.…]+|…/…|_{3,}|\?{2,}|\bx{2,}\b"
    r"|(?:…|\.{3})(?=\s*/)|(?<=/)…|(?<=số )(?:…|\.{3})",
    re.IGNORECASE,
)
_TO_DO = re.compile(r"\[[\s.…_]*\]|\[(?:bổ sung|điền|nhập|ghi)\b.*", re.IGNORECASE)
_ROMAN = re.compile(r"X+", re.ASCII)


def placeholders_in(words: str) -> list[str]:
    """Places that were left to be filled, each once: "[CHƯA CÓ SỐ VĂN BẢN]", "……", "số …/SKHCN", "xx người".

    A bracket in small letters is none, unless it says to add something; nor is a Roman numeral.
    """
    found = dict.fromkeys(one.group() for one in _BLANKS.finditer(words))
    return [one for one in found if not _ROMAN.fullmatch(one) and (not one.startswith("[") or _asks(one))]


def _asks(bracket: str) -> bool:
    return bool(_TO_DO.match(bracket)) or (bracket.upper() == bracket and any(map(str.isalpha, bracket)))


class ReportState(TextChoices):
    """Where the consolidated report stands."""

    DRAFT = "draft", _("Dự thảo")
    REVIEWED = "reviewed", _("Đã soát xét")
    FOR_SIGNATURE = "for_signature", _("Trình ký (đã chốt số liệu)")
    SIGNED = "signed", _("Đã ký")
    NUMBERED = "numbered", _("Đã vào số")
    DISPATCHED = "dispatched", _("Đã phát hành")


@dataclass(frozen=True)
class Move:
    """One allowed step: from a state to another, by these roles, with or without words."""

    verb: str
    before: str
    after: str
    roles: frozenset[str]
    reason: bool = False


#: Who answers by a single-use link acts in no role of the office's.
LINK = "link"

_OWN = frozenset({Role.FOCAL, Role.UNIT_LEADER})
_LEADER = frozenset({Role.UNIT_LEADER})
_SPECIALIST = frozenset({Role.SPECIALIST})

SUBMISSION_MOVES: dict[str, Move] = {
    m.verb: m
    for m in (
        Move("present", SubmissionState.DRAFT, SubmissionState.WITH_LEADER, _OWN),
        Move("give_back", SubmissionState.WITH_LEADER, SubmissionState.DRAFT, _LEADER, reason=True),
        Move("approve", SubmissionState.WITH_LEADER, SubmissionState.APPROVED, _LEADER),
        Move("take_back", SubmissionState.APPROVED, SubmissionState.DRAFT, _OWN, reason=True),
        Move("send", SubmissionState.APPROVED, SubmissionState.SENT, _OWN),
        Move("withdraw", SubmissionState.SENT, SubmissionState.WITHDRAWN, _LEADER, reason=True),
        Move("return_lines", SubmissionState.SENT, SubmissionState.RETURNED, _SPECIALIST, reason=True),
        Move("enter", SubmissionState.DRAFT, SubmissionState.SENT, _SPECIALIST),
        Move("answer", SubmissionState.DRAFT, SubmissionState.SENT, frozenset({LINK})),
        Move("accept", SubmissionState.SENT, SubmissionState.ACCEPTED, _SPECIALIST),
    )
}

_HEAD = frozenset({Role.HEAD_OF_OFFICE})
#: A deputy signs, or refuses to, under a delegation that holds on the day (`issuing.authority_of`).
_SIGNING = frozenset({Role.DEPARTMENT_LEADER, Role.DEPUTY_LEADER})
_CLERK = frozenset({Role.CLERK})

REPORT_MOVES: dict[str, Move] = {
    m.verb: m
    for m in (
        Move("review", ReportState.DRAFT, ReportState.REVIEWED, _HEAD),
        Move("reopen", ReportState.REVIEWED, ReportState.DRAFT, _HEAD | _SPECIALIST, reason=True),
        Move("freeze", ReportState.REVIEWED, ReportState.FOR_SIGNATURE, _SPECIALIST),
        Move("refuse", ReportState.FOR_SIGNATURE, ReportState.DRAFT, _SIGNING, reason=True),
        Move("sign", ReportState.FOR_SIGNATURE, ReportState.SIGNED, _SIGNING),
        Move("recall", ReportState.SIGNED, ReportState.DRAFT, _SIGNING, reason=True),
        Move("number", ReportState.SIGNED, ReportState.NUMBERED, _CLERK),
        # What was registered and has not gone out is annulled by who signs; its number is spent.
        Move("annul", ReportState.NUMBERED, ReportState.DRAFT, _SIGNING, reason=True),
        Move("dispatch", ReportState.NUMBERED, ReportState.DISPATCHED, _CLERK),
    )
}


def way_forward_first(moves: Iterable[Move]) -> list[Move]:
    """Steps that go on before those that go back with a reason, as pages offer them."""
    return sorted(moves, key=lambda move: move.reason)
