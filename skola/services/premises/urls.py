from django.urls import path

from skola.services.premises import views

app_name = "premises"
urlpatterns = [
    path("", views.register, name="register"),
    path("footage/", views.ask, name="ask"),
    path("<uuid:pk>/", views.area, name="area"),
    path("<uuid:pk>/sign/", views.sign, name="sign"),
    path("<uuid:pk>/endings/", views.end, name="endings"),
]
