"""The tabs of the officer's place, from every room that has a page there.

A room adds one line. A tab is shown where its address exists and the visitor holds one of its
roles; the page itself includes ``ui/office.html`` below its header.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.promises.connectors import api as connectors
from skola.promises.decisions.api import CAPABILITY as DECISIONS
from skola.promises.emergency.api import CAPABILITY as EMERGENCY
from skola.promises.handover import api as handover
from skola.promises.minors import api as minors
from skola.promises.policy.api import has, in_force
from skola.promises.quality import api as quality
from skola.promises.rights.api import claim_categories

ALLOWED = frozenset({"administrator", "officer"})


@dataclass(frozen=True)
class Tab:
    """One page of the officer's place: the name of its view, its word, and who may open it."""

    view: str
    word: Promise
    roles: frozenset[str] = ALLOWED
    where: Callable[[], bool] = lambda: True
    """Whether the tenant's policy lets it exist."""


def _keeps_claims() -> bool:
    return bool(claim_categories(in_force(clock.now()).policy))


def _takes_reports() -> bool:
    return minors.is_promised(clock.now())


def _decides_by_software() -> bool:
    return has(DECISIONS, now=clock.now())


def _has_emergencies() -> bool:
    return has(EMERGENCY, now=clock.now())


def _has_connectors() -> bool:
    return connectors.has_any(clock.now())


def _may_be_sold() -> bool:
    return handover.is_promised(clock.now())


def _looks_data_through() -> bool:
    return quality.is_promised(clock.now())


TABS = (
    Tab("web:officer:tonight", gettext_lazy("Tonight")),
    Tab("web:officer:morning", gettext_lazy("This morning")),
    # other rooms: one line each
    Tab("requests:desk", gettext_lazy("Requests")),
    Tab("claims:all", gettext_lazy("Claims"), where=_keeps_claims),
    Tab("web:consents_of_all", gettext_lazy("Consents")),
    Tab("changes:every", gettext_lazy("Changes of the policy")),
    Tab("simulate:what_if", gettext_lazy("What if")),
    Tab("erasing:erasures", gettext_lazy("Erasures")),
    Tab("web:officer:restrictions:all", gettext_lazy("Restrictions")),
    Tab("minors:all", gettext_lazy("Reported children"), where=_takes_reports),
    Tab("decisions:office", gettext_lazy("Decisions"), where=_decides_by_software),
    Tab("incidents:all", gettext_lazy("Incidents")),
    Tab("emergency:all", gettext_lazy("Emergencies"), where=_has_emergencies),
    Tab("disclosures:ledger", gettext_lazy("Disclosures")),
    Tab("connectors:office", gettext_lazy("Processors"), where=_has_connectors),
    Tab("quality:listed", gettext_lazy("Quality of the data"), where=_looks_data_through),
    Tab("handover:office", gettext_lazy("Hand-over"), where=_may_be_sold),
    Tab("web:officer:holds", gettext_lazy("Holds")),
    Tab("web:officer:kept", gettext_lazy("Why kept")),
    Tab("web:auditing:entries", gettext_lazy("Audit")),
)


def tabs(request: Any) -> list[tuple[str, str, bool]]:
    """Return (word, address, current) of each tab that exists for this visitor.

    Current is the tab with the longest address that the page's own begins with.
    """
    if not getattr(request, "person", None):
        return []
    held = kinds(request)
    found = [
        (str(tab.word), address)
        for tab in TABS
        if held & tab.roles and tab.where() and (address := _address(tab.view)) is not None
    ]
    here = str(request.path)
    current = max((a for _, a in found if here.startswith(a)), key=len, default="")
    return [(word, address, address == current) for word, address in found]


def _address(view: str) -> str | None:
    try:
        return reverse(view)
    except NoReverseMatch:
        return None
