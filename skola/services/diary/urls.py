from django.urls import path

from skola.services.diary.views import calendars, classes, doubts, family, journal, looks, teaching

app_name = "diary"
urlpatterns = [
    path("", teaching.front, name="front"),
    path("teaching/", teaching.teaching, name="teaching"),
    path("lessons/<uuid:pk>/<slug:on>/", teaching.lesson, name="lesson"),
    path("lessons/<uuid:pk>/<slug:on>/absences/", teaching.absences, name="absences"),
    path("journals/<uuid:pk>/", journal.journal, name="journal"),
    path("journals/<uuid:pk>/assessments/", journal.assessments, name="assessments"),
    path("assessments/<uuid:pk>/marks/", journal.marks, name="marks"),
    path("marks/<uuid:pk>/", journal.mark, name="mark"),
    path("marks/<uuid:pk>/doubts/", doubts.report, name="reports"),
    path("doubts/", doubts.waiting, name="doubts"),
    path("doubts/<uuid:pk>/answers/", doubts.answer, name="doubt-answers"),
    path("mine/", family.mine, name="mine"),
    path("homework/<uuid:pk>/ticks/", family.tick, name="ticks"),
    path("guardians/<uuid:pk>/", family.guardian, name="guardian"),
    path("children/", family.children, name="children"),
    path("children/<uuid:pk>/", family.child, name="child"),
    path("children/<uuid:pk>/record/", family.record, name="record"),
    path("children/<uuid:pk>/notes/", family.note, name="note"),
    path("children/<uuid:pk>/looks/", looks.looks, name="looks"),
    path("children/<uuid:pk>/calendar/", calendars.one_calendar, name="calendar"),
    path("calendars/<uuid:pk>/revocations/", calendars.revoke, name="revocations"),
    path("calendars/<str:secret>.ics", calendars.feed, name="feed"),
    path("readings/", looks.readings, name="readings"),
    path("classes/<uuid:pk>/", classes.school_class, name="class"),
    path("classes/<uuid:pk>/notes/", classes.notes, name="notes"),
    path("classes/<uuid:pk>/confirmations/", classes.confirm_all, name="confirmations"),
    path("notes/<uuid:pk>/answers/", classes.answer, name="answers"),
    path("pupils/<uuid:pk>/", classes.pupil, name="pupil"),
]
