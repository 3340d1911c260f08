"""The registers of this context: laboratories, recognitions, their stops, scope lines, what is there, assessments."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.audit.actor import Actor
from chuan.instruments.queries import kind_name
from chuan.instruments.queries import matching as kinds_matching
from chuan.laboratories import forms, models, policies, queries
from chuan.laboratories.errors import NotYourDecision, NotYours, OtherOrganisation
from chuan.laboratories.rules import AssessmentKind, Result
from chuan.registers.forms import Shelf
from chuan.registers.policies import can_list, is_specialist
from chuan.registers.register import Cell, Part, Register, Words, specialist_adds

_RESULT_STATES = {Result.MET: "met", Result.PARTLY: "due_soon", Result.NOT_MET: "invalid"}


def span(words: Words, said: Any, first: str = "valid_from", last: str = "last_day") -> str:
    """`01/02/2024 – 31/01/2027`."""
    return f"{words.say(said, first) or '…'} – {words.say(said, last) or '…'}"


def _laboratory_cells(said: Any, words: Words) -> Sequence[Cell]:
    place = words.say(said, "place_id")
    where = Cell(place, sub=said.address) if place else Cell(_now("Chưa rõ, chưa tính được"), state="unknown")
    return Cell(words.say(said, "unit_id")), where


def _recognition_cells(said: Any, words: Words) -> Sequence[Cell]:
    standard = said.standard_text or ("" if said.standard == "none" else words.say(said, "standard"))
    holds = getattr(said, "holds", None)
    state = Cell(_now("Còn hiệu lực"), state="valid") if holds else Cell(_now("Không còn hiệu lực"), state="closed")
    whose = words.say(said, "laboratory_id") or _now("cả tổ chức")
    return (
        Cell(words.say(said, "kind"), sub=standard),
        Cell(words.say(said, "unit_id"), sub=whose),
        Cell(span(words, said), sub=said.issuer),
        state,
    )


def _stop_cells(said: Any, words: Words) -> Sequence[Cell]:
    return Cell(words.say(said, "recognition_id")), Cell(span(words, said, "start", "end")), Cell(said.document)


def _line_cells(said: Any, words: Words) -> Sequence[Cell]:
    covered, days = getattr(said, "covered", False), span(words, said)
    if said.status != "active":
        state = Cell(words.say(said, "status"), sub=days, state="closed")
    elif covered:
        state = Cell(_now("Có giấy còn hiệu lực"), sub=days, state="valid")
    else:
        state = Cell(_now("Không có giấy còn hiệu lực"), sub=days, state="unknown")
    return (
        Cell(_laboratory_of(said, said.line.laboratory_id)),
        Cell(words.say(said, "activity"), sub=words.say(said, "field")),
        Cell(said.range_text),
        state,
    )


def _laboratory_of(said: Any, laboratory_id: int) -> str:
    """The laboratory's name: as the list read it, else read now."""
    return said.laboratory_name if hasattr(said, "laboratory_name") else queries.laboratory_name(laboratory_id)


def _availability_cells(said: Any, words: Words) -> Sequence[Cell]:
    where = _laboratory_of(said, said.availability.laboratory_id)
    return Cell(where), Cell(words.say(said, "available_from")), Cell(said.evidence)


def _criteria_cells(said: Any, words: Words) -> Sequence[Cell]:
    if not said.approved_on:
        return Cell(said.version), Cell(_now("Dự thảo, chưa dùng để tính"), state="draft")
    return Cell(said.version), Cell(words.say(said, "approved_on"), sub=said.approved_by)


def _assessment_cells(said: Any, words: Words) -> Sequence[Cell]:
    result = Cell(words.say(said, "overall"), state=_RESULT_STATES.get(said.overall, "unknown"))
    pending = Cell(_now("Chưa kết luận"), state="draft")
    by = Cell(words.say(said, "kind"), sub=getattr(said, "criteria", "") or "")
    return by, Cell(words.say(said, "concluded_on"), sub=said.document), result if said.concluded_on else pending


def _parts_of_laboratory(actor: Actor, said: Any, _shelf: Shelf) -> Sequence[Part]:
    lab = said.laboratory
    mine = policies.can_add_to_unit(actor, {"unit_id": lab.unit_id})
    here = f"laboratory={lab.code}"
    unit = f"unit={lab.unit.code}"
    return (
        Part(
            _("Đăng ký, chỉ định, công nhận, chứng nhận"),
            RECOGNITIONS,
            list(queries.recognitions_of(actor, lab.unit_id, lab.pk)),
            unit,
            mine,
            _("Chưa ghi giấy nào: năng lực chưa được tính."),
        ),
        Part(
            _("Phạm vi"),
            LINES,
            list(queries.lines_of(actor, lab.pk)),
            here,
            mine,
            _("Chưa có dòng nào. Ghi từng dòng, hoặc nhập từ Excel ở trang phạm vi."),
        ),
        Part(
            _("Chuẩn, chất chuẩn, phương tiện đo đã có"),
            AVAILABILITIES,
            list(queries.availabilities_of(actor, lab.pk)),
            here,
            mine,
            _("Chưa ghi. Chỉ cần ghi loại chưa có dòng phạm vi."),
        ),
        Part(
            _("Đánh giá theo bộ tiêu chí"),
            ASSESSMENTS,
            list(queries.assessments_of(actor, lab.pk)),
            here,
            mine,
            _("Chưa có lần đánh giá nào."),
        ),
    )


