"""The addresses of this room alone, so that its tests need no other room."""

from django.urls import include, path

urlpatterns = [path("", include("skola.ground.ui.urls"))]
