from django.urls import path

from skola.services.school.views import family, lists, office, principles

app_name = "school"
urlpatterns = [
    path("", office.schools, name="schools"),
    path("access/", family.ask, name="ask"),
    path("requests/", family.requests, name="requests"),
    path("requests/<uuid:pk>/", family.one_request, name="request"),
    path("requests/<uuid:pk>/refusals/", family.refuse, name="refusals"),
    path("<uuid:pk>/", office.one_school, name="school"),
    path("<uuid:pk>/principles/", principles.page, name="principles"),
    path("<uuid:pk>/roles/", office.name, name="roles"),
    path("<uuid:pk>/years/", office.add_year, name="years"),
    path("<uuid:pk>/classes/", office.add_class, name="classes"),
    path("<uuid:pk>/subjects/", office.add_subject, name="subjects"),
    path("<uuid:pk>/second-factor/", office.second_factor, name="second-factor"),
    path("<uuid:pk>/leavings/", office.end_staff, name="leavings"),
    path("<uuid:pk>/lists/", lists.look, name="lists"),
    path("<uuid:pk>/lists/taken/", lists.take_over, name="taken-lists"),
    path("<uuid:pk>/changes/", office.changes, name="changes"),
    path("classes/<uuid:pk>/", office.one_class, name="class"),
    path("classes/<uuid:pk>/pupils/", office.add_pupil, name="pupils"),
    path("classes/<uuid:pk>/groups/", office.add_group, name="groups"),
    path("classes/<uuid:pk>/leaders/", office.set_leader, name="leaders"),
    path("classes/<uuid:pk>/slots/", office.add_slot, name="slots"),
    path("pupils/<uuid:pk>/leavings/", office.remove_pupil, name="pupil-leavings"),
    path("slots/<uuid:pk>/endings/", office.end_slot, name="slot-endings"),
    path("slots/<uuid:pk>/changes/", office.change, name="lesson-changes"),
]
