"""What somebody stopped, for themselves; and who stopped what, for who works by hand."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.http import holding, signed_in
from skola.promises.policy.api import in_force, needs
from skola.promises.rights.erasing.shown import in_language
from skola.promises.rights.models import Objection
from skola.promises.rights.objections import actions
from skola.promises.rights.objections.rules import pausable
from skola.promises.rights.requests.actions import OFFICERS

MOST = 500
"""Rows on the page of who objected; whoever has more asks the people's own pages."""


@needs("rights.requests")
@require_POST
@signed_in
def allow(request: Any, pk: UUID) -> HttpResponse:
    """The person allows again what they stopped."""
    objection = get_object_or_404(Objection.objects.of(request.person), pk=pk)
    actions.allow_again(objection, by=audit.by(request), now=clock.now())
    return redirect("requests:mine")


@never_cache
@needs("rights.requests")
@holding(*OFFICERS)
@require_safe
def who(request: Any) -> HttpResponse:
    """Whose data may not be used for what, purpose by purpose.

    Who is restricted is not among them: nobody reads their data at all.
    """
    found = Objection.objects.stopping().select_related("person").order_by("purpose", "since_at")
    groups = {purpose: list(rows) for purpose, rows in groupby(found[:MOST], lambda o: o.purpose)}
    policy = in_force(clock.now()).policy
    uses = [(in_language(one.name), groups.get(one.id, [])) for one in pausable(policy)]
    return render(request, "objections/who.html", {"uses": uses})
