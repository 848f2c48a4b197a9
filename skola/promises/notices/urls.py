"""Addresses of the notice and of the public registers."""

from django.urls import path

from skola.promises.notices import asking, views

app_name = "notices"

urlpatterns = [
    path("", views.notice, name="notice"),
    path("truth/", views.truth, name="truth"),
    path("is-it-true.json", views.truth_json, name="truth_json"),
    path("data/", views.data, name="data"),
    path("purposes/", views.purposes, name="purposes"),
    path("record.json", views.record_json, name="record_json"),
    path("dpv.jsonld", views.dpv_jsonld, name="dpv_jsonld"),
    path("recipients/", views.recipients, name="recipients"),
    path("glossary/", views.glossary, name="glossary"),
    path("changes/", asking.changes, name="changes"),
    path("changes/answers/", asking.answer_change, name="answer_change"),
    path("changes/consents/", asking.answer_consent, name="answer_consent"),
    path("comparison/", views.comparison, name="comparison"),
    path("versions/", views.versions, name="versions"),
    path("versions/<str:version>/", views.version, name="version"),
]
