"""Every indicator by its code. Adding one: docs/how-to/add-an-indicator.md."""

from chuan.reporting.indicators.ct1a import KindsServed
from chuan.reporting.indicators.ct1b import KindsDeveloped
from chuan.reporting.indicators.ct2 import PersonsTrained
from chuan.reporting.indicators.ct2_l import Attendances
from chuan.reporting.indicators.ct3 import EnterprisesWithProgramme
from chuan.reporting.indicators.ct4 import LaboratoriesAssessed
from chuan.reporting.indicators.ct5 import OrganisationsRaised
from chuan.reporting.indicators.engine import Indicator

INDICATORS: dict[str, Indicator] = {
    i.spec.id: i
    for i in (
        KindsServed(),
        KindsDeveloped(),
        PersonsTrained(),
        Attendances(),
        EnterprisesWithProgramme(),
        LaboratoriesAssessed(),
        OrganisationsRaised(),
    )
}

#: Those that the consolidated report freezes.
REPORTED = tuple(INDICATORS)
