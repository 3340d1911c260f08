"""Jobs, enqueued inside the transaction that needs them (an insert, so an outbox), by dotted path and ids only."""

from dataclasses import dataclass

from django.utils.module_loading import import_string
from django_tasks import task
from django_tasks_db.models import DBTaskResult

#: Behind every other job.
LAST = -100


@task()
def perform(path: str, ids: list[int]) -> None:
    """Run the job at `path`; jobs may run twice without harm."""
    import_string(path)(*ids)


def enqueue(path: str, *ids: int) -> None:
    """Have the worker call the function at `path` with `ids` after this transaction commits."""
    import_string(path)
    perform.enqueue(path, list(ids))


@dataclass(frozen=True)
class Failure:
    """Why a job stopped: the class of what it raised, by its dotted path, and its words."""

    kind: str
    words: str


def failure_of(path: str, *ids: int) -> Failure | None:
    """Why the latest call of a job failed; None while one waits or runs, after one that succeeded, and without any."""
    calls = DBTaskResult.objects.filter(args_kwargs__args__0=path, args_kwargs__args__1=list(ids))
    last = calls.order_by("-enqueued_at").first()
    if last is None or last.status != "FAILED":
        return None
    kind = last.exception_class_path
    return Failure(kind, last.traceback.rpartition(f"{kind}: ")[2].strip())


def enqueue_once(path: str) -> None:
    """Have the worker call the function at `path` when it has nothing else to do, unless that waits already.

    What its earlier calls left in the queue's table is dropped, so that a job of every minute does not fill it.
    """
    import_string(path)
    calls = DBTaskResult.objects.filter(args_kwargs__args__0=path)
    if calls.filter(status__in=["READY", "RUNNING"]).exists():
        return
    calls.delete()
    perform.using(priority=LAST).enqueue(path, [])
