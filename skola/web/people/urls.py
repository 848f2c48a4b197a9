"""Addresses of the people's administration, below ``/people/``."""

from django.urls import path

from skola.web.consents import staff as consents
from skola.web.people import changes, views

app_name = "people"

urlpatterns = [
    path("", views.people, name="people"),
    path("new/", views.invite, name="invite"),
    path("<uuid:pk>/", views.person, name="person"),
    path("<uuid:pk>/roles/", views.roles, name="roles"),
    path("<uuid:pk>/roles/granted/", changes.grant, name="grant"),
    path("<uuid:pk>/roles/<uuid:role>/endings/", changes.end, name="end_role"),
    path("<uuid:pk>/guardians/", views.guardians, name="guardians"),
    path("<uuid:pk>/guardians/named/", changes.add_guardian, name="add_guardian"),
    path("<uuid:pk>/guardians/<uuid:link>/proofs/", changes.prove_guardian, name="prove"),
    path("<uuid:pk>/guardians/<uuid:link>/endings/", changes.end_guardian, name="end_guardian"),
    path("<uuid:pk>/security/", views.security, name="security"),
    path("<uuid:pk>/closings/", changes.close, name="close"),
    path("<uuid:pk>/suspensions/", changes.suspend, name="suspend"),
    path("<uuid:pk>/reinstatements/", changes.reinstate, name="reinstate"),
    path("<uuid:pk>/findings/", changes.find, name="find"),
    path("<uuid:pk>/findings/<uuid:finding>/corrections/", changes.correct, name="correct"),
    path("<uuid:pk>/consents/", consents.of_person, name="consents"),
    path("<uuid:pk>/consents/entries/", consents.enter, name="give_consent"),
    path("<uuid:pk>/consents/withdrawals/", consents.withdraw, name="withdraw_consent"),
    path("<uuid:pk>/clocks/", views.clocks, name="clocks"),
]
