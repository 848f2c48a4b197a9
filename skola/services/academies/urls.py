from django.urls import path

from skola.services.academies.views import access, fields, helping, operator, own

app_name = "academies"
urlpatterns = [
    path("", operator.clients, name="clients"),
    path("new/", operator.new, name="new"),
    path("mine/", operator.mine, name="mine"),
    path("<uuid:pk>/", operator.founded, name="founded"),
    path("arrivals/<str:token>/", own.arrive, name="arrivals"),
    path("participants/", helping.participant, name="participant"),
    path("assists/", helping.assists, name="assists"),
    path("assists/<uuid:pk>/acknowledgements/", helping.acknowledge, name="acknowledge"),
    path("assists/<uuid:pk>/endings/", helping.finish, name="assist-done"),
    path("own/assist/", helping.ask, name="assist"),
    path("own/", own.own, name="own"),
    path("own/selling/", own.sell, name="selling"),
    path("own/selling/endings/", own.stop, name="selling-endings"),
    path("own/agreement/", own.agreement, name="agreement"),
    path("own/access/", access.access, name="access"),
    path("own/access/<uuid:pk>/endings/", access.shut, name="shut"),
    path("own/fields/", fields.fields, name="fields"),
    path("own/fields/mine/", fields.mine, name="my-fields"),
    path("own/fields/<uuid:pk>/", fields.answers, name="answers"),
    path("own/fields/<uuid:pk>/endings/", fields.end, name="field-endings"),
    path("own/copies/", access.take_along, name="copies"),
    path("own/ending/", access.ending, name="ending"),
    path("<uuid:pk>/people/", operator.people, name="people"),
    path("<uuid:pk>/people/<uuid:person>/", operator.one_person, name="person"),
]
