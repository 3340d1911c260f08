"""The illustration's story from 2020 to the rehearsal day, told through the services with a stepping clock.

People, parties and numbers are invented; the pages and papers say "DỮ LIỆU MINH HỌA".
"""

from chuan.portal import rehearsal_programmes, rehearsal_reports, rehearsal_training, rehearsal_units
from chuan.portal.rehearsal_common import told
from chuan.portal.rehearsal_laboratories import Laboratories


def build() -> None:
    """Every part's steps, whatever day they fall on, in one order of time."""
    told(
        [
            *rehearsal_units.steps(),
            *rehearsal_training.steps(),
            *Laboratories().steps(),
            *rehearsal_programmes.steps(),
            *rehearsal_reports.steps(),
        ]
    )
