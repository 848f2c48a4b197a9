from django.urls import path

from skola.services.billing.views import account, cards, office, paying

app_name = "billing"
urlpatterns = [
    path("", account.contracts, name="contracts"),
    path("<uuid:pk>/", account.contract, name="contract"),
    path("<uuid:pk>/acceptances/", account.accept, name="acceptances"),
    path("<uuid:pk>/refusals/", account.decline, name="refusals"),
    path("invoices/", account.invoices, name="invoices"),
    path("invoices/<uuid:pk>/", account.invoice, name="invoice"),
    path("invoices/<uuid:pk>/card-payments/", paying.by_card, name="card-payments"),
    path("payments/events/", paying.event, name="events"),
    path("payments/till/<str:session>/", paying.till, name="till"),
    path("statement/", account.statement, name="statement"),
    path("office/", office.contracts, name="office-contracts"),
    path("office/new/", office.offer, name="offer"),
    path("office/risk-runs/", office.risk_run, name="risk-runs"),
    path("office/<uuid:pk>/", office.contract, name="office-contract"),
    path("office/<uuid:pk>/identities/", office.identify, name="identities"),
    path("office/<uuid:pk>/assessments/", office.assess, name="assessments"),
    path("office/<uuid:pk>/endings/", office.end, name="endings"),
    path("office/invoices/", office.ledger, name="ledger"),
    path("office/invoices/new/", office.issue, name="issue"),
    path("office/invoices/<uuid:pk>/", office.invoice, name="office-invoice"),
    path("office/invoices/<uuid:pk>/hand-overs/", office.hand_over, name="hand-overs"),
    path("office/invoices/<uuid:pk>/payments/", office.pay, name="payments"),
    path("office/invoices/<uuid:pk>/credit-notes/", office.credit, name="credit-notes"),
    path("office/cards/", cards.setting, name="cards"),
    path("office/cards/endings/", cards.forget, name="card-endings"),
    path("office/months/", office.months, name="months"),
    path("office/months/<str:month>/", office.month, name="month"),
    path("office/people/<uuid:pk>/statement/", office.statement, name="office-statement"),
]
