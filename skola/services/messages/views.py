"""Pages of private messages: what one wrote and was written, and to whom one may write."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.files.api import RefusedError
from skola.ground.people.api import Person
from skola.ground.people.http import signed_in
from skola.promises.policy.api import needs
from skola.promises.retention.api import clocks_of
from skola.services.messages import actions, queries
from skola.services.messages.forms import AnswerForm, WriteForm

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]
A_PAGE = 20
MOST_PAGES = 10_000


def _writing(view: View[P]) -> View[P]:
    """Let a page exist where the policy has messages between people, for people signed in."""

    @wraps(view)
    def inner(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return needs("messages.internal")(signed_in(inner))


@require_safe
@_writing
def conversations(request: Any) -> HttpResponse:
    """Somebody's conversations, the latest first."""
    told = request.GET.get("page", "")
    number = int(told) if told.isdecimal() and 0 < int(told) < MOST_PAGES else 1
    found = queries.conversations_of(request.person, skip=(number - 1) * A_PAGE, most=A_PAGE + 1)
    context = {
        "lines": found[:A_PAGE],
        "newer": number - 1,
        "older": number + 1 if len(found) > A_PAGE else 0,
    }
    return render(request, "messages/conversations.html", context)


@require_safe
@_writing
def people(request: Any) -> HttpResponse:
    """To whom one may write, and why; by name where there are many."""
    words = request.GET.get("q", "")[:80]
    found = queries.people_for(request.person, clock.now(), words)
    return render(request, "messages/people.html", {"people": found, "q": words})


@require_http_methods(["GET", "HEAD", "POST"])
@_writing
def write(request: Any, pk: UUID) -> HttpResponse:
    """Begin a conversation with somebody one has to do with; others do not exist here."""
    now = clock.now()
    near = queries.near(request.person, pk, now)
    if near is None:
        raise Http404
    form = WriteForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = actions.write(
                request.person,
                near.person,
                title=told["title"],
                body=told["body"],
                upload=told["attachment"],
                link=_link(request),
                by=by(request),
                now=now,
            )
        except RefusedError as problem:
            form.add_error("attachment", str(problem))
        else:
            return redirect("messages:conversation", pk=made.conversation_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "messages/write.html", {"near": near, "form": form}, status=status)


def _link(request: Any) -> str:
    return str(request.build_absolute_uri(reverse("messages:conversations")))


@require_http_methods(["GET", "HEAD", "POST"])
@_writing
def conversation(request: Any, pk: UUID) -> HttpResponse:
    """One conversation, for the two who write in it and nobody else."""
    now = clock.now()
    found = queries.messages_in(request.person, pk)
    if not found:
        raise Http404
    other = _other(found, request.person)
    form = AnswerForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if other is None:
            raise Http404
        if form.is_valid() and _answered(request, pk, other, form, now):
            return redirect("messages:conversation", pk=pk)
    else:
        actions.mark_read(found, request.person, now=now)
    context = {
        "thread": found,
        "title": next((one.title for one in found if one.title), ""),
        "other": other,
        "near": other and queries.near(request.person, other.pk, now),
        "form": form,
        "clocks": clocks_of(found, now=now),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "messages/conversation.html", context, status=status)


def _other(found: list[Any], person: Person) -> Person | None:
    """Return with whom ``person`` writes; None where nobody of that name is left."""
    for one in reversed(found):
        there: Person | None = one.recipient if one.author_id == person.pk else one.author
        if there is not None:
            return there
    return None


def _answered(request: Any, pk: UUID, other: Person, form: AnswerForm, now: datetime) -> bool:
    told = form.cleaned_data
    try:
        actions.answer(
            pk,
            request.person,
            other,
            body=told["body"],
            upload=told["attachment"],
            link=_link(request),
            by=by(request),
            now=now,
        )
    except actions.NotNearError as problem:
        form.add_error(None, str(problem))
        return False
    except RefusedError as problem:
        form.add_error("attachment", str(problem))
        return False
    return True
