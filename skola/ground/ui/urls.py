"""Addresses of the design system, the same at every tenant."""

from django.urls import path

from skola.ground.ui import views

app_name = "ui"

urlpatterns = [
    path("display/", views.settings_page, name="display"),
    path("display/language/", views.choose_language, name="language"),
    path("hints/", views.close_hint, name="close"),
    path("brand.css", views.brand, name="brand"),
    path("styleguide/", views.style_page, name="styleguide"),
]
