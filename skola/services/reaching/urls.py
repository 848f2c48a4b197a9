from django.urls import path

from skola.services.reaching.views import office, own

app_name = "reaching"
urlpatterns = [
    path("worker.js", own.worker, name="worker"),
    path("account/notices/", own.inbox, name="inbox"),
    path("account/notices/<uuid:pk>/", own.notice, name="notice"),
    path("account/devices/", own.devices, name="devices"),
    path("account/devices/<uuid:pk>/settings/", own.settings, name="settings"),
    path("account/devices/<uuid:pk>/removals/", own.removals, name="removals"),
    path("notices/", office.listed, name="listed"),
    path("notices/to-do/", office.to_do, name="to_do"),
    path("notices/new/", office.find, name="find"),
    path("notices/new/<uuid:pk>/", office.write, name="write"),
    path("notices/<uuid:pk>/", office.one, name="one"),
    path("notices/deliveries/<uuid:pk>/outcomes/", office.outcomes, name="outcomes"),
    path("notices/deliveries/<uuid:pk>/letter/", office.letter, name="letter"),
]
