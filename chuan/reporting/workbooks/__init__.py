"""A unit's report as a workbook: out pre-filled, in with a verdict on each row; in Vietnamese, as papers are."""
