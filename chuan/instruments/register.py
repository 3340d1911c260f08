"""The registers of this context: kinds, and their verification intervals."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from chuan.audit.actor import Actor
from chuan.instruments import policies, queries
from chuan.instruments.errors import ParentBelow
from chuan.instruments.forms import IntervalForm, KindForm
from chuan.instruments.models import KindFacts, KindIntervalFacts
from chuan.instruments.rules import leads_to
from chuan.registers.forms import Shelf
from chuan.registers.policies import can_list
from chuan.registers.register import Cell, Part, Register, Words, specialist_adds

UNCHECKED = _("Chưa đối chiếu")


def checked_cell(said: Any) -> Cell:
    """Where a fact comes from, and whether it was compared with the text: what was not is never green."""
    if said.checked:
        return Cell(str(_("Đã đối chiếu")), sub=said.source, state="valid")
    return Cell(str(UNCHECKED), sub=said.source, state="unknown")


def _kind_cells(said: Any, words: Words) -> Sequence[Cell]:
    listed = words.say(said, "kind_list")
    number = _("%(list)s, mục %(n)s") % {"list": listed, "n": said.row_number} if said.row_number else listed
    return (Cell(words.say(said, "object_type")), Cell(number, sub=words.say(said, "parent_id")), checked_cell(said))


def _interval_cells(said: Any, words: Words) -> Sequence[Cell]:
    span = f"{words.say(said, 'valid_from') or '…'} – {words.say(said, 'valid_to') or '…'}"
    return (Cell(span), checked_cell(said))


def _interval_label(said: Any) -> str:
    return _("%(kind)s: %(n)s tháng") % {"kind": queries.kind_name(said, said.interval.kind_id), "n": said.months}


def _interval_words(facts: Mapping[str, Any]) -> str:
    return f"{queries.kind_name(None, facts['kind_id'])} {facts['months']:03d}"


def _parts(actor: Actor, said: Any, _shelf: Shelf) -> Sequence[Part]:
    rows = list(queries.intervals_of(said.kind_id))
    empty = _("Chưa ghi chu kỳ nào: hạn kiểm định không tính được.")
    query = f"kind={said.kind.code}"
    return [Part(_("Chu kỳ kiểm định"), INTERVALS, rows, query, policies.can_record(actor), empty)]


def _no_circle(_actor: Actor, facts: Mapping[str, Any], seen: Any) -> None:
    if seen is not None and facts.get("parent_id") and leads_to(facts["parent_id"], queries.parents(), seen.kind_id):
        raise ParentBelow


KINDS = Register(
    name="instruments.kind",
    model=KindFacts,
    prefix="LO",
    title=_("Loại phương tiện đo, chuẩn"),
    noun=_("loại phương tiện đo, chuẩn"),
    lead=_("Danh mục nhóm 2 và danh mục của tỉnh. Số loại trong chỉ tiêu được đếm theo danh mục này."),
    form=KindForm,
    natural=("name", "object_type", "parent_id"),
    visible_to=policies.visible_kinds,
    can_list=can_list,
    can_record=policies.can_record,
    can_add=specialist_adds,
    can_correct=policies.can_correct,
    headings=(_("Đối tượng"), _("Danh mục"), _("Văn bản")),
    cells=_kind_cells,
    label=lambda said: said.name,
    search=lambda facts: f"{facts['name']} {facts.get('row_number', '')}",
    filters=("kind_list", "object_type"),
    check=_no_circle,
    parts=_parts,
    icon="ruler",
)

INTERVALS = Register(
    name="instruments.interval",
    model=KindIntervalFacts,
    prefix="CK",
    title=_("Chu kỳ kiểm định"),
    noun=_("chu kỳ kiểm định"),
    lead=_("Chu kỳ theo văn bản, có ngày áp dụng. Chu kỳ đúng là chu kỳ có hiệu lực vào ngày kiểm định."),
    form=IntervalForm,
    natural=("kind_id", "valid_from"),
    visible_to=policies.visible_intervals,
    can_list=can_list,
    can_record=policies.can_record,
    can_add=specialist_adds,
    can_correct=policies.can_correct,
    headings=(_("Áp dụng"), _("Văn bản")),
    cells=_interval_cells,
    label=_interval_label,
    search=_interval_words,
    search_also={"interval__kind": queries.matching},
    dress=lambda rows: queries.with_kind_name(rows, "interval__kind_id"),
    related=("interval__kind",),
    icon="calendar",
)
