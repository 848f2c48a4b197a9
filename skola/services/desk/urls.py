from django.urls import path

from skola.services.desk.views import calls, contact, queue

app_name = "desk"
urlpatterns = [
    path("", contact.contact, name="contact"),
    path("received/<str:token>/", contact.received, name="received"),
    path("mine/", contact.mine, name="mine"),
    path("mine/<uuid:pk>/", contact.mine_one, name="mine-one"),
    path("mine/<uuid:pk>/objections/", contact.object_to, name="mine-objections"),
    path("queue/", queue.queue, name="queue"),
    path("queue/new/", queue.register, name="register"),
    path("queue/<uuid:pk>/", queue.one, name="one"),
    path("queue/<uuid:pk>/answers/", queue.answer, name="answers"),
    path("queue/<uuid:pk>/notes/", queue.note, name="notes"),
    path("queue/<uuid:pk>/assignments/", queue.take, name="assignments"),
    path("queue/<uuid:pk>/closings/", queue.close, name="closings"),
    path("queue/<uuid:pk>/objections/", queue.objection, name="objections"),
    path("queue/<uuid:pk>/requests/", queue.make_request, name="requests"),
    path("queue/<uuid:pk>/reopenings/", queue.reopen, name="reopenings"),
    path("people/<uuid:pk>/", queue.history, name="history"),
    path("calls/", calls.register, name="calls"),
    path("calls/new/", calls.enter, name="enter-call"),
    path("calls/unrecorded/", calls.not_recorded, name="unrecorded"),
    path("calls/lines/", calls.lines, name="lines"),
    path("calls/lines/<uuid:pk>/", calls.line, name="line"),
    path("calls/tasks/", calls.tasks, name="tasks"),
    path("calls/tasks/<uuid:pk>/done/", calls.finish_task, name="task-done"),
    path("calls/<uuid:pk>/", calls.call, name="call"),
    path("calls/<uuid:pk>/tasks/", calls.add_task, name="call-tasks"),
    path("calls/<uuid:pk>/plays/", calls.play, name="plays"),
    path("calls/<uuid:pk>/sound/<str:pass_>/", calls.sound, name="sound"),
]
