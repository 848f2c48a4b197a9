"""An absence is told to guardians by text message: that there is one, and nothing of the lesson.

Clause: ekool-5.2.1 (number and text only, no mark and no other detail of the studies).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.people.api import (
    Guardianship,
    Person,
    TextMessage,
    guardians_with,
    international,
    language_of,
)
from skola.ground.ui import formats
from skola.promises.disclosures.api import text
from skola.promises.policy.api import in_force
from skola.services.customers import api as customers
from skola.services.diary import queries
from skola.services.diary.models import Absence
from skola.services.school import api as school

FUNCTION = "diary.texts"
"""What a catalogue calls it that sells it as an extra."""


@dataclass(frozen=True)
class Line:
    """A pupil who is absent, and the guardians who may know it: number or none, what was sent."""

    absence: Absence
    guardians: Sequence[tuple[Person, bool, TextMessage | None]]

    @property
    def to_tell(self) -> list[Person]:
        """Those who can be told, and were not."""
        return [who for who, has_number, told in self.guardians if has_number and told is None]


def about(absence: Absence) -> str:
    """Return under which word messages of an absence are kept."""
    return f"diary.absence:{absence.pk}"


def lines(absences: Iterable[Absence], at: UUID, now: datetime) -> list[Line]:
    """Return who can be told of these absences at a school, and who was, in four queries at most.

    Where a catalogue sells text messages, who has them under contract gets them (ekool-1.6).
    """
    found = list(absences)
    there = guardians_with({one.pupil.person_id for one in found}, "see", now=now)
    sold = customers.opened(FUNCTION, {link.guardian_id for link in there}, {at}, now)
    links: dict[UUID, list[Guardianship]] = {}
    for link in there:
        if queries.sees(link, now) and sold.to([link.guardian_id], at):
            links.setdefault(link.child_id, []).append(link)
    sent = {
        (one.about, one.person_id): one
        for one in TextMessage.objects.filter(about__in=[about(one) for one in found])
    }
    return [
        Line(
            one,
            [
                (
                    link.guardian,
                    bool(international(link.guardian.phone)),
                    sent.get((about(one), link.guardian_id)),
                )
                for link in links.get(one.pupil.person_id, [])
            ],
        )
        for one in found
    ]


def tell(one: school.DayLesson, there: Iterable[Line], *, by: str, now: datetime) -> int:
    """Write to each guardian who was not told yet, and return to how many; twice is as once.

    The text names no child, no subject and no lesson: those stand in the diary, behind sign-in.
    """
    count = 0
    service = in_force(now).policy.service.name
    for line in there:
        for guardian in line.to_tell:
            with translation.override(language_of(guardian)):
                words = _(
                    "%(service)s: your child was noted as absent on %(day)s."
                    " Sign in to the diary for more."
                ) % {"service": service, "day": formats.short_day(one.plan.on)}
            made = text(guardian, words, about=about(line.absence), by=by, now=now)
            count += made is not None
    return count
