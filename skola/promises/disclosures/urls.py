"""Addresses of disclosures, below ``/office/promises/disclosures/``."""

from django.urls import path

from skola.promises.disclosures.views import demands, ledger, register, tellings

app_name = "disclosures"

urlpatterns = [
    path("", ledger.ledger, name="ledger"),
    path("passing/", ledger.passing, name="passing"),
    path("register/", register.register, name="register"),
    path("register/new/", register.new, name="party_new"),
    path("register/<uuid:pk>/", register.party, name="party"),
    path("register/<uuid:pk>/papers/", register.papers, name="papers"),
    path("register/<uuid:pk>/activations/", register.activations, name="activations"),
    path("register/<uuid:pk>/publications/", register.publications, name="publications"),
    path("register/<uuid:pk>/endings/", register.endings, name="endings"),
    path("demands/", demands.demands, name="demands"),
    path("demands/new/", demands.new, name="demand_new"),
    path("demands/<uuid:pk>/", demands.demand, name="demand"),
    path("demands/<uuid:pk>/reviews/", demands.reviews, name="reviews"),
    path("demands/<uuid:pk>/approvals/", demands.approvals, name="approvals"),
    path("demands/<uuid:pk>/releases/", demands.releases, name="releases"),
    path("demands/<uuid:pk>/refusals/", demands.refusals, name="refusals"),
    path("confirmations/", tellings.tellings, name="tellings"),
    path("confirmations/<uuid:pk>/settlements/", tellings.settlements, name="settlements"),
]
