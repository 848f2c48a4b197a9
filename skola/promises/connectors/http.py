"""An error of a page is told to who logs errors: what and where, and nothing of people."""

import logging
import sys
from typing import Any

from django.core.signals import got_request_exception
from django.db import DatabaseError
from django.dispatch import receiver

from skola.ground import clock
from skola.promises.connectors import actions, queries
from skola.promises.connectors.payloads import ErrorEvent, page_of, place_of
from skola.promises.connectors.sending import own_slug
from skola.promises.policy.api import NoPolicyError

_log = logging.getLogger(__name__)
BROKEN = 500


@receiver(got_request_exception)
def tell_of_error(sender: object, request: Any = None, **rest: Any) -> None:
    """Write down that something broke, in the parts that are listed; it leaves by the queue.

    Neither the words of the error nor what was entered, neither the address nor the person are
    looked at (ema-2.4).
    """
    error, now = sys.exception(), clock.now()
    if error is None or getattr(request, "tenant", None) is None:
        return
    try:
        if queries.is_named(queries.ERRORS, now):
            actions.report_error(_event(request, error), now=now)
    except (DatabaseError, NoPolicyError):
        _log.exception("An error could not be written down for who logs errors.")


def _event(request: Any, error: BaseException) -> ErrorEvent:
    match = request.resolver_match
    return ErrorEvent(
        error=type(error).__name__,
        place=place_of(error),
        release=queries.release(),
        page=page_of(match.route) if match else "",
        method=request.method or "",
        status=BROKEN,
        service=own_slug(),
    )
