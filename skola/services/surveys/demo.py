"""What people thought of the groups of the demo, and what becomes better because of it."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person
from skola.promises.consents.api import TooYoungError
from skola.promises.policy.api import has
from skola.services.courses.api import Enrolment
from skola.services.groups.api import Participant
from skola.services.surveys import actions, queries
from skola.services.surveys.models import Answer, Invitation

_BETTER = (
    ("Vairāk uzdevumu ar reāliem rēķiniem", 20),
    ("Otrajā stāvā vajag skaļāku projektoru", 45),
)
_SAID = (
    (2, "Trešajā nodarbībā video beidzas pusvārdā."),
    (4, "Vai būs turpinājums rudenī?"),
)


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Make the answers about groups that are over, where the policy switches surveys on."""
    if not has(queries.CAPABILITY, now=now):
        return
    _wants_to_be_contacted(now)
    over = Participant.objects.filter(
        run__ends_on__lt=queries.today(now), left_at=None, run__cancelled_at=None
    )
    invitations, answers = [], []
    for seat in over.select_related("run").order_by("pk"):
        answered = random.random() < 0.6
        asked_at = min(now, seat.result_at or now)
        invitations.append(
            Invitation(person_id=seat.person_id, run=seat.run, asked_at=asked_at, answered=answered)
        )
        if answered:
            score = random.choice((3, 4, 4, 5, 5, 5))
            trainer = random.choice((3, 4, 5, 5, None))
            answers.append(Answer(run=seat.run, score=score, trainer_score=trainer))
    if not invitations:
        return
    Invitation.objects.bulk_create(invitations)
    random.shuffle(answers)
    Answer.objects.bulk_create(answers)
    for text, days in _BETTER:
        due_on = queries.today(now) + timedelta(days=days)
        actions.note_improvement(text, due_on, by="demo", now=now - timedelta(days=4))


def _wants_to_be_contacted(now: datetime) -> None:
    """Two who finished a course leave an address beside their answer, where the policy asks."""
    if not queries.follow_up_purposes(now):
        return
    done = Enrolment.objects.filter(finished_at__isnull=False, course__isnull=False)
    for enrolment, (score, words) in zip(
        done.select_related("person").order_by("pk")[: len(_SAID)], _SAID, strict=False
    ):
        invitation, _made = Invitation.objects.get_or_create(
            person=enrolment.person, course=enrolment.course, run=None, defaults={"asked_at": now}
        )
        contact = actions.Contact(email=enrolment.person.email or "reader@example.org", words=words)
        with suppress(TooYoungError, actions.AnsweredError):
            actions.answer_and_be_contacted(
                invitation, contact, score=score, trainer_score=None, by="demo", now=now
            )
