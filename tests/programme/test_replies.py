"""A recorded reply settles a reading from its day; it is corrected and taken back, and what was known stays known."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from chuan.audit.models import AuditEntry
from chuan.files import store
from chuan.ledger.errors import Superseded
from chuan.lib import clock
from chuan.programme import queries
from chuan.programme.errors import AnswerExists, NotAllowed
from chuan.programme.models import Plan, SettledReading
from chuan.programme.services import correct_reply, settle_reading, void_reply
from chuan.programme.services.replies import KeptFile
from tests.cast import Cast
from tests.conftest import NOW
from tests.files.samples import PDF
from tests.programme.builders import contradiction, reply

MAY, JUNE = date(2026, 5, 5), date(2026, 6, 6)


@pytest.mark.parametrize("who", ["head", "clerk", "focal", "committee", "finance", "auditor", "enterprise"])
def test_who_does_not_decide_settles_nothing(cast: Cast, other: Plan, who: str) -> None:
    one, actor = contradiction(other), cast.people[who].actor
    with pytest.raises(NotAllowed):
        settle_reading(actor=actor, contradiction=one, entry=reply())
    said = settle_reading(actor=cast.specialist.actor, contradiction=one, entry=reply())
    with pytest.raises(NotAllowed):
        correct_reply(actor=actor, seen=said, entry=reply(label="B"), reason="x")
    with pytest.raises(NotAllowed):
        void_reply(actor=actor, seen=said, reason="x")


def test_a_reading_that_does_not_exist_is_not_settled(cast: Cast, other: Plan) -> None:
    with pytest.raises(KeyError):
        settle_reading(actor=cast.specialist.actor, contradiction=contradiction(other), entry=reply(label="Z"))
    assert not SettledReading.objects.exists()


def test_two_replies_of_one_day_are_refused(cast: Cast, other: Plan) -> None:
    one, actor = contradiction(other), cast.specialist.actor
    settle_reading(actor=actor, contradiction=one, entry=reply())
    with pytest.raises(AnswerExists, match="123/UBND-KGVX"):
        settle_reading(actor=actor, contradiction=one, entry=reply(label="B", document="124/UBND"))
    later = settle_reading(actor=actor, contradiction=one, entry=reply(dated=JUNE))
    with pytest.raises(AnswerExists):
        correct_reply(actor=actor, seen=later, entry=reply(), reason="x")


def test_of_two_corrections_of_one_reply_the_second_is_told(cast: Cast, other: Plan) -> None:
    one, actor = contradiction(other), cast.specialist.actor
    said = settle_reading(actor=actor, contradiction=one, entry=reply())
    stale = SettledReading.objects.select_related("contradiction").get(pk=said.pk)
    correct_reply(actor=actor, seen=said, entry=reply(label="B"), reason="một")
    with pytest.raises(Superseded):
        correct_reply(actor=actor, seen=stale, entry=reply(), reason="hai")


def _labels(plan: Plan, on: date, **known: Any) -> list[str]:
    settled = queries.settled_readings(plan, on, **known)
    return queries.remaining(settled, "KH-B-CT2", ["A", "B"])


def test_a_reading_is_settled_from_the_day_of_the_reply(cast: Cast, other: Plan) -> None:
    settle_reading(actor=cast.specialist.actor, contradiction=contradiction(other), entry=reply())
    assert _labels(other, MAY - timedelta(days=1)) == ["A", "B"]
    assert _labels(other, MAY) == ["A"]


def test_the_latest_reply_holds_and_one_that_names_no_target_leaves_its_readings(cast: Cast, other: Plan) -> None:
    one, actor = contradiction(other), cast.specialist.actor
    settle_reading(actor=actor, contradiction=one, entry=reply(label="B", dated=JUNE))
    settle_reading(actor=actor, contradiction=one, entry=reply())
    assert [(s.label, s.dated) for s in queries.settled_readings(other, JUNE)] == [("B", JUNE)]
    assert _labels(other, JUNE) == ["A", "B"]
    assert [r.dated for r in queries.replies_to(one)] == [JUNE, MAY]


def test_a_reply_taken_back_opens_the_reading_again_and_was_known_before(cast: Cast, other: Plan) -> None:
    one, actor = contradiction(other), cast.specialist.actor
    said = settle_reading(actor=actor, contradiction=one, entry=reply())
    with clock.at(NOW + timedelta(hours=1)):
        void_reply(actor=actor, seen=said, reason="Ghi nhầm kế hoạch")
    assert _labels(other, JUNE) == ["A", "B"]
    assert _labels(other, JUNE, known=NOW) == ["A"]
    assert [e.action for e in queries.history_of(one)] == ["programme.settle_reading", "programme.void_reply"]


def test_a_corrected_reply_keeps_its_file_unless_another_is_given(cast: Cast, other: Plan) -> None:
    one, actor = contradiction(other), cast.specialist.actor
    digest, kind = store.receive("tra-loi.pdf", PDF)
    kept = KeptFile(digest, "tra-loi.pdf", kind.media_type, len(PDF))
    said = settle_reading(actor=actor, contradiction=one, entry=reply(file=kept))
    assert said.file is not None
    new = correct_reply(actor=actor, seen=said, entry=reply(label="B"), reason="Đọc nhầm")
    assert (new.label, new.file) == ("B", said.file)
    entry = AuditEntry.objects.get(action="programme.correct_reply")
    assert (entry.reason, entry.changes["label"]) == ("Đọc nhầm", ["A", "B"])


@pytest.mark.parametrize(
    ("chosen", "target", "kept"),
    [
        ({"CH-1": "B"}, "CT1b-2030", []),
        ({"CH-1": "C"}, "CT1a-2030", []),
        ({"CH-1": "A"}, "CT1a-2030", ["A"]),
        ({"CH-3": "A", "CH-4": "B"}, "CT3-2030", ["B"]),
        ({"CH-3": "B"}, "CT3-2025", ["C", "D"]),
        ({"CH-5": "B", "CH-6": "A"}, "CT4-2030", ["B"]),
        ({"CH-5": "C", "CH-6": "B"}, "CT4-2030", ["E"]),
        ({"CH-5": "A", "CH-6": "B"}, "CT4-2030", ["A"]),
        ({"CH-6": "A", "CH-8": "B"}, "CT1b-GD2", ["C"]),
        ({"CH-7": "B"}, "CT5-2025", ["B"]),
        ({"CH-9": "B"}, "CT2-2030", ["A", "B"]),
    ],
)
def test_replies_on_the_real_plan_leave_the_readings_that_they_say(
    cast: Cast, kh2828: Plan, chosen: dict[str, str], target: str, kept: list[str]
) -> None:
    for short, label in chosen.items():
        settle_reading(
            actor=cast.specialist.actor, contradiction=contradiction(kh2828, short), entry=reply(label=label)
        )
    found = kh2828.targets.get(code=f"KH-2828-{target}")
    labels = [r["label"] for r in found.readings]
    assert queries.remaining(queries.settled_readings(kh2828, JUNE), found.code, labels) == kept


def test_whatever_is_chosen_of_one_contradiction_some_target_keeps_a_reading(kh2828: Plan) -> None:
    targets = {t.code: [r["label"] for r in t.readings] for t in queries.targets_of(kh2828)}
    for one in queries.contradictions_of(kh2828):
        for reading in one.readings:
            for code, labels in reading["leaves"].items():
                assert set(labels) <= set(targets[code])
            assert any(reading["leaves"].get(code, labels) for code, labels in targets.items())


def test_the_document_of_a_reply_is_stored_by_its_hash(cast: Cast, other: Plan, tmp_path: Path) -> None:
    digest, kind = store.receive("cv.pdf", PDF)
    entry = reply(file=KeptFile(digest, "cv.pdf", kind.media_type, len(PDF)))
    said = settle_reading(actor=cast.specialist.actor, contradiction=contradiction(other), entry=entry)
    assert said.file is not None
    assert (said.file.content_sha, said.file.name) == (digest, "cv.pdf")
