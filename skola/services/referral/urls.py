from django.urls import path

from skola.services.referral import views

app_name = "referral"
urlpatterns = [
    path("", views.invite, name="invite"),
    path("sent/", views.sent, name="sent"),
]
