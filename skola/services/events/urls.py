from django.urls import path

from skola.services.events.views import office, public

app_name = "events"
urlpatterns = [
    path("", public.listed, name="listed"),
    path("<uuid:pk>/", public.one, name="one"),
    path("registrations/<str:token>/", public.mine, name="mine"),
    path("registrations/<str:token>/withdrawals/", public.withdraw, name="withdrawals"),
    path("office/", office.listed, name="office"),
    path("office/new/", office.new, name="new"),
    path("office/<uuid:pk>/", office.one, name="office-one"),
    path("office/<uuid:pk>/facts/", office.change, name="change"),
    path("office/<uuid:pk>/publications/", office.publish, name="publications"),
    path("office/<uuid:pk>/cancellations/", office.cancel, name="cancellations"),
]
