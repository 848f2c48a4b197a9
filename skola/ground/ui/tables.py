"""Tables that a phone shows as a stack: each cell then says which column it belongs to."""

import re
from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<(td|th)\b(?![^>]*\bdata-label=)([^>]*)>")


def labelled(rows: str, columns: Sequence[str | tuple[str, str]]) -> SafeString:
    """Return rows of a table, each cell with the heading of its column in ``data-label``.

    ``rows`` is the markup of whole ``<tr>`` elements without a table in them; ``columns`` are as
    ``ui.table`` takes them. A row with a cell over several columns is left as it is.
    """
    words = [column if isinstance(column, str) else column[0] for column in columns]

    def row(found: re.Match[str]) -> str:
        if "colspan" in found[0]:
            return found[0]
        heads = iter(words)
        return _CELL.sub(
            lambda cell: f'<{cell[1]}{cell[2]} data-label="{escape(next(heads, ""))}">', found[0]
        )

    return mark_safe(_ROW.sub(row, str(rows)))  # noqa: S308 - the caller's own markup, labels escaped
