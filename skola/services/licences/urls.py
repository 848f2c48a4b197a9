from django.urls import path

from skola.services.licences.views import company, own

app_name = "licences"
urlpatterns = [
    path("", own.mine, name="mine"),
    path("changes/", own.changes, name="changes"),
    path("orders/", own.orders, name="orders"),
    path("orders/<uuid:pk>/payments/", own.note_payment, name="payments"),
    path("<uuid:pk>/", company.licences, name="licences"),
    path("<uuid:pk>/orders/", company.order, name="order"),
    path("<uuid:pk>/orders/<uuid:order>/withdrawals/", company.withdraw, name="withdrawals"),
    path("<uuid:pk>/<uuid:licence>/", company.licence, name="licence"),
    path("<uuid:pk>/<uuid:licence>/seats/", company.assign, name="seats"),
    path("<uuid:pk>/<uuid:licence>/seats/<uuid:seat>/releases/", company.release, name="releases"),
]
