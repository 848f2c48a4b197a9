"""Addresses of a person's own copies."""

from django.urls import path

from skola.promises.rights.access import views

app_name = "access"

urlpatterns = [
    path("account/copies/", views.copies, name="copies"),
    path("account/copies/<uuid:pk>/file/", views.download, name="download"),
    path("account/copies/<uuid:pk>/deletions/", views.delete, name="delete"),
]
