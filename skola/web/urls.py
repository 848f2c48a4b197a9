"""Addresses of the front door."""

from django.urls import path

from skola.web import views

app_name = "web"

urlpatterns = [
    path("", views.home, name="home"),
    path("account/", views.account, name="account"),
    path("demo/", views.personas, name="personas"),
    path("demo/visits/", views.enter, name="enter"),
    path("too-young/", views.too_young, name="too_young"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("robots.txt", views.robots, name="robots"),
]
