"""Who reads reports."""

from skola.promises.reports.offering import listings

ANALYST = "analyst"
OFFICE = frozenset({"administrator", "officer"})


def readers() -> frozenset[str]:
    """Return the kinds of role that have a report of some kind to open."""
    return OFFICE | {ANALYST} | {role for one in listings() for role in one.roles}
