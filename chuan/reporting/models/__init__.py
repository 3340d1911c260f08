"""Tables of figures, submissions and reports."""

from chuan.reporting.models.figures import DefinitionApproval, FrozenFigure
from chuan.reporting.models.reports import Paper, Report, ReportContent, ReportEvent
from chuan.reporting.models.submissions import (
    Obligation,
    ReportingPeriod,
    Submission,
    SubmissionContent,
    SubmissionEvent,
)

__all__ = [
    "DefinitionApproval",
    "FrozenFigure",
    "Obligation",
    "Paper",
    "Report",
    "ReportContent",
    "ReportEvent",
    "ReportingPeriod",
    "Submission",
    "SubmissionContent",
    "SubmissionEvent",
]
