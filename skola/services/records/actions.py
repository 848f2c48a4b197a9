"""Taking what somebody brought, and letting go of it again."""

import json
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, change_profile
from skola.promises.policy.api import in_force
from skola.promises.rights.api import right_of
from skola.services.records import queries, rules
from skola.services.records.models import Brought, Intake
from skola.services.records.reading import Content

SOURCE = Intake.Source.IMPORT


class NotYoursError(Exception):
    """The file is of somebody else, as far as can be known here. The message says what now."""


class NothingNewError(Exception):
    """Everything in the file is here already."""


@transaction.atomic
def take(
    person: Person, content: Content, *, with_contacts: bool, by: str, now: datetime
) -> Intake:
    """Take what a file holds as the learning record of who brings it (ilearn-23.f).

    With ``with_contacts`` phone and postal address become those of the file. What is here already
    is not taken twice. Raises NotYoursError and NothingNewError, and changes nothing then.
    """
    Person.objects.select_for_update().get(pk=person.pk)  # the same file twice at once
    _theirs(person, content)
    contacts = {name: content.profile[name] for name in ("phone", "address")}
    differ = with_contacts and any(getattr(person, name) != contacts[name] for name in contacts)
    new = _new(person, content, now)
    if not new and not differ:
        raise NothingNewError(_("Everything in this file is here already."))
    made = Intake.objects.create(
        person=person,
        source=SOURCE,
        service=content.service,
        made_at=content.made_at,
        digest=content.digest,
        taken_at=now,
    )
    for one in new:
        one.intake = made
    Brought.objects.bulk_create(new)
    if differ:
        change_profile(person, contacts, source=SOURCE, by=by, now=now)
    clauses = right_of(in_force(now), queries.RIGHT) or ()
    audit.record(
        "records.intake.taken",
        target=made,
        subject=person.pk,
        clause=", ".join(clauses)[:200],
        by=by,
        at=now,
        detail={"source": SOURCE.value, "records": len(new), "contacts": differ},
    )
    return made


def _theirs(person: Person, content: Content) -> None:
    """The file names its person: nothing of it may be of another one than who brings it."""
    address = content.profile["email"].lower()
    mine = EmailAddress.objects.filter(user__person=person, verified=True, email__iexact=address)
    if not mine.exists():
        raise NotYoursError(
            _("The file is of another e-mail address than yours. Confirm that address here first.")
        )
    for name in ("given_name", "family_name"):
        if getattr(person, name).casefold() != content.profile[name].casefold():
            raise NotYoursError(
                _("The file is in another name than yours. Have your name corrected first.")
            )
    if None not in (person.birth_on, content.born_on) and person.birth_on != content.born_on:
        raise NotYoursError(_("The file tells another date of birth than is known of you here."))


def _new(person: Person, content: Content, now: datetime) -> list[Brought]:
    known = {one["id"] for one in queries.record_of(person, now=now)}
    known |= set(Brought.objects.filter(person=person).values_list("key", flat=True))
    known |= queries.own_badges(person)
    found = []
    for one in content.statements:
        said = rules.told(one)
        text = json.dumps(one, ensure_ascii=False)
        kind = Brought.Kind.STATEMENT
        found.append(
            Brought(
                person=person, kind=kind, key=one["id"], at=said.at, title=said.title, content=text
            )
        )
    for badge in content.badges:
        found.append(
            Brought(
                person=person,
                kind=Brought.Kind.BADGE,
                key=badge.key,
                at=badge.at,
                title=badge.title,
                content=badge.signed,
            )
        )
    return [one for one in found if one.key not in known]


@transaction.atomic
def let_go(intake: Intake, *, by: str, now: datetime) -> None:
    """Erase what came with a file; what was learned here stays. The person asked for it."""
    audit.record("records.intake.removed", target=intake, subject=intake.person_id, by=by, at=now)
    intake.delete()
