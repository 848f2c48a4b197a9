"""What no table can hold (a NUL, half of a character) is a request that cannot be read.

Whoever sends it gets 400, as for a form that is cut off. It is no error of ours: none is counted,
and nothing is told to an error service, or anybody could make both cry at will.
"""

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from skola.ground.ui.api import error_page

NOT_TEXT = frozenset({"22021", "22P05"})
"""Not a text in UTF-8, and a character that JSON can name and a table cannot hold."""


def is_unwritable(problem: BaseException) -> bool:
    """Whether a statement failed because of a value that is no text to the database."""
    if isinstance(problem, UnicodeEncodeError):
        return problem.reason == "surrogates not allowed"
    if not isinstance(problem, DataError):
        return False
    state = getattr(problem.__cause__, "sqlstate", None)
    return state in NOT_TEXT or (state is None and "NUL" in str(problem))


class Unwritable:
    """Middleware: answers what a view could not ask or store with 400."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        return error_page(400) if is_unwritable(problem) else None
