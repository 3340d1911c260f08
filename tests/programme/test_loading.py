"""Another province's plan loads without a line of code; what was loaded is sealed with what it says."""

from datetime import date
from pathlib import Path

import pytest

from chuan.audit.models import AuditEntry
from chuan.ledger.errors import FrozenRow
from chuan.organisations.models import PartyClass
from chuan.programme import queries
from chuan.programme.errors import NotAllowed, PlanFileWrong
from chuan.programme.models import Plan, PlanText
from chuan.programme.plan_checks import read_plan
from chuan.programme.rules import Duty
from chuan.programme.services import load_plan
from tests.cast import SYSTEM, Cast
from tests.programme.builders import TEXT, Folder, task_of


@pytest.mark.parametrize("who", ["specialist", "director", "administrator", "focal"])
def test_nobody_loads_a_plan_from_a_page(cast: Cast, tmp_path: Path, who: str) -> None:
    draft = read_plan(Folder(tmp_path / "kh-b").write())
    with pytest.raises(NotAllowed):
        load_plan(actor=cast.people[who].actor, draft=draft)
    assert not Plan.objects.exists()


def test_a_plan_is_loaded_once(cast: Cast, other: Plan, tmp_path: Path) -> None:
    with pytest.raises(PlanFileWrong, match="kế hoạch KH-B đã được nạp"):
        load_plan(actor=SYSTEM, draft=read_plan(tmp_path / "kh-b"))
    assert Plan.objects.count() == 1


def test_what_was_loaded_is_not_edited(other: Plan) -> None:
    text = PlanText.objects.get(plan=other)
    text.content = "khác"
    with pytest.raises(FrozenRow):
        text.save()
    with pytest.raises(FrozenRow):
        other.delete()


def test_another_provinces_plan_loads_without_code(cast: Cast, other: Plan) -> None:
    document = queries.document_of(other)
    assert document.text == TEXT.encode()
    assert other.scope == cast.unit("tn")
    assert other.deadline(2026) == date(2026, 11, 30)
    assert [(t.indicator, t.value, t.horizon) for t in queries.targets_of(other)] == [("CT2", 5, date(2025, 12, 31))]
    parties = task_of(other, "PL.1").printed_parties.select_related("unit", "party_class")
    assert [(p.duty, p.unit and p.unit.code, p.party_class and p.party_class.title) for p in parties] == [
        (Duty.LEAD, "so-yt", None),
        (Duty.COORDINATE, "so-ct", None),
        (Duty.COORDINATE, None, "Các hội nghề nghiệp"),
    ]
    assert document.display(document.by_code["PL.2"]) == "Báo cáo"


def test_a_class_that_is_there_already_keeps_its_title(cast: Cast, other: Plan, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "kh-c").change('code = "KH-B"', 'code = "KH-C"', "plan.toml")
    folder.files["plan.toml"] = folder.files["plan.toml"].replace("KH-B-CT2", "KH-C-CT2")
    load_plan(actor=SYSTEM, draft=read_plan(folder.change("Các hội nghề nghiệp", "Tên khác").write()))
    assert [c.title for c in PartyClass.objects.filter(code="hoi-nghe")] == ["Các hội nghề nghiệp"]
    assert Plan.objects.count() == 2


def test_loading_writes_one_entry_that_counts_what_came(other: Plan) -> None:
    entry = AuditEntry.objects.get(action="programme.load_plan")
    assert entry.changes == {"items": [0, 7], "targets": [0, 1], "slips": [0, 1], "contradictions": [0, 1]}
