"""Two contracts to apply for, and applications that were decided or wait."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from django.utils import translation

from skola.ground.people.api import Person, Role
from skola.promises.policy.api import has
from skola.services.applications import actions

_PLANS = (
    ("Grāmatvedība iesācējiem", 18_000, 6),
    ("Biškopība visam gadam", 24_000, 12),
)
_TEXT = "Mēs nodrošinām piekļuvi kursam. Jūs maksājat norādīto cenu."


def populate(slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Fill the room where the speaking tenant's policy opens it."""
    if not has("decisions.applications", now=now):
        return
    at = now - timedelta(days=30)
    working = set(Role.objects.held_at(now).values_list("person_id", flat=True))
    customers = [one for one in people if one.pk not in working and one.created_at < at]
    plans = [
        actions.make_plan(
            title=title,
            text=_TEXT,
            price_cents=cents,
            months=months,
            course=None,
            by="demo",
            now=at,
        )
        for title, cents, months in _PLANS
    ]
    with translation.override("lv"):
        for number, person in enumerate(customers[:4]):
            consent = "Piekrītu, ka lēmumu uzreiz pieņem tikai programmatūra." if number % 2 else ""
            actions.apply(
                plans[number % 2],
                person,
                consent=consent,
                by="demo",
                now=at + timedelta(days=number + 20),
            )
