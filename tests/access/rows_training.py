"""The training register: the unit that keeps a course and Sở KH&CN; people suspected to be one: the specialist."""

from datetime import date
from typing import Any

from chuan.files import store
from chuan.organisations.models import PersonFacts
from chuan.organisations.rules import OWN_UNIT_ROLES, PROVINCE_WIDE_ROLES, Role
from chuan.organisations.services import add_person, merge_people, tell_apart
from chuan.training.deciding import merge_courses, tell_courses_apart
from chuan.training.services import attach_file
from tests.access.matrix import Grid, Outcome, Planted, Row
from tests.access.registers import pdf
from tests.cast import SYSTEM, Cast
from tests.training.builders import course, line, said, said_of

EVERYWHERE = frozenset(str(r) for r in PROVINCE_WIDE_ROLES)
OWN = frozenset(str(r) for r in OWN_UNIT_ROLES)
SPECIALIST = frozenset({str(Role.SPECIALIST)})
RECORDING = frozenset(str(r) for r in (Role.FOCAL, Role.UNIT_LEADER, Role.SPECIALIST, Role.LABORATORY))
KEEPERS = frozenset({str(Role.FOCAL), str(Role.UNIT_LEADER)})
_REASON = "Theo công văn 34/SKHCN"


def seed(cast: Cast, unit: str) -> Planted:
    """A course with a list, a claimed count and a file, and a namesake elsewhere, all kept by the unit."""
    keeper = {"so-ct": cast.focal, "so-yt": cast.other_focal}[unit]
    title, venue, name = f"Lop kin {unit} 4471", f"Hoi truong {unit} 4472", f"Hoc Vien Kin {unit} Bon Bay"
    heads = {"so-ct": 4_831, "so-yt": 6_173}[unit]
    made = course(cast, by=keeper, title=title, venue=venue, note=f"Ghi chu {unit} 4473")
    standing = line(cast, made, name, by=keeper, position=f"Chuc vu {unit} 4474", note=f"Dong {unit} 4475")
    line(cast, made, by=keeper, headcount=heads, employer=None)
    content = pdf(f"tai lieu {unit} 4476")
    digest, kind = store.receive("t.pdf", content)
    file_name, file_title = f"tep-{unit}-4477.pdf", f"Quyet dinh {unit} 4478"
    attached = attach_file(
        actor=keeper.actor,
        course=made,
        title=file_title,
        digest=digest,
        name=file_name,
        media_type=kind.media_type,
        size=len(content),
    )
    twin = add_person(actor=SYSTEM, full_name=name, owner=cast.unit(unit))
    third = add_person(actor=SYSTEM, full_name=f"Nguoi Trung {unit} 4479", owner=cast.unit(unit))
    fourth = add_person(actor=SYSTEM, full_name=f"Nguoi Trung {unit} 4479", owner=cast.unit(unit))
    merge = merge_people(actor=SYSTEM, duplicate=fourth, canonical=third, basis=f"Can cu {unit} 4480")
    fifth, sixth = (add_person(actor=SYSTEM, full_name=f"Hai Nguoi {unit} 4481", owner=cast.unit(unit)) for _ in "ab")
    shared = _shared(cast, unit)
    differ = tell_apart(actor=SYSTEM, one=fifth, other=sixth, basis=f"Can cu {unit} 4482")
    person = PersonFacts.objects.live().get(full_name=name, person__attendances__isnull=False)
    return Planted(
        unit,
        keys={
            "course": made.code,
            "course_seen": said(made).pk,
            "line": standing.code,
            "line_seen": said_of(standing).pk,
            "file": attached.pk,
            "suspect": person.person.code,
            "twin": twin.code,
            "merge": merge.pk,
            "differ": differ.pk,
            **shared,
        },
        texts=(
            title,
            venue,
            name,
            file_name,
            file_title,
            f"Ghi chu {unit} 4473",
            f"Chuc vu {unit} 4474",
            f"Dong {unit} 4475",
            f"tai lieu {unit} 4476",
            f"Nguoi Trung {unit} 4479",
            f"Can cu {unit} 4480",
            f"Hai Nguoi {unit} 4481",
            f"Can cu {unit} 4482",
            f"Lop doi {unit} 4483",
            f"Can cu {unit} 4484",
        ),
        counts={"claimed": heads},
    )


def _shared(cast: Cast, unit: str) -> dict[str, Any]:
    """Records of the unit that its laboratory recorded too: suspected, decided to be one, decided to be two."""
    keeper = {"so-ct": cast.focal, "so-yt": cast.other_focal}[unit]
    titles = ((keeper, f"Lop doi {unit} 4483"), (cast.laboratory, "Lop cua trung tam"))
    one, double, two, apart, first, second = (
        course(cast, by=by, title=title, start=day, end=day)
        for day in (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4))
        for by, title in titles
    )
    basis = f"Can cu {unit} 4484"
    merge = merge_courses(actor=SYSTEM, duplicate=double, canonical=one, basis=basis)
    differ = tell_courses_apart(actor=SYSTEM, one=two, other=apart, basis=basis)
    pair = {"one": first.code, "two": second.code}
    return {**pair, "course_merge": merge.pk, "course_differ": differ.pk}


def _courses(tenant: Planted) -> dict[str, Any]:
    return {"code": tenant.keys["one"], "other": tenant.keys["two"]}


def _course(tenant: Planted) -> dict[str, Any]:
    return {"code": tenant.keys["course"]}


