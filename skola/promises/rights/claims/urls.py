"""Addresses of the files of claims."""

from django.urls import path

from skola.promises.rights.claims import views

app_name = "claims"

PLACE = "office/promises/claims/"

urlpatterns = [
    path(PLACE, views.listed, name="all"),
    path(f"{PLACE}new/", views.new, name="new"),
    path(f"{PLACE}<uuid:pk>/", views.one, name="one"),
    path(f"{PLACE}<uuid:pk>/filings/", views.filings, name="filings"),
    path(f"{PLACE}<uuid:pk>/reviews/", views.reviews, name="reviews"),
    path(f"{PLACE}<uuid:pk>/closings/", views.closings, name="closings"),
]
