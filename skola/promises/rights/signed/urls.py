"""Addresses of signed files."""

from django.urls import path

from skola.promises.rights.signed import views

app_name = "signed"

PLACE = "privacy/signed/"
DESK = "office/promises/requests/<uuid:pk>/signatures/"

urlpatterns = [
    path(PLACE, views.new, name="new"),
    path(f"{PLACE}<str:token>/", views.one, name="one"),
    path("account/requests/<uuid:pk>/signatures/", views.own, name="own"),
    path(DESK, views.desk, name="desk"),
    path(f"{DESK}<uuid:signed>/", views.fetch, name="fetch"),
]
