"""A lost second factor: an administrator removes it, with a reason, and never their own."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from chuan.accounts.services import create_user, reset_second_factor, set_active, set_temporary_password
from chuan.audit.errors import NotAllowed
from chuan.audit.models import AuditEntry
from tests.cast import Cast


def test_nobody_but_an_administrator_manages_accounts(cast: Cast) -> None:
    for person in cast.people.values():
        if person.actor.role == "administrator":
            continue
        with pytest.raises(NotAllowed):
            create_user(actor=person.actor, username="moi", full_name="Mới")
        with pytest.raises(NotAllowed):
            set_active(actor=person.actor, user=cast.focal.user, active=False, reason="x")
        with pytest.raises(NotAllowed):
            set_temporary_password(actor=person.actor, user=cast.focal.user, password="mot-hai-ba-bon", reason="x")
        with pytest.raises(NotAllowed):
            reset_second_factor(actor=person.actor, user=cast.focal.user, reason="x")


def test_an_administrator_does_not_reset_their_own(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        reset_second_factor(actor=cast.administrator.actor, user=cast.administrator.user, reason="x")


def test_a_lost_second_factor_is_removed_and_the_audit_says_which(cast: Cast) -> None:
    TOTP.activate(cast.leader.user, generate_totp_secret())
    reset_second_factor(actor=cast.administrator.actor, user=cast.leader.user, reason="mất điện thoại")
    assert not Authenticator.objects.filter(user=cast.leader.user).exists()
    entry = AuditEntry.objects.latest("seq")
    assert (entry.action, entry.reason) == ("accounts.reset_second_factor", "mất điện thoại")
    assert entry.changes == {"second_factor": [["totp"], []]}
