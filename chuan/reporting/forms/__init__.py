"""Forms of figures, submissions and reports."""

from chuan.reporting.forms.behalf import (
    LetterForm,
    LetterNumberForm,
    LinkForm,
    OpeningForm,
    SettleForm,
    SignedLetterForm,
)
from chuan.reporting.forms.figures import FigureForm
from chuan.reporting.forms.issuing import DelegationForm, IssuerForm, PaperNumberForm, RoomForm
from chuan.reporting.forms.own_words import OwnWordsForm
from chuan.reporting.forms.paragraphs import Arrangement, SentenceForm
from chuan.reporting.forms.periods import (
    CutOffForm,
    DayForm,
    HeirForm,
    ObligationForm,
    PeriodForm,
    RequestForm,
    RuleForm,
    WaiverForm,
)
from chuan.reporting.forms.reports import CorrectDispatchForm, DispatchForm, NumberForm, WordFileForm, WordsForm
from chuan.reporting.forms.steps import NoteForm, ReasonForm
from chuan.reporting.forms.submissions import UnitReportForm
from chuan.reporting.forms.workbooks import TakeForm, WorkbookForm

__all__ = [
    "Arrangement",
    "CorrectDispatchForm",
    "CutOffForm",
    "DayForm",
    "DelegationForm",
    "DispatchForm",
    "FigureForm",
    "HeirForm",
    "IssuerForm",
    "LetterForm",
    "LetterNumberForm",
    "LinkForm",
    "NoteForm",
    "NumberForm",
    "ObligationForm",
    "OpeningForm",
    "OwnWordsForm",
    "PaperNumberForm",
    "PeriodForm",
    "ReasonForm",
    "RequestForm",
    "RoomForm",
    "RuleForm",
    "SentenceForm",
    "SettleForm",
    "SignedLetterForm",
    "TakeForm",
    "UnitReportForm",
    "WaiverForm",
    "WordFileForm",
    "WordsForm",
    "WorkbookForm",
]
