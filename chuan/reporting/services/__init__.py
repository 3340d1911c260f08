"""Writes of this context, one file a theme."""
