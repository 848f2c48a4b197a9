"""The chat of a visitor, with an account or without. It works without a script, by reloading.

The forms carry no token, which would set a cookie before anybody chatted: the browser's own word
on where they come from guards them (ema-11.2-chat).
"""

import contextlib
import functools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import signed_in
from skola.ground.ui.api import error_page, render_block
from skola.promises.cookies import api as cookies
from skola.promises.policy.api import needs
from skola.services.chat import actions, queries
from skola.services.chat.door import FLAG, cookie_name
from skola.services.chat.forms import BeginForm, TranscriptForm, WordsForm
from skola.services.chat.models import Chat
from skola.services.chat.queries import CAPABILITY
from skola.services.desk import api as desk

_KEY = Signer(salt="chat.visitor")
View = Callable[..., HttpResponseBase]


def _from_our_pages(view: View) -> View:
    """Take a form from pages of this host only, by the browser's own word, without a token."""

    @csrf_exempt
    @functools.wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and cookies.from_elsewhere(request):
            return error_page(403)
        return view(request, *args, **kwargs)

    return guarded


def _current(request: Any) -> Chat | None:
    """Return the visitor's chat: one that goes on, or has just ended."""
    key = None
    with contextlib.suppress(BadSignature, ValueError):
        key = UUID(_KEY.unsign(request.COOKIES.get(cookie_name(), "")))
    return queries.chat_of(key, request.person or None, clock.now())


def _remember(request: Any, response: HttpResponse, chat: Chat | None) -> None:
    """Let the browser find a chat again: signed in by the session, else by a cookie of its own."""
    if request.person:
        if chat is not None:
            request.session[FLAG] = True
        else:
            request.session.pop(FLAG, None)
    elif chat is not None:
        response.set_cookie(cookie_name(), _KEY.sign(str(chat.pk)))
    if chat is None and cookie_name() in request.COOKIES:
        response.delete_cookie(cookie_name())


@_from_our_pages
@never_cache
@needs(CAPABILITY)
@require_http_methods(["GET", "HEAD", "POST"])
def chat(request: Any) -> HttpResponse:
    """Begin a chat, see how it goes on, or leave a message while nobody answers."""
    if queries.switched_off(request.person):
        return render(request, "chat/off.html")
    found = _current(request)
    if found is not None and found.ended_at is None:
        return redirect("chat:chat") if request.method == "POST" else _talk(request, found)
    if request.method == "POST":
        return _begin(request, found)
    answered = _start(request, found, _form(request, None))
    if found is None:
        _remember(request, answered, None)
    return answered


def _form(request: Any, told: Any) -> BeginForm:
    now = clock.now()
    return BeginForm(told, now=now, known=bool(request.person), is_open=queries.office(now).is_open)


def _start(request: Any, ended: Chat | None, form: BeginForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "office": queries.office(form.now),
        "ended": ended,
        "said": queries.said_in(ended) if ended else [],
        "transcript": TranscriptForm(initial={"email": ended.enquiry.email}) if ended else None,
        "back": _back(request),
        "version": desk.notice_version(form.now),
    }
    return render(request, "chat/start.html", context, status=status)


def _back(request: Any) -> str:
    """Return the page of this host that the visitor came from; empty where there is none."""
    there = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()})
    return there if there and safe else ""


def _begin(request: Any, ended: Chat | None) -> HttpResponse:
    form = _form(request, request.POST)
    if not form.is_valid():
        return _start(request, ended, form, status=422)
    person, told = request.person or None, form.cleaned_data
    sender = desk.Sender(told.get("given_name", ""), "", told.get("email", ""))
    if person:
        sender = desk.Sender(person.given_name, person.family_name, person.email, person.phone)
    asked = form.asked(
        language=translation.get_language() or "en",
        notice_version=desk.notice_version(form.now),
    )
    if not form.is_open:
        left = actions.leave_message(asked, sender, person=person, by=by(request), now=form.now)
        return render(request, "chat/left.html", {"enquiry": left})
    begun = actions.begin(
        asked,
        sender,
        person=person,
        wants_transcript=told.get("wants_transcript", False),
        by=by(request),
        now=form.now,
    )
    response = redirect("chat:chat")
    _remember(request, response, begun)
    return response


