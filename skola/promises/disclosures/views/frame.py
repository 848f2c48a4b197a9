"""What the pages of this room have in common."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.promises.disclosures import queries
from skola.promises.policy.api import NoPolicyError, Policy, in_force

ALLOWED = ("administrator", "officer")
PAGES = ("ledger", "register", "passing", "demands", "tellings")


def policy_now() -> Policy:
    """Return the policy in force; without anybody who may receive these pages do not exist."""
    try:
        policy = in_force(clock.now()).policy
    except NoPolicyError:
        raise Http404 from None
    if not queries.entries(policy):
        raise Http404
    return policy


def show(
    request: Any, page: str, policy: Policy, /, *, here: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """Render one of the pages in the tenant's zone."""
    names = {
        "ledger": _("What was passed on"),
        "register": _("Recipients"),
        "passing": _("Pass on"),
        "demands": _("Demands by law"),
        "tellings": _("Confirmations"),
    }
    parts = [(names[one], reverse(f"disclosures:{one}"), one == (here or page)) for one in PAGES]
    context = {**context, "parts": parts, "policy": policy}
    with timezone.override(ZoneInfo(policy.policy.timezone)):
        return render(request, f"disclosures/{page}.html", context, status=status)
