"""Which report a request is about, and who may have it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from chuan.organisations.middleware import actor_of
from chuan.reporting import policies
from chuan.reporting.models import Report


def report_of(request: HttpRequest, code: str) -> Report:
    """The report, where the reader may see it."""
    found = policies.visible_reports(actor_of(request)).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def report_in_hand(request: HttpRequest, code: str) -> Report:
    """The report for those who work on it, Sở KH&CN; who else sees it is told that they may not."""
    found = report_of(request, code)
    if not policies.is_of_department(actor_of(request)):
        raise PermissionDenied
    return found
