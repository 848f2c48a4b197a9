from django.urls import path

from skola.services.community import views

app_name = "community"
urlpatterns = [
    path("", views.posts, name="posts"),
    path("<uuid:pk>/", views.post, name="post"),
    path("<uuid:pk>/removals/", views.remove, name="removals"),
    path("places/<uuid:pk>/", views.feed, name="feed"),
    path("places/<uuid:pk>/audience/", views.audience, name="audience"),
    path("schools/<uuid:pk>/", views.settings, name="settings"),
]
