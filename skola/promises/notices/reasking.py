"""Consents that a version ended, and what their person says when they are asked anew.

``lapsing`` ends a consent whose purpose, recipients or controller changed. Here its person sees
what changed and gives it again or declines: both are on record. Who declines keeps it ended, and
is told what follows. Source: GDPR Art. 7; law L17.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, guarded_by
from skola.promises.consents import api as consents
from skola.promises.consents.api import Asking, Consent
from skola.promises.notices.queries import Step, history
from skola.promises.policy.api import Change, InForce, Policy, in_force
from skola.promises.policy.notice_tables import terms_in_words
from skola.promises.policy.wording import wording

DECLINED = "notices.consent.declined"
ACCOUNT, CONSENT = "account", "consent"


@dataclass(frozen=True, slots=True)
class Ended:
    """A consent that a version ended."""

    consent: Consent
    step: Step
    asking: Asking | None
    """What is asked now; None where the policy asks nobody any more."""
    said: tuple[Change, ...]
    """What the version changed of its purpose."""
    answer: str
    """``given``, ``declined``, or empty."""
    is_asked_here: bool
    """Whether the policy takes it in the account; else it is asked where it was given."""
    follows: tuple[tuple[str, tuple[str, ...]], ...]
    """What goes without it: kinds of data, each with the sentences of its term."""

    @property
    def waits(self) -> bool:
        """Whether its person has not answered and can here."""
        return self.asking is not None and self.is_asked_here and not self.answer


def may_have_ended(tenant: str, now: datetime) -> bool:
    """Whether any version in force ended consents at all; asks nothing of the database."""
    return any(purposes for _version, purposes in consents.lapsing(tenant, now))


def ended(person: Person, now: datetime, language: str) -> tuple[Ended, ...]:
    """Return the consents of a person, and of children for whom they consent, that a version ended.

    The latest first, each purpose once, with what was answered since.
    """
    found = in_force(now)
    if not may_have_ended(found.policy.policy.tenant, now):
        return ()
    steps = history(found.policy.policy.tenant, now)
    children = [link.child for link in guarded_by(person, now=now) if CONSENT in link.powers]
    young = [one for one in children if consents.is_too_young(one, found, now)]
    return tuple(one for each in (person, *young) for one in _of(each, found, steps, now, language))


def _of(
    person: Person, found: InForce, steps: tuple[Step, ...], now: datetime, language: str
) -> Iterator[Ended]:
    rows = Consent.objects.of(person.pk).filter(end=Consent.End.CHANGED).select_related("person")
    latest: dict[tuple[str, str], Consent] = {}
    for row in rows.order_by("ended_at", "given_at"):
        latest[row.purpose, row.scope] = row
    if not latest:
        return
    stands = {(one.purpose, one.scope) for one in consents.standing_of(person.pk, now=now)}
    declined = _declined(person.pk)
    for key, row in sorted(latest.items(), key=lambda pair: str(pair[1].ended_at), reverse=True):
        at = row.ended_at
        step = next((one for one in steps if one.version.written.policy.effective == at), None)
        if step is None:
            continue
        answer = "declined" if (*key, step.version.name) in declined else ""
        yield Ended(
            row,
            step,
            _asking(found.policy, row.purpose, language),
            tuple(one for one in step.said if one.rule in _rules(found.policy, row.purpose)),
            "given" if key in stands else answer,
            _is_asked_here(found.policy, row),
            tuple(follows(found.policy, row.purpose, language)),
        )


def _declined(person_id: UUID) -> set[tuple[str, str, str]]:
    entries = audit.Entry.objects.filter(kind=DECLINED, subject=audit.pseudonym(person_id))
    return {
        (str(one.get("purpose")), str(one.get("scope", "")), str(one.get("version")))
        for one in entries.values_list("detail", flat=True)
    }


def _asking(policy: Policy, purpose: str, language: str) -> Asking | None:
    try:
        return consents.asking(policy, purpose, language)
    except consents.NotAskedError:
        return None


def _is_asked_here(policy: Policy, row: Consent) -> bool:
    """Whether a page may take it; a consent to one text or recipient is given where that is."""
    try:
        rule = consents.rule_of(policy, row.purpose)
    except consents.NotAskedError:
        return False
    return ACCOUNT in rule.give_by and not rule.for_each


def _rules(policy: Policy, purpose: str) -> set[str]:
    """The rules by which a consent to a purpose is touched."""
    held = {one for each in policy.purpose if each.id == purpose for one in each.categories}
    others = [(f"recipient.{one.id}", one.categories) for one in policy.recipient]
    others += [(f"processor.{one.id}", one.categories) for one in policy.processor]
    touched = {rule for rule, what in others if not what or held.intersection(what)}
    return {f"purpose.{purpose}", "controller", *touched}


def follows(policy: Policy, purpose: str, language: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return what goes once no consent to a purpose stands, by kind of data, with its terms.

    What other purposes need stays for these; the terms say so.
    """
    words = wording(language)
    names = {each.id: each.name[language] for each in policy.category}
    held = {one for each in policy.purpose if each.id == purpose for one in each.categories}
    for rule in policy.retention:
        any_purpose = isinstance(rule.keep_while, str) and held.intersection(rule.categories)
        if any_purpose or f"consent:{purpose}" in rule.keep_while:
            whose = ", ".join(names.get(one, one) for one in rule.categories)
            yield rule.name.get(language) or whose, tuple(terms_in_words(rule, words))


@transaction.atomic
def give_again(person: Person, one: Ended, *, giver: Person | None, by: str, now: datetime) -> None:
    """Give a consent anew, to what is asked now. Raises what ``consents.give`` raises."""
    row = one.consent
    shown = consents.Shown(ACCOUNT)
    consents.give(person, row.purpose, shown, scope=row.scope, giver=giver, by=by, now=now)


@transaction.atomic
def decline(one: Ended, *, by: str, now: datetime) -> None:
    """Record, once a version, that somebody does not give a consent anew: it stays ended."""
    row, head = one.consent, one.step.version.written
    if one.answer:
        return
    audit.record(
        DECLINED,
        target=row,
        subject=row.person_id,
        by=by,
        at=now,
        clause=", ".join(head.change.clause),
        detail={"purpose": row.purpose, "scope": row.scope, "version": head.policy.version},
    )
