"""Addresses of the officer's page of the audit."""

from django.urls import path

from skola.web.auditing import views

app_name = "auditing"

urlpatterns = [
    path("", views.entries, name="entries"),
    path("copies/", views.copy, name="copy"),
    path("<uuid:pk>/", views.entry, name="entry"),
    path("<uuid:pk>/proof.json", views.proof, name="proof"),
]