def _talk(request: Any, found: Chat, form: WordsForm | None = None) -> HttpResponse:
    """Show what was said; a page that asks again and again gets it only where there is news."""
    now = clock.now()
    said = queries.said_in(found)
    mark = f"{len(said)}-{found.agent_id or ''}"
    if request.htmx and request.method == "GET" and request.GET.get("mark") == mark:
        return HttpResponse(status=204)
    if any(
        one.kind == "answer" and one.sent_at > (found.read_at or found.begun_at) for one in said
    ):
        actions.mark_read(found, now=now)
    context = {
        "chat": found,
        "said": said,
        "mark": mark,
        "form": form or WordsForm(),
        "transcript": TranscriptForm(initial={"email": found.enquiry.email}),
        "office": queries.office(now),
        "back": _back(request),
    }
    if request.htmx:
        return HttpResponse(render_block("chat/talk.html", "talk", context, request))
    return render(request, "chat/talk.html", context, status=422 if form else 200)


@_from_our_pages
@needs(CAPABILITY)
@require_POST
def say(request: Any) -> HttpResponse:
    """The visitor says something; after the end the page says that it has ended."""
    found = _current(request)
    form = WordsForm(request.POST)
    if found is None or found.ended_at is not None:
        return _whole(request)
    if not form.is_valid():
        return _whole(request) if request.htmx else _talk(request, found, form)
    person = request.person or None
    if person is not None and found.enquiry.person_id != person.pk:
        person = None
    try:
        actions.say(
            found,
            body=form.cleaned_data["body"],
            person=person,
            by=by(request),
            now=clock.now(),
        )
    except actions.EndedError:
        return _whole(request)
    return _talk(request, found) if request.htmx else redirect("chat:chat")


def _whole(request: Any) -> HttpResponse:
    """Send the whole page anew: what stood on it holds no longer."""
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect("chat:chat")


@_from_our_pages
@needs(CAPABILITY)
@require_POST
def end(request: Any) -> HttpResponse:
    """The visitor ends the chat; what nobody answered waits at the desk."""
    found = _current(request)
    if found is not None:
        answered = any(one.kind == "answer" for one in queries.said_in(found)[-1:])
        actions.end(found, Chat.Ending.ENQUIRER, done=answered, by=by(request), now=clock.now())
    return redirect("chat:chat")


@_from_our_pages
@needs(CAPABILITY)
@require_POST
def transcript(request: Any) -> HttpResponse:
    """What was said is sent to an address once the chat has ended."""
    found, form = _current(request), TranscriptForm(request.POST)
    if found is not None and found.transcript_at is None and form.is_valid():
        actions.ask_for_transcript(
            found, email=form.cleaned_data["email"], by=by(request), now=clock.now()
        )
    return redirect("chat:chat")


@needs(CAPABILITY)
@require_safe
def news(request: Any) -> HttpResponse:
    """How many answers wait, for the header of the pages that the visitor reads meanwhile."""
    found = _current(request)
    response: HttpResponse
    if found is None:
        response = HttpResponse(status=404)
        _remember(request, response, None)
    else:
        count = queries.new_answers(found)
        words = ngettext("%(count)s new answer", "%(count)s new answers", count)
        response = JsonResponse(
            {
                "new": count,
                "words": words % {"count": count} if count else "",
                "ended": found.ended_at is not None,
            }
        )
    add_never_cache_headers(response)
    return response


@needs(CAPABILITY)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def setting(request: Any) -> HttpResponse:
    """Switch the chat on or off for oneself: then no page offers or loads it (ema-1.6.3)."""
    if request.method == "POST":
        on = request.POST.get("chat") == "on"
        actions.switch(request.person, on=on, by=by(request), now=clock.now())
        return redirect("chat:setting")
    return render(request, "chat/setting.html", {"on": not queries.switched_off(request.person)})
