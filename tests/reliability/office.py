"""The office that is killed: a loop of services that notes each result after the service returned."""

import json
import mmap
import os
import random
import signal
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from chuan.audit import service as audit
from chuan.audit.actor import Actor, system
from chuan.files.store import receive
from chuan.ledger.errors import Superseded
from chuan.lib import clock
from chuan.lib.dates import Window
from chuan.organisations.models import Membership, OrganisationUnit
from chuan.organisations.territory import Frame
from chuan.programme.models import Plan
from chuan.reporting import jobs
from chuan.reporting.errors import Blocked
from chuan.reporting.models import Obligation, Report, ReportingPeriod, Submission
from chuan.reporting.rules import ReportState, SubmissionState
from chuan.reporting.services import dispatching, reports, submissions
from chuan.reporting.services.figures import freeze_figure
from chuan.training import services as training
from chuan.training.models import AttendanceFacts, Course
from chuan.training.services import CourseEntry, LineEntry
from tests.reliability.world import WORDS, right

SYSTEM = system("crash")
YEAR = Window(date(2025, 12, 15), date(2026, 12, 14))
_FORMAT = "<BBiq40s40s"


class Board:
    """Memory shared by the office and whoever kills it: what is being done, and where to hold still for the blow."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 4096)
        self.clear()

    def clear(self) -> None:
        """Nothing is under way."""
        self._memory[:] = b"\0" * len(self._memory)

    def note(self, doing: str, point: str = "", *, held: bool = False, backend: int = 0) -> None:
        """The office says what it does; `held` where it waits to be killed."""
        words = (doing.encode()[:40], point.encode()[:40])
        struct.pack_into(_FORMAT, self._memory, 0, 1, held, 0, backend, *words)

    def read(self) -> tuple[str, str, bool, int]:
        """(doing, point, held, backend)."""
        _on, held, _pad, backend, doing, point = struct.unpack_from(_FORMAT, self._memory, 0)
        return doing.rstrip(b"\0").decode(), point.rstrip(b"\0").decode(), bool(held), backend


class Aim:
    """Where the blow falls: at the `nth` passing of `point` while `doing` is under way ("" is anything)."""

    def __init__(self, board: Board, doing: str = "", point: str = "", nth: int = 0) -> None:
        self.board, self.doing, self.point, self.left = board, doing, point, nth
        self.now = ""
        self.backend = 0

    @contextmanager
    def during(self, doing: str) -> Iterator[None]:
        """`doing` is under way."""
        self.now = doing
        self.board.note(doing, backend=self.backend)
        yield
        self.now = ""
        self.board.note("", backend=self.backend)

    def passing(self, point: str) -> None:
        """Hold still for ever where the aim is reached: the blow comes from outside."""
        if self.left and self.point == point and self.now.startswith(self.doing) and self.now:
            self.left -= 1
            if not self.left:
                self.board.note(self.now, point, held=True, backend=self.backend)
                while True:
                    signal.pause()


POINTS = ("write", "before commit", "after commit", "seal", "bytes synced", "bytes named")


def install(aim: Aim) -> None:
    """Make every write, commit and file sync of this process pass the aim."""

    def around(step: Callable[..., Any], after: str, before: str = "") -> Callable[..., Any]:
        def passed(*args: Any, **kwargs: Any) -> Any:
            if before:
                aim.passing(before)
            result = step(*args, **kwargs)
            aim.passing(after)
            return result

        return passed

    def execute(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = run(sql, params, many, context)
        if sql.lstrip().startswith(("INSERT", "UPDATE")):
            aim.passing("write")
        return result

    BaseDatabaseWrapper._commit = around(BaseDatabaseWrapper._commit, "after commit", "before commit")  # type: ignore[attr-defined]
    audit._seal = around(audit._seal, "seal")
    os.fsync = around(os.fsync, "bytes synced")
    os.replace = around(os.replace, "bytes named")
    connection.ensure_connection()
    connection.execute_wrappers.append(execute)
    if connection.vendor == "postgresql":
        aim.backend = connection.connection.info.backend_pid


class Notebook:
    """The append-only list of what was acknowledged; a line is on disk before the office goes on."""

    def __init__(self, path: Path) -> None:
        self._sync = os.fsync
        self._handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(self, kind: str, **facts: Any) -> None:
        """One acknowledged effect."""
        os.write(self._handle, json.dumps({"kind": kind, **facts}).encode() + b"\n")
        self._sync(self._handle)


def people() -> dict[str, Actor]:
    """Actors of the cast by user name."""
    held = Membership.objects.live().select_related("user", "unit")
    return {
        m.user.username: Actor(m.user_id, m.user.full_name, m.role, m.unit_id, "", "crash", unit_code=m.unit.code)
        for m in held
    }


class Office:
    """Does one thing after another, as chance will have it."""

    def __init__(self, seed: int, aim: Aim, notebook: Notebook) -> None:
        self.chance, self.aim, self.notebook = random.Random(seed), aim, notebook
        self.people = people()
        self.units = {u.code: u for u in OrganisationUnit.objects.all()}
        self.plan = Plan.objects.get()
        self.period = ReportingPeriod.objects.select_related("plan").get()

    def run(self) -> None:
        """Until the blow falls."""
        deeds: dict[Callable[[], None], int] = {
            self.add_course: 2, self.add_line: 6, self.correct: 4, self.take_back: 1, self.attach: 2,
            self.freeze: 3, self.submission: 5, self.report: 8,
        }  # fmt: skip
        while True:
            deed = self.chance.choices(list(deeds), list(deeds.values()))[0]
            with self.aim.during(deed.__name__):
                deed()

    def add_course(self) -> None:
        """A new course."""
        title = f"Lớp {self.chance.random()}"
        entry = CourseEntry(title, "course", date(2026, 5, 4), date(2026, 5, 8), "Sở", place=self.units["x-tb"])
        made = training.add_course(actor=self.people["focal"], owner=self.units["so-ct"], entry=entry)
        self.notebook.note("course", code=made.code, title=title)

    def add_line(self) -> None:
        """A new person on a list."""
        course = self.chance.choice(list(Course.objects.all()))
        entry = LineEntry(role="learner", full_name=f"Người {self.chance.random()}", employer=self.units["so-ct"])
        made = training.add_attendance(actor=self.people["focal"], course=course, entry=entry)
        self.notebook.note("line", code=made.code, course=course.code)

    def _line(self) -> AttendanceFacts:
        lines = AttendanceFacts.objects.live().select_related("attendance__course").order_by("pk")
        return lines[self.chance.randrange(lines.count())]

    def correct(self) -> None:
        """A line said anew."""
        seen, note = self._line(), f"{self.chance.random()}"
        try:
            said = training.correct_attendance(actor=self.people["focal"], seen=seen, reason="sửa", note=note)
        except Superseded:
            return
        self.notebook.note("correction", line=seen.attendance.code, old=seen.pk, new=said.pk, note=note)

    def take_back(self) -> None:
        """A line voided."""
        seen = self._line()
        training.void_attendance(actor=self.people["focal"], seen=seen, reason="nhầm")
        self.notebook.note("void", statement=seen.pk)

    def attach(self) -> None:
        """A file kept on disk and named in the database."""
        course = self.chance.choice(list(Course.objects.all()))
        digest, kind = receive("danh-sach.pdf", b"%PDF-1.4\n" + self.chance.randbytes(20_000))
        training.attach_file(
            actor=self.people["focal"], course=course, title="Danh sách", digest=digest,
            name="danh-sach.pdf", media_type=kind.media_type, size=20_009,
        )  # fmt: skip
        self.notebook.note("file", digest=digest)

    def freeze(self) -> None:
        """A frozen figure."""
        made = freeze_figure(
            actor=self.people["specialist"], plan=self.plan, indicator_id=self.chance.choice(("CT2", "CT2-L")),
            frame=Frame.COMPARABLE, window=YEAR, at=clock.today(), purpose="thử",
        )  # fmt: skip
        self.notebook.note("figure", code=made.code, value=made.value, members=made.members_sha256)

    def submission(self) -> None:
        """The next step of some unit's report, sent back now and then."""
        obligation = self.chance.choice(
            list(Obligation.objects.select_related("period__plan", "unit").order_by("code"))
        )
        current = Submission.objects.filter(obligation=obligation).order_by("-attempt").first()
        if current is None:
            current = submissions.start_submission(actor=SYSTEM, obligation=obligation)
            self.notebook.note("step", submission=current.pk, verb="start")
        current.obligation = obligation
        if current.state == SubmissionState.DRAFT and not current.draft_version:
            submissions.save_draft(
                actor=SYSTEM, submission=current, version=0, figures=right(obligation), narrative="Có.", nil=False
            )
            self.notebook.note("draft", submission=current.pk, version=1)
        verbs = {"draft": ["present"], "with_leader": ["approve", "give_back"], "approved": ["send"]}
        verbs["sent"] = ["return_lines", "withdraw"]
        if current.state in verbs:
            verb = self.chance.choice(verbs[current.state])
            try:
                submissions.move_submission(actor=SYSTEM, submission=current, verb=verb, note="lý do")
            except Blocked:
                self._look_again(current)
                return
            receipt = current.content.receipt if verb == "send" and current.content else ""
            self.notebook.note("step", submission=current.pk, verb=verb, receipt=receipt)

    def _look_again(self, current: Submission) -> None:
        """A figure moved since the officer confirmed it: it is confirmed anew, or given back for that."""
        back = {SubmissionState.WITH_LEADER: "give_back", SubmissionState.APPROVED: "take_back"}.get(
            SubmissionState(current.state)
        )
        if back:
            submissions.move_submission(actor=SYSTEM, submission=current, verb=back, note="số liệu đã đổi")
            self.notebook.note("step", submission=current.pk, verb=back, receipt="")
            return
        version = current.draft_version
        submissions.save_draft(
            actor=SYSTEM,
            submission=current,
            version=version,
            figures=right(current.obligation),
            narrative="Có.",
            nil=False,
        )
        self.notebook.note("draft", submission=current.pk, version=version + 1)

    def report(self) -> None:
        """The next step of the consolidated report, or a new one."""
        unfinished = Report.objects.exclude(state=ReportState.DISPATCHED).select_related("period__plan", "content")
        report = unfinished.order_by("pk").first()
        if report is None:
            report = reports.start_report(actor=self.people["specialist"], period=self.period)
            self.notebook.note("report", report=report.pk, verb="start")
            return
        verb = self._move(report)
        self.notebook.note("report", report=report.pk, verb=verb)

    def _move(self, report: Report) -> str:
        people = self.people
        match report.state:
            case ReportState.DRAFT if not report.draft_version:
                reports.save_words(actor=people["specialist"], report=report, version=0, words=WORDS)
                return ""
            case ReportState.DRAFT:
                reports.review(actor=people["head"], report=report)
                return "review"
            case ReportState.REVIEWED:
                with self.aim.during("freeze_report"):
                    content = reports.freeze(actor=people["specialist"], report=report)
                    self.notebook.note("content", pk=content.pk, sha256=content.sha256)
                return "freeze"
            case ReportState.FOR_SIGNATURE:
                jobs.print_papers(report.content_id or 0)
                reports.sign(actor=people["director"], report=report)
                return "sign"
            case ReportState.SIGNED:
                today = clock.today()
                reports.number_report(actor=people["clerk"], report=report, number=report.pk + 100, dated=today)
                return "number"
            case _:
                if report.content_id is not None:
                    jobs.print_papers(report.content_id)
                dispatching.dispatch(
                    actor=people["clerk"], report=report, recipient="ubnd", sent_on=clock.today(), channel="axis"
                )
                return "dispatch"


def work(aim: Aim, notebook: Notebook, *, batch: bool = False) -> None:
    """The background worker, as `chuan serve` starts it; each job that returned is noted."""
    real = jobs.print_papers

    def noted(content_id: int) -> None:
        with aim.during("job"):
            real(content_id)
            notebook.note("papers", content=content_id)

    jobs.print_papers = noted
    call_command("db_worker", interval=0.05, startup_delay=False, batch=batch, verbosity=0, skip_checks=True)


def lives(parent: int) -> None:
    """End with the harness, however it ends."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
