"""`kind = "uncertainty"`: a model, its inputs, and the result by the GUM and by Monte Carlo with its validation."""

from chuan.metrology.files.uncertainty.document import Document, read
from chuan.metrology.files.uncertainty.results import compute, document_result
from chuan.metrology.files.uncertainty.table import table

__all__ = ["Document", "compute", "document_result", "read", "table"]
