"""Addresses of the register of reports."""

from django.urls import path

from skola.promises.reports import views

app_name = "reports"

urlpatterns = [
    path("", views.listed, name="all"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.one, name="one"),
    path("<uuid:pk>/readings/", views.readings, name="readings"),
    path("<uuid:pk>/sheet/", views.sheet, name="sheet"),
    path("<uuid:pk>/keepings/", views.keepings, name="keepings"),
    path("<uuid:pk>/removals/", views.removals, name="removals"),
]
