"""People of partners in the demo: one who works here now, and one who helped for four hours."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.disclosures.api import Party, entries
from skola.promises.policy.api import in_force
from skola.services.partners import queries
from skola.services.partners.actions import Told, let_in, show
from skola.services.partners.rules import Activity

BY = "skola demo"
NAMES = {
    Activity.INVOICING: ("Ledger & Sons", "", "Ieva", "Grāmatniece"),
    Activity.RELATIONS: ("Norrsken Group", "", "Sara", "Lindqvist"),
    Activity.SUPPORT: ("Bangalore Code Works", "IN", "Arjun", "Rao"),
}
"""Partner, its country where it is another one than ours, and who it sends."""
LASTS = {Activity.SUPPORT: timedelta(hours=4)}
BEGAN = {Activity.SUPPORT: timedelta(days=5)}
REASONS = {
    Activity.INVOICING: "Invoices of this year, and questions of those who pay them",
    Activity.RELATIONS: "One contact for customers of both companies",
    Activity.SUPPORT: "Somebody could not sign in after a change of address",
}


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Let one person in for each activity that the policy marks."""
    for activity in queries.activities(now):
        at = now - BEGAN.get(activity, timedelta(days=40))
        party = _party(activity, at)
        name, _country, given, family = NAMES[activity]
        told = Told(
            given_name=given,
            family_name=family,
            email=f"{given.lower()}@{name.split()[0].lower()}.example.org",
            country=party.country,
            activity=activity,
            party=party,
            systems="the pages of the activity",
            reason=REASONS[activity],
            ends_at=at + LASTS.get(activity, timedelta(days=300)),
        )
        access = let_in(told, language="en", by=BY, now=at)
        known = [one.pk for one in people if one.email and one.created_at < at]
        if activity is Activity.SUPPORT and known:
            seen = at + timedelta(minutes=12)
            show(access, [random.choice(known)], each_time=True, by=BY, now=seen)


def _party(activity: Activity, at: datetime) -> Party:
    """Who sends somebody, in the register with all that it takes."""
    policy = in_force(at).policy
    rule, entry = next(
        (rule, one) for rule, one in sorted(entries(policy).items()) if one.task == activity
    )
    name, country, _given, _family = NAMES[activity]
    begun = at - timedelta(days=60)
    party = Party.objects.create(
        entry=rule,
        name=name,
        country=country or policy.controller.country,
        registered_at=begun,
        changed_on=begun.date(),
        activated_at=begun,
        active_from=begun,
        published_at=begun,
    )
    for kind in sorted(entry.papers | {"agreement"} | ({"scc"} if country else set())):
        party.papers.create(
            kind=kind, reference=f"P-{begun:%Y}-4", valid_from=begun.date(), recorded_at=begun
        )
    return party
