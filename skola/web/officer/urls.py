"""Addresses of the officer's place, below ``/office/promises/``."""

from django.urls import include, path

from skola.web.officer import changes, views

app_name = "officer"

urlpatterns = [
    path("", views.tonight, name="tonight"),
    path("clock/confirmations/", changes.believe, name="believe"),
    path("stops/<uuid:pk>/releases/", changes.let_go, name="let_go"),
    path("samples/<uuid:pk>/looks/", changes.look, name="look"),
    path("samples/<uuid:pk>/holds/", changes.hold_one, name="hold_one"),
    path("kinds/holds/", changes.hold_kind, name="hold_kind"),
    path("morning/", views.morning, name="morning"),
    path("restrictions/", include("skola.web.officer.restricting.urls")),
    path("kept/", views.kept, name="kept"),
    path("holds/", views.holds, name="holds"),
    path("holds/<uuid:pk>/endings/", changes.release, name="release_hold"),
]
