"""What the pages of forums share: the gate, who the visitor is, the forum, and robots."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.promises.notices.api import notice_for
from skola.promises.policy.api import needs
from skola.services.forums import queries, rules
from skola.services.forums.models import Forum, Post
from skola.services.forums.rules import Visitor

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]
A_PAGE = 30
"""Topics of a board, and posts of a topic, on one page."""
MOST_PAGES = 10_000


def in_forums(view: View[P]) -> View[P]:
    """Let a page exist where the policy has forums.

    It is read anew each time, so that what was hidden is gone at once, and robots are told to
    leave it out unless it is meant for everybody (learnifier-6.b).
    """

    @wraps(view)
    def closed(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        if not getattr(request, "is_for_robots", False):
            answer["X-Robots-Tag"] = "noindex"
        return answer

    return never_cache(needs(*queries.CAPABILITIES)(closed))


def visitor_of(request: Any) -> Visitor:
    """Return what the visitor is to forums; asked once a request."""
    if not hasattr(request, "forum_visitor"):
        held = kinds(request) if request.person else frozenset()
        request.forum_visitor = queries.visitor_of(request.person or None, held, clock.now())
    found: Visitor = request.forum_visitor
    return found


def forum_of(request: Any, pk: UUID) -> Forum:
    """Return a forum that the visitor may read; any other does not exist."""
    found = get_object_or_404(queries.forums_for(visitor_of(request), clock.now()), pk=pk)
    request.is_for_robots = found.is_public
    return found


def post_of(request: Any, pk: UUID) -> Post:
    """Return a post that the visitor may read; any other does not exist."""
    visitor = visitor_of(request)
    there = queries.forums_for(visitor, clock.now())
    found: Post = get_object_or_404(
        Post.objects.filter(forum__in=there).select_related("forum__course", "author"), pk=pk
    )
    shown = Post.objects.for_reader(me(request), moderates=moderates(request, found.forum))
    if found.hidden_at is not None:
        get_object_or_404(shown, pk=pk)
    return found


def me(request: Any) -> UUID | None:
    """Return the key of who is signed in."""
    return request.person.pk if request.person else None


def moderates(request: Any, forum: Forum) -> bool:
    """Whether the visitor hides posts in a forum."""
    return rules.moderates(visitor_of(request), forum.setting)


def number_of(request: Any) -> int:
    """Return which page of a list is asked for."""
    told = request.GET.get("page", "")
    return int(told) if told.isdecimal() and 0 < int(told) < MOST_PAGES else 1


def beside_box(request: Any, forum: Forum) -> dict[str, Any]:
    """Return what stands beside a box to write in: what the policy says, and under which name."""
    byline = queries.byline_of(request.person) if request.person else ""
    return {"notice": notice_for("boards", clock.now()).text, "byline": byline, "forum": forum}


def place_of(request: Any, post: Post) -> str:
    """Return the address at which a post stands."""
    if post.forum.kind == rules.Kind.CHAT:
        there = reverse("forums:forum", args=[post.forum_id])
    else:
        before = Post.objects.filter(topic=post.topic, written_at__lt=post.written_at).count()
        page = f"?page={before // A_PAGE + 1}" if before >= A_PAGE else ""
        there = f"{reverse('forums:topic', args=[post.topic])}{page}"
    return f"{there}#p-{post.pk}"
