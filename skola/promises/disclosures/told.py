"""What the person may know of what was passed on about them, whoever wrote it down."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from skola.ground.ui import formats
from skola.promises.disclosures.models import WHOLE, Disclosure
from skola.promises.disclosures.words import GROUNDS


@dataclass(frozen=True)
class Given:
    """Something of a person went to somebody outside."""

    at: datetime
    recipient: str
    where: str
    """The country and the safeguard; empty where it was not written down."""
    third: bool
    why: str
    """The purpose, or what the ledger calls it."""
    ground: str
    reference: str
    fields: tuple[str, ...]
    what: str = ""
    """What it was, in words, where fields were not written down."""


Source = Callable[[UUID, datetime, datetime], Iterator[Given]]
_sources: list[Source] = []


def also_told_by(source: Source) -> Source:
    """Have a room tell of what it gave to somebody outside: about whom, since when, now."""
    _sources.append(source)
    return source


def passed_on(person_id: UUID, *, now: datetime, since: datetime) -> list[Given]:
    """Return what was passed on about a person since a moment, latest first.

    What a law forbids to tell is not among it until the day that was recorded. Sources:
    ilearn-9.i, ilearn-17.a, ema-9.1.2-content.
    """
    told = Q(hidden_until=None) | Q(hidden_until__lte=now)
    ledger = Disclosure.objects.of(person_id).filter(told, at__gte=since, at__lte=now)
    found = [_given(one) for one in ledger]
    for source in _sources:
        found += source(person_id, since, now)
    return sorted(found, key=lambda one: one.at, reverse=True)


def _given(one: Disclosure) -> Given:
    whole = one.form == WHOLE
    return Given(
        at=one.at,
        recipient=one.recipient,
        where=", ".join(each for each in (formats.country(one.country), one.safeguard) if each),
        third=one.third,
        why=_("Handing the service over to a new controller") if whole else one.purpose,
        ground=str(GROUNDS.get(one.ground, one.ground)),  # type: ignore[call-overload]
        reference="; ".join(each for each in (one.label, one.reference, one.note) if each),
        fields=tuple(one.fields),
        what=_("Everything that was held about you") if whole else "",
    )
