"""Registers of what is said and not computed: historical totals, estimates, outputs of tasks without a register."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.audit.actor import Actor
from chuan.lib import clock, numbers
from chuan.organisations.policies import sees_whole_province
from chuan.programme.models import Plan, PlanItem, Task
from chuan.programme.outline import shortened
from chuan.programme.solutions import alone_in
from chuan.registers.errors import RegisterError
from chuan.registers.forms import PickField, RecordForm, Shelf
from chuan.registers.policies import is_specialist
from chuan.registers.register import Cell, Register, Words, specialist_adds
from chuan.reporting import estimates
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.texts import TITLES
from chuan.reporting.models import EstimateFacts, HistoricalFigureFacts, OutputLineFacts, ReportingPeriod
from chuan.reporting.unit_reports import known_document
from chuan.web.forms import CountField, DateField, LineField, ParagraphField

Rows = list[tuple[str, int, str]]


def plans(_shelf: Shelf) -> Rows:
    """Every plan."""
    return [(plan.code, plan.pk, f"Kế hoạch {plan.number}") for plan in Plan.objects.order_by("-signed")]


def periods(_shelf: Shelf) -> Rows:
    """Every period of reporting, the newest first."""
    return [(period.code, period.pk, str(period)) for period in ReportingPeriod.objects.all()]


def places(_shelf: Shelf) -> Rows:
    """What an output is of: a row of a plan's annex by its printed number, a bullet that the body alone states."""
    rows = Task.objects.select_related("item", "plan")
    found = [
        (task.code, task.item_id, _now("%(plan)s, Phụ lục %(row)s") % {"plan": task.plan.code, "row": _bare(task.item)})
        for task in rows
    ]
    for plan in Plan.objects.order_by("-signed"):
        document = known_document(plan)
        if document is None:
            continue
        for one in alone_in(document):
            said = {"plan": plan.code, "item": one.code, "words": shortened(one.words)}
            label = _now("%(plan)s, mục %(item)s (chỉ nêu ở phần thân): %(words)s") % said
            found.append((f"{plan.code}-{one.code}", document.by_code[one.code].pk, label))
    return found


def _bare(item: PlanItem) -> str:
    return item.code.removeprefix("PL.")


def indicator_field() -> forms.ChoiceField:
    """An indicator by its name."""
    choices = [(code, f"{code}. {TITLES[code]}") for code in INDICATORS]
    return forms.ChoiceField(label=_("Chỉ tiêu"), choices=choices)


def _note() -> ParagraphField:
    return ParagraphField(label=_("Ghi chú"), max_length=2000, required=False)


def _confirmer() -> LineField:
    return LineField(label=_("Người xác nhận"), max_length=200, help_text=_("Họ tên, chức vụ người chịu trách nhiệm."))


class HistoricalForm(RecordForm):
    """A total as a letter printed it."""

    fixed = ("plan",)

    plan = PickField(label=_("Kế hoạch"), source=plans, blank=_("— chọn —"))
    indicator = indicator_field()
    first = DateField(label=_("Số liệu từ ngày"))
    last = DateField(label=_("Đến hết ngày"))
    value = CountField(label=_("Giá trị"), minimum=0, maximum=10**12)
    document = LineField(label=_("Văn bản đã phát hành"), max_length=300, help_text=_("Số, ký hiệu, ngày, cơ quan."))
    page = LineField(label=_("Trang, mục"), max_length=60, required=False)
    confirmer = _confirmer()
    note = _note()

    def clean(self) -> dict[str, Any]:
        """Days in order."""
        data = super().clean() or {}
        self.dates_in_order("first", "last")
        return data


class EstimateForm(RecordForm):
    """What is still expected in a year."""

    fixed = ("period",)

    period = PickField(label=_("Kỳ báo cáo"), source=periods, blank=_("— chọn —"))
    indicator = indicator_field()
    increment = CountField(
        label=_("Ước tăng thêm"), minimum=0, maximum=10**9, help_text=_("Từ ngày mai đến hết ngày cuối kỳ số liệu.")
    )
    expected_on = DateField(
        label=_("Dự kiến ngày"), help_text=_("Sau hôm nay, không sau ngày cuối kỳ số liệu; sau ngày đó là của kỳ sau.")
    )
    basis = LineField(
        label=_("Căn cứ ước"), max_length=300, help_text=_("Ví dụ: lớp tập huấn theo kế hoạch số … ngày …")
    )
    note = _note()

    def clean(self) -> dict[str, Any]:
        """A day that is still to come in the period."""
        data = super().clean() or {}
        told = {"period_id": data.get("period"), "expected_on": data.get("expected_on")}
        if told["expected_on"] and (self.seen or told["period_id"]) and (why := _not_expected(told, self.seen)):
            self.add_error("expected_on", why)
        return data


def _not_expected(facts: Mapping[str, Any], seen: Any) -> str:
    period = seen.estimate.period if seen else ReportingPeriod.objects.get(pk=facts["period_id"])
    return estimates.refused(facts["expected_on"], period, clock.today(), before=seen and seen.expected_on)


def _expected_in_period(_actor: Actor, facts: Mapping[str, Any], seen: Any) -> None:
    if why := _not_expected(facts, seen):
        raise RegisterError(why)


