from django.urls import path

from skola.services.certificates import public, views

app_name = "certificates"
urlpatterns = [
    path("courses/<slug:slug>/", views.course, name="course"),
    path("rules/<slug:slug>/", views.rule, name="rule"),
    path("rules/<slug:slug>/removals/", views.drop, name="removals"),
    path("issuer/", public.issuer, name="issuer"),
    path("keys/<str:kid>/", public.key, name="key"),
    path("revoked/", public.revoked, name="revoked"),
    path("<uuid:pk>/badge/", views.badge, name="badge"),
    path("<uuid:pk>/shares/<slug:network>/", views.share, name="share"),
    path("<uuid:pk>/", views.certificate, name="certificate"),
]
