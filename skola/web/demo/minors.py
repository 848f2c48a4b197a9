"""A report about an account that nobody knows yet, where the policy takes such reports."""

from datetime import datetime, timedelta

from skola.promises.minors import api as minors


def populate(now: datetime) -> None:
    """Add it to the speaking tenant."""
    if minors.is_promised(now):
        told = minors.Told("the girl from the choir", "She is in the fourth form.", language="en")
        minors.report(told, by="visitor", now=now - timedelta(days=2))
