"""The person behind a request: whoever is signed in at this tenant."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from skola.ground.people.models import Person


def _person(request: Any) -> Person | None:
    account = request.user
    return Person.objects.get(pk=account.person_id) if account.is_authenticated else None


class PersonMiddleware:
    """Put ``request.person`` beside ``request.user``; asked for only when somebody looks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        visited: Any = request
        visited.person = SimpleLazyObject(lambda: _person(request))
        return self.get_response(request)
