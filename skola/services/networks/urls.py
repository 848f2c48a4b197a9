"""Addresses of the exchange with examination networks."""

from django.urls import path

from skola.services.networks import views

app_name = "networks"
urlpatterns = [
    path("", views.office, name="office"),
    path("mine/", views.mine, name="mine"),
    path("operators/<uuid:pk>/connections/", views.enable, name="connections"),
    path("operators/<uuid:pk>/endings/", views.end, name="endings"),
    path("operators/<uuid:pk>/candidates/", views.send, name="send"),
    path("sendings/<uuid:pk>/", views.sending, name="sending"),
    path("sendings/<uuid:pk>/results/", views.receive, name="results"),
]
