"""S4: where every unit's report of a period stands."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chuan.lib import clock
from chuan.organisations.middleware import actor_of
from chuan.reporting import obligations, policies
from chuan.reporting.collecting import PeriodKind
from chuan.reporting.models import ReportingPeriod


def chosen(request: HttpRequest, periods: list[ReportingPeriod]) -> ReportingPeriod | None:
    """The period that the address names, else this year's, else the latest."""
    code = request.GET.get("period", "")
    named = next((period for period in periods if period.code == code), None)
    annual = next((period for period in periods if period.kind == PeriodKind.ANNUAL), None)
    return named or annual or next(iter(periods), None)


@login_required
@require_GET
def tracking(request: HttpRequest) -> HttpResponse:
    """Who has sent, who is late, what was disputed, proposed and found difficult."""
    actor, today = actor_of(request), clock.today()
    if not policies.is_of_department(actor):
        raise PermissionDenied
    periods = obligations.periods_on(today)
    period = chosen(request, periods)
    rows = obligations.tracking(period, today=today) if period else []
    context = {
        "period": period,
        "periods": periods,
        "rows": rows,
        "owing": sum(row.waiver is None for row in rows),
        "received": sum(row.is_in for row in rows),
        "accepted": sum(row.is_in and not row.waits for row in rows),
        "late": [row for row in rows if row.overdue_days],
        "missing": [row for row in rows if row.is_missing],
        "disputes": sum(row.disputes_open for row in rows),
        "may_open": policies.may_write_report(actor),
        "may_enter": policies.may_enter(actor),
    }
    return render(request, "reporting/tracking.html", context)
