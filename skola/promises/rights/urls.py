"""Addresses of the rights: each has its own, some in the account, some in the officer's place."""

from django.urls import include, path

urlpatterns = [
    path("", include("skola.promises.rights.access.urls")),
    path("", include("skola.promises.rights.erasing.urls")),
    path("", include("skola.promises.rights.requests.urls")),
    path("", include("skola.promises.rights.objections.urls")),
    path("", include("skola.promises.rights.claims.urls")),
    path("", include("skola.promises.rights.mailing.urls")),
    path("", include("skola.promises.rights.signed.urls")),
]
