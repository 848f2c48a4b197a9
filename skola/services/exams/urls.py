from django.urls import path

from skola.services.exams.views import candidate, desk, film, paper

app_name = "exams"
urlpatterns = [
    path("", candidate.mine, name="mine"),
    path("sittings/<uuid:pk>/", candidate.sitting, name="sitting"),
    path("sittings/<uuid:pk>/places/", candidate.take_place, name="places"),
    path("attempts/<uuid:pk>/", candidate.attempt, name="attempt"),
    path("attempts/<uuid:pk>/ways/", candidate.choose_way, name="ways"),
    path("attempts/<uuid:pk>/withdrawals/", candidate.give_up, name="withdrawals"),
    path("attempts/<uuid:pk>/papers/", candidate.show_papers, name="papers"),
    path("attempts/<uuid:pk>/rehearsal/", candidate.rehearsal, name="rehearsal"),
    path("attempts/<uuid:pk>/contests/", candidate.contest, name="contest"),
    path("attempts/<uuid:pk>/paper/", paper.paper, name="paper"),
    path("attempts/<uuid:pk>/starts/", paper.begin, name="starts"),
    path("attempts/<uuid:pk>/answers/", paper.save, name="answers"),
    path("attempts/<uuid:pk>/submissions/", paper.hand_in, name="submissions"),
    path("attempts/<uuid:pk>/takes/", film.open_take, name="takes"),
    path("takes/<uuid:pk>/parts/", film.add_part, name="parts"),
    path("attempts/<uuid:pk>/film/", film.own, name="film"),
    path("desk/", desk.desk, name="desk"),
    path("desk/exams/", desk.exams, name="exams"),
    path("desk/new/", desk.draft, name="draft"),
    path("desk/contests/", desk.contests, name="contests"),
    path("desk/contests/<uuid:pk>/", desk.contest, name="decide"),
    path("desk/exams/<uuid:pk>/", desk.exam, name="exam"),
    path("desk/exams/<uuid:pk>/change/", desk.change, name="change"),
    path("desk/exams/<uuid:pk>/questions/", desk.add_question, name="questions"),
    path("desk/questions/<uuid:pk>/removals/", desk.remove_question, name="removals"),
    path("desk/exams/<uuid:pk>/publications/", desk.publish, name="publications"),
    path("desk/exams/<uuid:pk>/dates/", desk.plan, name="dates"),
    path("desk/sittings/<uuid:pk>/", desk.sitting, name="hall"),
    path("desk/attempts/<uuid:pk>/identities/", desk.check_identity, name="identities"),
    path("desk/attempts/<uuid:pk>/", desk.attempt, name="marking"),
    path("desk/attempts/<uuid:pk>/viewings/", film.look, name="viewings"),
    path("desk/attempts/<uuid:pk>/film/", film.staff, name="staff-film"),
]
