from django.urls import path

from skola.services.chat.views import agents, visitors

app_name = "chat"
urlpatterns = [
    path("", visitors.chat, name="chat"),
    path("messages/", visitors.say, name="messages"),
    path("endings/", visitors.end, name="endings"),
    path("transcripts/", visitors.transcript, name="transcripts"),
    path("news/", visitors.news, name="news"),
    path("setting/", visitors.setting, name="setting"),
    path("desk/", agents.waiting, name="waiting"),
    path("desk/hours/", agents.hours, name="hours"),
    path("desk/<uuid:pk>/", agents.one, name="one"),
    path("desk/<uuid:pk>/answers/", agents.answer, name="answers"),
    path("desk/<uuid:pk>/joinings/", agents.join, name="joinings"),
    path("desk/<uuid:pk>/endings/", agents.end, name="agent-endings"),
]
