from django.urls import path

from skola.services.academies.views import operator, own

app_name = "academies"
urlpatterns = [
    path("", operator.clients, name="clients"),
    path("new/", operator.new, name="new"),
    path("mine/", operator.mine, name="mine"),
    path("<uuid:pk>/", operator.founded, name="founded"),
    path("arrivals/<str:token>/", own.arrive, name="arrivals"),
    path("own/", own.own, name="own"),
    path("own/agreement/", own.agreement, name="agreement"),
]
