"""Everything that changes the register of cameras, one function each."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, language_of
from skola.ground.ui import formats
from skola.promises.rights.api import Asked, Asker, RightsRequest, receive_request, zone_of
from skola.services.premises.models import Area, Footage

CLAUSE = "ilearn-4.b"


class TwiceError(Exception):
    """There is such an area already."""


@dataclass(frozen=True)
class Place:
    """An area as somebody enters it."""

    site: str
    name: str
    cameras: int
    viewers: str


@transaction.atomic
def register_area(told: Place, *, by: str, now: datetime) -> Area:
    """Enter an area that cameras watch. Raises TwiceError."""
    try:
        with transaction.atomic():
            made = Area.objects.create(
                site=told.site,
                name=told.name,
                cameras=told.cameras,
                viewers=told.viewers,
                since_at=now,
            )
    except IntegrityError as error:
        raise TwiceError(_("There is such an area already.")) from error
    audit.record("premises.area.registered", target=made, by=by, at=now, clause=CLAUSE)
    return made


@transaction.atomic
def end_area(area: Area, *, by: str, now: datetime) -> None:
    """The cameras are gone; twice changes nothing. Its footage goes by its own term."""
    if Area.objects.filter(pk=area.pk, ended_at=None).update(ended_at=now):
        audit.record("premises.area.ended", target=area, by=by, at=now)


@transaction.atomic
def store_footage(
    area: Area,
    medium: str,
    *,
    starts_at: datetime,
    ends_at: datetime,
    by: str,
    now: datetime,
) -> Footage:
    """Enter footage that is stored; it goes with the term of the policy."""
    made = Footage.objects.create(area=area, starts_at=starts_at, ends_at=ends_at, medium=medium)
    audit.record("premises.footage.stored", target=made, by=by, at=now, clause=CLAUSE)
    return made


@transaction.atomic
def ask_for_footage(
    person: Person, area: Area, at: datetime, words: str, *, by: str, now: datetime
) -> RightsRequest:
    """Somebody asks to see footage of themselves: a request for access, with date, time, place."""
    with timezone.override(zone_of(now)):
        asked = _("Video footage of %(area)s, %(moment)s. How to know me: %(words)s") % {
            "area": area,
            "moment": formats.moment(at),
            "words": words,
        }
    told = Asked(
        kind=RightsRequest.Kind.ACCESS,
        channel=RightsRequest.Channel.ACCOUNT,
        reply_by=RightsRequest.Reply.ACCOUNT,
        words=asked,
        language=language_of(person),
    )
    made = receive_request(told, Asker(), person=person, received_at=now, by=by, now=now)
    audit.record(
        "premises.footage.asked", target=made, subject=person.pk, by=by, at=now, clause=CLAUSE
    )
    return made
