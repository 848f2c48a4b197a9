"""Writing, showing and taking down what a customer says, one function each."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.consents import api as consents
from skola.services.testimonials.models import Testimonial
from skola.services.testimonials.queries import purpose
from skola.services.testimonials.rules import scope_of

ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said, and the name that stands beside it."""

    text: str
    name: str
    title: str = ""
    organisation: str = ""

    @property
    def scope(self) -> str:
        """The limits of a consent to exactly this."""
        return scope_of(self.text, self.name, self.title, self.organisation)

    @property
    def shown(self) -> str:
        """The same as it is kept with the consent."""
        beside = ", ".join(part for part in (self.name, self.title, self.organisation) if part)
        return f"{self.text} ({beside})"


def words_of(one: Testimonial) -> Words:
    """Return the words of a testimonial as they stand."""
    return Words(one.text, one.name, one.title, one.organisation)


@transaction.atomic
def write(person: Person, words: Words, *, by: str, now: datetime) -> Testimonial:
    """Keep what a customer says, with their consent to show exactly this; staff decide whether.

    They have one; new words take the place of the old, whose consent ends. Raises NotAskedError,
    TooYoungError.
    """
    one, _made = Testimonial.objects.update_or_create(
        person=person,
        defaults=_columns(words),
        create_defaults={**_columns(words), "written_at": now},
    )
    agree(one, by=by, now=now)
    audit.record("testimonials.testimonial.written", target=one, subject=person.pk, by=by, at=now)
    return one


def _columns(words: Words) -> dict[str, object]:
    return {
        "text": words.text,
        "name": words.name,
        "title": words.title,
        "organisation": words.organisation,
        "scope": words.scope,
        "published_at": None,
    }


@transaction.atomic
def agree(one: Testimonial, *, by: str, now: datetime) -> None:
    """The customer agrees to the words as they stand; a consent to other words ends."""
    asked = consents.Shown(ACCOUNT, words_of(one).shown)
    what = purpose(now)
    consents.give(one.person, what, asked, scope=one.scope, by=by, now=now)
    consents.replace_others(one.person, what, scope=one.scope, now=now)


@transaction.atomic
def edit(one: Testimonial, words: Words, *, by: str, now: datetime) -> None:
    """Staff change the words: what was agreed to is not these, so nothing is shown until it is."""
    if words.scope == one.scope:
        return
    for name, value in _columns(words).items():
        setattr(one, name, value)
    one.save()
    audit.record(
        "testimonials.testimonial.edited", target=one, subject=one.person_id, by=by, at=now
    )


@transaction.atomic
def publish(one: Testimonial, *, until: date | None = None, by: str, now: datetime) -> bool:
    """Put it on the page; False, and the refusal audited, where no consent to its words stands."""
    if not consents.may_use(
        one.person_id, purpose(now), scope=one.scope, use="testimonial", by=by, now=now
    ):
        return False
    one.published_at, one.shown_until = now, until
    one.save(update_fields=["published_at", "shown_until"])
    audit.record(
        "testimonials.testimonial.published", target=one, subject=one.person_id, by=by, at=now
    )
    return True


@transaction.atomic
def take_down(one: Testimonial, *, by: str, now: datetime) -> None:
    """Take it off the page; the customer's consent is theirs, and stands."""
    one.published_at = None
    one.save(update_fields=["published_at"])
    audit.record(
        "testimonials.testimonial.taken_down", target=one, subject=one.person_id, by=by, at=now
    )
