"""Recognitions on a day: four legal facts, suspended, withdrawn, expired; what Sở KH&CN alone decides."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chuan.laboratories.errors import NotYourDecision, OtherOrganisation
from chuan.laboratories.models import RecognitionFacts
from chuan.laboratories.queries import recognitions_on
from chuan.laboratories.register import RECOGNITIONS
from chuan.laboratories.rules import Interruption, recognition_holds
from chuan.registers.errors import AlreadyRecorded, NotAllowed
from chuan.registers.services import correct_record
from tests.cast import Cast
from tests.laboratories.builders import laboratory, recognition, stop

pytestmark = pytest.mark.django_db
DAYS = [date(2023, 12, 31), date(2024, 1, 1), date(2025, 3, 1), date(2025, 3, 31), date(2025, 4, 1), date(2026, 12, 31)]
DAYS += [date(2027, 1, 1)]


def _held(day: date) -> set[int]:
    return set(recognitions_on(day).values_list("recognition_id", flat=True))


def test_another_organisation_is_not_recorded_for(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        recognition(cast, unit=cast.unit("dn-hcm"))
    with pytest.raises(NotAllowed):
        recognition(cast, by=cast.focal, unit=cast.unit("so-ct"))


def test_a_laboratory_of_another_organisation_is_refused(cast: Cast) -> None:
    theirs = laboratory(cast, by=cast.specialist, unit=cast.unit("dn-hcm"))
    with pytest.raises(OtherOrganisation):
        recognition(cast, laboratory_id=theirs.pk)


def test_a_laboratory_does_not_accept_its_own_standard(cast: Cast) -> None:
    other: dict[str, Any] = {"kind": "certification", "standard": "other", "standard_text": "ISO 14001"}
    with pytest.raises(NotYourDecision):
        recognition(cast, accepted_by="Công văn 9/SKHCN", **other)
    made = recognition(cast, **other)
    said = RecognitionFacts.objects.live().get(recognition=made)
    with pytest.raises(NotYourDecision):
        correct_record(
            actor=cast.laboratory.actor,
            register=RECOGNITIONS,
            seen=said,
            facts={"accepted_by": "Công văn 9/SKHCN"},
            reason="x",
        )
    decided = correct_record(
        actor=cast.specialist.actor,
        register=RECOGNITIONS,
        seen=said,
        facts={"accepted_by": "Công văn 9/SKHCN"},
        reason="Đã có văn bản",
    )
    # What Sở KH&CN decided stays when the laboratory corrects something else.
    correct_record(
        actor=cast.laboratory.actor, register=RECOGNITIONS, seen=decided, facts={"issuer": "QUACERT"}, reason="Sai tên"
    )
    assert RecognitionFacts.objects.live().get(recognition=made).accepted_by == "Công văn 9/SKHCN"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": "accreditation", "standard": "none"}, "phải có tiêu chuẩn"),
        ({"kind": "registration", "standard": "iso_17025"}, "không theo tiêu chuẩn này"),
        ({"kind": "certification", "standard": "other"}, "Ghi tên tiêu chuẩn khác"),
        ({"kind": "certification", "standard": "iso_9001", "accepted_by": "CV 1"}, "chỉ dùng khi chọn"),
        ({"kind": "registration", "standard": "none", "last_day": "31/01/2025"}, "trước ngày 01/02/2025"),
    ],
)
def test_facts_that_do_not_go_together_are_refused(cast: Cast, sign_in: Any, typed: dict[str, str], said: str) -> None:
    usual = {"unit": "tt-khcn", "number": "N383", "issuer": "TĐC", "valid_from": "01/02/2025"}
    answer = sign_in(cast.laboratory).post(reverse("laboratories:recognition-new"), {**usual, **typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_number_is_kept_as_printed_with_its_zeros(cast: Cast) -> None:
    made = recognition(cast, "0186-01")
    assert RecognitionFacts.objects.live().get(recognition=made).number == "0186-01"


def test_registration_and_designation_of_one_number_are_two_records(cast: Cast) -> None:
    recognition(cast, "383")
    with pytest.raises(AlreadyRecorded):
        recognition(cast, "383")
    recognition(cast, "383", kind="designation")
    recognition(cast, "383", valid_from=date(2026, 1, 1))


@pytest.mark.parametrize("day", DAYS)
def test_the_query_says_of_each_day_what_the_rule_says(cast: Cast, day: date) -> None:
    suspended, withdrawn, whole = recognition(cast, "1"), recognition(cast, "2"), recognition(cast, "3", last_day=None)
    stop(cast, suspended, date(2025, 3, 1), date(2025, 4, 1))
    stop(cast, withdrawn, date(2025, 3, 31), kind="withdrawn")
    stops = {
        suspended.pk: [Interruption(date(2025, 3, 1), date(2025, 4, 1))],
        withdrawn.pk: [Interruption(date(2025, 3, 31))],
    }
    wanted = {
        r.pk
        for r in (suspended, withdrawn, whole)
        if recognition_holds(
            day,
            begins=date(2024, 1, 1),
            last_day=None if r is whole else date(2026, 12, 31),
            interruptions=stops.get(r.pk, ()),
        )
    }
    assert _held(day) == wanted


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": "suspended", "end": "01/02/2025"}, "phải sau ngày bị dừng"),
        ({"kind": "withdrawn", "end": "01/03/2025"}, "thu hồi thì không có hiệu lực trở lại"),
    ],
)
def test_a_stop_ends_after_it_begins_and_a_withdrawal_never(
    cast: Cast, sign_in: Any, typed: dict[str, str], said: str
) -> None:
    facts = {"recognition": recognition(cast).code, "start": "01/02/2025", "document": "QĐ 5"}
    answer = sign_in(cast.laboratory).post(reverse("laboratories:stop-new"), {**facts, **typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_page_of_a_recognition_shows_its_stops_and_todays_standing(cast: Cast, sign_in: Any) -> None:
    made = recognition(cast)
    browser = sign_in(cast.laboratory)
    assert "Còn hiệu lực" in browser.get(reverse("laboratories:recognition-list")).content.decode()
    stop(cast, made, date(2026, 12, 1))
    assert "Không còn hiệu lực" in browser.get(reverse("laboratories:recognition-list")).content.decode()
    assert "QĐ 5/QĐ-TĐC" in browser.get(reverse("laboratories:recognition-record", args=[made.code])).content.decode()
