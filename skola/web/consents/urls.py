"""Addresses of a person's own consents, below ``/account/privacy/consents/``."""

from django.urls import path

from skola.web.consents import views

app_name = "consents"

urlpatterns = [
    path("", views.switch_on, name="switch_on"),
    path("withdrawals/", views.switch_off, name="switch_off"),
    path("<uuid:pk>/", views.one, name="one"),
    path("<uuid:pk>/receipt/", views.receipt, name="receipt"),
]
