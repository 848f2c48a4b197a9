"""Pages on which forums are read: the list, a board, a blog, a chat room, a topic."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from skola.ground import clock
from skola.ground.people.http import signed_in
from skola.promises.retention.api import clocks_of
from skola.services.forums import queries, rules
from skola.services.forums.forms import PostForm
from skola.services.forums.models import Forum, Post
from skola.services.forums.rules import Kind
from skola.services.forums.views.frame import (
    A_PAGE,
    beside_box,
    forum_of,
    in_forums,
    me,
    moderates,
    number_of,
    visitor_of,
)

CHAT_LINES = 60
PAGES = {Kind.BOARD: "board", Kind.BLOG: "blog", Kind.CHAT: "chat"}


@in_forums
@require_safe
def forums(request: Any) -> HttpResponse:
    """The forums that the visitor may read."""
    now = clock.now()
    visitor = visitor_of(request)
    found = list(queries.with_counts(queries.forums_for(visitor, now)))
    request.is_for_robots = any(one.is_public for one in found)
    context = {
        "forums": found,
        "runs": bool(request.person) and (visitor.runs or bool(visitor.makes)),
    }
    return render(request, "forums/forums.html", context)


@in_forums
@require_safe
def forum(request: Any, pk: UUID) -> HttpResponse:
    """One forum: the topics of a board, what a blog tells, or the latest lines of a chat room.

    A chat room asks again and again; where it has ``seen`` all there is, the page stays as it is,
    and whoever stands on one of its links by keyboard stays there.
    """
    return forum_page(request, forum_of(request, pk))


def forum_page(
    request: Any, found: Forum, form: PostForm | None = None, *, status: int = 200
) -> HttpResponse:
    """Answer with a forum; ``form`` is what somebody writes in a chat room."""
    visitor, hides = visitor_of(request), moderates(request, found)
    context: dict[str, Any] = {
        "forum": found,
        "begins": rules.may_begin(visitor, found.setting),
        "moderates": hides,
    }
    if found.kind == Kind.CHAT:
        context["posts"] = queries.latest_in(found, me(request), moderates=hides, most=CHAT_LINES)
        context["mark"] = rules.mark_of(
            f"{one.pk} {one.edited_at} {one.hidden_at} {one.byline}" for one in context["posts"]
        )
        if request.GET.get("seen") == context["mark"]:
            return HttpResponse(status=204)
        if context["begins"]:
            context |= beside_box(request, found)
            context["form"] = form or PostForm(is_named=bool(context["byline"]))
    else:
        number = number_of(request)
        lines = queries.topics_in(
            found, me(request), moderates=hides, skip=(number - 1) * A_PAGE, most=A_PAGE + 1
        )
        context |= _page(lines, number)
    page = PAGES[Kind(found.kind)]
    return render(request, f"forums/{page}.html", context, status=status)


def _page(found: list[Any], number: int) -> dict[str, Any]:
    older = number + 1 if len(found) > A_PAGE else 0
    return {"lines": found[:A_PAGE], "before": number - 1, "after": older}


@in_forums
@require_safe
def topic(request: Any, pk: UUID) -> HttpResponse:
    """One topic with its answers, or what a blog tells with its comments."""
    return topic_page(request, pk)


def forum_of_topic(request: Any, pk: UUID) -> Forum:
    """Return the forum of a topic that the visitor may read; any other does not exist."""
    known = Post.objects.filter(topic=pk).values_list("forum", flat=True).first()
    if known is None:
        raise Http404
    found = forum_of(request, known)
    if found.kind == Kind.CHAT:
        raise Http404
    return found


def topic_page(
    request: Any, pk: UUID, form: PostForm | None = None, *, status: int = 200
) -> HttpResponse:
    """Answer with a topic; ``form`` is what somebody answers."""
    found = forum_of_topic(request, pk)
    hides, number = moderates(request, found), number_of(request)
    posts = queries.posts_of(
        pk, me(request), moderates=hides, skip=(number - 1) * A_PAGE, most=A_PAGE + 1
    )
    if not posts:
        raise Http404
    answers = rules.may_answer(visitor_of(request), found.setting)
    context = {
        "forum": found,
        "topic": pk,
        "title": _title(pk, posts, me(request), moderates=hides),
        "answers": answers,
        "moderates": hides,
        **_page(posts, number),
    }
    if answers:
        context |= beside_box(request, found)
        context["form"] = form or PostForm(is_named=bool(context["byline"]))
    return render(request, "forums/topic.html", context, status=status)


def _title(topic: UUID, posts: list[Post], person: UUID | None, *, moderates: bool) -> str:
    """Return what a topic is called; on later pages its first post is asked for."""
    known = next((one.title for one in posts if one.is_first), None)
    if known is not None:
        return known
    first = Post.objects.filter(pk=topic).for_reader(person, moderates=moderates)
    return first.values_list("title", flat=True).first() or ""


@in_forums
@signed_in
@require_safe
def mine(request: Any) -> HttpResponse:
    """What the visitor wrote, with its clock; what was hidden, why, and where to write about it."""
    now, number = clock.now(), number_of(request)
    found = list(queries.posts_by(request.person)[(number - 1) * A_PAGE : number * A_PAGE + 1])
    context = {
        "clocks": clocks_of(found[:A_PAGE], now=now),
        "byline": queries.byline_of(request.person),
        "support": queries.support_address(now),
        **_page(found, number),
    }
    return render(request, "forums/mine.html", context)
