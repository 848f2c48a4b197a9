"""Where the catalogue stands: in the rail for who runs it or a school, beside contracts for all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.customers.queries import CAPABILITY
from skola.services.customers.words import tab_word

STAFF = ("finance", "administrator")


def places(request: Any) -> Sequence[Place]:
    """Return the office for who sells services; others find them beside their contracts."""
    if not request.person or not has(CAPABILITY, now=clock.now()):
        return []
    if not kinds(request).intersection(STAFF):
        return []
    url = reverse("customers:office")
    return [Place(tab_word(), url, "shop", current=str(request.path).startswith(url))]


def tab(now: datetime) -> tuple[str, str] | None:
    """Return the tab beside contracts, where there is a catalogue."""
    return (tab_word(), reverse("customers:catalogue")) if has(CAPABILITY, now=now) else None
