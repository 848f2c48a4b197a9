from django.urls import path

from skola.services.documents import views

app_name = "documents"
urlpatterns = [
    path("check/", views.check, name="check"),
    path("own/", views.own, name="own"),
    path("own/<uuid:pk>/file/", views.own_file, name="own-file"),
    path("own/<uuid:pk>/reissues/", views.own_reissue, name="own-reissues"),
    path("register/", views.register, name="register"),
    path("register/<uuid:pk>/", views.document, name="document"),
    path("register/<uuid:pk>/file/", views.file, name="file"),
    path("register/<uuid:pk>/annulments/", views.annul, name="annulments"),
    path("register/<uuid:pk>/duplicates/", views.duplicate, name="duplicates"),
    path("register/<uuid:pk>/reissues/", views.reissue, name="reissues"),
    path("register/<uuid:pk>/keepings/", views.keep, name="keepings"),
]
