"""Addresses of the officer's place, below ``/office/promises/``."""

from django.urls import path

from skola.web.officer import views

app_name = "officer"

urlpatterns = [
    path("", views.tonight, name="tonight"),
    path("holds/", views.holds, name="holds"),
    path("holds/<uuid:pk>/endings/", views.release, name="release_hold"),
]
