from django.urls import path

from skola.services.campaigns.views import calling, measuring, office, own, refusals, subscribing

app_name = "campaigns"
urlpatterns = [
    path("settings/", own.settings, name="settings"),
    path("settings/refusals/", own.refuse, name="refuse"),
    path("choices/<str:token>/", own.choices, name="choices"),
    path("choices/<str:token>/refusals/", own.refuse_by_link, name="refuse-by-link"),
    path("stop/<str:token>/", own.stop, name="stop"),
    path("subscribe/", subscribing.subscribe, name="subscribe"),
    path("subscribe/sent/", subscribing.sent, name="sent"),
    path("confirm/<str:token>/", subscribing.confirm, name="confirm"),
    path("go/<str:token>/", measuring.go, name="go"),
    path("seen/<str:token>/", measuring.seen, name="seen"),
    path("office/", office.campaigns, name="office"),
    path("office/new/<slug:kind>/", office.new, name="new"),
    path("office/<uuid:pk>/", office.campaign, name="campaign"),
    path("office/<uuid:pk>/change/", office.change, name="change"),
    path("office/<uuid:pk>/starts/", office.start, name="starts"),
    path("office/<uuid:pk>/endings/", office.end, name="endings"),
    path("office/<uuid:pk>/report/", office.report, name="report"),
    path("office/<uuid:pk>/list/", calling.call_list, name="list"),
    path("office/calls/<uuid:pk>/results/", calling.result, name="results"),
    path("office/partners/", office.partners, name="partners"),
    path("office/partners/<uuid:pk>/judgements/", office.judge, name="judgements"),
    path("office/refusals/", refusals.refusals, name="refusals"),
    path("office/refusals/<uuid:pk>/applications/", refusals.apply, name="applications"),
]
