"""Four weeks of visits of nobody in particular, so that the report has something to tell."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.policy.api import has, in_force
from skola.services.visits import queries
from skola.services.visits.models import Visit

PAGES = ("/", "/courses/", "/privacy/", "/desk/", "/cookies/", "/account/login/")
OFTEN = (40, 30, 6, 8, 2, 14)
SEEN = {
    "come_from": ("", "search.example", "/", "/courses/"),
    "browser": ("Firefox", "Chrome", "Safari", "Edge"),
    "language": ("lv", "lt", "sv", "en"),
    "system": ("Windows", "Android", "iPhone", "Linux"),
    "region": ("LV", "LT", "SE", "EE"),
}
VISITS = 600


def populate(_service: str, _people: Sequence[Person], chance: Random, now: datetime) -> None:
    """Add the visits of who agreed to be counted, where the policy counts without the person."""
    if not has(queries.CAPABILITY, now=now):
        return
    policy = in_force(now).policy
    found = queries.measured(policy)
    if found is None or not found.of_nobody:
        return
    today = queries.start_of_day(now, policy)
    pages = chance.choices(PAGES, OFTEN, k=VISITS)
    Visit.objects.bulk_create(
        Visit(
            day_at=today - timedelta(days=chance.randrange(queries.WEEKS * 7)),
            page=page,
            error=404 if "error" in found.fields and chance.random() < 0.03 else None,
            **{
                name: chance.choice(values) for name, values in SEEN.items() if name in found.fields
            },
        )
        for page in pages
    )
