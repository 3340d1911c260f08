"""The cast with every context's canaries planted for each tenant, and the people who ask."""

import importlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.test.client import ClientHandler
from django.urls import reverse

from chuan.accounts.services import create_user
from chuan.audit.actor import Actor
from chuan.audit.service import head
from chuan.lib import clock
from tests.access.matrix import Persona, Planted, Row
from tests.cast import SYSTEM, Cast, Member

DEFAULT_TENANTS = ("so-ct", "so-yt")


def contexts() -> list[ModuleType]:
    """Every `rows_<context>.py` of this folder."""
    names = sorted(p.stem for p in Path(__file__).parent.glob("rows_*.py"))
    return [importlib.import_module(f"tests.access.{name}") for name in names]


def all_rows() -> list[Row]:
    """Every row of every context."""
    return [row for context in contexts() for row in context.ROWS]


def tenants_of(context: ModuleType) -> tuple[str, ...]:
    """Units of the cast for which a context plants data."""
    found: tuple[str, ...] = getattr(context, "TENANTS", DEFAULT_TENANTS)
    return found


@cache
def tenants_by_route() -> dict[str, tuple[str, ...]]:
    """Route → the units for which its context plants data."""
    return {row.route: tenants_of(context) for context in contexts() for row in context.ROWS}


class Fetcher(Client):
    """A browser that only fetches: the test client keeps every template's context, which nobody here looks at."""

    #: One for all: it holds the middleware, which takes as long to make as a small page.
    shared = ClientHandler(enforce_csrf_checks=False)

    def __init__(self) -> None:
        super().__init__()
        self.handler = self.shared

    def request(self, **request: Any) -> Any:
        """The answer, a failure as its page."""
        own: Any = self
        answer = self.handler(own._base_environ(**request))
        self.cookies.update(answer.cookies)
        return answer


@dataclass
class World:
    """Who asks, and what was planted for each tenant."""

    personas: list[Persona]
    planted: dict[str, Planted]
    #: Session keys by persona.
    sessions: dict[str, str]
    #: The head of the chain, to which every question is undone.
    head: tuple[int, str]

    def client(self, persona: Persona) -> Client:
        """A fresh browser of the persona's, signed in with a second factor a moment ago."""
        browser = Fetcher()
        if persona.member is not None:
            browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[persona.name]
        return browser

    def tenants(self, row: Row) -> list[Planted | None]:
        """The tenants that a row is asked for, one after another; None for a page that takes nothing of theirs."""
        if not row.kwargs and not row.data:
            return [None]
        return [self.planted[unit] for unit in tenants_by_route()[row.route]]

    def hidden(self, row: Row, persona: Persona) -> list[Planted]:
        """Tenants of which `persona` must read nothing in an answer of `row`."""
        return [p for p in self.planted.values() if not row.reveals(persona, p.unit)]

    def forbidden(self, row: Row, persona: Persona) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """Texts and numbers that must not be in an answer of `row` to `persona`."""
        hidden = self.hidden(row, persona)
        texts = tuple(t for p in hidden for t in p.texts)
        counts = {n for p in hidden for n in p.counts.values()}
        if hidden:
            counts |= set(self._sums())
        return texts, tuple(sorted(counts))

    def _sums(self) -> Iterator[int]:
        names = {name for p in self.planted.values() for name in p.counts}
        for name in names:
            parts = [p.counts[name] for p in self.planted.values() if name in p.counts]
            if len(parts) > 1:
                yield sum(parts)


def build(cast: Cast) -> World:
    """Plant every context's data for the cast's units, gather the personas."""
    planted: dict[str, Planted] = {}
    for minutes, context in enumerate(contexts()):
        # Evidence is never dated at the instant of a freeze: each context plants a minute after the one before.
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            for unit in tenants_of(context):
                _merge(planted, context.seed(cast, unit))
    personas = _personas(cast)
    return World(personas, planted, {p.name: _signed_in(p.member) for p in personas if p.member}, head())


def _merge(planted: dict[str, Planted], new: Planted) -> None:
    old = planted.get(new.unit, Planted(new.unit))
    twice = (old.keys.keys() & new.keys.keys()) | (old.counts.keys() & new.counts.keys())
    assert not twice, f"two contexts plant {sorted(twice)}"
    planted[new.unit] = Planted(new.unit, {**old.keys, **new.keys}, old.texts + new.texts, {**old.counts, **new.counts})


def _personas(cast: Cast) -> list[Persona]:
    units = {unit.pk: code for code, unit in cast.units.items()}
    people = [Persona(n, m.actor.role, units[m.actor.unit_id or 0], m) for n, m in cast.people.items()]
    stranger = create_user(actor=SYSTEM, username="stranger", full_name="Khách Vãng Lai", password="mot-mat-khau-dai")
    nobody = Member(stranger, cast.focal.membership, Actor(stranger.pk, stranger.full_name, "none"))
    return [*people, Persona("stranger", "none", "", nobody), Persona("visitor", "anonymous", "")]


def _signed_in(member: Member) -> str:
    browser = Client()
    browser.force_login(member.user)
    session = browser.session
    records = [{"method": "mfa", "type": "totp", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(member.user.pk)
    # As after the first page: no answer begins by writing these.
    session["began"] = session["seen"] = int(time.time())
    session.save()
    return str(session.session_key)


def address(row: Row, tenant: Planted | None) -> str:
    """Where the row's page of a tenant lies."""
    return reverse(row.route, kwargs=dict(row.kwargs(tenant)) if row.kwargs and tenant else None)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside leaves no trace in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
