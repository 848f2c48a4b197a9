"""Reads about academies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from skola.ground.people.api import Person
from skola.ground.tenants.api import Host, Tenant, current_id, inside
from skola.promises.disclosures.api import Party, on_the_list
from skola.promises.policy.api import in_force
from skola.promises.rights.api import requests_stand
from skola.services.academies.models import Academy, Assist, Handed
from skola.services.academies.policy import CUSTOMER_DATA, Subprocessor, subprocessors_of
from skola.services.academies.rules import hosts_of, slug_of


def of_customer(person: Person) -> QuerySet[Academy]:
    """The academies that a customer of the operator signed up."""
    return Academy.objects.filter(subscriptions__person=person)


def hosts_by_client(clients: list[UUID]) -> dict[UUID, str]:
    """Return the first host name of each academy, asked for at once."""
    found: dict[UUID, str] = {}
    for client, name in (
        Host.objects.filter(tenant__in=clients).order_by("name").values_list("tenant", "name")
    ):
        found.setdefault(client, name)
    return found


def is_taken(word: str) -> bool:
    """Whether a tenant or a host of that name is there already."""
    me = Tenant.objects.get(pk=current_id())
    own = Host.objects.filter(tenant=me).values_list("name", flat=True)
    wanted = hosts_of(word, own)
    there = Tenant.objects.filter(slug=slug_of(me.slug, word))
    return there.exists() or Host.objects.filter(name__in=wanted).exists()


def hosts_of_tenant(tenant: Tenant) -> list[str]:
    """Return under which host names a tenant is reached."""
    return list(Host.objects.filter(tenant=tenant).order_by("name").values_list("name", flat=True))


def operators_hosts() -> list[str]:
    """Return the host names below which an academy of the speaking tenant stands."""
    names = Host.objects.filter(tenant=current_id()).order_by("name")
    return list(
        dict.fromkeys(name.removeprefix("www.") for name in names.values_list("name", flat=True))
    )


def subprocessors(now: datetime) -> tuple[Subprocessor, ...]:
    """Return who works for the speaking operator on customers' data, by its policy."""
    return subprocessors_of(in_force(now).policy)


@dataclass(frozen=True)
class Named:
    """A sub-processor by name, and from which day it works on customers' data."""

    id: UUID
    name: str
    country: str
    first: date
    """The first day, in the operator's zone."""
    has_begun: bool
    kinds: Mapping[str, str]
    """What it does, by language."""

    def what(self, language: str) -> str:
        """What it does, in a language, else in English."""
        return self.kinds.get(language) or self.kinds.get("en") or next(iter(self.kinds.values()))


def entries_of_customer_data(now: datetime) -> dict[str, Mapping[str, str]]:
    """Return the rules of processors who work on customers' data, and what each does."""
    return {
        f"processor.{one.id}": one.name
        for one in in_force(now).policy.processor
        if CUSTOMER_DATA in one.categories
    }


def named(party: Party, now: datetime) -> Named:
    """Return what clients are told of a sub-processor that was announced."""
    policy = in_force(now).policy
    begins = (party.active_from or now).astimezone(ZoneInfo(policy.policy.timezone)).date()
    kinds = entries_of_customer_data(now).get(party.entry, {"en": party.entry})
    has_begun = party.active_from is not None and party.active_from <= now
    return Named(party.pk, party.name, party.country, begins, has_begun, kinds)


def subprocessors_by_name(now: datetime) -> list[Named]:
    """Return who works for the speaking operator on customers' data, by name, latest on top."""
    kinds = entries_of_customer_data(now)
    listed = [
        party for parties in on_the_list(now).values() for party in parties if party.entry in kinds
    ]
    found = [named(party, now) for party in listed]
    return sorted(found, key=lambda one: one.first, reverse=True)


def by_address(written: str) -> Academy | None:
    """Return the running academy that is reached under a written address; None where none is."""
    host = written.strip().lower().removeprefix("https://").removeprefix("http://")
    host = host.partition("/")[0].partition(":")[0]
    if "." not in host:
        return Academy.objects.filter(word=host, closed_at=None).first()
    tenants = Host.objects.filter(name=host).values("tenant")
    return Academy.objects.filter(client__in=tenants, closed_at=None).first()


@dataclass(frozen=True)
class HandedRow:
    """A request that was handed over, and no more than how it stands."""

    academy: str
    handed_at: datetime
    closed: bool
    late: bool


def handed(now: datetime, *, most: int = 50) -> list[HandedRow]:
    """Return how the latest requests stand that were handed over; asked in each academy once."""
    found = list(Handed.objects.select_related("academy")[:most])
    stands: dict[UUID, tuple[bool, bool]] = {}
    for client in {one.academy.client for one in found}:
        with inside(client):
            stands |= requests_stand([one.request for one in found], now=now)
    gone = (True, False)
    return [
        HandedRow(one.academy.name, one.handed_at, *stands.get(one.request, gone)) for one in found
    ]


def assists() -> QuerySet[Assist]:
    """Return what clients asked for: what is not acknowledged first, the oldest on top."""
    found = Assist.objects.select_related("academy")
    return found.order_by(F("acknowledged_at").asc(nulls_first=True), "done_at", "asked_at")
