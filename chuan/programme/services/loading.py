"""Loading a plan that `read_plan` has checked: everything that was printed, sealed in one transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

from chuan.audit.actor import Actor
from chuan.audit.service import record, service
from chuan.ledger.work import append
from chuan.lib import canonical
from chuan.organisations.models import OrganisationUnit, PartyClass
from chuan.organisations.services import establish_class
from chuan.programme import policies
from chuan.programme.errors import PlanFileWrong, Problem
from chuan.programme.models import (
    Contradiction,
    Plan,
    PlanItem,
    PlanSlip,
    PlanText,
    PrintedParty,
    Target,
    Task,
)
from chuan.programme.plan_file import ItemDraft, PlanDraft
from chuan.programme.services.common import require
from chuan.programme.spans import Mend, Span, quotation


@service(lock="shared")
def load_plan(*, actor: Actor, draft: PlanDraft) -> Plan:
    """Load a plan; PlanFileWrong where it is there already or names units that are not."""
    require(policies.can_load(actor))
    head = draft.head
    units = _units(draft)
    plan = append(
        Plan(
            code=head["code"],
            number=head["number"],
            title=head["title"],
            issuer=head["issuer"],
            signed=head["signed"],
            ends=head["ends"],
            scope=units[head["scope"]],
            text_sha256=head["text_sha256"],
            year_closes=head["year_closes"],
            report_due=head["report_due"],
        )
    )
    mends = [[mend.span.start, mend.span.end, mend.code, mend.shown] for mend in mends_of(draft)]
    append(PlanText(plan=plan, content=draft.text.decode(), mends=mends))
    items = _items(plan, draft)
    _tasks(plan, draft, items, units, _classes(actor, draft))
    _slips(plan, draft, items)
    _targets(plan, draft, items)
    _contradictions(plan, draft)
    counts = {
        "items": len(draft.items),
        "targets": len(draft.targets),
        "slips": len(draft.slips),
        "contradictions": len(draft.contradictions),
    }
    record("programme.load_plan", plan, changes={name: [0, n] for name, n in counts.items()})
    return plan


def _units(draft: PlanDraft) -> dict[str, OrganisationUnit]:
    """The units that the plan names, by code."""
    code = draft.head["code"]
    problems = []
    if Plan.objects.filter(code=code).exists():
        problems.append(Problem("plan.toml", f"kế hoạch {code} đã được nạp"))
    named = {party.unit: str(item.place) for item in draft.items for party in item.parties if party.unit}
    named[draft.head["scope"]] = "plan.toml, scope"
    found = {unit.code: unit for unit in OrganisationUnit.objects.filter(code__in=named)}
    problems += [Problem(place, f"không có đơn vị {unit}") for unit, place in named.items() if unit not in found]
    if problems:
        raise PlanFileWrong(problems)
    return found


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _items(plan: Plan, draft: PlanDraft) -> dict[str, PlanItem]:
    made: dict[str, PlanItem] = {}
    for order, item in enumerate(draft.items, 1):
        cells = {name: _pairs(spans) for name, spans in item.cells.items()}
        parent = made.get(item.under)
        row = PlanItem(plan=plan, code=item.code, order=order, parent=parent, kind=item.kind, cells=cells)
        row.rows, row.alone = None if item.rows is None else list(item.rows), _pairs(item.body_only)
        made[item.code] = append(row)
    return made


def _classes(actor: Actor, draft: PlanDraft) -> dict[str, PartyClass]:
    """The classes that the plan names, by code; one that is there already stays as it is."""
    known = {one.code: one for one in PartyClass.objects.all()}
    for named in draft.classes:
        if named.code not in known:
            known[named.code] = establish_class(actor=actor, code=named.code, title=named.title, kinds=named.kinds)
    return known


def _tasks(
    plan: Plan,
    draft: PlanDraft,
    items: dict[str, PlanItem],
    units: dict[str, OrganisationUnit],
    classes: dict[str, PartyClass],
) -> None:
    for item in (one for one in draft.items if one.kind == "task"):
        timing = [dict(rule) for rule in item.when]
        task = append(Task(code=f"{plan.code}-{item.code}", plan=plan, item=items[item.code], timing=timing))
        _parties(task, item, units, classes)


def _parties(task: Task, item: ItemDraft, units: dict[str, OrganisationUnit], classes: dict[str, PartyClass]) -> None:
    for order, party in enumerate(item.parties, 1):
        append(
            PrintedParty(
                task=task,
                order=order,
                duty=party.duty,
                unit=units.get(party.unit),
                party_class=classes.get(party.party_class),
                spans=_pairs(party.spans),
            )
        )


def _slips(plan: Plan, draft: PlanDraft, items: dict[str, PlanItem]) -> None:
    for slip in draft.slips:
        append(
            PlanSlip(
                plan=plan,
                code=slip.code,
                kind=slip.kind,
                item=items[slip.item],
                spans=_pairs(slip.spans),
                mends=slip.shown is not None,
                shown=slip.shown or "",
                note=slip.note,
            )
        )


def _targets(plan: Plan, draft: PlanDraft, items: dict[str, PlanItem]) -> None:
    mends, cells = mends_of(draft), [spans for item in draft.items for spans in item.cells.values()]
    for target in draft.targets:
        append(
            Target(
                code=target.code,
                plan=plan,
                item=items[target.item],
                indicator=target.indicator,
                place=target.where,
                words=quotation(draft.text, target.spans, cells, mends, mended=True),
                spans=_pairs(target.spans),
                horizon=target.horizon,
                operator=target.operator,
                value=target.value,
                unit=target.unit,
                composition=[dict(part) for part in target.composition],
                readings=[_plain(reading) for reading in target.readings],
            )
        )


def _plain(reading: Any) -> dict[str, Any]:
    """A reading with its days as text, as JSON holds them."""
    found: dict[str, Any] = canonical.plain(reading)
    return found


def _contradictions(plan: Plan, draft: PlanDraft) -> None:
    for order, one in enumerate(draft.contradictions, 1):
        append(
            Contradiction(
                code=f"{plan.code}-{one.code}",
                plan=plan,
                order=order,
                title=one.title,
                question=one.question,
                addressee=one.addressee,
                sources=[{"item": s.item, "place": s.where, "spans": _pairs(s.spans)} for s in one.sources],
                readings=[_plain(reading) for reading in one.readings],
            )
        )


def mends_of(draft: PlanDraft) -> Sequence[Mend]:
    """The slips of a draft as the display text has them, in order of place."""
    mends = [Mend(slip.code, span, slip.shown) for slip in draft.slips for span in slip.spans]
    return sorted(mends, key=lambda mend: mend.span.start)
