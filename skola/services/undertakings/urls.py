from django.urls import path

from skola.services.undertakings import views

app_name = "undertakings"
urlpatterns = [
    path("", views.sign, name="sign"),
    path("register/", views.register, name="register"),
]
