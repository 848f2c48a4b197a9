from django.urls import path

from skola.services.companies import views

app_name = "companies"
urlpatterns = [
    path("", views.register, name="register"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.one, name="one"),
]
