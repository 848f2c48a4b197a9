from django.urls import path

from skola.services.courses.views import learning, library, making

app_name = "courses"
_SECTION = "making/<slug:slug>/parts/<uuid:pk>"
_LESSON = "making/<slug:slug>/lessons/<slug:lesson>"
urlpatterns = [
    path("", learning.catalogue, name="catalogue"),
    path("mine/", learning.mine, name="mine"),
    path("children/<uuid:pk>/", learning.child, name="child"),
    path("mine/history/", learning.history, name="history"),
    path("making/", making.made, name="made"),
    path("making/new/", making.new, name="new"),
    path("making/library/", library.library, name="library"),
    path("making/library/<uuid:pk>/", library.lesson, name="library-lesson"),
    path("making/<slug:slug>/", making.edit, name="edit"),
    path("making/<slug:slug>/description/", making.describe, name="describe"),
    path("making/<slug:slug>/publications/", making.publish, name="publish"),
    path("making/<slug:slug>/withdrawals/", making.unpublish, name="unpublish"),
    path("making/<slug:slug>/archivings/", making.archive, name="archive"),
    path("making/<slug:slug>/deletion/", making.delete, name="delete"),
    path("making/<slug:slug>/parts/", making.add_section, name="add_section"),
    path(f"{_SECTION}/", making.rename_section, name="rename_section"),
    path(f"{_SECTION}/moves/", making.move_section, name="move_section"),
    path(f"{_SECTION}/removal/", making.remove_section, name="remove_section"),
    path(f"{_SECTION}/lessons/", making.add_lesson, name="add_lesson"),
    path(f"{_LESSON}/", making.edit_lesson, name="edit_lesson"),
    path(f"{_LESSON}/moves/", making.move_lesson, name="move_lesson"),
    path(f"{_LESSON}/removal/", making.remove_lesson, name="remove_lesson"),
    path("<slug:slug>/", learning.course, name="course"),
    path("<slug:slug>/enrolments/", learning.enrol, name="enrol"),
    path("<slug:slug>/feedback/", learning.feel, name="feedback"),
    path("<slug:slug>/resumption/", learning.go_on, name="go_on"),
    path("<slug:slug>/leaving/", learning.leave, name="leave"),
    path("<slug:slug>/lessons/<slug:lesson>/", learning.lesson, name="lesson"),
    path("<slug:slug>/lessons/<slug:lesson>/completions/", learning.complete, name="complete"),
    path("<slug:slug>/lessons/<slug:lesson>/attempts/", learning.attempt, name="attempt"),
    path("<slug:slug>/lessons/<slug:lesson>/place/", learning.remember_place, name="place"),
]
