"""What of a record a person is shown, and which records belong to what they may take along.

Sources: GDPR Art. 15(3) and (4), Art. 20(1); WP 242 rev. 01 on data that follow from use.
"""

from collections.abc import Collection
from enum import StrEnum


class Shown(StrEnum):
    """How a column appears in a copy."""

    WHOLE = "whole"
    IF_YOU = "if-you"
    """It names a person, and is shown where that is the person whose copy it is."""
    MASKED = "masked"
    """It tells of somebody else."""
    KEPT_BACK = "kept-back"
    """It would open an account or a file to whoever finds the copy."""


SEE_THE_RECORD = frozenset({"owner", "author", "counterpart"})
"""Relations (``plan.Relation``). Who has another one sees that they are named and when; the record
is somebody else's."""

PROVIDED = frozenset({"subject", "service"})
"""Sources of what a person provided, knowingly or by using the service (WP 242 rev. 01, p. 10)."""
BASES_TO_TAKE_ALONG = frozenset({"contract", "consent"})


def shown(
    column: str,
    *,
    relation: str,
    personal: Collection[str],
    names_a_person: Collection[str],
    leads_elsewhere: Collection[str],
    secrets: Collection[str],
) -> Shown:
    """Return how a column appears to somebody who is ``relation`` to the record.

    ``names_a_person`` are columns that hold a person's id, ``leads_elsewhere`` those that lead to
    another person over other records.
    """
    if column in secrets:
        return Shown.KEPT_BACK
    if column in names_a_person:
        return Shown.IF_YOU
    if column in leads_elsewhere:
        return Shown.MASKED
    if column in personal and relation not in SEE_THE_RECORD:
        return Shown.MASKED
    return Shown.WHOLE


def may_be_taken_along(sources: Collection[str], bases: Collection[str]) -> bool:
    """Whether data of these sources, kept on these legal bases, belong to portability (Art. 20)."""
    return bool(PROVIDED.intersection(sources)) and bool(BASES_TO_TAKE_ALONG.intersection(bases))


def next_batch(rows: int, size: int, *, wanted: int = 1 << 20, most: int = 5_000) -> int:
    """Return how many rows to fetch next after ``rows`` of ``size`` bytes, for ``wanted`` bytes."""
    if rows == 0:
        return 1
    return max(1, min(most, wanted // max(1, size // rows)))


def file_name(identifier: str, name: str) -> str:
    """Return the name of an original file inside of the archive: its id, and what it was called.

    Characters that some system does not accept in a name become ``_``.
    """
    safe = "".join(char if char.isalnum() or char in "-_. " else "_" for char in name).strip(" .")
    return f"{identifier}-{safe[-80:]}" if safe else identifier
