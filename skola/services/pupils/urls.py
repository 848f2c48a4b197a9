from django.urls import path

from skola.services.pupils.views import family, office

app_name = "pupils"
urlpatterns = [
    path("", family.front, name="front"),
    path("contacts/<uuid:pk>/", family.contacts, name="contacts"),
    path("contacts/<uuid:pk>/sights/", family.sights, name="sights"),
    path("contacts/<uuid:pk>/codes/", family.code, name="own-codes"),
    path("classes/<uuid:pk>/", family.school_class, name="class"),
    path("schools/<uuid:pk>/", office.register, name="register"),
    path("schools/<uuid:pk>/pupils.json", office.data, name="data"),
    path("<uuid:pk>/", office.pupil, name="pupil"),
    path("changes/<uuid:pk>/reversals/", office.take_back, name="reversals"),
]
