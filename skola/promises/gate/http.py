"""For whom and for what a request reads; the table stands in ``docs/explanation/gate.md``.

* Whoever is signed in reads as themselves: their own data are not hidden from them, those of
  others are.
* The pages of the account read to find out who is at the door, before anybody is known.
* All else reads for no purpose in particular.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponseBase

from skola.ground.db.purposes import SIGN_IN, acting, reading_for

DOOR = "/account/"
"""Where people sign in, sign up and win back their access; these pages tell of nobody else."""


class ReadingMiddleware:
    """Tell the database who is asking, from here to the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        person_id = _visitor(request)
        if person_id is not None:
            with acting(person_id):
                return self.get_response(request)
        with reading_for(SIGN_IN if request.path.startswith(DOOR) else ""):
            return self.get_response(request)


def _visitor(request: Any) -> Any:
    """Return the person who is signed in, found though their account may be restricted."""
    if SESSION_KEY not in request.session:
        return None
    with reading_for(SIGN_IN):
        account = request.user
        return account.person_id if account.is_authenticated else None
