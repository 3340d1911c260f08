"""What every template may use without knowing a context."""

from typing import Any

from django.http import HttpRequest

from chuan.lib import clock
from chuan.web import deployment, idempotency


def page(request: HttpRequest) -> dict[str, Any]:
    """Sample label, rehearsal date and what a form carries: a fresh key, and in which role it was opened."""
    row = deployment.current() if deployment.is_sample() else None
    return {
        "sample": row is not None,
        "rehearsal_date": clock.today() if row and row.rehearsal_at else None,
        "form_key": idempotency.new_key,
        "form_acting": lambda: idempotency.shown_acting(request),
    }
