from django.urls import path

from skola.services.groups.views import office, own, public

app_name = "groups"
urlpatterns = [
    path("", public.runs, name="runs"),
    path("<uuid:pk>/", public.run, name="run"),
    path("<uuid:pk>/applications/", public.apply, name="apply"),
    path("own/", own.own, name="own"),
    path("own/<str:token>/", own.mine, name="mine"),
    path("own/<str:token>/withdrawals/", own.withdraw, name="withdrawals"),
    path("own/<str:token>/contracts/", own.answer, name="contracts"),
    path("office/", office.runs, name="office"),
    path("office/new/", office.plan, name="plan"),
    path("office/programmes/", office.programmes, name="programmes"),
    path("office/programmes/new/", office.write, name="write"),
    path("office/programmes/<uuid:pk>/", office.rewrite, name="programme"),
    path("office/<uuid:pk>/", office.run, name="office-run"),
    path("office/<uuid:pk>/change/", office.change, name="change"),
    path("office/<uuid:pk>/publications/", office.publish, name="publications"),
    path("office/<uuid:pk>/cancellations/", office.cancel, name="cancellations"),
    path("office/<uuid:pk>/days/", office.days, name="days"),
    path("office/meetings/<uuid:pk>/removals/", office.remove_meeting, name="meeting-removals"),
    path("office/<uuid:pk>/entries/", office.enter, name="entries"),
    path("office/applications/<uuid:pk>/decisions/", office.decide, name="decisions"),
    path("office/seats/<uuid:pk>/results/", office.record_result, name="results"),
    path("office/seats/<uuid:pk>/leavings/", office.free_seat, name="leavings"),
]
