from django.urls import path

from skola.services.testimonials import views

app_name = "testimonials"
urlpatterns = [
    path("", views.shown, name="shown"),
    path("mine/", views.mine, name="mine"),
    path("desk/", views.desk, name="desk"),
    path("desk/<uuid:pk>/", views.one, name="one"),
    path("desk/<uuid:pk>/publications/", views.publish, name="publications"),
    path("desk/<uuid:pk>/endings/", views.take_down, name="endings"),
]
