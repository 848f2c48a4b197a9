from django.urls import path

from skola.services.visits import views

app_name = "visits"
urlpatterns = [
    path("tags/", views.tags, name="tags"),
    path("others/", views.others, name="others"),
    path("others/results/", views.note_result, name="results"),
    path("others/settings/", views.settle, name="settle"),
    path("", views.report, name="report"),
    path("faults/", views.faults, name="faults"),
    path("interests/", views.interests, name="interests"),
    path("interests/removals/", views.forget, name="forget"),
]
