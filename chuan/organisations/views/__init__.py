"""Pages of this context, one file a theme."""

from chuan.organisations.views import accounts, people, units

__all__ = ["accounts", "people", "units"]
