"""Telling recipients: erase, correct, restrict, return; and keeping track until they confirm.

Source: GDPR Art. 19 and 28(3)(g); ilearn-16, learnifier-8.b.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, post
from skola.promises.disclosures import queries, rules
from skola.promises.disclosures.models import WHOLE, Disclosure, Party, Telling
from skola.promises.policy.api import due as end_of
from skola.promises.policy.api import in_force, parse_period
from skola.promises.policy.schema import Policy


@dataclass(frozen=True)
class Corrected:
    """A field of a person that has another value now."""

    field: str
    before: str
    now: str


def tell_receivers(
    person_id: UUID,
    what: str,
    *,
    case: UUID,
    words: str = "",
    corrected: Sequence[Corrected] = (),
    by: str,
    now: datetime,
) -> list[Telling]:
    """Ask everybody who was given something about a person to erase, correct or restrict it.

    Before an erasure this is called while the person is still there: the letters name them. A
    processor outside the European Economic Area who may hold their data is asked, too. The same
    case again asks nobody twice. What was ``corrected`` is told to those who were given that field
    by name, and to no others. Who took over the whole service is told until it ends with them: at
    the new controller there is nobody to tell. Sources: GDPR Art. 19; learnifier-8.b, ilearn-23.b.
    """
    policy = in_force(now).policy
    given: dict[UUID, list[Disclosure]] = {}
    parties: dict[UUID, Party] = {}
    lines = Disclosure.objects.of(person_id).exclude(form=WHOLE, party__ended_at__isnull=False)
    for one in lines.select_related("party").order_by("at"):
        given.setdefault(one.party_id, []).append(one)
        parties[one.party_id] = one.party
    for party in _abroad(policy, now):
        parties.setdefault(party.pk, party)
    person = Person.objects.filter(pk=person_id).first()
    made = []
    for key, party in parties.items():
        labels = ", ".join(one.label for one in given.get(key, ()))
        with translation.override(in_force(now).policy.policy.authentic):  # as the rest of it
            known = _knows_names(given.get(key, ()))
            right = _right(corrected, given.get(key, ())) if known else []
            named = [*_about(person, named=known), *right, *_given(labels)]
        letter = [*named, *([words] if words else [])]
        telling = ask(party, what, case=case, reference=labels[:200], letter=letter, by=by, now=now)
        made += [telling] if telling is not None else []
    return made


def _abroad(policy: Policy, now: datetime) -> list[Party]:
    """Processors outside the EEA who are active: they hold copies of what is processed here."""
    known = queries.entries(policy)
    there = Party.objects.there().filter(activated_at__isnull=False)
    return [
        party
        for party in there.filter(entry__startswith=queries.PROCESSOR)
        if rules.is_outside(party.country)
        and party.entry in known
        and known[party.entry].form == "personal"
    ]


def _knows_names(given: "list[Disclosure] | tuple[()]") -> bool:
    return not given or any(one.form in ("personal", WHOLE) for one in given)


def _about(person: Person | None, *, named: bool) -> list[str]:
    if person is None or not named:
        return []
    reached = ", ".join(each for each in (person.name, person.email) if each)
    return [_("Whom it is about: %(person)s") % {"person": reached}] if reached else []


def _right(corrected: Sequence[Corrected], given: "list[Disclosure] | tuple[()]") -> list[str]:
    """What is right now, of the fields that a recipient was given; a processor holds them all."""
    whole = any(one.form == WHOLE for one in given)
    had = {path.rpartition(".")[2] for one in given for path in one.fields}
    return [
        _("%(field)s: it was “%(before)s”, it is “%(now)s”.")
        % {
            "field": _label(one.field),
            "before": one.before,
            "now": one.now,
        }
        for one in corrected
        if not given or whole or one.field in had
    ]


def _label(name: str) -> str:
    column: Any = Person._meta.get_field(name)
    return str(column.verbose_name).capitalize()


def _given(labels: str) -> list[str]:
    return (
        [_("Under these references you were given data: %(references)s") % {"references": labels}]
        if labels
        else []
    )


@transaction.atomic
def ask(
    party: Party,
    what: str,
    *,
    case: UUID,
    reference: str,
    by: str,
    now: datetime,
    letter: list[str] | None = None,
) -> Telling | None:
    """Open a task for a recipient and write to them; None where this case has one already."""
    policy = in_force(now).policy
    period = parse_period(queries.passing_on(policy).confirm_within)
    until = end_of(now, period, queries.zone_of(policy), policy.policy.calendar)
    due_on = queries.last_day(until, queries.zone_of(policy))
    telling, is_new = Telling.objects.get_or_create(
        party=party,
        what=what,
        case=case,
        defaults={
            "reference": reference,
            "opened_at": now,
            "due_on": due_on,
            "is_sent": bool(party.email),
        },
    )
    if not is_new:
        return None
    if party.email:
        _write(policy, telling, letter or [], now)
    audit.record(
        "disclosures.telling.opened",
        target=telling,
        by=by,
        at=now,
        detail={"what": str(what), "party": str(party.pk)},
    )
    return telling


def _write(policy: Policy, telling: Telling, letter: list[str], now: datetime) -> None:
    controller = policy.controller
    with translation.override(policy.policy.authentic):
        subject = _("%(service)s: please confirm by %(day)s") % {
            "service": policy.service.name,
            "day": f"{telling.due_on:%Y-%m-%d}",
        }
        asked = _("We ask you: %(what)s.") % {"what": telling.get_what_display()}
        answer = _("Please confirm by %(day)s that it is done, or tell us why it cannot be.") % {
            "day": f"{telling.due_on:%Y-%m-%d}"
        }
        lines = [asked, *letter, answer]
    reached = controller.email or policy.contact[0].email
    text = "\n\n".join([*lines, f"{controller.name}, {reached}"])
    post(
        person_id=None,
        address=telling.party.email,
        sender=f"{policy.service.name} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{text}\n",
        now=now,
    )


@transaction.atomic
def settle(telling: Telling, answer: str, words: str, *, by: str, now: datetime) -> None:
    """Record that a recipient confirmed, or why it cannot be done; twice changes nothing."""
    changed = Telling.objects.filter(pk=telling.pk, settled_at=None).update(
        answer=answer, words=words, settled_at=now
    )
    if changed:
        telling.refresh_from_db()
        audit.record(
            "disclosures.telling.settled",
            target=telling,
            by=by,
            at=now,
            detail={"answer": str(answer)},
        )


def of_case(case: UUID) -> list[Telling]:
    """Return the tasks that belong to an erasure, a request or a restriction."""
    found = Telling.objects.filter(case=case).select_related("party")
    return list(found.order_by("opened_at", "pk"))
