from django.urls import path

from skola.promises.handover import views

app_name = "handover"
urlpatterns = [
    path("privacy/handover/", views.notice, name="notice"),
    path("privacy/handover/objections/", views.objections, name="objections"),
    path("privacy/handover/objections/<str:token>/", views.by_link, name="by_link"),
    path("office/promises/handover/", views.office, name="office"),
    path("office/promises/handover/cancellations/", views.cancellations, name="cancellations"),
    path("office/promises/handover/objections/", views.on_behalf, name="on_behalf"),
]
