"""Letters of units: one that Sở KH&CN types a report from, one that the unit records after it sent the report here.

And reports that take another's place.
"""

from datetime import date

from django.utils.translation import gettext as _

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.files.models import StoredFile
from chuan.files.store import register
from chuan.ledger.work import append, hold, stamp, void
from chuan.lib import text
from chuan.lib.dates import day_of
from chuan.reporting import policies
from chuan.reporting.errors import Blocked, MovedMeanwhile, NotAllowed, ReasonNeeded
from chuan.reporting.models import (
    IncomingLetter,
    Obligation,
    SignedLetter,
    Submission,
    SubmissionContent,
    Waiver,
)
from chuan.reporting.rules import TURNED_IN, SubmissionState
from chuan.reporting.services.submissions import add_event, follow

#: Hash, name, media type and size of a kept PDF.
Scan = tuple[str, str, str, int]

#: What a unit had begun here and a letter overtook.
_UNSENT = frozenset({SubmissionState.DRAFT, SubmissionState.WITH_LEADER, SubmissionState.APPROVED})


@service(lock="shared")
def begin_on_behalf(
    *,
    actor: Actor,
    obligation: Obligation,
    number: str,
    dated: date,
    arrived: date,
    scan: Scan | None = None,
) -> Submission:
    """Record a unit's letter and open an attempt to type it in; what the unit had begun here is set aside.

    After acceptance the attempt replaces the accepted one.
    """
    if not policies.may_enter(actor):
        raise NotAllowed
    _require_possible(number, dated, arrived)
    hold(Obligation, obligation.pk)
    if Waiver.objects.live().filter(obligation=obligation).exists():
        raise Blocked([_("đơn vị được miễn báo cáo kỳ này")], _("Chưa nhập được văn bản của đơn vị"))
    current = obligation.submissions.order_by("-attempt").first()
    if current is not None:
        _make_way(current, actor, number)
    letter = _letter(actor, obligation, number, dated, arrived, _file(scan))
    made = _next(obligation, current, letter=letter)
    add_event(made, actor, "take_letter", "", letter.number)
    record(
        "reporting.begin_on_behalf",
        obligation,
        label=f"{obligation} lần {made.attempt}",
        changes={"number": [None, letter.number], "dated": [None, dated], "arrived": [None, arrived]},
    )
    return made


def _file(scan: Scan | None) -> StoredFile | None:
    return register(scan[0], name=scan[1], media_type=scan[2], size=scan[3]) if scan else None


def _letter(
    actor: Actor, obligation: Obligation, number: str, dated: date, arrived: date | None, file: StoredFile | None
) -> IncomingLetter:
    """Write a unit's letter down: the one way in which letters of units are kept."""
    facts = {"number": text.nfc(number), "dated": dated, "arrived": arrived, "file": file}
    return append(IncomingLetter(obligation=obligation, typed_at=stamp(), by_name=actor.name, **facts))


@service(lock="shared")
def record_letter(
    *,
    actor: Actor,
    content: SubmissionContent,
    number: str,
    dated: date,
    arrived: date | None = None,
    scan: Scan | None = None,
) -> SignedLetter:
    """Record number, date and signed file of the letter that belongs to a report sent here; again, it corrects.

    Recorded again without a file, the letter keeps the file it had. Blocked where the report was typed from a letter,
    was returned or withdrawn, or where the days cannot be.
    """
    obligation = content.submission.obligation
    if not policies.may_record_letter(actor, obligation):
        raise NotAllowed
    if not number.strip():
        raise ReasonNeeded
    if dated > day_of(stamp()) or (arrived is not None and not dated <= arrived <= day_of(stamp())):
        raise Blocked(
            [_("ngày văn bản, ngày đến phải theo thứ tự và không ở tương lai")], _("Chưa nhập được văn bản của đơn vị")
        )
    hold(Obligation, obligation.pk)
    submission = Submission.objects.get(pk=content.submission_id)
    if submission.letter_id is not None:
        raise Blocked(
            [_("báo cáo này được nhập từ văn bản của đơn vị, số và ngày đã có")], _("Chưa nhập được văn bản của đơn vị")
        )
    if submission.state not in TURNED_IN:
        raise MovedMeanwhile(SubmissionState(submission.state).label)
    old = SignedLetter.objects.live().filter(content=content).select_related("letter__file").first()
    if old is not None:
        void(old, "ghi lại văn bản")
    file = _file(scan) or (old.letter.file if old else None)
    letter = _letter(actor, obligation, number, dated, arrived, file)
    made = append(SignedLetter(content=content, letter=letter))
    before = old.letter if old else None
    record(
        "reporting.record_letter",
        obligation,
        label=f"{obligation} {content.receipt}",
        changes={
            "number": [before.number if before else None, letter.number],
            "dated": [before.dated if before else None, dated],
            "file": [_sha(before), _sha(letter)],
        },
    )
    return made


def _sha(letter: IncomingLetter | None) -> str | None:
    return letter.file.content_sha if letter is not None and letter.file else None


def _require_possible(number: str, dated: date, arrived: date) -> None:
    if not number.strip():
        raise ReasonNeeded
    if not dated <= arrived <= day_of(stamp()):
        raise Blocked([_("ngày đến phải từ ngày của văn bản đến hôm nay")], _("Chưa nhập được văn bản của đơn vị"))


def _make_way(current: Submission, actor: Actor, number: str) -> None:
    """Set aside what the unit had not sent; Blocked where something else is to be finished first."""
    state = SubmissionState(current.state)
    if current.letter_id is not None and state == SubmissionState.DRAFT:
        raise Blocked(
            [_("đang nhập dở một văn bản khác của đơn vị; hãy ghi nhận xong văn bản đó")],
            _("Chưa nhập được văn bản của đơn vị"),
        )
    if state == SubmissionState.SENT:
        raise Blocked(
            [_("đơn vị đã gửi báo cáo đang chờ tiếp nhận; hãy tiếp nhận hoặc trả lại trước")],
            _("Chưa nhập được văn bản của đơn vị"),
        )
    if state not in _UNSENT:
        return
    moved = Submission.objects.filter(pk=current.pk, state=state).update(state=SubmissionState.WITHDRAWN)
    if not moved:
        raise MovedMeanwhile(SubmissionState(Submission.objects.get(pk=current.pk).state).label)
    current.state = SubmissionState.WITHDRAWN
    add_event(current, actor, "set_aside", state, number)


def _next(obligation: Obligation, current: Submission | None, **facts: IncomingLetter) -> Submission:
    """The attempt after `current`; after an accepted one, its replacement with the same words."""
    if current is None:
        return Submission.objects.create(obligation=obligation, attempt=1, **facts)
    replaces = current if current.state == SubmissionState.ACCEPTED else current.replaces
    draft = current.draft if current.state == SubmissionState.ACCEPTED else {}
    return follow(current, draft=draft, replaces=replaces, **facts)


@service(lock="shared")
def start_replacement(*, actor: Actor, obligation: Obligation, reason: str) -> Submission:
    """Begin a report that takes the accepted one's place once it is accepted; until then that one stands."""
    if not policies.acts_for(actor, obligation):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    hold(Obligation, obligation.pk)
    current = obligation.submissions.order_by("-attempt").first()
    if current is None or current.state != SubmissionState.ACCEPTED:
        label = SubmissionState(current.state).label if current else _("Chưa mở")
        raise MovedMeanwhile(label)
    made = _next(obligation, current)
    add_event(made, actor, "replace", "", text.nfc_multiline(reason))
    record("reporting.start_replacement", obligation, label=f"{obligation} lần {made.attempt}", reason=reason)
    return made