def _line(tenant: Planted) -> dict[str, Any]:
    return {**_course(tenant), "line": tenant.keys["line"]}


def _file(tenant: Planted) -> dict[str, Any]:
    return {**_course(tenant), "pk": tenant.keys["file"]}


def _pair(tenant: Planted) -> dict[str, Any]:
    return {"code": tenant.keys["suspect"], "other": tenant.keys["twin"]}


def _read(done: Outcome = Outcome.SHOWN) -> Grid:
    """Whoever may see the course; to others it does not exist."""
    return Grid(done, anywhere=EVERYWHERE, own=OWN, otherwise=Outcome.UNSEEN)


def _write(done: Outcome = Outcome.DONE) -> Grid:
    """The unit's focal officer and leader, and the specialist; other readers are told that they may not."""
    return Grid(done, anywhere=SPECIALIST, own=KEEPERS, sees=EVERYWHERE, sees_own=OWN, otherwise=Outcome.UNSEEN)


_TYPED = {
    "title": "Lớp mới",
    "kind": "course",
    "start": "04/05/2026",
    "end": "08/05/2026",
    "organiser": "Sở",
    "place": "x-tb",
}

ROWS = (
    Row(
        "training:courses",
        get=Grid(Outcome.SHOWN, anywhere=EVERYWHERE | OWN),
        queries=("q={text}", "year=2026", "kind=course", "after=2027-01-01_9999", "after=x", "year=x&kind=x"),
    ),
    Row(
        "training:courses-sheet",
        get=Grid(Outcome.SHOWN, anywhere=EVERYWHERE | OWN),
        expensive=True,
    ),
    Row(
        "training:course-import",
        get=Grid(Outcome.SHOWN, anywhere=RECORDING),
        post=Grid(Outcome.INVALID, anywhere=RECORDING),
    ),
    Row(
        "training:new-course",
        get=Grid(Outcome.SHOWN, anywhere=RECORDING),
        post=Grid(Outcome.DONE, anywhere=RECORDING),
        data=lambda t: _TYPED,
    ),
    Row("training:course", kwargs=_course, get=_read()),
    Row(
        "training:correct-course",
        kwargs=_course,
        get=_write(Outcome.SHOWN),
        post=_write(),
        data=lambda t: {**_TYPED, "reason": _REASON, "seen": t.keys["course_seen"]},
    ),
    Row(
        "training:void-course",
        kwargs=_course,
        post=_write(),
        data=lambda t: {"reason": _REASON, "seen": t.keys["course_seen"]},
    ),
    Row(
        "training:new-line",
        kwargs=_course,
        get=_write(Outcome.SHOWN),
        post=_write(),
        data=lambda t: {"full_name": "Người Hoàn Toàn Mới", "role": "learner", "completed": "on"},
    ),
    Row("training:lines-sheet", kwargs=_course, get=_read(), expensive=True),
    Row("training:line-import", kwargs=_course, get=_write(Outcome.SHOWN), post=_write(Outcome.INVALID)),
    Row(
        "training:paste",
        kwargs=_course,
        get=_write(Outcome.SHOWN),
        post=_write(),
        data=lambda t: {"lines": "Người Hoàn Toàn Mới; Chuyên viên\nNgười Mới Nữa", "completed": "on"},
    ),
    Row(
        "training:correct-line",
        kwargs=_line,
        get=_write(Outcome.SHOWN),
        post=_write(),
        data=lambda t: {"role": "lecturer", "reason": _REASON, "seen": t.keys["line_seen"]},
    ),
    Row(
        "training:void-line",
        kwargs=_line,
        post=_write(),
        data=lambda t: {"reason": _REASON, "seen": t.keys["line_seen"]},
    ),
    # Without a file the form is shown again, to whoever may send it.
    Row("training:attach", kwargs=_course, post=_write(Outcome.INVALID), data=lambda t: {"title": "Không có tệp"}),
    Row("training:download", kwargs=_file, get=_read()),
    Row("training:detach", kwargs=_file, post=_write(), data=lambda t: {"reason": _REASON}),
    Row("training:suspects", get=Grid(Outcome.SHOWN, anywhere=SPECIALIST)),
    Row(
        "training:merge",
        kwargs=_courses,
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"keep": t.keys["one"], "basis": _REASON},
    ),
    Row(
        "training:tell-apart",
        kwargs=_courses,
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"basis": _REASON},
    ),
    Row(
        "training:undo-merge",
        kwargs=lambda t: {"pk": t.keys["course_merge"]},
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"reason": _REASON},
    ),
    Row(
        "training:undo-tell-apart",
        kwargs=lambda t: {"pk": t.keys["course_differ"]},
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"reason": _REASON},
    ),
    Row("organisations:suspects", get=Grid(Outcome.SHOWN, anywhere=SPECIALIST)),
    Row(
        "organisations:merge",
        kwargs=_pair,
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"keep": t.keys["suspect"], "basis": _REASON},
    ),
    Row(
        "organisations:tell-apart",
        kwargs=_pair,
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"basis": _REASON},
    ),
    Row(
        "organisations:undo-merge",
        kwargs=lambda t: {"pk": t.keys["merge"]},
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"reason": _REASON},
    ),
    Row(
        "organisations:undo-tell-apart",
        kwargs=lambda t: {"pk": t.keys["differ"]},
        post=Grid(Outcome.DONE, anywhere=SPECIALIST),
        data=lambda t: {"reason": _REASON},
    ),
)
