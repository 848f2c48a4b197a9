"""The page of figures for everybody."""

from django.urls import path

from skola.promises.statistics import views

app_name = "statistics"

urlpatterns = [path("", views.public, name="public")]
