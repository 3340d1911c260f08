"""Chuẩn: a Vietnamese province's metrology programme, from its plan to the figures of its report."""

__version__ = "0.1.0"
