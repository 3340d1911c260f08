"""The kinds that every database begins with: unchecked, with the intervals that a source gives and no others."""

import itertools
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from chuan.instruments.models import KindFacts, KindIntervalFacts
from chuan.instruments.queries import interval_on
from chuan.laboratories.models import CriteriaSetFacts
from chuan.portal.reference_kinds import kind_facts, load_kinds
from tests.cast import SYSTEM, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def content() -> dict[str, Any]:
    """The file that the software comes with."""
    path = Path(settings.DATA_DIR) / "instruments" / "kinds.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def loaded(cast: Cast, content: dict[str, Any]) -> Cast:
    """The cast's database with the file's kinds."""
    load_kinds(actor=SYSTEM, content=content, owner=cast.unit("so-khcn"))
    return cast


def test_a_document_that_the_file_does_not_name_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        kind_facts({"name": "Taximet", "document": "tt-99"}, content["documents"])


def test_a_row_with_fewer_cells_than_the_table_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="zip"):
        kind_facts({"name": "Taximet", "document": "own", "controls": "xx"}, content["documents"])


def test_nothing_is_said_to_be_checked_against_the_text(loaded: Cast) -> None:
    assert not KindFacts.objects.filter(checked=True).exists()
    assert not KindIntervalFacts.objects.filter(checked=True).exists()
    assert not KindFacts.objects.filter(source="").exists()


@pytest.mark.parametrize(
    ("name", "day", "months"),
    [
        ("Taximet", date(2019, 12, 31), 12),
        ("Taximet", date(2022, 6, 1), None),
        ("Taximet", date(2024, 10, 14), None),
        ("Taximet", date(2024, 10, 15), 18),
        ("Thước cuộn", date(2025, 1, 1), None),
        ("Cột đo xăng dầu", date(2024, 10, 14), 12),
        ("Cột đo xăng dầu", date(2024, 10, 15), None),
    ],
)
def test_an_interval_holds_where_a_source_gives_it_and_is_unknown_elsewhere(
    loaded: Cast, name: str, day: date, months: int | None
) -> None:
    kind = KindFacts.objects.live().get(name=name).kind_id
    found = interval_on(kind, day)
    assert (found.months if found else None) == months


def test_the_criteria_set_is_a_draft_without_scores(loaded: Cast) -> None:
    said = CriteriaSetFacts.objects.live().get()
    assert (said.approved_by, said.approved_on) == ("", None)
    assert "điểm" not in said.requirements
    assert len(said.requirements.splitlines()) == 3


def test_no_two_intervals_of_one_kind_hold_on_one_day(loaded: Cast) -> None:
    spans: dict[int, list[tuple[date, date]]] = {}
    for said in KindIntervalFacts.objects.live().select_related("interval"):
        span = (said.valid_from or date.min, said.valid_to or date.max)
        spans.setdefault(said.interval.kind_id, []).append(span)
    for found in spans.values():
        ordered = sorted(found)
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(ordered))
