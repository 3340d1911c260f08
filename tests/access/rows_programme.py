"""The plan is an issued document: whoever has a role reads it. Officers' names are for the administration alone."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from chuan.files import store
from chuan.programme.models import Plan
from chuan.programme.plan_checks import read_plan
from chuan.programme.policies import DECIDING_ROLES, OUTSIDE_ROLES
from chuan.programme.services import assign_task, load_plan, settle_reading
from chuan.programme.services.replies import KeptFile
from tests.access.matrix import ROLES, Grid, Outcome, Persona, Planted, Row
from tests.cast import SYSTEM, Cast
from tests.files.samples import PNG
from tests.programme.builders import Folder, assigned, contradiction, reply, task_of

CODE = "KH-B"
DECIDERS = frozenset(str(role) for role in DECIDING_ROLES)
OUTSIDE = frozenset(str(role) for role in OUTSIDE_ROLES)
READERS = Grid(Outcome.SHOWN, anywhere=ROLES)
#: Years whose reports a task's pages may be asked for.
YEARS = ("year=2026", "year=2019", "year=x")


def seed(cast: Cast, unit: str) -> Planted:
    """A plan of former years for all; in it a task whose officer only the administration reads, and a reply."""
    plan = Plan.objects.filter(code=CODE).first() or _plan()
    officer = f"Canh Bao {unit} can bo"
    entry = assigned(cast.unit(unit), duty="coordinate", officer=officer)
    said = assign_task(actor=SYSTEM, task=task_of(plan, "PL.2"), entry=entry)
    digest, kind = store.receive("tra-loi.png", PNG)
    kept = KeptFile(digest, "tra-loi.png", kind.media_type, len(PNG))
    answered = reply(dated=date(2026, 5, 5 if unit == "so-ct" else 6), file=kept)
    settled = settle_reading(actor=SYSTEM, contradiction=contradiction(plan), entry=answered)
    return Planted(unit, keys={"assignment": said.pk, "reply": settled.pk}, texts=(officer,))


def _plan() -> Plan:
    with tempfile.TemporaryDirectory() as made:
        folder = Folder(Path(made) / "kh-b").change("signed = 2024-03-01", "signed = 2019-03-01", "plan.toml")
        folder.change("ends = 2028", "ends = 2019", "plan.toml")
        return load_plan(actor=SYSTEM, draft=read_plan(folder.write()))


def officers_seen(persona: Persona, unit: str) -> bool:
    """Every role of the administration reads who does a task; laboratories, enterprises and strangers do not."""
    return persona.role in ROLES - OUTSIDE


def _decides(done: Outcome) -> Grid:
    return Grid(done, anywhere=DECIDERS)


def _at(**more: Any) -> Any:
    return lambda t: {"code": CODE, **{name: t.keys.get(value, value) for name, value in more.items()}}


_ASSIGNED = {"duty": "coordinate", "valid_from": "01/02/2026", "document": "Quyết định số 15/QĐ-SKHCN"}
_REPLIED = {"label": "B", "document": "99/UBND", "issuer": "Ủy ban nhân dân tỉnh"}
_REASON = "Theo công văn 12/SKHCN"

ROWS = (
    Row("programme:latest", get=Grid(Outcome.REDIRECT, anywhere=ROLES)),
    Row("programme:plan", kwargs=_at(), get=READERS, queries=("form=file", "form=x")),
    Row("programme:text-file", kwargs=_at(), get=READERS),
    Row("programme:tasks", kwargs=_at(), get=READERS, reveals=officers_seen, queries=YEARS),
    Row("programme:task", kwargs=_at(item="PL.2"), get=READERS, reveals=officers_seen, queries=YEARS),
    Row(
        "programme:assign",
        kwargs=_at(item="PL.1"),
        get=_decides(Outcome.SHOWN),
        post=_decides(Outcome.DONE),
        data=lambda t: {"unit": "so-tc", **_ASSIGNED},
        reveals=officers_seen,
    ),
    Row(
        "programme:correct-assignment",
        kwargs=_at(item="PL.2", pk="assignment"),
        get=_decides(Outcome.SHOWN),
        post=_decides(Outcome.DONE),
        data=lambda t: {**_ASSIGNED, "reason": _REASON},
        reveals=officers_seen,
    ),
    Row(
        "programme:void-assignment",
        kwargs=_at(item="PL.2", pk="assignment"),
        post=_decides(Outcome.DONE),
        data=lambda t: {"reason": _REASON},
        reveals=officers_seen,
    ),
    Row("programme:readings", kwargs=_at(), get=READERS),
    Row("programme:reading", kwargs=_at(one="CH-1"), get=READERS),
    Row("programme:request", kwargs=_at(one="CH-1", kind="pdf"), get=READERS, expensive=True),
    Row(
        "programme:settle",
        kwargs=_at(one="CH-1"),
        get=_decides(Outcome.SHOWN),
        post=_decides(Outcome.DONE),
        data=lambda t: {**_REPLIED, "dated": "07/07/2026"},
    ),
    Row(
        "programme:correct-reply",
        kwargs=_at(one="CH-1", pk="reply"),
        get=_decides(Outcome.SHOWN),
        post=_decides(Outcome.DONE),
        data=lambda t: {**_REPLIED, "dated": "07/07/2026", "reason": _REASON},
    ),
    Row(
        "programme:void-reply",
        kwargs=_at(one="CH-1", pk="reply"),
        post=_decides(Outcome.DONE),
        data=lambda t: {"reason": _REASON},
    ),
    Row("programme:reply-file", kwargs=_at(one="CH-1", pk="reply"), get=READERS),
)
