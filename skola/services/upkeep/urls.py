from django.urls import path

from skola.services.upkeep import views

app_name = "upkeep"
urlpatterns = [
    path("", views.listed, name="listed"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.one, name="one"),
    path("<uuid:pk>/announcements/", views.announce, name="announcements"),
]
