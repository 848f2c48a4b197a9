"""Pages of posts: what the school lets one read, a place to write in, and the school's choice."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding, kinds, signed_in
from skola.promises.notices.api import notice_for
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of, clocks_of
from skola.services.community import actions, queries, rules
from skola.services.community.forms import AudienceForm, FeedForm, PostForm
from skola.services.community.models import Feed, Post
from skola.services.school import api as school

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]
A_PAGE = 20
MOST_PAGES = 10_000


def _in_school(view: View[P]) -> View[P]:
    """Let a page exist where the policy has both a school's diary and posts."""

    @wraps(view)
    def inner(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return needs("community.boards")(needs("diary.school")(signed_in(inner)))


def _hats(request: Any, now: datetime) -> rules.Hats:
    return queries.hats_of(request.person, now)


def _runs(request: Any, now: datetime) -> Any:
    return school.School.objects.run_by(request.person, now)


@require_safe
@_in_school
def posts(request: Any) -> HttpResponse:
    """What one may read, newest first, and the places in which one may write."""
    now = clock.now()
    hats = _hats(request, now)
    feeds = list(queries.feeds_for(hats))
    named = {one.school_id: one.school.name for one in feeds}
    context = {
        "feeds": feeds,
        "runs": [(one, named.get(one, "")) for one in sorted(hats.runs)],
        **_listed(request, queries.posts_for(request.person, hats), now),
    }
    return render(request, "community/posts.html", context)


def _listed(request: Any, found: QuerySet[Post], now: datetime) -> dict[str, Any]:
    """Return one page of posts with their clocks; nobody counts how many there are."""
    told = request.GET.get("page", "")
    number = int(told) if told.isdecimal() and 0 < int(told) < MOST_PAGES else 1
    shown = list(found[(number - 1) * A_PAGE : number * A_PAGE + 1])
    return {
        "posts": shown[:A_PAGE],
        "clocks": clocks_of(shown[:A_PAGE], now=now),
        "newer": number - 1,
        "older": number + 1 if len(shown) > A_PAGE else 0,
    }


@require_safe
@_in_school
def post(request: Any, pk: UUID) -> HttpResponse:
    """One post, for whom it was written; who administers the school may take it away."""
    now = clock.now()
    found = get_object_or_404(queries.posts_for(request.person, _hats(request, now)), pk=pk)
    context = {
        "post": found,
        "removes": _removes(request, found, now),
        "clock": clock_of(found, now=now),
    }
    return render(request, "community/post.html", context)


def _removes(request: Any, found: Post, now: datetime) -> bool:
    if found.author_id == request.person.pk:
        return True
    return (
        "school" in kinds(request) and _runs(request, now).filter(pk=found.feed.school_id).exists()
    )


@require_POST
@_in_school
def remove(request: Any, pk: UUID) -> HttpResponse:
    """The author takes a post away, or who administers the school and reads it."""
    now = clock.now()
    found = get_object_or_404(queries.posts_for(request.person, _hats(request, now)), pk=pk)
    if not _removes(request, found, now):
        raise Http404
    actions.remove_post(found, by=by(request), now=now)
    return redirect("community:posts")


@require_http_methods(["GET", "HEAD", "POST"])
@_in_school
def feed(request: Any, pk: UUID) -> HttpResponse:
    """One place: who reads it stands above the form before anything is posted."""
    now = clock.now()
    hats = _hats(request, now)
    found = get_object_or_404(queries.feeds_for(hats), pk=pk)
    writes = queries.writes_in(hats, found)
    form = PostForm(request.POST or None)
    if request.method == "POST":
        if not writes:
            raise Http404
        if form.is_valid():
            made = actions.write_post(
                found, author=request.person, **form.cleaned_data, by=by(request), now=now
            )
            return redirect("community:post", pk=made.pk)
    mine = queries.posts_for(request.person, hats).filter(feed=found)
    context = {
        "feed": found,
        "form": form,
        "writes": writes,
        "notice": notice_for("post-feed", now).text,
        **_listed(request, mine, now),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "community/feed.html", context, status=status)


# ---- what the school sets ------------------------------------------------------------------------


def _settings_page(
    request: Any, found: school.School, now: datetime, status: int = 200, **more: Any
) -> HttpResponse:
    feeds = list(queries.feeds_of(found))
    context = {
        "school": found,
        "feeds": feeds,
        "audiences": {one.pk: _audience_form(one) for one in feeds},
        "form": _feed_form(found, now),
        **more,
    }
    context["audiences"].update(more.get("wrong", {}))
    return render(request, "community/settings.html", context, status=status)


def _audience_form(one: Feed) -> AudienceForm:
    return AudienceForm(
        initial={"readers": one.readers, "writers": one.writers}, auto_id=f"f-{one.pk}-%s"
    )


def _feed_form(found: school.School, now: datetime, *told: Any) -> FeedForm:
    today = school.today_here(now)
    mine = school.SchoolClass.objects.filter(year__school=found)
    classes = list(school.classes_of_today(mine, today))
    groups = school.Group.objects.filter(school_class__in=classes)
    ordered = groups.select_related("subject", "school_class").order_by(
        "school_class__grade", "school_class__name", "subject__name"
    )
    return FeedForm(*told, classes=classes, groups=list(ordered))


@_in_school
@holding("school")
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Any, pk: UUID) -> HttpResponse:
    """The places of a school, who reads and who writes in each; one more."""
    now = clock.now()
    found = get_object_or_404(_runs(request, now), pk=pk)
    if request.method != "POST":
        return _settings_page(request, found, now)
    form = _feed_form(found, now, request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.open_feed(
                found,
                **form.place(),
                name=told["name"],
                readers=told["readers"],
                writers=told["writers"],
                by=by(request),
                now=now,
            )
        except actions.TwiceError as problem:
            form.add_error("name", str(problem))
        else:
            return redirect("community:settings", pk=pk)
    return _settings_page(request, found, now, 422, form=form)


@_in_school
@holding("school")
@require_POST
def audience(request: Any, pk: UUID) -> HttpResponse:
    """The school sets who reads and writes in a place from now on."""
    now = clock.now()
    mine = Feed.objects.filter(school__in=_runs(request, now)).select_related("school")
    found = get_object_or_404(mine, pk=pk)
    form = AudienceForm(request.POST, auto_id=f"f-{found.pk}-%s")
    if not form.is_valid():
        return _settings_page(request, found.school, now, 422, wrong={found.pk: form})
    actions.set_audience(found, **form.cleaned_data, by=by(request), now=now)
    return redirect("community:settings", pk=found.school_id)
