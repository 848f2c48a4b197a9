"""Addresses of objections."""

from django.urls import path

from skola.promises.rights.objections import views

app_name = "objections"

urlpatterns = [
    path("account/objections/<uuid:pk>/withdrawals/", views.allow, name="withdrawals"),
    path("office/promises/objections/", views.who, name="who"),
]
