"""After the blow: every acknowledged effect is there, and nothing is half-done."""

import json
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django_tasks_db.models import DBTaskResult

from chuan.files.store import path_of
from chuan.ledger.models import Counter
from chuan.organisations.models import Person
from chuan.reporting.models import (
    FrozenFigure,
    Paper,
    Report,
    ReportContent,
    ReportEvent,
    Submission,
    SubmissionContent,
    SubmissionEvent,
)
from chuan.reporting.papers import KINDS
from chuan.reporting.rules import Recipient, ReportState
from chuan.training.models import Attachment, Attendance, AttendanceFacts, Course, CourseFacts
from tests.reliability import world

JOB = "chuan.reporting.jobs.print_papers"
Note = dict[str, Any]


def read(notebook: Path) -> list[Note]:
    """The acknowledged effects; a line that was being written when the blow fell was not acknowledged."""
    if not notebook.exists():
        return []
    return [json.loads(line) for line in notebook.read_bytes().split(b"\n")[:-1]]


def lost(notes: list[Note]) -> list[str]:
    """Acknowledged effects that the database does not show."""
    by_kind: dict[str, list[Note]] = {}
    for note in notes:
        by_kind.setdefault(note["kind"], []).append(note)
    found = []
    for kind, group in by_kind.items():
        shown = _SHOWN[kind]()
        found += [f"{kind} {note}" for note in group if not shown(note)]
    return found


def _courses() -> Callable[[Note], bool]:
    there = dict(CourseFacts.objects.values_list("course__code", "title"))
    return lambda n: there.get(n["code"]) == n["title"]


def _lines() -> Callable[[Note], bool]:
    there = dict(AttendanceFacts.objects.values_list("attendance__code", "attendance__course__code"))
    return lambda n: there.get(n["code"]) == n["course"]


def _corrections() -> Callable[[Note], bool]:
    there = {f.pk: f for f in AttendanceFacts.objects.select_related("attendance")}
    return lambda n: (
        n["new"] in there
        and (there[n["new"]].attendance.code, there[n["new"]].note) == (n["line"], n["note"])
        and there[n["old"]].voided_at == there[n["new"]].recorded_at
    )


def _voids() -> Callable[[Note], bool]:
    gone = set(AttendanceFacts.objects.filter(voided_at__isnull=False).values_list("pk", flat=True))
    return lambda n: n["statement"] in gone


def _files() -> Callable[[Note], bool]:
    named = set(Attachment.objects.values_list("file__content_sha", flat=True))
    return lambda n: n["digest"] in named and path_of(n["digest"]).exists()


def _figures() -> Callable[[Note], bool]:
    there = {f.code: (f.value, f.members_sha256) for f in FrozenFigure.objects.all()}
    return lambda n: there.get(n["code"]) == (n["value"], n["members"])


def _contents() -> Callable[[Note], bool]:
    there = dict(ReportContent.objects.values_list("pk", "sha256"))
    return lambda n: there.get(n["pk"]) == n["sha256"]


def _steps() -> Callable[[Note], bool]:
    there = set(SubmissionEvent.objects.values_list("submission_id", "verb"))
    receipts = dict(SubmissionContent.objects.values_list("receipt", "submission_id"))
    return lambda n: (
        (n["submission"], n["verb"]) in there
        and (not n.get("receipt") or receipts.get(n["receipt"]) == n["submission"])
    )


def _drafts() -> Callable[[Note], bool]:
    there = dict(Submission.objects.values_list("pk", "draft_version"))
    return lambda n: there.get(n["submission"], 0) >= n["version"]


def _reports() -> Callable[[Note], bool]:
    there = set(ReportEvent.objects.values_list("report_id", "verb"))
    written = set(Report.objects.filter(draft_version__gte=1).values_list("pk", flat=True))
    return lambda n: (n["report"], n["verb"]) in there if n["verb"] else n["report"] in written


