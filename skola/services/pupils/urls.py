from django.urls import path

from skola.services.pupils.views import comparing, family, moving, office, support

app_name = "pupils"
urlpatterns = [
    path("", family.front, name="front"),
    path("contacts/<uuid:pk>/", family.contacts, name="contacts"),
    path("contacts/<uuid:pk>/sights/", family.sights, name="sights"),
    path("contacts/<uuid:pk>/codes/", family.code, name="own-codes"),
    path("classes/<uuid:pk>/", family.school_class, name="class"),
    path("schools/<uuid:pk>/", office.register, name="register"),
    path("schools/<uuid:pk>/pupils.json", office.data, name="data"),
    path("schools/<uuid:pk>/comparisons/", comparing.compared, name="comparisons"),
    path("proposals/<uuid:pk>/decisions/", comparing.decide, name="decisions"),
    path("hand-overs/", moving.listed, name="hand-overs"),
    path("hand-overs/<uuid:pk>/", moving.one, name="hand-over"),
    path("hand-overs/<uuid:pk>/takings/", moving.take_over, name="takings"),
    path("schools/<uuid:pk>/cases/", support.cases, name="cases"),
    path("cases/<uuid:pk>/", support.case, name="case"),
    path("cases/<uuid:pk>/closings/", support.close, name="closings"),
    path("<uuid:pk>/hand-overs/", moving.hand_over, name="leavings"),
    path("<uuid:pk>/", office.pupil, name="pupil"),
    path("changes/<uuid:pk>/reversals/", office.take_back, name="reversals"),
]
