from django.urls import path

from skola.promises.decisions import views

app_name = "decisions"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("objections/<slug:point>/", views.object_to, name="objection"),
    path("objections/<slug:point>/withdrawals/", views.allow, name="withdrawals"),
    path("office/", views.office, name="office"),
    path("office/<uuid:pk>/", views.answer, name="answer"),
    path("<uuid:pk>/", views.one, name="one"),
    path("<uuid:pk>/reviews/", views.contest, name="reviews"),
]
