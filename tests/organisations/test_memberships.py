"""Roles are dated: what has ended gives no right on the very next request."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.urls import reverse

from chuan.audit.models import AuditEntry
from chuan.organisations import queries
from chuan.organisations.errors import MembershipEnded, MembershipExists, NotAllowed, WrongUnit
from chuan.organisations.models import Membership
from chuan.organisations.rules import HOME_OF_ROLE, PROVINCE_WIDE_ROLES, Role
from chuan.organisations.services import end_membership, grant_membership
from tests.cast import SYSTEM, Cast, Member, assemble
from tests.conftest import NOW
from tests.reliability.together import at_once, machine_clock, outcome

TODAY = NOW.date()
ACCOUNTS = reverse("organisations:accounts")


@pytest.mark.parametrize("who", ["specialist", "director", "leader", "auditor", "focal"])
def test_who_is_no_administrator_gives_and_ends_no_role(cast: Cast, who: str) -> None:
    actor = getattr(cast, who).actor
    with pytest.raises(NotAllowed):
        grant_membership(
            actor=actor, user=cast.focal.user, unit=cast.unit("so-khcn"), role=Role.AUDITOR, valid_from=TODAY
        )
    with pytest.raises(NotAllowed):
        end_membership(actor=actor, membership=cast.other_focal.membership, on=TODAY, reason="x")


def test_a_role_that_is_held_is_not_given_again(cast: Cast) -> None:
    with pytest.raises(MembershipExists, match="từ 01/01/2020; hãy kết thúc"):
        grant_membership(actor=SYSTEM, user=cast.focal.user, unit=cast.unit("so-ct"), role=Role.FOCAL, valid_from=TODAY)


FIRST, LAST = date(2020, 1, 1), date(2026, 3, 1)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (LAST - timedelta(days=1), None),
        (date(2021, 1, 1), date(2021, 2, 1)),
        (date(2019, 1, 1), FIRST + timedelta(days=1)),
        (date(2019, 1, 1), None),
        (FIRST, LAST),
    ],
)
def test_a_role_is_not_given_for_a_day_on_which_it_was_held(cast: Cast, start: date, end: date | None) -> None:
    end_membership(actor=SYSTEM, membership=cast.focal.membership, on=LAST, reason="đi học")
    with pytest.raises(MembershipExists, match="từ 01/01/2020 đến trước 01/03/2026"):
        _focal_again(cast, start, end)


@pytest.mark.parametrize(
    ("start", "end"), [(LAST, None), (TODAY + timedelta(days=20), None), (date(2018, 1, 1), FIRST)]
)
def test_a_role_that_ended_is_given_again(cast: Cast, start: date, end: date | None) -> None:
    end_membership(actor=SYSTEM, membership=cast.focal.membership, on=LAST, reason="đi học")
    _focal_again(cast, start, end)
    history = queries.membership_history(cast.focal.user.pk)
    assert {(m.valid_from, m.valid_to) for m in history} == {(FIRST, LAST), (start, end)}


def test_a_role_that_ended_today_is_given_again_today(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.administrator)
    pk = cast.focal.user.pk
    browser.post(reverse("organisations:end", args=[pk, cast.focal.membership.pk]), {"reason": "nhầm"})
    assert queries.memberships_of(pk, on=TODAY) == []
    data = {"unit": "so-ct", "role": "focal", "valid_from": f"{TODAY:%d/%m/%Y}"}
    assert browser.post(reverse("organisations:grant", args=[pk]), data).status_code == 302
    assert [m.role for m in queries.memberships_of(pk, on=TODAY)] == [Role.FOCAL]


@pytest.mark.postgres
def test_of_two_who_give_one_role_for_days_in_common_one_is_refused(threads_db: None) -> None:
    cast = assemble()
    end_membership(actor=SYSTEM, membership=cast.focal.membership, on=LAST, reason="đi học")
    starts = [LAST + timedelta(days=n) for n in range(6)]
    with machine_clock():
        met = at_once([partial(outcome, partial(_focal_again, cast, start, None)) for start in starts])
    assert sorted(type(said).__name__ for said in met) == ["Membership"] + ["MembershipExists"] * 5
    assert queries.membership_history(cast.focal.user.pk).count() == 2


def _focal_again(cast: Cast, start: date, end: date | None) -> Membership:
    unit = cast.unit("so-ct")
    return grant_membership(
        actor=SYSTEM, user=cast.focal.user, unit=unit, role=Role.FOCAL, valid_from=start, valid_to=end
    )


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        *((role, unit) for role in sorted(PROVINCE_WIDE_ROLES) for unit in ("so-ct", "ubnd-tinh", "tt-khcn")),
        (Role.FINANCE, "so-khcn"),
        (Role.COMMITTEE_READER, "so-ct"),
    ],
)
def test_a_role_of_one_unit_is_given_nowhere_else(cast: Cast, sign_in: Any, role: Role, unit: str) -> None:
    for actor in (SYSTEM, cast.administrator.actor):
        with pytest.raises(WrongUnit):
            grant_membership(
                actor=actor, user=cast.focal.user, unit=cast.unit(unit), role=role, valid_from=date(2026, 1, 1)
            )
    url = reverse("organisations:grant", args=[cast.focal.user.pk])
    answer = sign_in(cast.administrator).post(url, {"unit": unit, "role": role, "valid_from": "01/01/2026"})
    assert answer.status_code == 422
    assert f"chỉ giao được tại đơn vị có mã {HOME_OF_ROLE[role]}" in answer.content.decode()
    assert queries.membership_history(cast.focal.user.pk).count() == 1


@pytest.mark.parametrize("role", sorted(HOME_OF_ROLE))
def test_a_role_of_one_unit_is_given_there(cast: Cast, role: str) -> None:
    home = cast.unit(HOME_OF_ROLE[role])
    grant_membership(actor=SYSTEM, user=cast.focal.user, unit=home, role=role, valid_from=TODAY)
    assert {role, Role.FOCAL} == {m.role for m in queries.memberships_of(cast.focal.user.pk, on=TODAY)}


def test_what_is_past_is_not_prolonged(cast: Cast, sign_in: Any) -> None:
    held = cast.focal.membership
    end_membership(actor=SYSTEM, membership=held, on=date(2024, 1, 1), reason="chuyển việc")
    ended = Membership.objects.live().get(user=cast.focal.user)
    with pytest.raises(MembershipEnded):
        end_membership(actor=SYSTEM, membership=ended, on=TODAY, reason="lại")
    browser = sign_in(cast.administrator)
    url = reverse("organisations:end", args=[cast.focal.user.pk, ended.pk])
    answer = browser.post(url, {"reason": "lại"})
    assert answer.status_code == 422
    assert "đã kết thúc trước ngày đó" in answer.content.decode()
    assert Membership.objects.live().get(user=cast.focal.user).valid_to == date(2024, 1, 1)


def test_a_role_is_ended_through_its_own_account_only(cast: Cast, sign_in: Any) -> None:
    url = reverse("organisations:end", args=[cast.finance.user.pk, cast.focal.membership.pk])
    assert sign_in(cast.administrator).post(url, {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_nothing_is_taken_back_without_a_reason(cast: Cast, sign_in: Any, reason: str) -> None:
    browser = sign_in(cast.administrator)
    pk = cast.focal.user.pk
    for url in (
        reverse("organisations:end", args=[pk, cast.focal.membership.pk]),
        reverse("organisations:set-active", args=[pk]),
        reverse("organisations:set-password", args=[pk]),
    ):
        assert browser.post(url, {"reason": reason}).status_code == 422
    cast.focal.user.refresh_from_db()
    assert cast.focal.user.is_active


def test_an_administrator_does_not_close_their_own_account(cast: Cast, sign_in: Any) -> None:
    url = reverse("organisations:set-active", args=[cast.administrator.user.pk])
    assert sign_in(cast.administrator).post(url, {"reason": "x", "active": "0"}).status_code == 422


@pytest.mark.parametrize(
    ("start", "end"), [("01/02/2026", "01/02/2026"), ("02/02/2026", "01/02/2026"), ("12/31/2026", ""), ("", "")]
)
def test_an_empty_or_unreadable_range_is_refused(cast: Cast, sign_in: Any, start: str, end: str) -> None:
    url = reverse("organisations:grant", args=[cast.focal.user.pk])
    data = {"unit": "so-yt", "role": "focal", "valid_from": start, "valid_to": end}
    assert sign_in(cast.administrator).post(url, data).status_code == 422


@pytest.mark.parametrize("extra", [{"unit": "khong-co"}, {"role": "system"}, {"role": "anonymous"}, {"unit": "h-tb"}])
def test_a_role_or_a_unit_that_does_not_exist_is_refused(cast: Cast, sign_in: Any, extra: dict[str, str]) -> None:
    url = reverse("organisations:grant", args=[cast.focal.user.pk])
    data = {"unit": "so-yt", "role": "focal", "valid_from": "01/02/2026", **extra}
    assert sign_in(cast.administrator).post(url, data).status_code == 422


def test_a_role_that_ends_today_gives_no_right_on_the_next_request(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.administrator)
    assert browser.get(ACCOUNTS).status_code == 200
    end_membership(actor=SYSTEM, membership=cast.administrator.membership, on=TODAY, reason="thôi việc")
    assert browser.get(ACCOUNTS).status_code == 403
    url = reverse("organisations:new-account")
    assert browser.post(url, {"username": "x", "full_name": "X"}).status_code == 403


def test_a_role_of_tomorrow_gives_no_right_today(cast: Cast, sign_in: Any) -> None:
    new = grant_membership(
        actor=SYSTEM,
        user=cast.focal.user,
        unit=cast.unit("so-khcn"),
        role=Role.ADMINISTRATOR,
        valid_from=TODAY + timedelta(days=1),
    )
    person = Member(cast.focal.user, new, cast.focal.actor)
    assert sign_in(person).get(ACCOUNTS).status_code == 403


def test_another_persons_membership_in_the_session_gives_nothing(cast: Cast, sign_in: Any) -> None:
    forged = Member(cast.focal.user, cast.administrator.membership, cast.focal.actor)
    assert sign_in(forged).get(ACCOUNTS).status_code == 403


def test_a_role_that_never_began_is_taken_back_whole(cast: Cast) -> None:
    new = grant_membership(
        actor=SYSTEM, user=cast.focal.user, unit=cast.unit("so-yt"), role=Role.CLERK, valid_from=TODAY
    )
    end_membership(actor=SYSTEM, membership=new, on=TODAY, reason="nhầm")
    assert not Membership.objects.live().filter(pk=new.pk).exists()
    assert [m.role for m in queries.memberships_of(cast.focal.user.pk, on=TODAY)] == [Role.FOCAL]


def test_an_ended_role_stays_in_the_history_and_the_audit(cast: Cast) -> None:
    end_membership(actor=cast.administrator.actor, membership=cast.focal.membership, on=TODAY, reason="hết nhiệm kỳ")
    held = queries.membership_history(cast.focal.user.pk).get()
    assert (held.role, held.valid_to) == (Role.FOCAL, TODAY)
    entry = AuditEntry.objects.get(action="organisations.end_membership")
    assert entry.changes == {"valid_to": [None, TODAY.isoformat()]}
    assert (entry.reason, entry.actor_name) == ("hết nhiệm kỳ", "Mai Anh Tuấn")


def test_a_person_with_two_roles_acts_in_the_chosen_one(cast: Cast, sign_in: Any) -> None:
    grant_membership(
        actor=SYSTEM, user=cast.administrator.user, unit=cast.unit("so-ct"), role=Role.FOCAL, valid_from=TODAY
    )
    browser = sign_in(cast.administrator)
    other = next(m for m in queries.memberships_of(cast.administrator.user.pk, on=TODAY) if m.role == Role.FOCAL)
    browser.post(reverse("switch-role"), {"membership": other.id})
    assert browser.get(ACCOUNTS).status_code == 403
    browser.post(reverse("switch-role"), {"membership": cast.administrator.membership.pk})
    assert browser.get(ACCOUNTS).status_code == 200
