from django.urls import path

from skola.services.applications import views

app_name = "applications"
urlpatterns = [
    path("", views.plans, name="plans"),
    path("office/", views.office, name="office"),
    path("office/new/", views.new, name="new"),
    path("office/<uuid:pk>/closings/", views.close, name="closings"),
    path("<uuid:pk>/", views.apply, name="apply"),
]
