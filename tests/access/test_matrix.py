"""Tenant isolation: all routes × methods × people × own/other tenant, and no canary of another tenant anywhere."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from chuan.audit.service import head
from tests.access.matrix import CHANGES, Outcome, Persona, Planted, Row
from tests.access.reading import everything, found
from tests.access.routes import Route, routes
from tests.access.world import World, address, all_rows, undone

ROWS = all_rows()
#: A method that a page does not know is refused before anybody's rights are looked at, so three people try it.
ODD_METHODS_BY = frozenset({"administrator", "focal", "visitor"})
pytestmark = pytest.mark.django_db


def test_a_route_without_a_row_or_a_row_without_a_route_is_refused() -> None:
    ours = {r.name for r in routes() if not r.is_third_party}
    rows = [r.route for r in ROWS]
    assert ours - set(rows) == set(), "routes without a row in tests/access/rows_*.py"
    assert set(rows) - ours == set(), "rows without a route"
    assert len(rows) == len(set(rows)), "two rows for one route"


def test_a_route_without_a_name_is_refused() -> None:
    assert [r.pattern for r in routes() if not r.name or r.name.endswith(":")] == []


def test_every_row_says_what_its_parameters_are_and_answers_a_method() -> None:
    known: dict[str, Route] = {r.name: r for r in routes()}
    for row in ROWS:
        assert bool(known[row.route].parameters) == bool(row.kwargs), row.route
        assert row.get or row.post, row.route


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.route)
def test_nobody_gets_more_than_the_table_grants(world: World, row: Row) -> None:
    wrong = [line for persona in world.personas for line in _ask_all(world, row, persona, set())]
    assert wrong == []


def _ask_all(world: World, row: Row, persona: Persona, made: set[Any]) -> Iterator[str]:
    for turn, tenant in enumerate(world.tenants(row)):
        readable = tuple(sorted(p.unit for p in world.planted.values() if row.reveals(persona, p.unit)))
        for method, grid in (("get", row.get), ("post", row.post)):
            if grid is None:
                continue
            # A page without parameters is nobody's; what is posted to it is about the tenant of its data.
            unit = tenant.unit if tenant and (row.kwargs or method == "post") else None
            wanted = grid.outcome(persona, unit)
            key = (method, unit, persona.role, readable)
            if row.expensive and wanted is Outcome.SHOWN and key in made:
                continue
            made.add(key)
            data = dict(row.data(tenant)) if method == "post" and row.data and tenant else {}
            yield from _ask(world, row, persona, tenant, method, data, wanted)
        if turn == 0 and persona.name in ODD_METHODS_BY:
            for method in _odd_methods(row):
                yield from _ask(world, row, persona, tenant, method, {}, Outcome.WRONG_METHOD)


def _odd_methods(row: Row) -> Iterator[str]:
    yield from ("put", "patch", "delete")
    yield from (method for method, grid in (("get", row.get), ("post", row.post)) if grid is None)


def _ask(
    world: World,
    row: Row,
    persona: Persona,
    tenant: Planted | None,
    method: str,
    data: dict[str, Any],
    wanted: Outcome,
) -> Iterator[str]:
    url = address(row, tenant)
    where = f"{persona.name} {method.upper()} {url}"
    with undone():
        answer: Any = getattr(world.client(persona), method)(url, data)
        changed = head() != world.head
    got = _outcome(answer, changed)
    if wanted is Outcome.WRONG_METHOD and persona.role == "anonymous" and got is Outcome.LOGIN:
        got = wanted
    if got is not wanted:
        yield f"{where}: {got.value if got else answer.status_code}, not {wanted.value}"
    if changed and wanted not in CHANGES:
        yield f"{where}: changed something"
    # What was sent may come back in the form that was sent.
    sent = " ".join(str(value) for value in data.values())
    texts, numbers = world.forbidden(row, persona)
    hits = found(everything(answer), tuple(t for t in texts if t not in sent), numbers)
    yield from (f"{where}: reads {hit}" for hit in hits)


def _outcome(answer: HttpResponse, changed: bool) -> Outcome | None:
    if answer.status_code in {301, 302}:
        if answer["Location"].startswith(reverse(settings.LOGIN_URL)):
            return Outcome.LOGIN
        return Outcome.DONE if changed else Outcome.REDIRECT
    if answer.status_code == 200:
        return Outcome.SERVED if changed else Outcome.SHOWN
    return next((o for o in Outcome if o.status == answer.status_code), None)
