"""A query or a filter shows no more than the page: neither the record nor that there is one."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.access.matrix import Persona, Planted, Row
from tests.access.reading import everything, found
from tests.access.world import World, address, all_rows

ROWS = [r for r in all_rows() if r.get and not r.expensive]
#: What differs between two answers to one question: CSRF tokens, form keys, instants.
_CHANCE = re.compile(r"[A-Za-z0-9_-]{24,}|\d{1,2}:\d{2}(:\d{2})?")
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("row", [r for r in ROWS if any("{text}" not in q for q in r.queries)], ids=lambda r: r.route)
def test_an_odd_query_shows_no_more_than_the_page(world: World, row: Row) -> None:
    wrong = []
    queries = [f"?{q}" for q in row.queries if "{text}" not in q]
    for persona in world.personas:
        texts, numbers = world.forbidden(row, persona)
        for tenant in world.tenants(row):
            for query in queries:
                answer = _get(world, persona, address(row, tenant) + query)
                if answer.status_code >= 500:
                    wrong.append(f"{persona.name} {row.route}{query}: {answer.status_code}")
                hits = found(everything(answer), texts, numbers)
                wrong += [f"{persona.name} {row.route}{query}: reads {hit}" for hit in hits]
    assert wrong == []


@pytest.mark.parametrize("row", [r for r in ROWS if any("{text}" in q for q in r.queries)], ids=lambda r: r.route)
def test_looking_for_anothers_record_is_answered_as_looking_for_nothing(world: World, row: Row) -> None:
    wrong = []
    for turn, persona in enumerate(world.personas):
        for other in world.hidden(row, persona):
            for url, absent in _pairs(world, row, other, turn):
                about, nothing = _get(world, persona, url[0]), _get(world, persona, absent[0])
                if about.status_code != nothing.status_code or _shape(about, url[1]) != _shape(nothing, absent[1]):
                    wrong.append(f"{persona.name} {url[0]}: differs from {absent[0]}")
    assert wrong == []


def _pairs(world: World, row: Row, other: Planted, turn: int) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """(address, text looked for) of another tenant's record and of a text that nobody planted.

    The page is the other tenant's own where it has one there. Each persona looks for another of the texts.
    """
    tenants = world.tenants(row)
    at = other if other in tenants else tenants[0]
    for query in (q for q in row.queries if "{text}" in q and other.texts):
        text = other.texts[turn % len(other.texts)]
        absent = re.sub("[a-z]", "q", text)
        here = f"{address(row, at)}?{query}"
        yield (here.format(text=text), text), (here.format(text=absent), absent)


def _get(world: World, persona: Persona, url: str) -> Any:
    return world.client(persona).get(url)


def _shape(answer: Any, text: str) -> str:
    body = answer.content.decode()
    for form in (text, text.replace(" ", "%20"), text.replace(" ", "+"), text.replace("@", "%40")):
        body = body.replace(form, "")
    return _CHANCE.sub("", body)
