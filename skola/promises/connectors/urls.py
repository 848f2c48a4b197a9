"""Addresses of connectors: the officer's page, and the page for a problem."""

from django.urls import path

from skola.promises.connectors import views

app_name = "connectors"

urlpatterns = [
    path("office/promises/processors/", views.office, name="office"),
    path("office/promises/processors/switches/", views.switches, name="switches"),
    path("office/promises/processors/tries/", views.tries, name="tries"),
    path("problem/", views.problem, name="problem"),
    path("problem/reports/", views.reports, name="reports"),
    path("problem/thanks/", views.thanks, name="thanks"),
]
