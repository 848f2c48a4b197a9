from django.urls import path

from skola.promises.quality import views

app_name = "quality"
urlpatterns = [
    path("", views.listed, name="listed"),
    path("runs/", views.runs, name="runs"),
    path("merges/", views.merged, name="merged"),
    path("merges/<uuid:pk>/partings/", views.parts, name="partings"),
    path("<uuid:pk>/", views.one, name="one"),
    path("<uuid:pk>/outcomes/", views.outcomes, name="outcomes"),
    path("<uuid:pk>/merges/", views.merges, name="merges"),
]
