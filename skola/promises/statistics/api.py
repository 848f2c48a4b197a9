"""The door of ``statistics``."""

from skola.promises.statistics.actions import (
    Allowance,
    NotAllowedError,
    OverlapError,
    allowance,
    digest_of,
    preview_table,
    publish_table,
    shown_here,
)
from skola.promises.statistics.models import PublishedTable
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
    "preview_table",
    "publish_table",
    "shown_here",
    "suppress",
]
