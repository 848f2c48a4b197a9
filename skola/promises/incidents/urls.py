"""Addresses of the registers, in the officer's place."""

from django.urls import path

from skola.promises.incidents import views

app_name = "incidents"

urlpatterns = [
    path("", views.listed, name="all"),
    path("new/", views.new, name="new"),
    path("risks/new/", views.new_risk, name="new-risk"),
    path("risks/<uuid:pk>/", views.risk, name="risk"),
    path("risks/<uuid:pk>/closings/", views.close_risk, name="risk-closings"),
    path("<uuid:pk>/", views.one, name="one"),
    path("<uuid:pk>/assessments/", views.assess, name="assessments"),
    path("<uuid:pk>/measures/", views.measure, name="measures"),
    path("<uuid:pk>/notifications/", views.notify, name="notifications"),
    path("<uuid:pk>/refusals/", views.decline, name="refusals"),
    path("<uuid:pk>/looks/", views.looks, name="looks"),
    path("<uuid:pk>/names/", views.names, name="names"),
    path("<uuid:pk>/letters/", views.letters, name="letters"),
    path("<uuid:pk>/people/<uuid:affected>/", views.told, name="told"),
    path("<uuid:pk>/closings/", views.close, name="closings"),
]
