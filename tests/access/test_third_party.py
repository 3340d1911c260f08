"""Routes of the sign-in library: nothing of another person's account is shown, changed or guessed through them."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from chuan.audit.service import head
from tests.access.matrix import Persona, Row
from tests.access.reading import everything, found
from tests.access.routes import Route, routes
from tests.access.world import World, undone

LIBRARY = [r for r in routes() if r.is_third_party]
#: What a library's route may answer; never 5xx.
EXPECTED = {200, 302, 400, 403, 404, 405, 429}
pytestmark = pytest.mark.django_db


@pytest.fixture
def key_of_another(world: World) -> int:
    """A passkey of the other tenant's leader."""
    other = next(p for p in world.personas if p.name == "other_leader")
    assert other.member is not None
    row = Authenticator.objects.create(
        user=other.member.user, type=Authenticator.Type.WEBAUTHN, data={"name": "khoa-canh-bao-so-yt"}
    )
    return int(row.pk)


def _address(route: Route, key: int) -> str:
    return reverse(route.name, kwargs=dict.fromkeys(route.parameters, key))


@pytest.mark.parametrize("route", LIBRARY, ids=lambda r: r.name)
def test_no_answer_names_another_person_or_breaks(world: World, key_of_another: int, route: Route) -> None:
    row = Row(route.name, reveals=_nothing)
    wrong = []
    for persona in (p for p in world.personas if p.name != "other_leader"):
        texts, numbers = world.forbidden(row, persona)
        texts += ("khoa-canh-bao-so-yt", "Phan Thanh Tùng")
        for method in ("get", "post"):
            with undone():
                answer = getattr(world.client(persona), method)(_address(route, key_of_another))
            if answer.status_code not in EXPECTED:
                wrong.append(f"{persona.name} {method} {route.name}: {answer.status_code}")
            wrong += [f"{persona.name} {method} {route.name}: {h}" for h in found(everything(answer), texts, numbers)]
    assert wrong == []


@pytest.mark.parametrize("name", ["mfa_remove_webauthn", "mfa_edit_webauthn"])
def test_another_persons_passkey_is_unseen_and_stays(world: World, key_of_another: int, name: str) -> None:
    before = head()
    for persona in world.personas:
        if persona.member is None or persona.name == "other_leader":
            continue
        browser = world.client(persona)
        url = reverse(name, kwargs={"pk": key_of_another})
        assert browser.get(url).status_code == 404, persona.name
        assert browser.post(url, {"name": "cua-toi"}).status_code == 404, persona.name
    assert Authenticator.objects.get(pk=key_of_another).data["name"] == "khoa-canh-bao-so-yt"
    assert head() == before


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email"])
def test_nobody_registers_or_resets_by_mail(world: World, name: str) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)(reverse(name), {"username": "moi", "password1": "x" * 12})
        assert answer.status_code == 302 if method == "get" else answer.status_code in {302, 405}
        assert answer["Location"].startswith(reverse("account_login"))


def test_no_other_route_of_the_library_is_open() -> None:
    names = {r.name for r in routes()}
    for name in ("account_confirm_email", "socialaccount_signup", "account_request_login_code", "mfa_trust"):
        assert name not in names


def _nothing(persona: Persona, unit: str) -> bool:
    return False
