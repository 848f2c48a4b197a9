"""The page for parents, and the reports in the officer's place."""

from django.urls import path

from skola.promises.minors import views

app_name = "minors"
OFFICE = "office/promises/children/"

urlpatterns = [
    path("parents/", views.parents, name="parents"),
    path("parents/thanks/", views.thanks, name="thanks"),
    path(OFFICE, views.listed, name="all"),
    path(f"{OFFICE}<uuid:pk>/", views.one, name="one"),
    path(f"{OFFICE}<uuid:pk>/accounts/", views.name, name="accounts"),
    path(f"{OFFICE}<uuid:pk>/confirmations/", views.confirm, name="confirmations"),
    path(f"{OFFICE}<uuid:pk>/dismissals/", views.dismiss, name="dismissals"),
]
