from django.urls import path

from skola.services.surveys import risk_views, views

app_name = "surveys"
urlpatterns = [
    path("", views.report, name="report"),
    path("improvements/<uuid:pk>/endings/", views.finish, name="finish"),
    path("follow-ups/<uuid:pk>/", views.follow_up, name="follow-up"),
    path("follow-ups/<uuid:pk>/closings/", views.close, name="closings"),
    path("risks/", risk_views.listed, name="risks"),
    path("risks/<uuid:pk>/", risk_views.answer, name="risk"),
    path("risks/<uuid:pk>/endings/", risk_views.end, name="risk-endings"),
    path("<str:token>/", views.answer, name="answer"),
]
