"""Programmes and what was done under them."""

from chuan.assurance.register import ACTIVITIES, VERSIONS
from chuan.registers.pages import Pages

app_name = "assurance"
urlpatterns = [*Pages(ACTIVITIES).urls("activities/"), *Pages(VERSIONS).urls("programmes/")]
