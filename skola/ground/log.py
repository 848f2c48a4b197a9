"""What stands in the log of the server: where something went wrong, and nothing of people.

The words of an error hold what somebody entered (the database names the values of the row that it
refused), and an address holds the tokens of links. Neither is written: an error is its kind, its
way through the code and what the database calls the rule; a page is its pattern.
"""

import logging
import os
import traceback
from collections.abc import Iterator
from typing import Any

REQUESTS = ("django.request", "django.security", "django.server")
"""Whose words are followed by the address that was asked for."""
NO_PAGE = "an address that is not there"
_RULE = ("schema_name", "table_name", "column_name", "constraint_name")


class Formatter(logging.Formatter):
    """Lines of a log without the words of errors and without the addresses of pages."""

    def format(self, record: logging.LogRecord) -> str:
        told = logging.makeLogRecord(record.__dict__)
        if record.exc_info:
            told.exc_text = "\n".join(_told(record.exc_info[1]))
        if record.name.startswith(REQUESTS) and hasattr(record, "request"):
            told.msg, told.args = _asked(record), ()
        return super().format(told)


def _asked(record: logging.LogRecord) -> str:
    """The status, the method and the pattern of the page, in place of an address."""
    request: Any = vars(record)["request"]
    status = vars(record).get("status_code", "")
    match = getattr(request, "resolver_match", None)
    page = f"/{match.route}" if match else NO_PAGE
    return f"{status} {getattr(request, 'method', '')} {page}".strip()


def _told(error: BaseException | None) -> Iterator[str]:
    """An error, after those that it comes from: kinds, places, and the rule of the database."""
    if error is None:
        return
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    yield from _told(before)
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} {frame.name}"
    kind = type(error)
    yield " ".join([f"{kind.__module__}.{kind.__qualname__}", *_rule(error)])


def _rule(error: BaseException) -> Iterator[str]:
    """What went wrong by its code, and which table, column and constraint refused it."""
    if isinstance(error, OSError) and error.errno:
        yield os.strerror(error.errno)
    if state := getattr(error, "sqlstate", None):
        yield state
        found = getattr(error, "diag", None)
        yield from filter(None, (getattr(found, name, None) for name in _RULE))
