"""A unit's story in words: names and places through time, what it came from, what became of it, who acts for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby

from django.utils.translation import gettext as _

from chuan.organisations.acting import Acting, Answer, Lines, Passed, resolve
from chuan.organisations.models import ActingDecision, OrganisationUnit, ReorganisationEvent, Succession, UnitVersion
from chuan.organisations.rules import EARLIEST, PARTIES, EventKind, FunctionDomain, Period, SuccessionScope, UnitKind

#: What passes work on.
ABLE_SCOPES = (SuccessionScope.FUNCTION, SuccessionScope.ORGANISATION)


@dataclass(frozen=True)
class Linked:
    """A unit as a sentence names it: its name of that day, its code, and what is said in brackets."""

    name: str
    code: str
    note: str = ""


@dataclass(frozen=True)
class Sentence:
    """What happened, then the units that it happened with."""

    said: str
    units: tuple[Linked, ...] = ()


@dataclass
class Moment:
    """A day's happening: sentences, and the document that says so."""

    on: date
    sentences: list[Sentence]
    title: str = ""
    document: str = ""
    checked: bool = False
    #: Of one day: first a name that begins, then what passed, then the end.
    rank: int = 1

    @property
    def since_before(self) -> bool:
        """It was so before the day, since when is not recorded."""
        return self.on == EARLIEST and self.rank == 0


@dataclass(frozen=True)
class Acts:
    """One answer to "who acts now", and the fields for which it is the answer."""

    answer: Answer
    domains: tuple[FunctionDomain, ...]
    everywhere: bool
    units: tuple[Linked, ...] = ()

    @property
    def decided(self) -> bool:
        """Somebody acts."""
        return isinstance(self.answer, Acting)


