"""Every candidate table as its readers know it, by `Spec.universe`."""

from chuan.reporting.evidence.attendances import AttendanceEvidence
from chuan.reporting.evidence.base import Evidence as Evidence
from chuan.reporting.evidence.laboratories import AssessmentEvidence, AvailabilityEvidence, ScopeLineEvidence
from chuan.reporting.evidence.parties import ProgrammeEvidence, ServiceOrganisationEvidence
from chuan.reporting.indicators import INDICATORS

EVIDENCE: dict[str, Evidence] = {
    e.universe: e
    for e in (
        ScopeLineEvidence(),
        AvailabilityEvidence(),
        AttendanceEvidence(),
        ProgrammeEvidence(),
        AssessmentEvidence(),
        ServiceOrganisationEvidence(),
    )
}


def evidence_of(indicator_id: str) -> Evidence:
    """What stands behind an indicator's figures, for readers."""
    return EVIDENCE[INDICATORS[indicator_id].spec.universe]
