"""Addresses that are mailed."""

from django.urls import path

from skola.promises.rights.mailing import views

app_name = "mailing"

PLACE = "privacy/mail/"

urlpatterns = [
    path(f"{PLACE}<str:token>/", views.confirm, name="confirm"),
    path(f"{PLACE}<str:token>/denials/", views.deny, name="denials"),
    path(f"{PLACE}<str:token>/copies/", views.copies, name="copies"),
    path(f"{PLACE}<str:token>/copies/<uuid:pk>/", views.fetch, name="fetch"),
]
