"""Addresses of the officer's pages about changes of the policy."""

from django.urls import path

from skola.promises.notices import office

app_name = "changes"

urlpatterns = [
    path("", office.every, name="every"),
    path("<str:version>/", office.one, name="one"),
]
