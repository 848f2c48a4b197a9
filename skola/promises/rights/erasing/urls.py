"""Addresses of erasure: the person's own, the receipt's, the officer's."""

from django.urls import path

from skola.promises.rights.erasing import views

app_name = "erasing"

OFFICE = "office/promises/erasures/"

urlpatterns = [
    path("account/erasure/", views.own, name="own"),
    path("privacy/erasures/<slug:code>/", views.receipt, name="receipt"),
    path("privacy/erasures/<slug:code>/receipt.json", views.download, name="download"),
    path(OFFICE, views.erasures, name="erasures"),
    path(f"{OFFICE}of/<uuid:pk>/", views.of, name="of"),
    path(f"{OFFICE}<slug:code>/", views.done, name="done"),
]
