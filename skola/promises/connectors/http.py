"""An error of a page or a job is told to who logs errors: what and where, nothing of people."""

import logging
import sys
from typing import Any

from django.core.signals import got_request_exception
from django.db import DatabaseError
from django.dispatch import receiver

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.connectors import actions, queries
from skola.promises.connectors.payloads import ErrorEvent, page_of, place_of
from skola.promises.connectors.sending import own_slug
from skola.promises.policy.api import NoPolicyError

_log = logging.getLogger(__name__)
BROKEN = 500
OWN = __name__.rpartition(".")[0]


@receiver(got_request_exception)
def tell_of_error(sender: object, request: Any = None, **rest: Any) -> None:
    """Write down that something broke, in the parts that are listed; it leaves by the queue.

    Neither the words of the error nor what was entered, neither the address nor the person are
    looked at (ema-2.4).
    """
    error = sys.exception()
    if error is None or getattr(request, "tenant", None) is None:
        return
    match = request.resolver_match
    _write_down(
        error,
        page=page_of(match.route) if match else "",
        method=request.method or "",
        status=BROKEN,
    )


@jobs.tell_of_failures
def tell_of_job(module: str, error: Exception) -> None:
    """Write down that a job failed for good, as an error of a page; the words stay here.

    The jobs of this room are left out: that a processor is away, the officer sees.
    """
    if not module.startswith(OWN):
        _write_down(error, page="", method="", status=None)


def _write_down(error: BaseException, *, page: str, method: str, status: int | None) -> None:
    now = clock.now()
    try:
        if queries.is_named(queries.ERRORS, now):
            event = ErrorEvent(
                error=type(error).__name__,
                place=place_of(error),
                release=queries.release(),
                page=page,
                method=method,
                status=status,
                service=own_slug(),
            )
            actions.report_error(event, now=now)
    except (DatabaseError, NoPolicyError):
        _log.exception("An error could not be written down for who logs errors.")
