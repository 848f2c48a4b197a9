from django.urls import path

from skola.services.live import views

app_name = "live"
urlpatterns = [path("<uuid:pk>/", views.lesson, name="lesson")]
