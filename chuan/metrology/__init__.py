"""Measurement results and their uncertainties, in plain Python: no Django, no files but those the commands name."""

KERNEL = "1.2.0"
"""The version that results carry; a change of any digit, rule or key is a new one, and old results keep theirs."""
