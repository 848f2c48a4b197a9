"""Which testimonials may be shown, looked up in the consents each time."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from skola.promises.consents import api as consents
from skola.promises.policy.api import in_force
from skola.services.testimonials.models import Testimonial

CAPABILITY = "testimonials.publish"


def purpose(now: datetime) -> str:
    """Return the purpose of the policy in force for which testimonials are shown."""
    return next(each.id for each in in_force(now).policy.purpose if CAPABILITY in each.enables)


def with_consent(now: datetime) -> Any:
    """Return all testimonials; ``agreed`` says whether a consent to these words stands."""
    given = consents.standing_in_any_scope(purpose(now), now=now)
    mine = given.filter(person_id=OuterRef("person_id"), scope=OuterRef("scope"))
    return Testimonial.objects.annotate(agreed=Exists(mine))


def shown(now: datetime) -> list[Testimonial]:
    """Return what everybody sees, latest first. A withdrawn consent counts at once."""
    zone = ZoneInfo(in_force(now).policy.policy.timezone)
    found = with_consent(now).filter(agreed=True)
    on_page = found.filter(pk__in=Testimonial.objects.chosen_on(now.astimezone(zone).date()))
    return list(on_page.order_by("-published_at"))
