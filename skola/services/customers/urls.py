from django.urls import path

from skola.services.customers.views import account, demands, office

app_name = "customers"
urlpatterns = [
    path("", account.catalogue, name="catalogue"),
    path("<uuid:pk>/orders/", account.order, name="orders"),
    path("contracts/<uuid:pk>/", account.one, name="one"),
    path("contracts/<uuid:pk>/notices/", account.give_notice, name="notices"),
    path("contracts/<uuid:pk>/continuations/", account.go_on, name="continuations"),
    path("contracts/<uuid:pk>/terms/", account.agree, name="terms"),
    path("office/", office.services, name="office"),
    path("office/new/", office.new, name="new"),
    path("office/<uuid:pk>/withdrawals/", office.withdraw, name="withdrawals"),
    path("office/demands/<uuid:pk>/", demands.demand, name="demand"),
    path("office/contracts/", office.contracts, name="office-contracts"),
    path("office/contracts/<uuid:pk>/", office.contract, name="office-contract"),
]
