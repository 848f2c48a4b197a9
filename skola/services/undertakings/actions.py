"""Asking for undertakings and signing them, one function each."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, Role
from skola.promises.consents.api import language_of
from skola.promises.policy.api import in_force
from skola.services.undertakings import queries, rules
from skola.services.undertakings.models import Undertaking

CLAUSE = "ekool-2.5-confidential"


class NotSignedError(Exception):
    """What was typed is no signature, or nothing is to be signed."""


def ask(role: Role, now: datetime) -> None:
    """A role was granted: it opens nothing before its holder has signed (ekool-2.5-confidential).

    Called in the transaction that grants it.
    """
    found = queries.rule(now)
    if found is not None and role.kind in found.roles and not queries.signed(role.person, now):
        Role.objects.filter(pk=role.pk).update(is_unsigned=True)


@transaction.atomic
def ask_everybody(*, now: datetime) -> int:
    """Let each role of the staff open nothing whose holder has not signed what is in force.

    Roles that were there before, and all of them when the policy has a new version of it. Where the
    policy asks for nothing any more they open again. Return how many changed. Safe to repeat.
    """
    found = queries.rule(now)
    asking = queries.roles_that_ask(now)
    waived = Role.objects.filter(is_unsigned=True).exclude(pk__in=asking.values("pk"))
    changed = waived.update(is_unsigned=False)
    if found is None:
        return changed
    signers = Undertaking.objects.filter(version=found.version).values("person")
    return changed + asking.filter(is_unsigned=False).exclude(person__in=signers).update(
        is_unsigned=True
    )


@transaction.atomic
def sign(person: Person, typed: str, *, language: str, by: str, now: datetime) -> Undertaking:
    """Sign what the policy in force says; the roles that waited for it open at once.

    Twice is as once. Raises NotSignedError where the name is another one, or nobody is asked.
    """
    found = queries.rule(now)
    if found is None or not queries.roles_that_ask(now).filter(person=person).exists():
        raise NotSignedError(_("There is nothing for you to sign."))
    if not rules.is_signature(typed, person.name):
        raise NotSignedError(_("Type your full name as it stands in your account."))
    spoken = language_of(in_force(now).policy, language)
    made, is_new = Undertaking.objects.get_or_create(
        person=person,
        version=found.version,
        defaults={
            "name": " ".join(typed.split()),
            "wording": found.text[spoken],
            "language": spoken,
            "signed_at": now,
        },
    )
    queries.roles_that_ask(now).filter(person=person).update(is_unsigned=False)
    if is_new:
        audit.record(
            "undertakings.undertaking.signed",
            target=made,
            subject=person.pk,
            by=by,
            at=now,
            clause=CLAUSE,
            detail={"version": found.version},
        )
    return made