def _parts_of_recognition(actor: Actor, said: Any, _shelf: Shelf) -> Sequence[Part]:
    recognition = said.recognition
    mine = policies.can_add_to_unit(actor, {"unit_id": recognition.unit_id})
    rows, query = list(queries.stops_of(recognition.pk)), f"recognition={recognition.code}"
    return (Part(_("Đình chỉ, thu hồi"), STOPS, rows, query, mine, _("Không có đình chỉ, thu hồi nào được ghi.")),)


def _check_recognition(actor: Actor, facts: Mapping[str, Any], seen: Any) -> None:
    """Confined to a laboratory of its own organisation; that another standard counts is decided by Sở KH&CN."""
    decided = facts.get("accepted_by", "")
    if decided != (seen.accepted_by if seen else "") and not is_specialist(actor):
        raise NotYourDecision
    chosen = facts.get("laboratory_id")
    if chosen and not models.Laboratory.objects.filter(pk=chosen, unit_id=facts["unit_id"]).exists():
        raise OtherOrganisation(str(forms.RecognitionForm.base_fields["laboratory"].label))


def _own_recognition(_actor: Actor, facts: Mapping[str, Any], _seen: Any) -> None:
    """A line is covered by a recognition of the laboratory's own organisation."""
    chosen = facts.get("recognition_id")
    unit = models.Laboratory.objects.filter(pk=facts["laboratory_id"]).values("unit_id")
    if chosen and not models.Recognition.objects.filter(pk=chosen, unit_id__in=unit).exists():
        raise OtherOrganisation(str(forms.ScopeLineForm.base_fields["recognition"].label))


def _confirmed_by_department(actor: Actor, facts: Mapping[str, Any], _seen: Any) -> None:
    if facts.get("kind") == AssessmentKind.CONFIRMED and not is_specialist(actor):
        raise NotYours


LABORATORIES = Register(
    name="laboratories.laboratory",
    model=models.LaboratoryFacts,
    prefix="PTN",
    title=_("Phòng thí nghiệm"),
    noun=_("phòng thí nghiệm"),
    lead=_("Phòng thí nghiệm của tổ chức kiểm định, hiệu chuẩn, thử nghiệm: giấy tờ, phạm vi, đánh giá."),
    form=forms.LaboratoryForm,
    natural=("unit_id", "name"),
    visible_to=policies.visible_laboratories,
    can_list=can_list,
    can_record=policies.can_record,
    can_add=policies.can_add_to_unit,
    can_correct=policies.can_correct,
    headings=(_("Tổ chức"), _("Địa bàn")),
    cells=_laboratory_cells,
    label=lambda said: said.name,
    search=lambda facts: facts["name"],
    parts=_parts_of_laboratory,
    related=("laboratory__unit",),
    icon="building",
    claimable=True,
)

RECOGNITIONS = Register(
    name="laboratories.recognition",
    model=models.RecognitionFacts,
    prefix="GC",
    title=_("Đăng ký, chỉ định, công nhận"),
    noun=_("giấy đăng ký, chỉ định, công nhận"),
    lead=_("Bốn việc pháp lý khác nhau, không gộp thành một trạng thái. Số được ghi đúng như in."),
    form=forms.RecognitionForm,
    natural=("unit_id", "kind", "number", "valid_from"),
    visible_to=policies.visible_recognitions,
    can_list=can_list,
    can_record=policies.can_record,
    can_add=policies.can_add_to_unit,
    can_correct=policies.can_correct,
    headings=(_("Hình thức"), _("Tổ chức"), _("Có giá trị"), _("Hôm nay")),
    cells=_recognition_cells,
    label=lambda said: said.number,
    search=lambda facts: f"{facts['number']} {facts['issuer']} {facts.get('standard_text', '')}",
    sort="-valid_from",
    filters=("kind", "standard"),
    check=_check_recognition,
    dress=queries.with_standing,
    parts=_parts_of_recognition,
    icon="certificate",
    files=True,
    claimable=True,
)

STOPS = Register(
    name="laboratories.stop",
    model=models.RecognitionStopFacts,
    prefix="DC",
    title=_("Đình chỉ, thu hồi"),
    noun=_("đình chỉ, thu hồi"),
    lead=_("Những ngày mà giấy đăng ký, chỉ định, công nhận không có hiệu lực."),
    form=forms.StopForm,
    natural=("recognition_id", "start"),
    visible_to=policies.visible_stops,
    can_list=can_list,
    can_record=policies.can_record,
    can_add=policies.can_add_to_recognition,
    can_correct=policies.can_correct,
    headings=(_("Giấy"), _("Không có hiệu lực"), _("Văn bản")),
    cells=_stop_cells,
    label=lambda said: said.get_kind_display(),
    search=lambda facts: facts["document"],
    sort="-start",
    filters=("kind",),
    related=("stop__recognition",),
    icon="alert",
    claimable=True,
)