def _papers() -> Callable[[Note], bool]:
    there = Tally(Paper.objects.filter(stage="for_signature").values_list("frozen_id", flat=True))
    return lambda n: there[n["content"]] == len(Recipient) * len(KINDS)


_SHOWN: dict[str, Callable[[], Callable[[Note], bool]]] = {
    "course": _courses,
    "line": _lines,
    "correction": _corrections,
    "void": _voids,
    "file": _files,
    "figure": _figures,
    "content": _contents,
    "step": _steps,
    "draft": _drafts,
    "report": _reports,
    "papers": _papers,
}


def half_done(*, recompute: bool = True) -> list[str]:
    """What a transaction that was cut in two would leave behind, and what `chuan verify` finds.

    Recomputing every frozen figure is most of the work: once an epoch is enough, none of them can be mended.
    """
    without = () if recompute else ("figures",)
    return [*_without(), *_gaps(), *_unqueued(), *world.findings(*without)]


def _without() -> Iterator[str]:
    """Identities nothing was said of, heads without a first step."""
    for model in (Course, Attendance, Person):
        for code in model.objects.filter(facts_set__isnull=True).values_list("code", flat=True):
            yield f"{model._meta.db_table} {code}: định danh không có nội dung"
    for head in (Report, Submission):
        for pk in head.objects.filter(events__isnull=True).values_list("pk", flat=True):
            yield f"{head._meta.db_table} {pk}: không có bước nào"
    for pk in Submission.objects.filter(state="sent", content__isnull=True).values_list("pk", flat=True):
        yield f"reporting_submission {pk}: đã gửi mà không có nội dung"


def _gaps() -> Iterator[str]:
    """A number that was drawn and given to nothing."""
    last = dict(Counter.objects.values_list("name", "last"))
    for name, model in (("course", Course), ("attendance", Attendance), ("person", Person), ("figure", FrozenFigure)):
        if last.get(name, 0) != model.objects.count():
            yield f"sổ số {name}: đã cấp {last.get(name, 0)}, có {model.objects.count()}"


def _unqueued() -> Iterator[str]:
    """A frozen content whose papers nobody was asked to print: the job is enqueued in the same transaction."""
    asked = {row["args"][1][0] for row in _jobs() if row["args"][0] == JOB}
    for pk in ReportContent.objects.values_list("pk", flat=True):
        if pk not in asked:
            yield f"bản chốt {pk}: không có việc in"


def _jobs() -> list[dict[str, Any]]:
    return list(DBTaskResult.objects.values_list("args_kwargs", flat=True))


def undone() -> list[str]:
    """Once the worker has had its time: jobs that are not done, papers that do not exist exactly once."""
    found = [f"việc {t.pk}: {t.status} {t.traceback[-300:]}" for t in DBTaskResult.objects.exclude(status="SUCCESSFUL")]
    there = Tally(Paper.objects.values_list("frozen_id", "stage", "recipient", "kind"))
    for content in ReportContent.objects.select_related("report"):
        stages = ["for_signature"]
        if content.report.state in {ReportState.NUMBERED, ReportState.DISPATCHED}:
            stages.append("issued")
        wanted = [(content.pk, s, r, k) for s in stages for r in Recipient.values for k in KINDS]
        found += [f"văn bản {key}: có {there[key]}" for key in wanted if there[key] != 1]
    return found


def hours_later() -> int:
    """Let the lease of every interrupted job run out; how many there are."""
    return DBTaskResult.objects.filter(status="RUNNING").update(started_at=datetime(2026, 1, 1, tzinfo=UTC))


def leftovers() -> int:
    """Temporary files of the store that a kill left on disk: they hold nothing that was acknowledged."""
    return sum(1 for path in Path(settings.FILES_DIR).rglob(".*") if path.is_file())


def close() -> None:
    """Leave no connection behind: the next thing this process does is fork."""
    connection.close()
