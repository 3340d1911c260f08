"""Letters of a period: drawn up, printed as Word and PDF, numbered afterwards."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chuan.files import responses
from chuan.organisations.middleware import actor_of
from chuan.rendering.blocks import OfficialDocument
from chuan.rendering.errors import RenderingError
from chuan.rendering.pdf import render_pdf
from chuan.rendering.word import render_docx
from chuan.reporting import letter_papers, papers, policies
from chuan.reporting.errors import ReportingError
from chuan.reporting.forms import LetterNumberForm, OpeningForm
from chuan.reporting.models import LetterNumber, PeriodLetter, ReportingPeriod
from chuan.reporting.services import letters as services
from chuan.web.idempotency import once

#: The outline that a letter proposes: the parts of a unit's report here.
OUTLINE = (
    "Kết quả thực hiện các nhiệm vụ được giao chủ trì, phối hợp tại Phụ lục của Kế hoạch",
    "Số liệu về đào tạo, bồi dưỡng và các chỉ tiêu của Kế hoạch",
    "Kinh phí thực hiện theo từng nguồn",
    "Khó khăn, vướng mắc, kiến nghị",
    "Đề xuất nhiệm vụ và kinh phí cho năm sau",
)


def _period(request: HttpRequest, code: str) -> ReportingPeriod:
    if not policies.is_of_department(actor_of(request)):
        raise PermissionDenied
    return get_object_or_404(ReportingPeriod.objects.select_related("plan"), code=code)


def _letters() -> Any:
    live = Prefetch("numbers", LetterNumber.objects.live(), to_attr="live_numbers")
    return PeriodLetter.objects.select_related("period__plan").prefetch_related(live)


@login_required
@require_GET
def index(request: HttpRequest, code: str) -> HttpResponse:
    """The period's letters, and the forms that draw up another."""
    return _page(request, _period(request, code))


def _page(request: HttpRequest, period: ReportingPeriod, *, status: int = 200, **said: Any) -> HttpResponse:
    about = period.title or f"báo cáo kết quả thực hiện {period.plan} năm {period.year}"
    context = {
        "period": period,
        "letters": list(_letters().filter(period=period)),
        "opening_form": OpeningForm(initial={"subject": f"đề nghị {about}", "outline": "\n".join(OUTLINE)}),
        "number_form": LetterNumberForm(),
        "may_write": policies.may_write_report(actor_of(request)),
        **said,
    }
    return render(request, "reporting/letters.html", context, status=status)


def _do(request: HttpRequest, period: ReportingPeriod, service: Any, words: str, **said: Any) -> HttpResponse:
    def effect() -> tuple[str, str]:
        service()
        return reverse("reporting:letters", args=[period.code]), words

    try:
        return once(request, effect)
    except ReportingError as error:
        return _page(request, period, status=409, error=str(error), **said)


@login_required
@require_POST
def draw(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Draw up a letter: the one that asks, or a reminder to who is late at this moment."""
    period, actor = _period(request, code), actor_of(request)
    if kind == "reminder":
        return _do(
            request, period, lambda: services.draw_reminder(actor=actor, period=period), _("Đã soạn công văn nhắc.")
        )
    if kind != "opening":
        raise Http404
    form = OpeningForm(request.POST)
    if not form.is_valid():
        return _page(request, period, status=422, opening_form=form)
    data = {"subject": form.cleaned_data["subject"], "outline": form.lines()}
    return _do(
        request,
        period,
        lambda: services.draw_opening(actor=actor, period=period, **data),
        _("Đã soạn công văn đề nghị báo cáo."),
        opening_form=form,
    )


def _letter(request: HttpRequest, code: str) -> PeriodLetter:
    if not policies.is_of_department(actor_of(request)):
        raise PermissionDenied
    found: PeriodLetter = get_object_or_404(_letters(), code=code)
    return found


@login_required
@require_POST
def number(request: HttpRequest, code: str) -> HttpResponse:
    """Record the number and day that the letter got."""
    letter, form = _letter(request, code), LetterNumberForm(request.POST)
    if not form.is_valid():
        return _page(request, letter.period, status=422, number_form=form, numbering=letter.code)
    return _do(
        request,
        letter.period,
        lambda: services.number_letter(actor=actor_of(request), letter=letter, **form.cleaned_data),
        _("Đã ghi số, ngày công văn."),
        number_form=form,
        numbering=letter.code,
    )


@login_required
@require_GET
def paper(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The letter as Word or PDF."""
    letter = _letter(request, code)
    if kind not in _KINDS:
        raise Http404
    document = letter_papers.document(letter, next(iter(letter.live_numbers), None))  # type: ignore[attr-defined]
    make, media_type = _KINDS[kind]
    try:
        content = make(document)
    except RenderingError as error:
        return _page(request, letter.period, status=422, error=str(error))
    return responses.attachment(content, f"{code}.{kind}", media_type)


_KINDS: dict[str, tuple[Callable[[OfficialDocument], bytes], str]] = {
    "pdf": (render_pdf, papers.PDF),
    "docx": (render_docx, papers.DOCX),
}
