"""Addresses of restrictions, below ``/office/promises/restrictions/``."""

from django.urls import path

from skola.web.officer.restricting import views

app_name = "restrictions"

urlpatterns = [
    path("", views.restrictions, name="all"),
    path("of/<uuid:pk>/", views.of, name="of"),
    path("<uuid:pk>/", views.one, name="one"),
    path("<uuid:pk>/looks/", views.look, name="look"),
    path("<uuid:pk>/notices/", views.notify, name="notify"),
    path("<uuid:pk>/tellings/", views.told, name="told"),
    path("<uuid:pk>/liftings/", views.lift, name="lift"),
]
