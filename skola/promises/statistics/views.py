"""Figures for everybody: tables that the policy lets the public have (ilearn-11.a)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from skola.ground import clock
from skola.promises.policy.api import in_force
from skola.promises.statistics.queries import public_tables

MOST = 20
"""Tables on the page, the latest ones."""


@require_safe
def public(request: Any) -> HttpResponse:
    """The latest tables for everybody; without any the page does not exist."""
    found = public_tables(in_force(clock.now()).policy)[:MOST]
    if not found:
        raise Http404
    return render(request, "statistics/public.html", {"tables": found})
