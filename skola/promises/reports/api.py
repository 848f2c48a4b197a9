"""The door of ``reports``."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.promises.reports.actions import (
    NotKeptError,
    RefusedError,
    Wanted,
    keep,
    lets,
    read,
    register,
)
from skola.promises.reports.models import Report
from skola.promises.reports.offering import Listing, listings, offer
from skola.promises.reports.queries import is_about
from skola.promises.reports.references import problems as problems_of_records
from skola.promises.reports.roles import readers
from skola.promises.reports.rules import Form, Why

__all__ = [
    "Form",
    "Listing",
    "NotKeptError",
    "RefusedError",
    "Report",
    "Wanted",
    "Why",
    "is_about",
    "keep",
    "lets",
    "listings",
    "offer",
    "places",
    "problems_of_records",
    "read",
    "register",
]


def places(request: Any) -> Sequence[Place]:
    """Return the register for who may open a report."""
    if not request.person or not kinds(request) & readers():
        return []
    url = reverse("reports:all")
    return [Place(_("Figures"), url, "audit", current=str(request.path).startswith(url))]
