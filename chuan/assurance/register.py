"""The registers of this context: versions of programmes, and what was done under them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.assurance import policies, queries
from chuan.assurance.errors import NotYours
from chuan.assurance.forms import ActivityForm, VersionForm
from chuan.assurance.models import ProgrammeActivityFacts, ProgrammeVersionFacts
from chuan.assurance.rules import in_force, is_at_least_a_year
from chuan.audit.actor import Actor
from chuan.registers.forms import Shelf
from chuan.registers.policies import can_list, is_specialist
from chuan.registers.register import Cell, Part, Register, Words
from chuan.registers.rules import Known


def _version_cells(said: Any, words: Words) -> Sequence[Cell]:
    term = f"{words.say(said, 'term_from')} – {words.say(said, 'term_to')}"
    short = "" if is_at_least_a_year(said.term_from, said.term_to) else _now("dưới một năm, không được tính")
    approved = Cell(_now("Chưa phê duyệt"), state="draft")
    if said.approved_on:
        by = said.approver if said.by_head == Known.YES else _now("%(who)s (chưa rõ hoặc không phải người đứng đầu)")
        approved = Cell(words.say(said, "approved_on"), sub=by % {"who": said.approver} if "%(" in by else by)
    return approved, Cell(term, sub=short), _standing(said, words), Cell(words.say(said, "ownership"))


def _standing(said: Any, words: Words) -> Cell:
    """Whether the version runs today."""
    if said.ended_on and said.ended_on <= words.today:
        return Cell(_now("Đã hủy, chấm dứt"), sub=words.say(said, "ended_on"), state="closed")
    if not said.approved_on:
        return Cell(_now("Dự thảo"), state="draft")
    if in_force(words.today, term_from=said.term_from, term_to=said.term_to, ended_on=said.ended_on):
        return Cell(_now("Đang thực hiện"), state="valid")
    return Cell(_now("Chưa đến hạn") if words.today < said.term_from else _now("Hết thời hạn"), state="closed")


def _version_label(said: Any) -> str:
    name = getattr(said, "enterprise", None) or queries.unit_name(said.version.programme.unit_id)
    return _now("%(name)s, lần %(n)s") % {"name": name, "n": said.number}


def _activity_cells(said: Any, words: Words) -> Sequence[Cell]:
    return (
        Cell(words.say(said, "version_id")),
        Cell(words.say(said, "kind")),
        Cell(words.say(said, "on")),
        Cell(said.performer),
    )


def _parts(actor: Actor, said: Any, _shelf: Shelf) -> Sequence[Part]:
    version = said.version
    done = list(queries.activities_of(actor, version.pk))
    others = list(queries.other_versions(actor, version.programme_id, version.pk))
    mine = policies.can_add_activity(actor, {"version_id": version.pk})
    nothing = _("Chưa ghi hoạt động nào có ngày. Theo một cách hiểu, chương trình chưa triển khai thì chưa được tính.")
    return (
        Part(_("Hoạt động trong thời hạn"), ACTIVITIES, done, f"version={version.code}", mine, nothing),
        Part(
            _("Các lần ban hành khác"),
            VERSIONS,
            others,
            f"unit={version.programme.unit.code}&number={said.number + 1}",
            policies.can_record(actor),
            _("Không có lần ban hành nào khác."),
        ),
    )


def _version_words(facts: Mapping[str, Any]) -> str:
    return f"{queries.unit_name(facts['unit_id'])} {facts['number']:03d} {facts['title']}"


def _check_version(actor: Actor, facts: Mapping[str, Any], seen: Any) -> None:
    """That a cooperative counts is decided by Sở KH&CN."""
    decided = facts.get("accepted_by", "")
    if decided != (seen.accepted_by if seen else "") and not is_specialist(actor):
        raise NotYours


VERSIONS = Register(
    name="assurance.version",
    model=ProgrammeVersionFacts,
    prefix="CT",
    title=_("Chương trình đảm bảo đo lường"),
    noun=_("chương trình đảm bảo đo lường"),
    lead=_("Chương trình của từng doanh nghiệp, mỗi lần ban hành một bản ghi. Gia hạn không làm tăng số doanh nghiệp."),
    form=VersionForm,
    natural=("unit_id", "number"),
    visible_to=policies.visible_versions,
    can_list=can_list,
    can_record=policies.can_record,
    can_add=policies.can_add,
    can_correct=policies.can_correct,
    headings=(_("Phê duyệt"), _("Thời hạn"), _("Hôm nay"), _("Sở hữu")),
    cells=_version_cells,
    label=_version_label,
    search=_version_words,
    search_also={"version__programme__unit": queries.units_matching},
    filters=("ownership", "by_head"),
    check=_check_version,
    dress=queries.with_enterprise,
    parent=queries.programme_of,
    paths={"unit_id": "version__programme__unit_id"},
    parts=_parts,
    related=("version__programme__unit",),
    icon="shield",
    files=True,
    claimable=True,
)

ACTIVITIES = Register(
    name="assurance.activity",
    model=ProgrammeActivityFacts,
    prefix="HD",
    title=_("Hoạt động của chương trình"),
    noun=_("hoạt động"),
    lead=_("Kiểm định, hiệu chuẩn, thử nghiệm, xây dựng phương pháp đo có ngày, theo một chương trình."),
    form=ActivityForm,
    natural=("version_id", "kind", "on", "description"),
    visible_to=policies.visible_activities,
    can_list=can_list,
    can_record=policies.can_record,
    can_add=policies.can_add_activity,
    can_correct=policies.can_correct,
    headings=(_("Chương trình"), _("Việc"), _("Ngày"), _("Đơn vị thực hiện")),
    cells=_activity_cells,
    label=lambda said: said.description,
    search=lambda facts: f"{facts['description']} {facts.get('performer', '')}",
    search_also={"activity__version__programme__unit": queries.units_matching},
    sort="-on",
    filters=("kind",),
    dress=queries.activities_with_enterprise,
    related=("activity__version__programme__unit",),
    icon="list-check",
    files=True,
    claimable=True,
)
