"""Giving and withdrawing a consent, and what ends one by itself; one function each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import translation

from skola.ground.audit import api as audit
from skola.ground.journal import api as journal
from skola.ground.people.api import Guardianship, Person
from skola.promises.consents import rules
from skola.promises.consents.models import Consent, ConsentQuerySet
from skola.promises.consents.queries import allowed
from skola.promises.policy.api import InForce, in_force
from skola.promises.policy.schema import ConsentRule
from skola.promises.retention.api import open_states, record_event, record_state

End = Consent.End
LASTS = "consent:"
AtEnd = Callable[[UUID, str, datetime], None]
_at_end: list[AtEnd] = []


def when_none_is_left(act: AtEnd) -> AtEnd:
    """Register what a room does when the last consent of a person to a purpose ends.

    It is called with person, purpose and moment, in the transaction of the end and by whatever
    way it came; so it may delete what rested on the consent, and must not send anything.
    """
    _at_end.append(act)
    return act


AtEachEnd = Callable[[UUID, str, str, datetime], None]
_at_each_end: list[AtEachEnd] = []


def when_one_ends(act: AtEachEnd) -> AtEachEnd:
    """Register what a room does when one consent ends, though others to its purpose stand.

    It is called with person, purpose, scope and moment, in the transaction of the end and by
    whatever way it came, a restore included; it must not send anything (ilearn-36).
    """
    _at_each_end.append(act)
    return act


class TooYoungError(Exception):
    """A child below the age of own consent, for whom no guardian gives it."""


class NotTheirsError(Exception):
    """Somebody gives a consent for a person who consents alone, or for whom they do not stand."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How somebody was asked."""

    channel: str
    """As the policy's ``give_by`` calls it."""
    wording: str = ""
    """To the letter; empty: as the policy in force words the purpose."""
    language: str = ""
    """Empty: that of the page."""
    proof: str = ""
    """Where else it is shown: a recording, a note, a form."""


@transaction.atomic
def give(
    person: Person,
    purpose: str,
    shown: Shown,
    *,
    scope: str = "",
    giver: Person | None = None,
    staff: Person | None = None,
    by: str,
    now: datetime,
) -> Consent:
    """Record that somebody agreed to a purpose, within a scope, by an act of theirs.

    ``giver`` is a guardian who gives it for a child below the age of own consent; ``staff`` entered
    it. While one stands that was given by the same channel, to the same wording and under the same
    version, it is that one: a click twice is one consent. Otherwise it is another, and replaces
    that of its channel. Raises NotAskedError, TooYoungError, NotTheirsError.
    """
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    made = unsaved(person, purpose, shown, scope=scope, giver=giver, now=now)
    made.staff = staff
    for same in _open(person.pk, purpose, made.scope).filter(channel=made.channel):
        if _stands_for(same, made, now):
            return same
        _end(same, End.EXPIRED if same.valid_until <= now else End.RENEWED, at=now)
    made.save()
    record_state(person.pk, f"{LASTS}{purpose}", is_open=True, at=now)
    _tell("given", made, by=by, now=now)
    return made


def unsaved(
    person: Person,
    purpose: str,
    shown: Shown,
    *,
    scope: str = "",
    giver: Person | None = None,
    now: datetime,
) -> Consent:
    """Return the record that ``give`` would make, in no table yet. Raises as ``give`` does."""
    found = in_force(now)
    policy, rule = found.policy, _rule(found, purpose, shown.channel)
    language = rules.language_of(policy, shown.language or translation.get_language() or "")
    of_age_on = _of_age_on(person, giver, found, now)
    return Consent(
        person=person,
        purpose=purpose,
        scope=rules.scope_of(policy, purpose, scope),
        channel=shown.channel,
        wording=(shown.wording or rules.asking(policy, purpose, language).wording)[:1_000],
        language=language,
        version=found.version.name,
        policy_hash=found.hash,
        purpose_hash=rules.digest_of(policy, purpose),
        proof=shown.proof,
        giver=giver,
        given_at=now,
        valid_until=rules.valid_until(rule, policy, given_at=now, of_age_on=of_age_on),
    )


