"""Jobs, enqueued inside the transaction that needs them (an insert, so an outbox), by dotted path and ids only."""

from django.utils.module_loading import import_string
from django_tasks import task


@task()
def perform(path: str, ids: list[int]) -> None:
    """Run the job at `path`; jobs may run twice without harm."""
    import_string(path)(*ids)


def enqueue(path: str, *ids: int) -> None:
    """Have the worker call the function at `path` with `ids` after this transaction commits."""
    import_string(path)
    perform.enqueue(path, list(ids))
