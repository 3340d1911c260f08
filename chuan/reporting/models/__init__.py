"""Tables of figures, submissions and reports."""

from chuan.reporting.models.figures import DefinitionApproval, FrozenFigure
from chuan.reporting.models.issuing import IssuerRule, PaperNumber, SigningDelegation
from chuan.reporting.models.letters import IncomingLetter, LetterNumber, PeriodLetter
from chuan.reporting.models.periods import Heir, Obligation, RegimeRule, ReportingPeriod, Waiver
from chuan.reporting.models.reports import Paper, Report, ReportContent, ReportEvent
from chuan.reporting.models.said import (
    Estimate,
    EstimateFacts,
    HistoricalFigure,
    HistoricalFigureFacts,
    OutputLine,
    OutputLineFacts,
)
from chuan.reporting.models.submissions import (
    AnswerLink,
    AnswerLinkUse,
    DisputeOutcome,
    Submission,
    SubmissionContent,
    SubmissionEvent,
)

__all__ = [
    "AnswerLink",
    "AnswerLinkUse",
    "DefinitionApproval",
    "DisputeOutcome",
    "Estimate",
    "EstimateFacts",
    "FrozenFigure",
    "Heir",
    "HistoricalFigure",
    "HistoricalFigureFacts",
    "IncomingLetter",
    "IssuerRule",
    "LetterNumber",
    "Obligation",
    "OutputLine",
    "OutputLineFacts",
    "Paper",
    "PaperNumber",
    "PeriodLetter",
    "RegimeRule",
    "Report",
    "ReportContent",
    "ReportEvent",
    "ReportingPeriod",
    "SigningDelegation",
    "Submission",
    "SubmissionContent",
    "SubmissionEvent",
    "Waiver",
]
