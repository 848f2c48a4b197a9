"""Addresses of the cookie settings, the same at every tenant."""

from django.urls import path

from skola.promises.cookies import views

app_name = "cookies"

urlpatterns = [
    path("", views.settings_page, name="settings"),
    path("choices/", views.choose, name="choose"),
    path("kept/", views.kept, name="kept"),
]
