"""What guardians of the demo wish and complain of, where the policy studies habits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.policy.api import has
from skola.services.habits import actions, queries
from skola.services.habits.models import Use

_SAID = (
    ("messages", "Kirjad saabuvad alles järgmisel päeval."),
    ("diary", "Nädalavaade ei mahu telefoni ekraanile."),
)


def populate(_service: str, people: Sequence[Person], chance: Random, now: datetime) -> None:
    """Add them to the speaking tenant."""
    if not has(queries.CAPABILITY, now=now):
        return
    about = [one for one in people[:60] if queries.concerns(one.pk, now=now)]
    begun = now - timedelta(days=60)
    Use.objects.bulk_create(
        Use(person=one, service=service, days=chance.randrange(1, most), first_at=begun)
        for one in about
        for service, most in (("diary", 50), ("messages", 20))
    )
    for one, (service, words) in zip(about, _SAID, strict=False):
        actions.complain(one, service, words, by="skola demo", now=now - timedelta(days=3))
        actions.note_opinion(one, service, wish="more", score=2, by="skola demo", now=now)
