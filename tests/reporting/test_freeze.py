"""Freezing, recomputing and explaining a figure."""

from datetime import timedelta
from typing import Any

import pytest

from chuan.audit.actor import Actor
from chuan.lib import clock
from chuan.organisations.services import merge_people
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan
from chuan.reporting import adjustments, members, queries, verify
from chuan.reporting.errors import DefinitionNotApproved, NotAllowed
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.models import DefinitionApproval, FrozenFigure
from chuan.reporting.services.figures import (
    approve_definition,
    freeze_figure,
    propose_definition,
    ship_definition,
)
from chuan.training.services import correct_attendance, correct_course, void_attendance, void_course
from tests.cast import SYSTEM, Cast
from tests.reporting.test_ct2 import AT, YEAR
from tests.training.builders import course, entry, line, person_of, said, said_of


def freeze(plan: Plan, actor: Actor, indicator: str = "CT2") -> FrozenFigure:
    return freeze_figure(
        actor=actor, plan=plan, indicator_id=indicator, frame=Frame.COMPARABLE, window=YEAR, at=AT, purpose="thử"
    )


def later(minutes: int = 5) -> Any:
    return clock.at(clock.now() + timedelta(minutes=minutes))


def found_by_verify() -> list[str]:
    return [f.where for f in verify.figures() if hasattr(f, "where")]


def test_a_focal_officer_cannot_freeze(cast: Cast, plan: Plan) -> None:
    with pytest.raises(NotAllowed):
        freeze(plan, cast.focal.actor)


def test_an_unapproved_definition_cannot_be_frozen(cast: Cast, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    indicator = type(INDICATORS["CT2"])
    monkeypatch.setattr(indicator, "definition_sha256", lambda self: "f" * 64)
    with pytest.raises(DefinitionNotApproved):
        freeze(plan, cast.specialist.actor)
    with pytest.raises(NotAllowed):
        approve_definition(actor=cast.director.actor, indicator_id="CT2", note="chưa đề xuất")
    propose_definition(actor=cast.specialist.actor, indicator_id="CT2", note="sửa phạm vi")
    with pytest.raises(NotAllowed):
        approve_definition(actor=cast.specialist.actor, indicator_id="CT2", note="tự duyệt")
    approve_definition(actor=cast.director.actor, indicator_id="CT2", note="đồng ý")
    assert freeze(plan, cast.specialist.actor).definition_sha256 == "f" * 64


def test_a_shipped_definition_is_entered_once(cast: Cast, plan: Plan) -> None:
    with pytest.raises(NotAllowed):
        ship_definition(actor=SYSTEM, indicator_id="CT2")
    assert DefinitionApproval.objects.get(indicator="CT2").note == "mặc định phần mềm"


def test_a_frozen_figure_recomputes_to_the_same_value_members_and_breakdown(cast: Cast, plan: Plan) -> None:
    held = course(cast)
    lines = [line(cast, held, f"Người số {n}") for n in range(4)]
    frozen = freeze(plan, cast.specialist.actor)
    with later():
        void_attendance(actor=cast.focal.actor, seen=said_of(lines[0]), reason="trùng")
        line(cast, held, "Người mới")
        void_course(actor=cast.focal.actor, seen=said(held), reason="nhầm")
        assert queries.recompute(frozen).result() == frozen.result()
        assert frozen.value == 4
        assert members.unpack(frozen.members) == [a.pk for a in lines]
        assert found_by_verify() == []


def test_correcting_a_title_changes_nothing(cast: Cast, plan: Plan) -> None:
    held = course(cast)
    line(cast, held, "Lê Văn A")
    frozen = freeze(plan, cast.specialist.actor)
    with later():
        correct_course(
            actor=cast.focal.actor, seen=said(held), entry=entry(cast, title="Tên đúng"), reason="sai chính tả"
        )
        found = adjustments.explain(frozen)
        assert (found.difference, found.changes) == (0, [])
        assert queries.recompute(frozen).result() == frozen.result()


def test_correcting_an_attendance_is_explained_with_the_person_and_the_reason(cast: Cast, plan: Plan) -> None:
    held = course(cast)
    one = line(cast, held, "Lê Văn A")
    line(cast, held, "Lê Văn B")
    frozen = freeze(plan, cast.specialist.actor)
    with later():
        correct_attendance(actor=cast.focal.actor, seen=said_of(one), reason="vắng ngày cuối", completed=False)
        found = adjustments.explain(frozen)
    assert found.difference == -1
    (change,) = found.changes
    person = person_of(said_of(one))
    assert (change.record.name, change.record.about, change.added) == ("Lê Văn A", person.code, False)
    assert change.reasons == ("not_completed",)
    assert [(e.actor_name, e.reason) for e in change.entries] == [("Võ Văn Kiên", "vắng ngày cuối")]


def test_each_way_of_leaving_or_entering_has_its_reason(cast: Cast, plan: Plan) -> None:
    held = course(cast)
    voided, merged, kept = (line(cast, held, name) for name in ("Hủy Dòng", "Trùng Người", "Người Gốc"))
    frozen = freeze(plan, cast.specialist.actor)
    with later():
        void_attendance(actor=cast.focal.actor, seen=said_of(voided), reason="nhập nhầm lớp")
        people = [person_of(said_of(a)) for a in (merged, kept)]
        merge_people(actor=cast.specialist.actor, duplicate=people[1], canonical=people[0], basis="cùng người")
        new = line(cast, held, "Thêm Sau")
        found = {c.record.id: (c.added, c.reasons) for c in adjustments.explain(frozen).changes}
    assert found[voided.pk] == (False, ("line_voided",))
    assert found[new.pk] == (True, ())
    assert found[kept.pk] == (False, ("duplicate",))
    assert len(found) == 3


def test_member_lists_survive_packing() -> None:
    for ids in ([], [7], [1, 2, 3], list(range(5, 100_000, 7))):
        assert members.unpack(members.pack(reversed(ids))) == ids
    assert len(members.pack(range(1_000_000))) < 200_000
    assert members.sha256([3, 1]) == members.sha256([1, 3])


def test_verify_names_a_figure_that_does_not_recompute(cast: Cast, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    line(cast, course(cast), "Lê Văn A")
    frozen = freeze(plan, cast.specialist.actor)
    real = queries.recompute

    def off_by_one(figure: FrozenFigure) -> Any:
        computed = real(figure)
        object.__setattr__(computed, "value", computed.value + 1)
        return computed

    monkeypatch.setattr(queries, "recompute", off_by_one)
    assert found_by_verify() == [f"số liệu đã chốt {frozen.code}"]
