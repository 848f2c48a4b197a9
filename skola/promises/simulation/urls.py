"""The address of the page, in the officer's place."""

from django.urls import path

from skola.promises.simulation import views

app_name = "simulate"

urlpatterns = [
    path("what-if/", views.what_if, name="what_if"),
]
