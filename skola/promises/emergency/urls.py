from django.urls import path

from skola.promises.emergency import views

app_name = "emergency"
urlpatterns = [
    path("", views.open_, name="open"),
    path("all/", views.listed, name="all"),
    path("<uuid:pk>/", views.one, name="one"),
    path("<uuid:pk>/reviews/", views.review, name="reviews"),
]
