"""Addresses of the learning record."""

from django.urls import path

from skola.services.records import views

app_name = "records"
urlpatterns = [
    path("", views.record, name="record"),
    path("bring/", views.bring, name="bring"),
    path("brought/<uuid:pk>/removals/", views.remove, name="removals"),
    path("badges/<uuid:pk>/", views.badge, name="badge"),
]
