"""Providers that count visits and advertisements besides us: only after consent, and switched on.

Our own counting is the default, and goes on. A provider is told what ``rules`` puts together, from
a script of ours: none of theirs runs in our pages, and they hear nothing where somebody is signed
in. Clauses: ema-11.2-ga, learnifier-5.cookie-ads-third.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.promises.connectors.api import Otherwise, also_by, forget_remembered
from skola.promises.cookies.api import standing
from skola.promises.policy.api import Policy, in_force
from skola.promises.policy.schema import Processor
from skola.promises.rights.api import in_language
from skola.services.visits import rules
from skola.services.visits.http import page_of
from skola.services.visits.models import Outside

PATHS = {Outside.Role.ANALYTICS: "/g/collect", Outside.Role.ADS: "/collect"}
WITH_COOKIE = frozenset({Outside.Role.ANALYTICS})


@dataclass(frozen=True)
class Measure:
    """What a page tells a provider, as the attributes of our script."""

    host: str
    path: str
    says: str
    cookie: str = ""
    seconds: int = 0


@dataclass(frozen=True)
class Provider:
    """A provider that the policy lists: who it is, what for, and what stands with us."""

    role: str
    label: str
    name: str
    host: str
    account: str
    is_on: bool


def measures(request: Any) -> list[Measure]:
    """Return whom this page tells what: nobody without consent, or where somebody is signed in."""
    if getattr(request, "tenant", None) is None or not standing(request).consented:
        return []
    if request.person or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return []
    return list(_measures(request))


def _measures(request: Any) -> Iterator[Measure]:
    held = standing(request)
    for role in Outside.Role:
        entry = held.register.with_role(role)
        if entry is None or entry.first_party or entry.class_ not in held.consented:
            continue
        found = Outside.objects.filter(role=role, is_on=True).first()
        says = _says(request, found) if found else None
        if says:
            lasts = entry.lifetime if role in WITH_COOKIE else None
            yield Measure(
                host=f"www.{entry.host}",
                path=PATHS[role],
                says=json.dumps(says, sort_keys=True),
                cookie=entry.name if lasts else "",
                seconds=int(lasts.total_seconds()) if lasts else 0,
            )


def _says(request: Any, found: Outside) -> dict[str, str] | None:
    if found.role == Outside.Role.ADS:
        campaign = rules.campaign_of(request.GET.get("campaign", ""))
        return rules.told_of_ad(found.number, campaign) if campaign else None
    return rules.told_of_visit(found.number, page_of(request.resolver_match))


def listed(policy: Policy, role: str) -> Any:
    """Return the entry of the cookie register for a provider; None where the policy has none."""
    entries = [one for one in policy.cookie if one.role == role and not one.retired]
    return entries[0] if entries else None


def providers(now: datetime) -> list[Provider]:
    """Return the providers of the policy in force, and whether each is told anything."""
    policy = in_force(now).policy
    settled = {one.role: one for one in Outside.objects.all()}
    found = []
    for role in Outside.Role:
        entry = listed(policy, role)
        if entry is None:
            continue
        supplier = next((one for one in policy.processor if one.id == entry.processor), None)
        names = (", ".join(supplier.names) or in_language(supplier.name)) if supplier else ""
        own = settled.get(role)
        found.append(
            Provider(
                role=role,
                label=str(role.label),
                name=names or entry.host,
                host=entry.host,
                account=own.number if own else "",
                is_on=bool(own and own.is_on),
            )
        )
    return found


def _tells(processor: Processor) -> bool:
    """Whether pages tell a processor something by a provider that is switched on."""
    return bool(_roles_of(processor))


def _roles_of(processor: Processor) -> list[str]:
    policy = in_force(clock.now()).policy
    roles = {one.role for one in policy.cookie if one.processor == processor.id and not one.retired}
    if not roles & set(Outside.Role.values):
        return []
    return list(Outside.objects.filter(role__in=roles, is_on=True).values_list("role", flat=True))


def _stop(processor: Processor, by: str, now: datetime) -> None:
    """Who is switched off among the processors is told nothing by pages either (ema-2.4)."""
    for role in _roles_of(processor):
        settled = Outside.objects.get(role=role)
        settle(role, settled.number, is_on=False, by=by, now=now)


also_by(Otherwise(is_used=_tells, stop=_stop))


@transaction.atomic
def settle(role: str, number: str, *, is_on: bool, by: str, now: datetime) -> Outside:
    """Say for which account a provider counts, and whether it is told anything at all."""
    told = {"number": number, "is_on": is_on, "changed_at": now}
    made, _new = Outside.objects.update_or_create(role=role, defaults=told)
    forget_remembered()
    detail = {"role": role, "on": is_on}
    audit.record("visits.outside.settled", target=made, by=by, at=now, detail=detail)
    return made