@dataclass
class Story:
    """All that the page of a unit tells, read in at most six queries."""

    unit: OrganisationUnit
    today: date
    #: Successors of the units that lay below the unit: its ground, where nothing is said of itself.
    ground: list[int] = field(default_factory=list)

    @cached_property
    def versions(self) -> list[UnitVersion]:
        """Names in force of the unit, oldest first."""
        return list(self.unit.versions.live().order_by("valid_from"))

    @cached_property
    def successions(self) -> list[Succession]:
        """Every succession in force, by day."""
        rows = Succession.objects.live().select_related("event")
        return list(rows.order_by("event__on", "event__code", "predecessor_id", "successor_id"))

    @cached_property
    def decisions(self) -> list[ActingDecision]:
        """Every decision in force."""
        return list(ActingDecision.objects.live().select_related("unit", "acting").order_by("recorded_at", "pk"))

    @cached_property
    def mine(self) -> list[ActingDecision]:
        """Decisions in force about this unit."""
        return [d for d in self.decisions if d.unit_id == self.unit.pk]

    @cached_property
    def linked(self) -> Mapping[int, list[UnitVersion]]:
        """Versions of every unit that the story names, oldest first."""
        ids = {v.parent_id for v in self.versions if v.parent_id} | set(self.ground)
        ids |= {s.predecessor_id for s in self.successions if s.successor_id == self.unit.pk}
        steps = [(s.predecessor_id, s.successor_id) for s in self.successions]
        steps += [(d.unit_id, d.acting_id) for d in self.decisions]
        todo = {self.unit.pk}
        while todo:
            ids |= todo
            todo = {after for before, after in steps if before in todo} - ids
        found: dict[int, list[UnitVersion]] = {}
        rows = UnitVersion.objects.live().filter(unit__in=ids).select_related("unit")
        for version in rows.order_by("valid_from"):
            found.setdefault(version.unit_id, []).append(version)
        return found

    @property
    def in_force(self) -> bool:
        """The unit exists today."""
        return any(v.period.contains(self.today) for v in self.versions)

    @property
    def ended(self) -> date | None:
        """The day from which the unit exists no more, where it did and does not."""
        last = self.versions[-1].valid_to if self.versions else None
        return last if last and last <= self.today else None

    def name(self, unit: int, on: date) -> Linked:
        """A unit by its name of a day, else by the nearest one."""
        versions = self.linked.get(unit, [])
        then = [v for v in versions if v.valid_from <= on] or versions[:1]
        return Linked(then[-1].name, then[-1].unit.code) if then else Linked(str(unit), "")

    def moments(self) -> list[Moment]:
        """What happened, oldest first."""
        found = [*self._named(), *self._reorganised()]
        return sorted(found, key=lambda m: (m.on, m.rank))

    def _named(self) -> Iterable[Moment]:
        before: UnitVersion | None = None
        for version in self.versions:
            yield Moment(version.valid_from, self._said(before, version), "", version.document, version.checked, 0)
            if version.valid_to and not any(v.valid_from == version.valid_to for v in self.versions):
                yield Moment(version.valid_to, self._ending(version.valid_to), checked=version.checked, rank=2)
            before = version

    def _ending(self, on: date) -> list[Sentence]:
        said = [Sentence(_("Kết thúc hoạt động."))]
        if self.ground:
            said.append(
                Sentence(_("Địa bàn các xã trực thuộc nhập vào"), tuple(self.name(unit, on) for unit in self.ground))
            )
        return said

    def _said(self, before: UnitVersion | None, version: UnitVersion) -> list[Sentence]:
        said = []
        if before is None:
            said.append(Sentence(_("Tên gọi: %(name)s.") % {"name": version.name}))
        elif before.name != version.name:
            said.append(Sentence(_("Đổi tên thành %(name)s.") % {"name": version.name}))
        if version.parent_id and (before is None or before.parent_id != version.parent_id):
            above = self.name(version.parent_id, version.valid_from)
            said.append(Sentence(_("Trực thuộc") if before is None else _("Chuyển sang trực thuộc"), (above,)))
        if before is not None and before.official_code != version.official_code:
            said.append(Sentence(_("Mã hành chính mới: %(code)s.") % {"code": version.official_code or "—"}))
        return said or [Sentence(_("Tên gọi và cấp trên không đổi."))]

    def _reorganised(self) -> Iterable[Moment]:
        about = [s for s in self.successions if self.unit.pk in (s.predecessor_id, s.successor_id)]
        for _pk, rows in groupby(about, key=lambda s: s.event_id):
            passed = list(rows)
            event = passed[0].event
            sentences = [*self._given(event, passed), *self._received(event, passed)]
            yield Moment(event.on, sentences, event.title, event.document, event.checked)

    def _given(self, event: ReorganisationEvent, passed: list[Succession]) -> Iterable[Sentence]:
        """What passed from the unit, by scope and function."""
        given = sorted((s for s in passed if s.predecessor_id == self.unit.pk), key=_scope)
        for (scope, domain), rows in groupby(given, key=_scope):
            parts = list(rows)
            units = [self._linked(s.successor_id, event.on, _part(s, len(parts) > 1)) for s in parts]
            yield Sentence(_gives(event.kind, scope, domain, len(parts)), tuple(units))

    def _received(self, event: ReorganisationEvent, passed: list[Succession]) -> Iterable[Sentence]:
        """What passed to the unit; a predecessor with several successors gave a part."""
        received = sorted((s for s in passed if s.successor_id == self.unit.pk), key=_scope)
        for (scope, domain), rows in groupby(received, key=_scope):
            units = []
            for s in rows:
                alike = [o for o in self.successions if _source(o) == _source(s)]
                units.append(self._linked(s.predecessor_id, event.on, _part(s, len(alike) > 1)))
            yield Sentence(_gets(scope, domain), tuple(units))

    def _linked(self, unit: int, on: date, note: str) -> Linked:
        found = self.name(unit, on)
        return Linked(found.name, found.code, note)

    @cached_property
    def lines(self) -> Lines:
        """What the answer of who acts rests on."""
        periods = {
            unit: tuple(Period(v.valid_from, v.valid_to) for v in versions) for unit, versions in self.linked.items()
        }
        passed = tuple(
            Passed(s.predecessor_id, s.successor_id, s.scope, s.event.on, s.domain, s.primary) for s in self.successions
        )
        return Lines(periods, passed, {(d.unit_id, d.domain): d.acting_id for d in self.decisions})

    def acting(self) -> list[Acts]:
        """Who acts today, each answer once with its fields; nothing where the unit does all that it did itself.

        Nor where it never managed anything: a province is a place, and a party's work passes only where it is said.
        """
        silent = not any(s.predecessor_id == self.unit.pk and s.scope in ABLE_SCOPES for s in self.successions)
        if (silent and self.unit.kind in {UnitKind.PROVINCE, *PARTIES}) or not self.lines.begun(
            self.unit.pk, self.today
        ):
            return []
        answers: dict[Answer, list[FunctionDomain]] = {}
        for domain in FunctionDomain:
            answers.setdefault(resolve(self.lines, self.unit.pk, domain, self.today), []).append(domain)
        if all(isinstance(a, Acting) and a.unit == self.unit.pk for a in answers):
            return []
        alone = len(answers) == 1
        return [Acts(a, tuple(domains), alone, self._shown(a)) for a, domains in answers.items()]

    def _shown(self, answer: Answer) -> tuple[Linked, ...]:
        ids = (answer.unit,) if isinstance(answer, Acting) else answer.candidates or tuple(self.ground)
        return tuple(self.name(unit, self.today) for unit in ids)