def _rule(found: InForce, purpose: str, channel: str) -> ConsentRule:
    rules.purpose_of(found.policy, purpose)
    rule = rules.rule_of(found.policy, purpose)
    if channel not in rule.give_by:
        raise rules.NotAskedError(
            f'A consent to "{purpose}" is not taken by "{channel}", but by'
            f" {', '.join(rule.give_by)}."
        )
    return rule


def _of_age_on(person: Person, giver: Person | None, found: InForce, now: datetime) -> date | None:
    """Return the day until which a guardian's consent reaches; None where there is none."""
    age = consent_age(found)
    is_young = is_too_young(person, found, now)
    if giver is None:
        if is_young:
            raise TooYoungError(f"Below {age} years a parent or guardian consents.")
        return None
    if not may_consent_for(giver, person, now=now):
        raise NotTheirsError("Only a proven guardian with the power to consent may do so.")
    if person.birth_on and not is_young:
        raise NotTheirsError(f"From {age} years on they consent themselves.")
    return rules.birthday(person.birth_on, age) if person.birth_on else None


def consent_age(found: InForce) -> int:
    """Return from how many years on somebody consents alone: the policy's number, or the law's."""
    age = found.policy.minors.age
    return age if isinstance(age, int) else found.effective.consent_age


def is_too_young(person: Person, found: InForce, now: datetime) -> bool:
    """Whether somebody is known to be below the age of own consent."""
    today = now.astimezone(ZoneInfo(found.policy.policy.timezone)).date()
    return rules.is_too_young(person.birth_on, consent_age(found), today)


def may_consent_for(guardian: Person, child: Person, *, now: datetime) -> bool:
    """Whether somebody is a proven guardian with the power to consent for a child (ilearn-11.d)."""
    link = Guardianship.objects.filter(child=child, guardian=guardian).first()
    return link is not None and link.stands_at(now) and "consent" in link.powers


def _stands_for(same: Consent, made: Consent, now: datetime) -> bool:
    """Whether a consent is the one that would be made: nothing that was asked has changed."""
    asked = ("wording", "purpose_hash", "giver_id", "proof")
    unchanged = all(getattr(same, name) == getattr(made, name) for name in asked)
    return unchanged and allowed(same.person_id, same.purpose, now=now, scope=same.scope)


@transaction.atomic
def withdraw(
    person: Person,
    purpose: str,
    *,
    channel: str,
    scope: str | None = None,
    proof: str = "",
    by: str,
    now: datetime,
) -> list[Consent]:
    """End the consents of a person to a purpose, whoever gave them and by whatever channel.

    Without a ``scope`` all of them. Nothing that was done before is touched (ilearn-27), and no
    other purpose. Returns those that ended: none where none stood, so a click twice is harmless.
    """
    found = _open(person.pk, purpose, scope).select_for_update(no_key=True)
    ended = list(found.filter(valid_until__gt=now))
    for one in ended:
        _end(one, End.WITHDRAWN, at=now, channel=channel, proof=proof)
        _tell("withdrawn", one, by=by, now=now)
    if ended:
        record_event(person.pk, "consent.withdrawn", at=now)
        for limit in sorted({one.scope for one in ended}):
            detail = {"purpose": purpose, "scope": limit}
            journal.write("consent.withdrawn", subject=person.pk, at=now, detail=detail)
    _settle(person.pk, purpose, at=now)
    return ended


@transaction.atomic
def replace_others(person: Person, purpose: str, *, scope: str, now: datetime) -> None:
    """End what a person agreed to within other limits, where a new consent took its place."""
    for one in _open(person.pk, purpose).exclude(scope=scope):
        _end(one, End.RENEWED, at=now)


@transaction.atomic
def fulfil(person: UUID, purpose: str, *, scope: str, by: str, now: datetime) -> None:
    """What a consent within some limits was given for is done: its time is over (ilearn-36).

    After a restore it is ended again, as one that was withdrawn: nothing may rest on it.
    """
    for one in _open(person, purpose, scope):
        _end(one, End.EXPIRED, at=now)
        _tell("expired", one, by=by, now=now)
        detail = {"purpose": purpose, "scope": scope}
        journal.write("consent.withdrawn", subject=person, at=now, detail=detail)
    _settle(person, purpose, at=now)