class OutputForm(RecordForm):
    """An output of a task, or of a bullet without a row."""

    fixed = ("period", "item")

    period = PickField(label=_("Kỳ báo cáo"), source=periods, blank=_("— chọn —"))
    item = PickField(label=_("Nhiệm vụ, nội dung của Kế hoạch"), source=places, blank=_("— chọn —"))
    what = LineField(label=_("Kết quả là gì"), max_length=200, help_text=_("Ví dụ: hội nghị, hội thảo đã tổ chức."))
    value = CountField(label=_("Số lượng"), minimum=0, maximum=10**12)
    unit = LineField(label=_("Đơn vị tính"), max_length=30)
    evidence = LineField(
        label=_("Minh chứng"), max_length=300, required=False, help_text=_("Để trống thì in “chưa có minh chứng”.")
    )
    confirmer = _confirmer()
    note = _note()


def _visible(model: Any) -> Any:
    def visible_to(actor: Actor) -> QuerySet[Any]:
        """Sở KH&CN alone: what is not issued is nobody else's."""
        rows: QuerySet[Any] = model.objects.all()
        return rows if sees_whole_province(actor) else rows.none()

    return visible_to


def _may_correct(actor: Actor, _said: Any) -> bool:
    return is_specialist(actor)


def _count(value: int, unit: str) -> Cell:
    return Cell(f"{numbers.format_count(value)} {unit}", numeric=True)


def _historical_cells(said: Any, words: Words) -> Sequence[Cell]:
    span = f"{words.say(said, 'first')} – {words.say(said, 'last')}"
    unit = INDICATORS[said.indicator].spec.unit
    return (_count(said.value, unit), Cell(span), Cell(said.document, sub=said.page), Cell(said.confirmer))


def _estimate_cells(said: Any, words: Words) -> Sequence[Cell]:
    unit = INDICATORS[said.indicator].spec.unit
    return (
        Cell(words.say(said, "period_id")),
        _count(said.increment, unit),
        Cell(words.say(said, "expected_on")),
        Cell(said.basis),
    )


def _output_cells(said: Any, words: Words) -> Sequence[Cell]:
    proof = Cell(said.evidence) if said.evidence else Cell(_now("chưa có minh chứng"), state="unknown")
    task = Cell(words.say(said, "item_id"), sub=words.say(said, "period_id"))
    return (task, _count(said.value, said.unit), proof, Cell(said.confirmer))


def _indicator_words(facts: Mapping[str, Any]) -> str:
    return f"{facts['indicator']} {facts.get('first') or ''} {TITLES[facts['indicator']]}"


def _indicator_label(said: Any) -> str:
    return str(TITLES[said.indicator])


HISTORICAL = Register(
    name="reporting.historical_figure",
    model=HistoricalFigureFacts,
    prefix="SL",
    title=_("Số đã báo cáo trước đây"),
    noun=_("số đã báo cáo"),
    lead=_("Số tổng trong văn bản đã phát hành, không truy vết được đến bản ghi; không cộng vào số tính từ sổ."),
    form=HistoricalForm,
    natural=("plan_id", "indicator", "first", "last", "document"),
    visible_to=_visible(HistoricalFigureFacts),
    can_list=sees_whole_province,
    can_record=is_specialist,
    can_add=specialist_adds,
    can_correct=_may_correct,
    headings=(_("Giá trị"), _("Kỳ số liệu"), _("Văn bản"), _("Người xác nhận")),
    cells=_historical_cells,
    label=_indicator_label,
    search=_indicator_words,
    sort="first",
    filters=("indicator",),
    icon="target",
    files=True,
)

ESTIMATES = Register(
    name="reporting.estimate",
    model=EstimateFacts,
    prefix="UT",
    title=_("Ước thực hiện cả năm"),
    noun=_("số ước"),
    lead=_("Phần còn dự kiến tăng thêm đến hết kỳ số liệu, có căn cứ; in cạnh số thực hiện, không cộng vào số nào."),
    form=EstimateForm,
    natural=("period_id", "indicator"),
    visible_to=_visible(EstimateFacts),
    can_list=sees_whole_province,
    can_record=is_specialist,
    can_add=specialist_adds,
    can_correct=_may_correct,
    headings=(_("Kỳ báo cáo"), _("Ước tăng thêm"), _("Dự kiến ngày"), _("Căn cứ ước")),
    cells=_estimate_cells,
    label=_indicator_label,
    search=_indicator_words,
    sort="expected_on",
    filters=("indicator",),
    related=("estimate__period",),
    check=_expected_in_period,
    icon="target",
)

OUTPUTS = Register(
    name="reporting.output_line",
    model=OutputLineFacts,
    prefix="KQ",
    title=_("Kết quả nhiệm vụ ghi tay"),
    noun=_("kết quả nhiệm vụ"),
    lead=_(
        "Kết quả của nhiệm vụ, hoặc của nội dung chỉ nêu ở phần thân Kế hoạch, chưa có sổ theo dõi: số lượng, "
        "minh chứng, người xác nhận."
    ),
    form=OutputForm,
    natural=("period_id", "item_id", "what"),
    visible_to=_visible(OutputLineFacts),
    can_list=sees_whole_province,
    can_record=is_specialist,
    can_add=specialist_adds,
    can_correct=_may_correct,
    headings=(_("Nhiệm vụ"), _("Số lượng"), _("Minh chứng"), _("Người xác nhận")),
    cells=_output_cells,
    label=lambda said: said.what,
    search=lambda facts: f"{facts['what']} {facts['unit']}",
    related=("line__period", "line__item"),
    icon="list-check",
    files=True,
)

REGISTERS = (HISTORICAL, ESTIMATES, OUTPUTS)