def tell(unit: OrganisationUnit, today: date) -> Story:
    """The unit's story; the ground of a district that ended is found through the communes below it."""
    story = Story(unit, today)
    if story.ended and not any(s.predecessor_id == unit.pk for s in story.successions):
        below = UnitVersion.objects.live().filter(parent=unit).values_list("unit_id", flat=True)
        inside = set(below)
        passed = [s for s in story.successions if s.predecessor_id in inside]
        story.ground = list(dict.fromkeys(s.successor_id for s in passed if s.scope == SuccessionScope.TERRITORY))
    return story


def _scope(succession: Succession) -> tuple[str, str]:
    return succession.scope, succession.domain


def _source(succession: Succession) -> tuple[int, int, str, str]:
    return succession.event_id, succession.predecessor_id, succession.scope, succession.domain


def _part(succession: Succession, one_of_several: bool) -> str:
    """What a sentence says in brackets: the part, and whether the document names it the main one."""
    said = []
    if succession.share is not None and succession.share < 1:
        percent = f"{(succession.share * 100).normalize():f}".replace(".", ",")
        said.append(_("%(percent)s%% địa bàn") % {"percent": percent})
    elif one_of_several and succession.scope == SuccessionScope.TERRITORY:
        said.append(_("một phần"))
    if succession.primary and one_of_several:
        said.append(_("kế thừa chính"))
    return ", ".join(said)


def _gives(kind: str, scope: str, domain: str, n: int) -> str:
    if scope == SuccessionScope.TERRITORY:
        return _("Địa bàn chia vào") if n > 1 else _("Địa bàn nhập vào")
    if scope == SuccessionScope.FUNCTION:
        return _("Chuyển chức năng %(domain)s sang") % {"domain": _domain(domain)}
    if kind == EventKind.SPLIT:
        return _("Tách thành")
    return _("Hợp nhất, sáp nhập vào") if kind == EventKind.MERGE else _("Tổ chức chuyển sang")


def _gets(scope: str, domain: str) -> str:
    if scope == SuccessionScope.TERRITORY:
        return _("Nhận địa bàn của")
    if scope == SuccessionScope.FUNCTION:
        return _("Nhận chức năng %(domain)s từ") % {"domain": _domain(domain)}
    return _("Tiếp nhận tổ chức của")


def _domain(domain: str) -> str:
    """“quản lý nhà nước về đo lường”, as inside a sentence."""
    label = str(FunctionDomain(domain).label) if domain else _("Tất cả")
    return f"“{label[0].lower()}{label[1:]}”"
