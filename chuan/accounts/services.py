"""Writes on accounts."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.db.models import F

from chuan.accounts import policies
from chuan.accounts.models import User
from chuan.audit.actor import Actor
from chuan.audit.errors import NotAllowed
from chuan.audit.service import record, service
from chuan.lib import clock, text


def _require(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed


@service()
def create_user(
    *,
    actor: Actor,
    username: str,
    full_name: str,
    email: str = "",
    password: str | None = None,
    hashed_password: str = "",
    must_change_password: bool = False,
) -> User:
    """Open an account; without a password it cannot sign in until one is set. ValidationError on a weak one.

    `hashed_password` takes a hash as Django stores it, for accounts that are moved or made many at a time.
    """
    _require(policies.can_manage(actor))
    user = User(username=text.nfc(username), full_name=text.nfc(full_name), email=email, created_at=clock.now())
    user.must_change_password = must_change_password
    user.full_clean(exclude=["password"])
    if password is not None:
        validate_password(password, user)
        user.set_password(password)
    elif hashed_password:
        user.password = hashed_password
    else:
        user.set_unusable_password()
    user.save()
    record(
        "accounts.create_user",
        user,
        changes={
            "username": [None, user.username],
            "full_name": [None, user.full_name],
            "email": [None, email],
        },
    )
    return user


@service()
def set_active(*, actor: Actor, user: User, active: bool, reason: str) -> None:
    """Close or reopen an account; a closed one is out on its next request."""
    _require(policies.can_manage(actor) and not policies.is_own(actor, user.pk))
    old = user.is_active
    user.is_active = active
    user.save(update_fields=["is_active"])
    record("accounts.set_active", user, changes={"is_active": [old, active]}, reason=reason)


@service()
def set_temporary_password(*, actor: Actor, user: User, password: str, reason: str) -> None:
    """Give a password that must be changed at the next sign-in; open sessions end."""
    _require(policies.can_manage(actor))
    validate_password(password, user)
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    record("accounts.set_temporary_password", user, reason=reason)


@service()
def reset_second_factor(*, actor: Actor, user: User, reason: str) -> int:
    """Remove a lost second factor, so that the person sets one up again at the next sign-in; nobody their own.

    Open sessions end: whoever found the device may be in one.
    """
    _require(policies.can_manage(actor) and not policies.is_own(actor, user.pk))
    kinds = sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    Authenticator.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(session_series=F("session_series") + 1)
    record("accounts.reset_second_factor", user, changes={"second_factor": [kinds, []]}, reason=reason)
    return len(kinds)


@service()
def record_event(*, actor: Actor, user: User, action: str, detail: str = "") -> None:
    """Write down what happened to an account's sign-in (signed in, second factor added, password changed)."""
    _require(policies.is_own(actor, user.pk))
    if action == "accounts.password_changed" and user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
    record(action, user, reason=detail)
