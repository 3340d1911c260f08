"""Tables of figures, submissions and reports."""

from chuan.reporting.models.calendar import CalendarDay, CalendarDayFacts
from chuan.reporting.models.figures import DefinitionApproval, FrozenFigure
from chuan.reporting.models.issuing import Dispatch, IssuerRule, PaperNumber, SigningDelegation
from chuan.reporting.models.letters import IncomingLetter, LetterNumber, PeriodLetter
from chuan.reporting.models.periods import (
    CutOff,
    Heir,
    Obligation,
    RegimeRule,
    ReportingPeriod,
    RequestingDocument,
    Waiver,
)
from chuan.reporting.models.reports import Paper, Report, ReportContent, ReportEvent
from chuan.reporting.models.said import (
    Estimate,
    EstimateFacts,
    HistoricalFigure,
    HistoricalFigureFacts,
    OutputLine,
    OutputLineFacts,
)
from chuan.reporting.models.states import FigureState, StateRows
from chuan.reporting.models.submissions import (
    AnswerLink,
    AnswerLinkUse,
    DisputeOutcome,
    SignedLetter,
    Submission,
    SubmissionContent,
    SubmissionEvent,
    TakenWorkbook,
)

__all__ = [
    "AnswerLink",
    "AnswerLinkUse",
    "CalendarDay",
    "CalendarDayFacts",
    "CutOff",
    "DefinitionApproval",
    "Dispatch",
    "DisputeOutcome",
    "Estimate",
    "EstimateFacts",
    "FigureState",
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
    "RequestingDocument",
    "SignedLetter",
    "SigningDelegation",
    "StateRows",
    "Submission",
    "SubmissionContent",
    "SubmissionEvent",
    "TakenWorkbook",
    "Waiver",
]
