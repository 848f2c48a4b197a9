"""The door of ``statistics``."""

from skola.promises.statistics.actions import (
    Allowance,
    NotAllowedError,
    OverlapError,
    allowance,
    digest_of,
    keep_table,
    preview_table,
    publish_table,
    shown_here,
)
from skola.promises.statistics.models import PublishedTable
from skola.promises.statistics.queries import public_tables, public_words, published_since
from skola.promises.statistics.rules import Counts, Shown, suppress

__all__ = [
    "Allowance",
    "Counts",
    "NotAllowedError",
    "OverlapError",
    "PublishedTable",
    "Shown",
    "allowance",
    "digest_of",
    "keep_table",
    "preview_table",
    "public_tables",
    "public_words",
    "publish_table",
    "published_since",
    "shown_here",
    "suppress",
]
