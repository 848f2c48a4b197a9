"""Makers of testimonials for tests."""

from datetime import UTC, datetime

from skola.ground.people.models import Person
from skola.services.testimonials.actions import Words
from skola.services.testimonials.models import Testimonial

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SAID = Words("I learnt it in a week.", "Anna Ozola", "gardener", "Bees Ltd")


def said(person: Person, *, at: datetime = AT) -> Testimonial:
    """What somebody wrote, without a consent to show it."""
    return Testimonial.objects.create(
        person=person,
        text=SAID.text,
        name=SAID.name,
        title=SAID.title,
        organisation=SAID.organisation,
        scope=SAID.scope,
        written_at=at,
    )
