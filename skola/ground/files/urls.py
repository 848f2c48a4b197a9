from django.urls import path

from skola.ground.files import views

app_name = "files"
urlpatterns = [path("<uuid:pk>/", views.show, name="show")]