@journal.replays("consent.withdrawn")
def withdraw_again(subject: UUID | None, at: datetime, detail: dict[str, str]) -> None:
    """After a restore: what was withdrawn since then is ended, from the same moment on."""
    if subject is None or not {"purpose", "scope"} <= detail.keys():
        return
    found = list(_open(subject, detail["purpose"], detail["scope"]).filter(given_at__lte=at))
    for one in found:
        _end(one, End.WITHDRAWN, at=at)
    if found:
        record_event(subject, "consent.withdrawn", at=at)
    _settle(subject, detail["purpose"], at=at)


def given_before(purpose: str, moment: datetime) -> list[UUID]:
    """Return who has an open consent to a purpose from before a moment, and none from after."""
    since = Consent.objects.filter(purpose=purpose, ended_at=None, given_at__gte=moment)
    old = Consent.objects.filter(purpose=purpose, ended_at=None, given_at__lt=moment)
    told = open_states(f"{LASTS}{purpose}", before=moment)
    anew = set(since.values_list("person_id", flat=True))
    return sorted({*old.values_list("person_id", flat=True), *(set(told) - anew)})


@transaction.atomic
def end_changed(person: UUID, purpose: str, *, at: datetime) -> None:
    """End what a person consented to before a version changed it, at the moment of its effect."""
    for one in _open(person, purpose).filter(given_at__lt=at):
        _end(one, End.CHANGED, at=at)
    _settle(person, purpose, at=at)


def end_expired(*, by: str, now: datetime, limit: int = 1_000) -> int:
    """End the consents whose time is over, as of that moment; return how many.

    One that a guardian gave ends when the child may consent alone, who is asked then.
    """
    due = Consent.objects.filter(ended_at=None, valid_until__lte=now)
    for one in due.select_related("person").order_by("valid_until")[:limit]:
        with transaction.atomic():
            end = End.OF_AGE if _is_of_age(one, now) else End.EXPIRED
            _end(one, end, at=one.valid_until)
            _settle(one.person_id, one.purpose, at=one.valid_until)
            _tell("expired", one, by=by, now=now)
    return due.count()


def _is_of_age(one: Consent, now: datetime) -> bool:
    if one.giver_id is None or one.person.birth_on is None:
        return False
    return not is_too_young(one.person, in_force(now), now)


def refused(
    people: Iterable[UUID], purpose: str, *, use: str, by: str, now: datetime, scope: str = ""
) -> None:
    """Record that something was not done because no consent stands (ilearn-10.c)."""
    for person in people:
        detail = {"purpose": purpose, "scope": scope, "use": use}
        audit.record("consents.use.refused", subject=person, by=by, at=now, detail=detail)


def may_use(
    person: UUID, purpose: str, *, use: str, by: str, now: datetime, scope: str = ""
) -> bool:
    """Whether something that rests on a consent may be done now; a refusal is audited.

    What is allowed is not: its own act has its entry. Called where the act is done, not where it is
    planned: what waits in a queue asks again.
    """
    if allowed(person, purpose, now=now, scope=scope):
        return True
    refused([person], purpose, use=use, by=by, now=now, scope=scope)
    return False


def _open(person: UUID, purpose: str, scope: str | None = None) -> ConsentQuerySet:
    found = Consent.objects.filter(person_id=person, purpose=purpose, ended_at=None)
    return found if scope is None else found.filter(scope=scope)


def _end(
    one: Consent, end: Consent.End, *, at: datetime, channel: str = "", proof: str = ""
) -> None:
    one.end, one.ended_at, one.ended_by, one.end_proof = end, at, channel, proof
    one.save(update_fields=["end", "ended_at", "ended_by", "end_proof"])
    for act in _at_each_end:
        act(one.person_id, one.purpose, one.scope, at)


def _settle(person: UUID, purpose: str, *, at: datetime) -> None:
    """Tell retention, and the rooms that asked, that no consent to a purpose is left."""
    if not _open(person, purpose).filter(valid_until__gt=at).exists():
        record_state(person, f"{LASTS}{purpose}", is_open=False, at=at)
        for act in _at_end:
            act(person, purpose, at)


def _tell(what: str, one: Consent, *, by: str, now: datetime) -> None:
    audit.record(
        f"consents.consent.{what}",
        target=one,
        subject=one.person_id,
        by=by,
        at=now,
        detail={"purpose": one.purpose, "channel": one.ended_by or one.channel},
    )
