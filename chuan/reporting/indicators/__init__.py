"""Every indicator by its code. Adding one: docs/how-to/add-an-indicator.md."""

from chuan.reporting.indicators.ct2 import PersonsTrained
from chuan.reporting.indicators.ct2_l import Attendances
from chuan.reporting.indicators.engine import Indicator

#: Those that the consolidated report freezes.
REPORTED = ("CT2", "CT2-L")

INDICATORS: dict[str, Indicator] = {i.spec.id: i for i in (PersonsTrained(), Attendances())}
