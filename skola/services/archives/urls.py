"""Addresses of packages."""

from django.urls import path

from skola.services.archives import views

app_name = "archives"
urlpatterns = [
    path("", views.years, name="years"),
    path("years/<uuid:pk>/packages/", views.pack, name="packages"),
    path("<uuid:pk>/", views.package, name="package"),
    path("<uuid:pk>/passings/", views.give, name="passings"),
    path("<uuid:pk>/receipts/", views.receipt, name="receipts"),
    path("<uuid:pk>/restorations/", views.restore, name="restorations"),
]
