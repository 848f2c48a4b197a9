from django.urls import path

from skola.services.runs.views import joining, leading, mails

app_name = "runs"
urlpatterns = [
    path("", leading.runs, name="runs"),
    path("join/<str:key>/", joining.join, name="join"),
    path("join/<str:key>/done/", joining.joined, name="joined"),
    path("<uuid:pk>/", leading.run, name="run"),
    path("<uuid:pk>/ways/", leading.ways, name="ways"),
    path("<uuid:pk>/participants/", leading.add, name="participants"),
    path("<uuid:pk>/previews/", leading.preview_list, name="previews"),
    path("<uuid:pk>/lists/", leading.apply_list, name="lists"),
    path("<uuid:pk>/lists/<uuid:applied>/withdrawals/", leading.take_back, name="withdrawals"),
    path("<uuid:pk>/participants/<uuid:participant>/removals/", leading.remove, name="removals"),
    path("<uuid:pk>/link/", leading.set_link, name="link"),
    path("<uuid:pk>/days/", leading.change, name="days"),
    path("<uuid:pk>/mails/", mails.mails, name="mails"),
    path("<uuid:pk>/mails/<uuid:rule>/removals/", mails.remove_rule, name="rule-removals"),
]
