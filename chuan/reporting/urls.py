"""Figures, submissions, reports."""

from django.urls import path

from chuan.reporting.views import figures, origin, periods, reports, submissions

app_name = "reporting"
urlpatterns = [
    path("figures/", figures.index, name="figures"),
    path("figures/<str:indicator>/", figures.figure, name="figure"),
    path("figures/<str:indicator>/members.xlsx", figures.members_sheet, name="members-sheet"),
    path("figures/<str:indicator>/propose/", figures.propose, name="propose-definition"),
    path("figures/<str:indicator>/approve/", figures.approve, name="approve-definition"),
    path("so-lieu/<str:code>/", origin.origin, name="origin"),
    path("so-lieu/<str:code>/json", origin.origin_json, name="origin-json"),
    path("submissions/", submissions.tracking, name="tracking"),
    path("submissions/new-period/", periods.new_period, name="new-period"),
    path("submissions/<str:code>/", submissions.submission, name="submission"),
    path("submissions/<str:code>/start/", submissions.start, name="start-submission"),
    path("submissions/<str:code>/save/", submissions.save, name="save-draft"),
    path("submissions/<str:code>/<str:verb>/", submissions.move, name="move-submission"),
    path("reports/", reports.index, name="reports"),
    path("reports/<str:code>/", reports.report, name="report"),
    path("reports/<str:code>/save/", reports.save, name="save-words"),
    path("reports/<str:code>/draft.pdf", reports.draft_pdf, name="draft-pdf"),
    path("reports/<str:code>/draft.docx", reports.draft_docx, name="draft-docx"),
    path("reports/<str:code>/papers/<int:pk>/", reports.paper, name="paper"),
    path("reports/<str:code>/signed-file/", reports.signed_file, name="signed-file"),
    path("reports/<str:code>/reprint/", reports.reprint, name="reprint"),
    path("reports/<str:code>/<str:verb>/", reports.move, name="move-report"),
]
