from django.urls import path

from skola.services.staff import views

app_name = "staff"
urlpatterns = [
    path("", views.own, name="own"),
    path("training/", views.take, name="take"),
    path("reading/<uuid:pk>/", views.read, name="read"),
    path("course/", views.course, name="course"),
    path("trained/", views.trained, name="trained"),
    path("grants/", views.grants, name="grants"),
    path("grants/<uuid:pk>/approvals/", views.approve, name="approve"),
    path("grants/<uuid:pk>/refusals/", views.refuse, name="refuse"),
    path("grants/<uuid:pk>/reviews/", views.review, name="review"),
    path("guidelines/", views.guidelines, name="guidelines"),
    path("guidelines/<uuid:pk>/", views.guideline, name="guideline"),
    path("guidelines/<uuid:pk>/withdrawals/", views.withdraw, name="withdraw"),
]
