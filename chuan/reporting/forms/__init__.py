"""Forms of figures, submissions and reports."""

from chuan.reporting.forms.behalf import LetterForm, LetterNumberForm, LinkForm, OpeningForm, SettleForm
from chuan.reporting.forms.figures import FigureForm
from chuan.reporting.forms.issuing import DelegationForm, IssuerForm, PaperNumberForm
from chuan.reporting.forms.paragraphs import Arrangement, SentenceForm
from chuan.reporting.forms.periods import HeirForm, ObligationForm, PeriodForm, RuleForm, WaiverForm
from chuan.reporting.forms.reports import DispatchForm, NumberForm, WordFileForm, WordsForm
from chuan.reporting.forms.steps import NoteForm, ReasonForm
from chuan.reporting.forms.submissions import UnitReportForm

__all__ = [
    "Arrangement",
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
    "PaperNumberForm",
    "PeriodForm",
    "ReasonForm",
    "RuleForm",
    "SentenceForm",
    "SettleForm",
    "UnitReportForm",
    "WaiverForm",
    "WordFileForm",
    "WordsForm",
]
