"""Whether an application is approved."""

from enum import StrEnum

MOST_FOR_NEW = 100_000
"""Whole cents: for more, somebody without a contract before is not approved."""


class Result(StrEnum):
    """What becomes of an application."""

    APPROVED = "approved"
    REJECTED = "rejected"


def judge(*, overdue: int, contracts: int, price_cents: int) -> Result:
    """Return what the rule says: nothing overdue, and no more at first than the limit for new ones.

    ``contracts`` is how many were concluded with the applicant before. Source: ilearn-14.
    """
    if overdue or (not contracts and price_cents > MOST_FOR_NEW):
        return Result.REJECTED
    return Result.APPROVED