LINES = Register(
    name="laboratories.scope_line",
    model=models.ScopeLineFacts,
    prefix="PV",
    title=_("Phạm vi kiểm định, hiệu chuẩn, thử nghiệm"),
    noun=_("dòng phạm vi"),
    lead=_("Mỗi dòng: một hoạt động trên một loại phương tiện đo, chuẩn của một phòng thí nghiệm."),
    form=forms.ScopeLineForm,
    natural=("laboratory_id", "kind_id", "activity", "field", "range_text", "valid_from", "recognition_id"),
    visible_to=policies.visible_lines,
    can_list=can_list,
    can_record=policies.can_record,
    can_add=policies.can_add_to_laboratory,
    can_correct=policies.can_correct,
    headings=(_("Phòng thí nghiệm"), _("Hoạt động"), _("Phạm vi đo, cấp chính xác"), _("Trạng thái")),
    cells=_line_cells,
    label=lambda said: kind_name(said, said.kind_id),
    search=lambda facts: f"{kind_name(None, facts['kind_id'])} {facts.get('range_text', '')}",
    search_also={"line__laboratory": queries.laboratories_matching, "kind": kinds_matching},
    filters=("laboratory", "activity"),
    check=_own_recognition,
    dress=queries.dressed_lines,
    related=("line",),
    icon="ruler",
    claimable=True,
)

AVAILABILITIES = Register(
    name="laboratories.availability",
    model=models.KindAvailabilityFacts,
    prefix="CC",
    title=_("Chuẩn, chất chuẩn, phương tiện đo đã có"),
    noun=_("loại đã có"),
    lead=_("Ngày đầu tiên có một loại chuẩn, chất chuẩn, phương tiện đo; dùng cho chỉ tiêu phát triển chuẩn."),
    form=forms.AvailabilityForm,
    natural=("laboratory_id", "kind_id"),
    visible_to=policies.visible_availabilities,
    can_list=can_list,
    can_record=policies.can_record,
    can_add=policies.can_add_to_laboratory,
    can_correct=policies.can_correct,
    headings=(_("Phòng thí nghiệm"), _("Có từ ngày"), _("Căn cứ")),
    cells=_availability_cells,
    label=lambda said: kind_name(said, said.kind_id),
    search=lambda facts: f"{kind_name(None, facts['kind_id'])} {facts['evidence']}",
    search_also={"availability__laboratory": queries.laboratories_matching, "kind": kinds_matching},
    sort="-available_from",
    filters=("laboratory",),
    dress=queries.dressed_availabilities,
    related=("availability",),
    icon="scale",
    files=True,
    claimable=True,
)

CRITERIA = Register(
    name="laboratories.criteria_set",
    model=models.CriteriaSetFacts,
    prefix="BTC",
    title=_("Bộ tiêu chí đánh giá"),
    noun=_("bộ tiêu chí"),
    lead=_("Mỗi phiên bản một bản ghi. Chỉ bộ có văn bản phê duyệt mới được dùng để tính; không có thang điểm."),
    form=forms.CriteriaForm,
    natural=("title", "version"),
    visible_to=policies.visible_criteria,
    can_list=can_list,
    can_record=is_specialist,
    can_add=specialist_adds,
    can_correct=lambda actor, _said: is_specialist(actor),
    headings=(_("Phiên bản"), _("Phê duyệt")),
    cells=_criteria_cells,
    label=lambda said: said.title,
    search=lambda facts: f"{facts['title']} {facts['version']}",
    icon="list-check",
    files=True,
)

ASSESSMENTS = Register(
    name="laboratories.assessment",
    model=models.AssessmentFacts,
    prefix="DG",
    title=_("Đánh giá phòng thí nghiệm"),
    noun=_("lần đánh giá"),
    lead=_("Tự đánh giá và đánh giá do Sở KH&CN xác nhận. Chưa được Sở xác nhận thì không tính vào chỉ tiêu."),
    form=forms.AssessmentForm,
    natural=("laboratory_id", "criteria_set_id", "kind", "concluded_on"),
    visible_to=policies.visible_assessments,
    can_list=can_list,
    can_record=policies.can_record,
    can_add=policies.can_add_to_laboratory,
    can_correct=policies.can_correct_assessment,
    headings=(_("Ai đánh giá"), _("Kết luận"), _("Kết quả")),
    cells=_assessment_cells,
    label=lambda said: _laboratory_of(said, said.assessment.laboratory_id),
    search=lambda facts: f"{queries.laboratory_name(facts['laboratory_id'])} {facts.get('document', '')}",
    search_also={"assessment__laboratory": queries.laboratories_matching},
    filters=("kind", "overall"),
    check=_confirmed_by_department,
    dress=queries.dressed_assessments,
    related=("assessment",),
    icon="target",
    files=True,
    claimable=True,
)
