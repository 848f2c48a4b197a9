"""Requests: none is answered while the gate is closed."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from skola.ground.journal.gate import REMEMBER_SECONDS, Watch
from skola.ground.ui.errors import page

log = logging.getLogger("skola.journal")


class GateMiddleware:
    """Answer 503 with a plain page until the database knows all that the journal knows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.watch = Watch()
        self._said = ""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        problem = self.watch.problem()
        if problem != self._said:
            log.error("%s", problem or "The gate is open again.")
            self._said = problem
        if problem:
            closed = page(503)
            closed.headers["Retry-After"] = str(max(60, REMEMBER_SECONDS))
            closed.headers["Cache-Control"] = "no-store"
            return closed
        return self.get_response(request)
