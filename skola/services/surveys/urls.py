from django.urls import path

from skola.services.surveys import views

app_name = "surveys"
urlpatterns = [
    path("", views.report, name="report"),
    path("improvements/<uuid:pk>/endings/", views.finish, name="finish"),
    path("follow-ups/<uuid:pk>/", views.follow_up, name="follow-up"),
    path("follow-ups/<uuid:pk>/closings/", views.close, name="closings"),
    path("<str:token>/", views.answer, name="answer"),
]
