from django.urls import path

from skola.services.messages import views

app_name = "messages"
urlpatterns = [
    path("", views.conversations, name="conversations"),
    path("people/", views.people, name="people"),
    path("people/<uuid:pk>/", views.write, name="write"),
    path("<uuid:pk>/", views.conversation, name="conversation"),
]
