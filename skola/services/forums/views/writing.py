"""Pages on which people write: a topic, an answer, a line of chat, their name, a report."""

from typing import Any
from uuid import UUID

from allauth.core.internal import ratelimit
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import signed_in
from skola.promises.rights.api import may_use, stopped_page
from skola.services.forums import actions, queries, rules
from skola.services.forums.forms import NameForm, PostForm, ReportForm
from skola.services.forums.models import Forum, Post
from skola.services.forums.rules import Kind
from skola.services.forums.views.frame import (
    beside_box,
    forum_of,
    in_forums,
    place_of,
    post_of,
    visitor_of,
)
from skola.services.forums.views.reading import forum_of_topic, forum_page, topic_page

LIMITS = {"post": "30/h/user", "chat": "15/m/user", "report": "20/h/user"}
"""How much one account writes: posts and reports in an hour, lines of chat in a minute."""


def _form(request: Any, *, is_titled: bool = False) -> PostForm:
    named = bool(queries.byline_of(request.person))
    return PostForm(request.POST, is_titled=is_titled, is_named=named)


def _written(request: Any, found: Forum, form: PostForm, topic: UUID | None = None) -> Post | None:
    """Write what a form holds; None, and the form says why, where it was not written."""
    if not form.is_valid():
        return None
    limit = "chat" if found.kind == Kind.CHAT else "post"
    if not ratelimit.consume(request, app="forums", action=limit, config=LIMITS):
        form.add_error(None, _("You have written a lot in a short time. Wait a while, then go on."))
        return None
    now = clock.now()
    if "name" in form.cleaned_data:
        try:
            actions.choose_name(request.person, form.cleaned_data["name"], by=by(request), now=now)
        except actions.TakenError as problem:
            form.add_error("name", str(problem))
            return None
    return actions.write(found, request.person, **form.text, topic=topic, by=by(request), now=now)


def _is_stopped(request: Any, found: Forum) -> bool:
    """Whether the visitor objected to what this forum is there for (GDPR Art. 21)."""
    what = queries.OF_COURSES if found.course_id else queries.OPEN
    return not may_use(request.person.pk, what, now=clock.now())


@in_forums
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Any, pk: UUID) -> HttpResponseBase:
    """Begin a topic on a board, or tell something in a blog."""
    found = forum_of(request, pk)
    if found.kind == Kind.CHAT or not rules.may_begin(visitor_of(request), found.setting):
        raise Http404
    if _is_stopped(request, found):
        return stopped_page(request)
    context = beside_box(request, found)
    if request.method != "POST":
        form = PostForm(is_titled=True, is_named=bool(context["byline"]))
        return render(request, "forums/begin.html", {**context, "form": form})
    form = _form(request, is_titled=True)
    made = _written(request, found, form)
    if made is not None:
        return redirect("forums:topic", pk=made.topic)
    return render(request, "forums/begin.html", {**context, "form": form}, status=422)


@in_forums
@signed_in
@require_POST
def answer(request: Any, pk: UUID) -> HttpResponseBase:
    """Answer in a topic, or comment on what a blog tells."""
    found = forum_of_topic(request, pk)
    if not rules.may_answer(visitor_of(request), found.setting):
        raise Http404
    if _is_stopped(request, found):
        return stopped_page(request)
    form = _form(request)
    made = _written(request, found, form, topic=pk)
    if made is None:
        return topic_page(request, pk, form, status=422)
    return redirect(place_of(request, made))


@in_forums
@signed_in
@require_POST
def say(request: Any, pk: UUID) -> HttpResponseBase:
    """Write a line in a chat room."""
    found = forum_of(request, pk)
    if found.kind != Kind.CHAT or not rules.may_answer(visitor_of(request), found.setting):
        raise Http404
    if _is_stopped(request, found):
        return stopped_page(request)
    form = _form(request)
    if _written(request, found, form) is None:
        return forum_page(request, found, form, status=422)
    return redirect("forums:forum", pk=pk)


def _own(request: Any, pk: UUID) -> Post:
    """Return a post of the visitor's; any other does not exist here."""
    found = Post.objects.filter(author=request.person, pk=pk)
    one = found.select_related("forum__course", "author").first()
    if one is None:
        raise Http404
    return one


@in_forums
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Any, pk: UUID) -> HttpResponse:
    """Change what one wrote, while it is not hidden and its forum is open."""
    found = _own(request, pk)
    if found.hidden_at is not None or not rules.may_answer(
        visitor_of(request), found.forum.setting
    ):
        raise Http404
    titled = bool(found.title)
    told = {"title": found.title, "body": found.body}
    form = PostForm(request.POST if request.method == "POST" else None, is_titled=titled)
    form.initial = told
    if request.method == "POST" and form.is_valid():
        actions.edit(
            found,
            title=form.text.get("title", ""),
            body=form.text["body"],
            by=by(request),
            now=clock.now(),
        )
        return redirect(place_of(request, found))
    context = {**beside_box(request, found.forum), "form": form, "post": found}
    status = 422 if request.method == "POST" else 200
    return render(request, "forums/edit.html", context, status=status)


@in_forums
@signed_in
@require_POST
def remove(request: Any, pk: UUID) -> HttpResponse:
    """Take away what one wrote, hidden or not; also where one may no longer read."""
    actions.remove(_own(request, pk), by=by(request), now=clock.now())
    return redirect("forums:mine")


@in_forums
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Any, pk: UUID) -> HttpResponse:
    """Report a post of somebody else's to who moderates."""
    found = post_of(request, pk)
    if found.author_id == request.person.pk:
        raise Http404
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if ratelimit.consume(request, app="forums", action="report", config=LIMITS):
            told = form.cleaned_data
            actions.report(found, request.person, **told, by=by(request), now=clock.now())
            return redirect(place_of(request, found))
        form.add_error(None, _("You have reported a lot in a short time. Wait an hour."))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "post": found, "there": place_of(request, found)}
    return render(request, "forums/report.html", context, status=status)


@in_forums
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: Any) -> HttpResponse:
    """Choose the name that stands under what one writes, the earlier posts too."""
    now_called = queries.byline_of(request.person)
    form = NameForm(request.POST if request.method == "POST" else None)
    form.initial = {"name": now_called}
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_name(
                request.person, form.cleaned_data["name"], by=by(request), now=clock.now()
            )
        except actions.TakenError as problem:
            form.add_error("name", str(problem))
        else:
            return redirect("forums:mine")
    status = 422 if request.method == "POST" else 200
    return render(request, "forums/name.html", {"form": form}, status=status)
