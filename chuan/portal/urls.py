"""Home, health, language, role switch, all registers, audit log."""

from django.urls import path

from chuan.portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("health", views.health, name="health"),
    path("ngon-ngu/", views.language, name="language"),
    path("vai-tro/", views.switch_role, name="switch-role"),
    path("registers/", views.registers, name="registers"),
    path("audit/", views.audit_log, name="audit-log"),
]
