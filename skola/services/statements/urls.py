from django.urls import path

from skola.services.statements import views

app_name = "statements"
urlpatterns = [
    path("", views.front, name="front"),
    path("<uuid:pk>/", views.statement, name="statement"),
    path("<uuid:pk>/sheet/", views.sheet, name="sheet"),
    path("schools/<uuid:pk>/", views.of_school, name="school"),
    path("authorities/", views.authorities, name="authorities"),
    path("authorities/<uuid:pk>/people/", views.represent, name="people"),
    path("authorities/<uuid:pk>/endings/", views.end, name="endings"),
]
