"""Laboratories and what hangs on them."""

from django.urls import path

from chuan.laboratories import register, views
from chuan.registers.pages import Pages

app_name = "laboratories"
urlpatterns = [
    *Pages(register.RECOGNITIONS).urls("recognitions/"),
    *Pages(register.STOPS).urls("stops/"),
    *Pages(register.LINES).urls("scope/"),
    *Pages(register.AVAILABILITIES).urls("standards/"),
    *Pages(register.CRITERIA).urls("criteria/"),
    path("assessments/<str:code>/results/", views.results, name="results"),
    *views.pages.urls("assessments/"),
    *Pages(register.LABORATORIES).urls("labs/"),
]
