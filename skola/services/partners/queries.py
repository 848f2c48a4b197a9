"""Reads about people of partners, and of what they may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from skola.ground.people.api import Person
from skola.promises.disclosures.api import (
    Disclosure,
    Entry,
    Party,
    Stands,
    Tasked,
    agreement_of,
    entries,
    for_task,
    in_register,
    is_outside,
    safeguard_of,
)
from skola.promises.policy.api import in_force
from skola.promises.retention.api import open_states
from skola.services.billing.api import Invoice
from skola.services.partners.models import Access
from skola.services.partners.rules import Activity

CUSTOMER = "client.active"


def activities(now: datetime) -> list[Activity]:
    """Return what somebody of a partner can be let in for, by the policy."""
    marked = {one.task for one in entries(in_force(now).policy).values()}
    return [one for one in Activity if one in marked]


def parties(now: datetime) -> list[tuple[Activity, Tasked]]:
    """Return who is active in the register for an activity."""
    return [(one, who) for one in activities(now) for who in for_task(one, now)]


def candidates(now: datetime) -> list[Party]:
    """Return who stands in the register under an entry that the policy marks, active or not."""
    policy = in_force(now).policy
    marked = [rule for rule, one in entries(policy).items() if one.task in set(Activity)]
    return list(Party.objects.there().filter(entry__in=marked).order_by("name"))


def entry_of(party: Party, now: datetime) -> Entry | None:
    """Return what the policy says of a party."""
    return entries(in_force(now).policy).get(party.entry)


def open_access(person: Person | None, now: datetime) -> Access | None:
    """Return the access under which somebody works here at this moment.

    None also where the partner itself is no longer active: an agreement or a safeguard has ended.
    """
    if person is None:
        return None
    found = Access.objects.open_at(now).filter(person=person).select_related("party").first()
    if found is None:
        return None
    active = {one.party.pk for one in for_task(found.activity, now)}
    return found if found.party_id in active else None


@dataclass(frozen=True)
class Row:
    """One line of the register of people of partners (ilearn-15.a)."""

    access: Access
    contract_on: date | None
    agreement: str
    categories: tuple[Mapping[str, str], ...]


def accesses(now: datetime) -> list[Row]:
    """Return everybody who is or was let in, latest first, with what the register says."""
    policy = in_force(now).policy
    names = {one.id: one.name for one in policy.category}
    known = entries(policy)
    found = Access.objects.select_related("person", "party").prefetch_related("party__papers")
    rows = []
    for one in found[:200]:
        entry, paper = known.get(one.party.entry), agreement_of(one.party, now)
        rows.append(
            Row(
                one,
                paper.valid_from if paper else None,
                paper.reference if paper else "",
                tuple(names[each] for each in entry.categories if each in names) if entry else (),
            )
        )
    return rows


@dataclass(frozen=True)
class Transfer:
    """One line of the register of transfers (ilearn-18)."""

    stands: Stands
    entry: Entry
    categories: tuple[Mapping[str, str], ...]
    safeguard: str
    """Its kind and document, empty where none is valid today."""


def transfers(now: datetime) -> list[Transfer]:
    """Return everybody outside the European Economic Area who stands in the register."""
    policy = in_force(now).policy
    names = {one.id: one.name for one in policy.category}
    return [
        Transfer(
            one,
            one.entry,
            tuple(names[each] for each in one.entry.categories if each in names),
            safeguard_of(policy, one.party, now.date()),
        )
        for one in in_register(now)
        if one.entry is not None and one.party.ended_at is None and is_outside(one.party.country)
    ]


def viewed(access: Access) -> QuerySet[Disclosure]:
    """Return what was viewed under an access, latest first."""
    found = Disclosure.objects.filter(party=access.party, reference__startswith=access.label)
    return found.select_related("person").order_by("-at", "pk")


def invoices() -> QuerySet[Invoice]:
    """Return all invoices of people whom we know, latest first."""
    found = Invoice.objects.exclude(person=None).select_related("person")
    return found.order_by("-issued_at", "-pk")


def customers(now: datetime) -> QuerySet[Person]:
    """Return who is a customer now, by name."""
    known: set[UUID] = set(open_states(CUSTOMER, before=now + timedelta(seconds=1)))
    return Person.objects.filter(pk__in=known).order_by("family_name", "given_name", "pk")
