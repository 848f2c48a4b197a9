from django.urls import path

from skola.services.papers import views

app_name = "papers"
urlpatterns = [
    path("", views.register, name="register"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.one, name="one"),
    path("sheets/<uuid:pk>/endings/", views.destroyed, name="endings"),
]
