"""Pages of units, parties, classes, accounts and people, one file a theme."""

from chuan.organisations.views import accounts, classes, parties, people, units

__all__ = ["accounts", "classes", "parties", "people", "units"]
