"""Pages of who runs forums: set them up, and decide on what was reported."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import signed_in
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import has
from skola.services.courses import api as courses
from skola.services.forums import actions, queries
from skola.services.forums.forms import ForumForm, HideForm
from skola.services.forums.models import Forum, Post, Report
from skola.services.forums.rules import Reads
from skola.services.forums.views.frame import (
    in_forums,
    moderates,
    place_of,
    post_of,
    visitor_of,
)

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]


def _desk(view: View[P]) -> View[P]:
    """A page of who runs all forums, or makes a course and runs its own."""

    @wraps(view)
    def guarded(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        visitor = visitor_of(request)
        if not (visitor.runs or visitor.makes):
            raise Http404
        return view(request, *args, **kwargs)

    return in_forums(signed_in(guarded))


@_desk
@require_safe
def desk(request: Any) -> HttpResponse:
    """What was reported and waits, what was hidden, and the forums one runs."""
    now, visitor = clock.now(), visitor_of(request)
    undecided = Report.objects.filter(decided_at=None).order_by("sent_at")
    waiting = queries.waiting_for(visitor, request.person, now).named().select_related("forum")
    context = {
        "waiting": waiting.order_by("written_at").prefetch_related(
            Prefetch("reports", undecided, to_attr="undecided")
        )[:ROWS_A_PAGE],
        "hidden": queries.hidden_for(visitor, now)[:ROWS_A_PAGE],
        "forums": queries.with_counts(queries.forums_run_by(visitor, now)),
        "me": request.person.pk,
    }
    return render(request, "forums/desk.html", context)


def _form(request: Any, found: Forum | None = None) -> ForumForm:
    now, visitor = clock.now(), visitor_of(request)
    reads = [Reads.EVERYBODY, Reads.SIGNED_IN] if has(queries.OPEN, now=now) else []
    if not visitor.runs or (found is not None and found.course_id is not None):
        reads = []
    made = courses.Course.objects.published().order_by("title")
    if not visitor.runs:
        made = courses.Course.objects.filter(pk__in=visitor.makes).order_by("title")
    if found is None and has(queries.OF_COURSES, now=now):
        reads.append(Reads.COURSE)
    return ForumForm(
        request.POST if request.method == "POST" else None,
        reads=[str(one) for one in reads],
        made=made,
        is_new=found is None,
        initial=found and {n: getattr(found, n) for n in ("name", "about", "rules", "reads")},
    )


@_desk
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """Open a forum."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_forum(**form.cleaned_data, by=by(request), now=clock.now())
        except actions.TakenError as problem:
            form.add_error("name", str(problem))
        else:
            return redirect("forums:forum", pk=made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "forums/new.html", {"form": form}, status=status)


def _run(request: Any, pk: UUID) -> Forum:
    return get_object_or_404(queries.forums_run_by(visitor_of(request), clock.now()), pk=pk)


@_desk
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Any, pk: UUID) -> HttpResponse:
    """Change a forum's name, rules and readers."""
    found = _run(request, pk)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        told = {"reads": found.reads, **form.cleaned_data}
        try:
            actions.change_forum(found, **told, by=by(request), now=clock.now())
        except actions.TakenError as problem:
            form.add_error("name", str(problem))
        except actions.WiderError as problem:
            form.add_error("reads", str(problem))
        else:
            return redirect("forums:forum", pk=pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "forums/change.html", {"form": form, "forum": found}, status=status)


@_desk
@require_POST
def close(request: Any, pk: UUID) -> HttpResponse:
    """Let nobody write in a forum any more, or let them again."""
    found = _run(request, pk)
    actions.close_forum(found, is_closed=found.closed_at is None, by=by(request), now=clock.now())
    return redirect("forums:forum", pk=pk)


# ---- moderation ----------------------------------------------------------------------------------


def _moderated(request: Any, pk: UUID) -> Post:
    """Return a post that the visitor decides on: in a forum they moderate, and not their own."""
    found = post_of(request, pk)
    if not moderates(request, found.forum) or found.author_id == request.person.pk:
        raise Http404
    return found


@_desk
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: Any, pk: UUID) -> HttpResponse:
    """Hide a post with a reason, which its author is told."""
    found = _moderated(request, pk)
    form = HideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        link = request.build_absolute_uri(reverse("forums:mine"))
        because = form.cleaned_data["because"]
        actions.hide(found, because=because, link=link, by=by(request), now=clock.now())
        return redirect("forums:desk")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "post": found}
    return render(request, "forums/hide.html", context, status=status)


@_desk
@require_POST
def restore(request: Any, pk: UUID) -> HttpResponse:
    """Show a hidden post again."""
    found = _moderated(request, pk)
    link = request.build_absolute_uri(place_of(request, found))
    actions.restore(found, link=link, by=by(request), now=clock.now())
    return redirect("forums:desk")


@_desk
@require_POST
def leave(request: Any, pk: UUID) -> HttpResponse:
    """Leave a reported post where it is."""
    actions.leave(_moderated(request, pk), by=by(request), now=clock.now())
    return redirect("forums:desk")
