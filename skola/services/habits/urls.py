from django.urls import path

from skola.services.habits import views

app_name = "habits"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("opinions/", views.say, name="opinions"),
    path("complaints/", views.complain, name="complaints"),
    path("register/", views.register, name="register"),
    path("register/<uuid:pk>/", views.one, name="one"),
]
