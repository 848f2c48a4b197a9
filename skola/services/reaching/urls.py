from django.urls import path

from skola.services.reaching.views import apps, office, own

app_name = "reaching"
urlpatterns = [
    path("worker.js", own.worker, name="worker"),
    path("account/notices/", own.inbox, name="inbox"),
    path("account/notices/<uuid:pk>/", own.notice, name="notice"),
    path("account/devices/", own.devices, name="devices"),
    path("account/devices/<uuid:pk>/settings/", own.settings, name="settings"),
    path("account/devices/<uuid:pk>/removals/", own.removals, name="removals"),
    path("account/devices/tokens/", own.tokens_made, name="tokens"),
    path("account/devices/tokens/<uuid:pk>/removals/", own.tokens_back, name="token_removals"),
    path("api/v1/me/", apps.me, name="me"),
    path("api/v1/courses/", apps.my_courses, name="my_courses"),
    path("api/v1/notices/", apps.my_notices, name="my_notices"),
    path("api/v1/notices/<uuid:pk>/", apps.my_notice, name="my_notice"),
    path("api/v1/key/", apps.key, name="key"),
    path("notices/", office.listed, name="listed"),
    path("notices/to-do/", office.to_do, name="to_do"),
    path("notices/letters/", office.letters, name="letters"),
    path("notices/new/", office.find, name="find"),
    path("notices/new/<uuid:pk>/", office.write, name="write"),
    path("notices/<uuid:pk>/", office.one, name="one"),
    path("notices/deliveries/<uuid:pk>/outcomes/", office.outcomes, name="outcomes"),
    path("notices/deliveries/<uuid:pk>/letter/", office.letter, name="letter"),
]
