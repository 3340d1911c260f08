"""Kinds and their intervals."""

from chuan.instruments.register import INTERVALS, KINDS
from chuan.registers.pages import Pages

app_name = "instruments"
urlpatterns = [*Pages(INTERVALS).urls("intervals/"), *Pages(KINDS).urls("kinds/")]
