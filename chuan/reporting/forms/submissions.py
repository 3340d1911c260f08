"""A unit's report as one form of many: figures, tasks, money, difficulties, proposals."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuan.lib import numbers
from chuan.reporting.collecting import TASKS_PLACE, Excess, Part, Parts, sure_of
from chuan.reporting.confirmed import Prefilled
from chuan.reporting.forms.lines import DifficultyForm, ProposalForm, TaskForm, count
from chuan.reporting.forms.money import MoneyForm
from chuan.reporting.forms.printed import PrintedParagraphField
from chuan.reporting.unit_reports import Filled, TaskLine, sums_of
from chuan.web.forms import CountField

#: What an amount is answered that looks as if it had been typed in đồng.
_ODD = _("%(amount)s triệu đồng lớn bất thường, có thể đã gõ theo đồng. Sửa lại, hoặc đánh dấu “Số này đúng”.")


class FiguresForm(forms.Form):
    """Each figure right or not, what was done in the year, and what the unit says that there is none of."""

    narrative = PrintedParagraphField(
        label=_("Kết quả chung, ngoài các nhiệm vụ ở trên"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Viết ngắn gọn các việc đã làm, sản phẩm, tồn tại. Số liệu ở trên được lấy từ sổ theo dõi."),
    )
    nil = forms.BooleanField(label=_("Không phát sinh trong năm (toàn bộ báo cáo)"), required=False)
    no_difficulties = forms.BooleanField(label=Part.DIFFICULTIES.label, required=False)
    no_proposals = forms.BooleanField(label=Part.PROPOSALS.label, required=False)

    def __init__(self, *args: Any, lines: Sequence[Prefilled], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"right_{line.id}"] = forms.TypedChoiceField(
                label=line.title,
                choices=[("yes", _now("Đúng")), ("no", _now("Chưa đúng, còn thiếu hoặc thừa bản ghi"))],
                coerce=lambda value: value == "yes",
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                initial={True: "yes", False: "no"}.get(line.right) if line.right is not None else None,
            )
            self.fields[f"missing_{line.id}"] = PrintedParagraphField(
                label=_now("Bản ghi nào còn thiếu hoặc thừa?"), required=False, max_length=2000, initial=line.missing
            )
            self.fields[f"seen_{line.id}"] = CountField(required=False, widget=forms.HiddenInput)

    def figures(self) -> dict[str, Any]:
        """What the unit says of each figure, and which value it was shown."""
        return {
            line.id: {said: self.cleaned_data[f"{said}_{line.id}"] for said in ("right", "missing", "seen")}
            for line in self.lines
        }

    def none(self) -> list[str]:
        """Parts of which the unit says that there is nothing."""
        return [part.value for part in Part if self.cleaned_data[f"no_{part.value}"]]


#: What the name of a tick begins with that confirms an amount.
_SURE = "sure_"


class UnitReportForm:
    """The whole page: filled from the draft, from what was posted, or from what was posted and not saved yet."""

    def __init__(
        self,
        filled: Filled,
        lines: Sequence[Prefilled],
        draft: Mapping[str, Any],
        *,
        data: Mapping[str, Any] | None = None,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        self.filled, self.bound = filled, data is not None
        self._data, self._typed = data, typed
        #: Amounts that look mistyped, by place, as they stood when they were asked about.
        self._asked: dict[str, int] = {}
        self._sure: list[str] = list(filled.parts.sure)
        parts = filled.parts
        general = {"narrative": draft.get("narrative", ""), "nil": draft.get("nil")}
        general |= {f"no_{part}": True for part in parts.none}
        self.general = self._make(FiguresForm, "", general, lines=lines)
        self.tasks = [
            (t, self._make(TaskForm, f"task_{i}", asdict(t.said), task=t)) for i, t in enumerate(filled.tasks)
        ]
        self.money = self._make(MoneyForm, "money", parts.money)
        self.difficulties = self._rows("difficulty", DifficultyForm, [asdict(d) for d in parts.difficulties])
        proposals = [{"task": p.task, "words": p.words, **p.money} for p in parts.proposals]
        self.proposals = self._rows("proposal", ProposalForm, proposals, tasks=filled.tasks)

    def _make(self, kind: Any, prefix: str, initial: Mapping[str, Any], **more: Any) -> Any:
        """A form of the page: bound where it was posted, else filled."""
        if self._data is not None:
            return kind(self._data, prefix=prefix or None, **more)
        if self._typed is not None:
            start = f"{prefix}-" if prefix else ""
            initial = {k.removeprefix(start): v for k, v in self._typed.items() if k.startswith(start)}
            for line in more.get("lines", ()):
                if initial.get(f"seen_{line.id}") != str(line.value):
                    # The number changed meanwhile: what was said was said of another.
                    initial.pop(f"right_{line.id}", None)
        return kind(initial=dict(initial), prefix=prefix or None, **more)

    def _rows(self, kind: str, form: Any, held: Sequence[Mapping[str, Any]], **more: Any) -> list[Any]:
        """As many lines as were posted, or those of the draft; one that is blank where there is none."""
        source = self._data if self._data is not None else self._typed
        lines = count(source, kind) if source is not None else max(len(held), 1)
        filled = [*held, *([{}] * max(lines - len(held), 0))]
        return [self._make(form, f"{kind}_{i}", filled[i], **more) for i in range(lines)]

    def _forms(self) -> Iterator[Any]:
        yield self.general
        yield from (form for _task, form in self.tasks)
        yield self.money
        yield from self.difficulties
        yield from self.proposals

    @property
    def unsaved(self) -> bool:
        """It shows what was typed and has been saved nowhere yet."""
        return self._typed is not None

    def first_error(self) -> str:
        """The first field that is wrong, and what is."""
        field = next((field for field in self if field.errors), None)
        return f"{field.label}: {field.errors[0]}" if field else ""

    def __iter__(self) -> Iterator[forms.BoundField]:
        """Every field, as the summary of errors goes through them."""
        for form in self._forms():
            yield from form

    @property
    def errors(self) -> dict[str, Any]:
        """What is wrong, by the field's name on the page."""
        return {form.add_prefix(name): found for form in self._forms() for name, found in form.errors.items()}

    def non_field_errors(self) -> list[str]:
        """What is wrong with the page as a whole: nothing ever is."""
        return []

    def is_valid(self) -> bool:
        """Every part is; amounts that look mistyped are confirmed."""
        # Every part is judged, so that the page names all that is wrong at once.
        judged = [form.is_valid() for form in self._forms()]
        if not self.bound or not all(judged):
            return False
        self._ask()
        return not self._asked

    def _ask(self) -> None:
        """Put an odd amount's question at its field; a tick beside it confirms the amount as it stands."""
        said = self._parts([])
        amounts = said.amounts()
        # A tick confirms the amount that it was offered for; "on" is of a file, whose amounts nobody types over.
        told = self._ticked()
        confirmed = {place for place, told_of in told.items() if told_of in {"on", str(amounts.get(place))}}
        over = said.excess()
        sums = {sure_of(TASKS_PLACE, over.told)} if over else set()
        self._sure = [s for s in self.filled.parts.sure if s in {sure_of(p, n) for p, n in amounts.items()} | sums]
        self._sure += [sure_of(p, amounts[p]) for p in sorted(confirmed) if p in amounts]
        self._sure += sorted(sums - set(self._sure)) if over and told.get(TASKS_PLACE) == over.told else []
        places = self._parts(self._sure).questions(self.filled.last_year)
        self._asked = {place: amounts[place] for place in places}
        for place in self._asked:
            form, source = self._field_of(place)
            amount = numbers.format_trieu(amounts[place], unit=False)
            form.add_error(
                source,
                _ODD % {"amount": amount},
            )

    def _ticked(self) -> dict[str, str]:
        """Amounts whose tick was posted, each with what the tick says."""
        return {n.removeprefix(_SURE): str(v) for n, v in (self._data or {}).items() if n.startswith(_SURE)}

    def _field_of(self, place: str) -> tuple[Any, str]:
        kind, *where = place.split(".")
        if kind == "task":
            *code, name = where
            return {task.code: form for task, form in self.tasks}[".".join(code)], name
        return (self.money, where[0]) if kind == "money" else (self._kept()[int(where[0])], where[1])

    def _kept(self) -> list[Any]:
        return [form for form in self.proposals if form.cleaned_data.get("words")]

    @property
    def asked(self) -> dict[str, str]:
        """Fields whose amount was asked about: the field's name on the page → the name of the tick beside it."""
        found = {}
        for place in self._asked:
            form, source = self._field_of(place)
            found[form.add_prefix(source)] = f"{_SURE}{place}"
        return found

    @property
    def ticks(self) -> dict[str, tuple[str, str, bool]]:
        """Field → its tick's name, what it says, whether it is set: of amounts asked about, and of those confirmed
        on a page that was refused for something else."""
        found: dict[str, tuple[str, str, bool]] = {}
        for place, told in self._ticked().items():
            name = self._name_of(place)
            if name:
                found[name] = (f"{_SURE}{place}", told, True)
        for name, tick in self.asked.items():
            found[name] = (tick, str(self._asked[tick.removeprefix(_SURE)]), False)
        return found

    @property
    def excess(self) -> Excess | None:
        """Where the tasks cost more than the sources gave, as the page now says; a page with mistakes says neither."""
        if not self.bound:
            return self.filled.parts.excess()
        return self._parts([]).excess() if all(form.is_valid() for form in self._forms()) else None

    def excess_asked(self) -> dict[str, Any] | None:
        """The question that an excess puts, and the tick that confirms it; None where there is no excess."""
        over, name = self.excess, f"{_SURE}{TASKS_PLACE}"
        if over is None:
            return None
        posted = (self._data or self._typed or {}).get(name) == over.told
        ticked = posted or sure_of(TASKS_PLACE, over.told) in self._sure
        return {"words": sums_of(over), "name": name, "value": over.told, "ticked": ticked}

    def _name_of(self, place: str) -> str:
        """A posted place as a field of the page; "" where there is none."""
        try:
            form, source = self._field_of(place)
        except (LookupError, ValueError):
            return ""
        return str(form.add_prefix(source)) if source in form.fields else ""

    def _parts(self, sure: Sequence[str]) -> Parts:
        return Parts(
            tasks={task.code: form.said() for task, form in self.tasks},
            money=self.money.money(),
            difficulties=[line for form in self.difficulties if (line := form.value())],
            proposals=[line for form in self.proposals if (line := form.value())],
            none=self.general.none(),
            sure=list(sure),
        )

    def said(self) -> dict[str, Any]:
        """What the service saves."""
        data = self.general.cleaned_data
        return {
            "figures": self.general.figures(),
            "narrative": data["narrative"],
            "nil": data["nil"],
            "parts": self._parts(self._sure),
        }

    def figure_rows(self) -> list[tuple[Prefilled, Any, Any]]:
        """(figure, right or not, what is missing) for the template."""
        lines = self.general.lines
        return [(line, self.general[f"right_{line.id}"], self.general[f"missing_{line.id}"]) for line in lines]

    def task_rows(self) -> list[tuple[TaskLine, Any]]:
        """(task, its fields) for the template."""
        return self.tasks
