"""The register: who receives by name, what is on file, when they begin and end."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from skola.ground.audit import api as audit
from skola.promises.disclosures import queries, tellings
from skola.promises.disclosures.models import Paper, Party, Stop, Telling
from skola.promises.disclosures.queries import PROCESSOR
from skola.promises.policy.api import due as end_of
from skola.promises.policy.api import in_force, parse_period


class NotFitError(Exception):
    """They cannot be active yet; ``lacks`` says what is missing. Nothing changed."""

    def __init__(self, lacks: tuple[str, ...]) -> None:
        super().__init__(", ".join(lacks))
        self.lacks = lacks


class TwiceError(Exception):
    """There is such an entry already. Nothing changed."""


Listener = Callable[[Party, date, str, datetime], None]
_listeners: list[Listener] = []


def on_announcement(listener: Listener) -> Listener:
    """Have a function called when a processor is announced: who, from which day, by whom, now."""
    _listeners.append(listener)
    return listener


@transaction.atomic
def register(
    entry: str,
    name: str,
    *,
    country: str,
    changed_on: date,
    by: str,
    now: datetime,
    number: str = "",
    email: str = "",
) -> Party:
    """Enter somebody by name under a rule of the policy. They receive nothing before activation.

    Raises NotFitError where the policy does not have the rule, or names others than them
    (ema-7.2), and TwiceError.
    """
    found = queries.entry_of(in_force(now).policy, entry)
    if found is None or (found.names and name not in found.names):
        raise NotFitError(("policy",))
    try:
        with transaction.atomic():
            made = Party.objects.create(
                entry=entry,
                name=name,
                number=number,
                country=country.upper(),
                email=email,
                registered_at=now,
                changed_on=changed_on,
            )
    except IntegrityError as error:
        raise TwiceError(f"{name} is in the register as {entry} already.") from error
    audit.record("disclosures.party.registered", target=made, by=by, at=now)
    return made


@transaction.atomic
def file_paper(
    party: Party,
    kind: str,
    reference: str,
    *,
    valid_from: date,
    valid_until: date | None,
    by: str,
    now: datetime,
) -> Paper:
    """Put an agreement, a check or a safeguard on file. A renewal is another paper."""
    made = Paper.objects.create(
        party=party,
        kind=kind,
        reference=reference,
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_at=now,
    )
    audit.record("disclosures.paper.filed", target=party, by=by, at=now, detail={"kind": str(kind)})
    return made


@transaction.atomic
def activate(party: Party, *, by: str, now: datetime) -> None:
    """Let a recipient receive, once everything is on file; a processor after the notice period.

    Raises NotFitError. Sources: ilearn-16, ilearn-19, ekool-5.2.2, learnifier-7.i, learnifier-8.a;
    the notice: learnifier-3.2.d.
    """
    policy = in_force(now).policy
    held = Party.objects.select_for_update().get(pk=party.pk)
    if held.activated_at is not None or held.ended_at is not None:
        return
    lacks = queries.stands(policy, held, now).lacks
    if lacks:
        raise NotFitError(lacks)
    listed, is_processor = policy.processor_list, held.entry.startswith(PROCESSOR)
    begins = now
    if listed and is_processor and listed.change_notice:
        period = parse_period(listed.change_notice)
        begins = end_of(now, period, queries.zone_of(policy), policy.policy.calendar)
    held.activated_at, held.active_from = now, begins
    if listed and listed.publish and is_processor and not listed.update_within:
        held.published_at = now
    held.save(update_fields=["activated_at", "active_from", "published_at"])
    party.refresh_from_db()
    audit.record("disclosures.party.activated", target=held, by=by, at=now)
    if held.published_at is not None:
        _announce(held, by=by, now=now)


def _announce(party: Party, *, by: str, now: datetime) -> None:
    begins = party.active_from or now
    first = queries.today(in_force(now).policy, begins)
    for listener in _listeners:
        listener(party, first, by, now)


@transaction.atomic
def publish(party: Party, *, by: str, now: datetime) -> None:
    """Put a processor on the public list; twice changes nothing (ekool-1.7-list)."""
    held = Party.objects.select_for_update().get(pk=party.pk)
    if held.published_at is not None or held.activated_at is None or held.ended_at is not None:
        return
    held.published_at = now
    held.save(update_fields=["published_at"])
    party.refresh_from_db()
    audit.record("disclosures.party.published", target=held, by=by, at=now)
    _announce(held, by=by, now=now)


@transaction.atomic
def end(party: Party, *, by: str, now: datetime) -> None:
    """End it with somebody: from now on nothing passes, and they are to confirm what they erased.

    Source: ilearn-16.
    """
    held = Party.objects.select_for_update().get(pk=party.pk)
    if held.ended_at is not None:
        return
    held.ended_at = now
    held.save(update_fields=["ended_at"])
    party.refresh_from_db()
    audit.record("disclosures.party.ended", target=held, by=by, at=now)
    if held.activated_at is not None:
        tellings.ask(held, Telling.What.END, case=held.pk, reference="", by=by, now=now)


@transaction.atomic
def stop(person_id: UUID, *, by: str, now: datetime) -> None:
    """Pass on nothing more about somebody, except where a law or a claim demands it (ekool-7.4)."""
    made, is_new = Stop.objects.get_or_create(
        person_id=person_id, ended_at=None, defaults={"since_at": now}
    )
    if is_new:
        audit.record("disclosures.person.stopped", target=made, subject=person_id, by=by, at=now)
