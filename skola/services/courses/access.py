"""Who may do what with courses: the policy says what there is, roles and authorship say who."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpResponseBase

from skola.ground import clock
from skola.ground.people.http import kinds, signed_in
from skola.promises.policy.api import has
from skola.promises.rights.api import may_use, stopped_page
from skola.services.courses.models import Course
from skola.services.courses.queries import Contents

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]
OWN = "courses.author.self"


def may_author(request: Any, *, now: datetime) -> bool:
    """Whether the visitor may make courses here: everybody, or those with the author role."""
    if not request.person:
        return False
    return has(OWN, now=now) or _makes_by_role(request, now)


def _makes_by_role(request: Any, now: datetime) -> bool:
    return has("courses.author", now=now) and "author" in kinds(request)


def authors(view: View[P]) -> View[P]:
    """Let a view exist only for those who may make courses; a visitor is led to the sign-in.

    Who objected to what lets everybody make courses finds that written there (ilearn-10.d).
    """

    @wraps(view)
    def guarded(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        now = clock.now()
        if not may_author(request, now=now):
            raise Http404
        if not _makes_by_role(request, now) and not may_use(request.person.pk, OWN, now=now):
            return stopped_page(request)
        return view(request, *args, **kwargs)

    inner = signed_in(guarded)

    @wraps(view)
    def gated(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        now = clock.now()
        if not (has(OWN, now=now) or has("courses.author", now=now)):
            raise Http404
        return inner(request, *args, **kwargs)

    return gated


def is_author(found: Contents, person: Any) -> bool:
    """Whether the course is this person's own."""
    return bool(person) and found.course.author_id == person.pk


def is_taking(found: Contents, now: datetime) -> bool:
    """Whether the visitor takes the course, and its lessons are open to them now."""
    return found.enrolment is not None and not found.enrolment.is_locked(now)


def may_see(found: Contents, person: Any) -> bool:
    """Whether the page of a course exists for this visitor."""
    if is_author(found, person) or found.course.state == Course.State.PUBLISHED:
        return True
    return found.course.state == Course.State.ARCHIVED and found.enrolment is not None


def may_read(found: Contents, slug: str, person: Any, now: datetime) -> bool:
    """Whether this visitor may read a lesson: as author, as learner, or because it is a preview.

    A learner whose seat has ended may not (ema-1.1.3).
    """
    if is_author(found, person) or is_taking(found, now):
        return True
    page = found.page(slug)
    return page is not None and page.lesson.is_preview
