"""Pages of the training register, one file a theme."""

from chuan.training.views import files, lines, register, suspects

__all__ = ["files", "lines", "register", "suspects"]
