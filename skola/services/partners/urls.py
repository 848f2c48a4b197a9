from django.urls import path

from skola.services.partners.views import office, own

app_name = "partners"
urlpatterns = [
    path("", office.accesses, name="accesses"),
    path("mine/", own.mine, name="mine"),
    path("transfers/", office.transfers, name="transfers"),
    path("<uuid:pk>/", office.access, name="access"),
    path("<uuid:pk>/endings/", office.end, name="endings"),
]
