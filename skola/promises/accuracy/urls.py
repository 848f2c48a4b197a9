from django.urls import path

from skola.promises.accuracy import views

app_name = "accuracy"
urlpatterns = [
    path("<str:token>/", views.answer, name="answer"),
    path("<str:token>/confirmations/", views.confirm, name="confirmations"),
    path("<str:token>/corrections/", views.correct, name="corrections"),
]
