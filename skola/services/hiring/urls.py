from django.urls import path

from skola.services.hiring.views import public, selection

app_name = "hiring"
urlpatterns = [
    path("", public.vacancies, name="vacancies"),
    path("<uuid:pk>/", public.vacancy, name="vacancy"),
    path("<uuid:pk>/applications/", public.apply, name="apply"),
    path("applications/<str:token>/", public.mine, name="mine"),
    path("applications/<str:token>/withdrawals/", public.withdraw, name="withdrawals"),
    path("withdrawn/", public.withdrawn, name="withdrawn"),
    path("selections/", selection.selections, name="selections"),
    path("selections/new/", selection.draft, name="draft"),
    path("selections/<uuid:pk>/", selection.selection, name="selection"),
    path("selections/<uuid:pk>/change/", selection.change, name="change"),
    path("selections/<uuid:pk>/publications/", selection.publish, name="publications"),
    path("selections/<uuid:pk>/closings/", selection.close, name="closings"),
    path("selections/applications/<uuid:pk>/", selection.application, name="application"),
    path("selections/applications/<uuid:pk>/moves/", selection.move, name="moves"),
    path("selections/applications/<uuid:pk>/notes/", selection.note, name="notes"),
]
