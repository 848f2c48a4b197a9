from django.urls import path

from skola.services.forums.views import reading, running, writing

app_name = "forums"
urlpatterns = [
    path("", reading.forums, name="forums"),
    path("mine/", reading.mine, name="mine"),
    path("name/", writing.name, name="name"),
    path("desk/", running.desk, name="desk"),
    path("desk/new/", running.new, name="new"),
    path("desk/<uuid:pk>/", running.change, name="change"),
    path("desk/<uuid:pk>/closings/", running.close, name="closings"),
    path("topics/<uuid:pk>/", reading.topic, name="topic"),
    path("topics/<uuid:pk>/answers/", writing.answer, name="answers"),
    path("posts/<uuid:pk>/", writing.edit, name="edit"),
    path("posts/<uuid:pk>/removals/", writing.remove, name="removals"),
    path("posts/<uuid:pk>/reports/", writing.report, name="reports"),
    path("posts/<uuid:pk>/hidings/", running.hide, name="hidings"),
    path("posts/<uuid:pk>/restorations/", running.restore, name="restorations"),
    path("posts/<uuid:pk>/decisions/", running.leave, name="decisions"),
    path("<uuid:pk>/", reading.forum, name="forum"),
    path("<uuid:pk>/new/", writing.begin, name="begin"),
    path("<uuid:pk>/lines/", writing.say, name="lines"),
]
