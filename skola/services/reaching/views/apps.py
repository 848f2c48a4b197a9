"""What apps read with a key of their owner: ``docs/reference/api.md`` says what comes back."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from allauth.core.internal import ratelimit
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.db.purposes import acting
from skola.ground.people.api import language_of
from skola.promises.policy.api import has, needs
from skola.services.courses import api as courses
from skola.services.reaching import actions, queries, tokens
from skola.services.reaching.models import Notice, Token
from skola.services.reaching.queries import CAPABILITY

P = ParamSpec("P")
View = Callable[Concatenate[Any, Token, P], HttpResponse]
A_PAGE = 50
LIMITS = {"read": "120/m/key"}


def by_key(view: View[P]) -> Callable[Concatenate[Any, P], HttpResponseBase]:
    """Let a view exist for the bearer of a key (RFC 6750), who reads as its owner.

    No cookie counts here, so no other site can send a request in somebody's name.
    """

    @wraps(view)
    def guarded(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        token = tokens.opened_by(key, now=clock.now()) if scheme == "Bearer" else None
        if token is None:
            return _no(401, "No such key.", {"WWW-Authenticate": "Bearer"})
        if not ratelimit.consume(
            request,
            app="reaching",
            action="read",
            key=str(token.pk),
            config=LIMITS,
            limit_get=True,
        ):
            return _no(429, "120 requests a minute are enough.", {"Retry-After": "60"})
        with acting(token.person_id):
            return view(request, token, *args, **kwargs)

    return csrf_exempt(never_cache(needs(CAPABILITY)(guarded)))


def _no(status: int, why: str, headers: dict[str, str]) -> HttpResponse:
    return JsonResponse({"problem": why}, status=status, headers=headers)


@require_safe
@by_key
def me(_request: Any, token: Token) -> HttpResponse:
    """Whose key it is."""
    person = token.person
    found = {"name": person.name, "language": language_of(person), "key": token.name}
    return JsonResponse(found)


@require_safe
@by_key
def my_courses(_request: Any, token: Token) -> HttpResponse:
    """What the owner takes, how far they are, and the lesson they go on with."""
    now = clock.now()
    taken = courses.taken_by(token.person) if has("courses.take", now=now) else []
    found = [
        {
            "title": one.enrolment.course_title,
            "started_at": one.enrolment.started_at,
            "finished_at": one.enrolment.finished_at,
            "until_at": one.enrolment.until_at,
            "lessons": one.total,
            "done": one.done,
            "last_at": one.last_at,
            "next": one.next.title if one.next and one.is_open(now) else None,
            "url": _course(one) if one.is_open(now) else None,
        }
        for one in taken
    ]
    return JsonResponse({"courses": found})


def _course(one: Any) -> str:
    return reverse("courses:course", args=[one.enrolment.course.slug])


@require_safe
@by_key
def my_notices(request: Any, token: Token) -> HttpResponse:
    """What the owner was told, the latest first, fifty at a time."""
    page = Paginator(queries.inbox(token.person), A_PAGE).get_page(request.GET.get("page"))
    further = page.next_page_number() if page.has_next() else None
    return JsonResponse({"notices": [_notice(one) for one in page], "next_page": further})


@require_safe
@by_key
def my_notice(_request: Any, token: Token, pk: UUID) -> HttpResponse:
    """One notice with its text; to fetch it is to read it."""
    one = get_object_or_404(queries.inbox(token.person), pk=pk)
    actions.mark_read(one, now=clock.now())
    return JsonResponse({**_notice(one), "text": one.text})


def _notice(one: Notice) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "title": one.title,
        "written_at": one.written_at,
        "read_at": one.read_at,
    }


@require_http_methods(["DELETE"])
@by_key
def key(_request: Any, token: Token) -> HttpResponse:
    """The app signs off: its key opens nothing any more."""
    by = audit.pseudonym(token.person_id)
    tokens.take_back(token, by=by, now=clock.now())
    return HttpResponse(status=204)
