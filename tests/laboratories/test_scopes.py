"""Scope lines and first availability: whose they are, what covers them, what was there before."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chuan.laboratories.errors import OtherOrganisation
from chuan.laboratories.models import ScopeLineFacts
from chuan.laboratories.queries import availabilities, first_available, lines_on
from chuan.laboratories.register import LINES
from chuan.registers.errors import NotAllowed
from chuan.registers.services import correct_record, void_record
from tests.cast import Cast
from tests.instruments.builders import kind
from tests.laboratories.builders import availability, laboratory, recognition, scope_line

pytestmark = pytest.mark.django_db


def test_a_line_of_another_laboratory_is_not_recorded(cast: Cast) -> None:
    theirs = laboratory(cast, by=cast.specialist, unit=cast.unit("dn-hcm"))
    with pytest.raises(NotAllowed):
        scope_line(cast, theirs, kind(cast))


def test_a_recognition_of_another_organisation_covers_nothing(cast: Cast) -> None:
    theirs = recognition(cast, by=cast.specialist, unit=cast.unit("dn-hcm"))
    with pytest.raises(OtherOrganisation):
        scope_line(cast, laboratory(cast), kind(cast), recognition_id=theirs.pk)


def test_what_was_available_after_the_line_began_was_not_available_before(cast: Cast, sign_in: Any) -> None:
    facts = {
        "laboratory": laboratory(cast).code,
        "kind": kind(cast).code,
        "activity": "calibration",
        "field": "measurement",
        "status": "active",
        "valid_from": "01/02/2025",
        "available_from": "02/02/2025",
    }
    answer = sign_in(cast.laboratory).post(reverse("laboratories:scope-line-new"), facts)
    assert answer.status_code == 422
    assert "Đã có trước, từ ngày" in answer.content.decode()


def test_a_line_holds_from_its_first_to_its_last_day_while_it_is_worked_to(cast: Cast) -> None:
    lab, made = laboratory(cast), kind(cast)
    scope_line(cast, lab, made, last_day=date(2025, 1, 31))
    scope_line(cast, lab, made, range_text="khác", status="paused")
    found = {d: lines_on(d).count() for d in (date(2024, 1, 31), date(2024, 2, 1), date(2025, 1, 31), date(2025, 2, 1))}
    assert list(found.values()) == [0, 1, 1, 0]


def test_the_first_availability_is_the_earliest_anywhere_and_testing_gives_none(cast: Cast) -> None:
    one, two = laboratory(cast), laboratory(cast, "Phòng Áp suất")
    scale, gauge = kind(cast), kind(cast, "Áp kế")
    availability(cast, one, scale, date(2023, 5, 6))
    scope_line(cast, two, scale)
    scope_line(cast, two, gauge, activity="testing")
    assert first_available()[scale.pk].available_from == date(2023, 5, 6)
    assert gauge.pk not in first_available()
    scope_line(cast, two, gauge, available_from=date(2019, 1, 1))
    assert first_available()[gauge.pk].available_from == date(2019, 1, 1)
    assert len(availabilities()) == 3


def test_the_end_of_a_line_does_not_take_back_when_the_kind_was_first_there(cast: Cast) -> None:
    scale = kind(cast)
    line = scope_line(cast, laboratory(cast), scale)
    said = ScopeLineFacts.objects.live().get(line=line)
    facts = {"last_day": date(2024, 12, 31)}
    ended = correct_record(actor=cast.laboratory.actor, register=LINES, seen=said, facts=facts, reason="Thôi làm")
    assert first_available()[scale.pk].available_from == date(2024, 2, 1)
    void_record(actor=cast.laboratory.actor, register=LINES, seen=ended, reason="Ghi nhầm")
    assert scale.pk not in first_available()


def test_the_page_of_a_laboratory_shows_all_that_hangs_on_it_within_twelve_queries(
    cast: Cast, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    lab = laboratory(cast)
    cover = recognition(cast)
    for name in ("Cân bàn", "Áp kế", "Nhiệt kế"):
        scope_line(cast, lab, kind(cast, name), recognition_id=cover.pk)
    browser, url = sign_in(cast.laboratory), reverse("laboratories:laboratory-record", args=[lab.code])
    browser.get(url)
    with django_assert_max_num_queries(12):
        page = browser.get(url).content.decode()
    for words in ("ĐK 416", "Cân bàn", "Có giấy còn hiệu lực", "Chưa có lần đánh giá nào"):
        assert words in page
