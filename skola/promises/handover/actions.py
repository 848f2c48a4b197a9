"""What the officer of a service that is sold does, and what people say to it."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from msgspec.structs import replace

from skola.ground.audit import api as audit
from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.jobs import api as jobs
from skola.ground.people.api import Account, Person, language_of, post
from skola.ground.tenants.api import site
from skola.ground.ui import formats
from skola.promises.disclosures.api import end, taker_of
from skola.promises.handover import links, queries
from skola.promises.handover.amending import Edition, NewController, amended
from skola.promises.handover.models import Handover
from skola.promises.handover.rules import Stage, begins
from skola.promises.notices.api import note_told
from skola.promises.policy.api import (
    Policy,
    PolicyError,
    Severity,
    earliest_effect,
    in_force,
    lint,
    parse,
    policy_hash,
    versions,
)
from skola.promises.policy.catalogue import sealed_path
from skola.promises.policy.schema import Classification
from skola.promises.policy.source import read
from skola.promises.rights.api import (
    HANDOVER,
    allow_again,
    stop_handover,
    stopping,
)

CLAUSES = "learnifier-15, ema-7.3.2"
TELL = "handover.tell"
TELL_CANCELLED = "handover.tell_cancelled"
BATCH = 200
CANCELLED = "handover.person.told_cancelled"


class RefusedError(Exception):
    """It cannot be done at this step; the message says why and what now. Nothing changed."""


class TooEarlyError(RefusedError):
    """The day lies before the first one on which the service may go over."""

    def __init__(self, first: date) -> None:
        super().__init__(
            _("The service may go over from %(day)s on: until then people may object.")
            % {"day": formats.day(first)}
        )
        self.first = first


@dataclass(frozen=True)
class Event:
    """The legal event, as the officer records it."""

    kind: str
    agreed_on: date
    document: str
    to: NewController
    goes_on: date


@transaction.atomic
def announce(told: Event, *, by: str, now: datetime) -> Handover:
    """Record that the service goes over, and have everybody told from now on.

    The policy of the new controller is written and checked at once. Raises TooEarlyError,
    RefusedError where one stands already, PolicyError. Source: learnifier-15, ema-7.3.2.
    """
    if queries.rule(now) is None:
        raise RefusedError(_("The policy does not speak of selling the business."))
    if queries.current() is not None:
        raise RefusedError(_("A hand-over is recorded already. Cancel it first."))
    text, policy = written(told, now=now)
    first = first_day(policy, now)
    if told.goes_on < first:
        raise TooEarlyError(first)
    demand_publishable(text)
    to = told.to
    try:
        with transaction.atomic():
            made = Handover.objects.create(
                kind=told.kind,
                agreed_on=told.agreed_on,
                document=told.document,
                name=to.name,
                reg_no=to.reg_no,
                address=to.address,
                email=to.email,
                country=to.country,
                by=by,
                announced_at=now,
                goes_at=begins(told.goes_on, queries.zone_of(now)),
                version=policy.policy.version,
                policy=text,
            )
    except IntegrityError:
        raise RefusedError(_("A hand-over is recorded already. Cancel it first.")) from None
    _record("handover.event.announced", made, by, now)
    jobs.enqueue(TELL, key="now")
    transaction.on_commit(queries.forget_remembered)
    queries.forget_remembered()
    return made


def first_possible(now: datetime) -> date:
    """Return the first day on which the service could go over, if people were told now."""
    return first_day(in_force(now).policy, now)


def first_day(policy: Policy, now: datetime) -> date:
    """Return the first day for a version: what the policy in force promises, and its own notice."""
    head = replace(policy.policy, classification=Classification.MATERIAL)
    material = replace(policy, policy=head)
    binding = in_force(now).version.written
    notice = max(
        earliest_effect(replace(material, change=one), now)
        for one in (binding.change, material.change)
    )
    return queries.earliest(now, notice)


def written(told: Event, *, now: datetime) -> tuple[str, Policy]:
    """Return the policy from the hand-over on, as text and read. Raises PolicyError."""
    found = in_force(now)
    head = found.version.written.policy
    known, _problems = versions(Path(settings.POLICIES), head.tenant)
    taken = {one.name for one in known}
    names = (
        f"{told.goes_on}" if number == 1 else f"{told.goes_on}-{number}" for number in count(1)
    )
    edition = Edition(
        version=next(name for name in names if name not in taken),
        replaces=head.version,
        published=now,
        effective=begins(told.goes_on, queries.zone_of(now)),
        reason=_reasons(told, head.languages),
    )
    text = amended(_text_in_force(now), edition, told.to)
    return text, _read(text)


def _text_in_force(now: datetime) -> str:
    """The text of the version in force: its file, or the sealed copy where that is gone."""
    version = in_force(now).version
    head = version.written.policy
    sealed = sealed_path(Path(settings.POLICIES), head.tenant, version.name, version.hash)
    return (sealed if sealed.exists() else version.file).read_text(encoding="utf-8")


def _read(text: str) -> Policy:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "policy.toml"
        file.write_text(text, encoding="utf-8")
        return parse(read(file))


def demand_publishable(text: str) -> None:
    """Raise PolicyError where the checks of every policy refuse this one."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "policy.toml"
        file.write_text(text, encoding="utf-8")
        source = read(file)
        found = lint(
            parse(source),
            source=source,
            law=Path(settings.LAW),
            clauses=Path(settings.CLAUSES),
        )
    problems = [one for one in found if one.severity is Severity.ERROR]
    if problems:
        raise PolicyError(problems)


def _reasons(told: Event, languages: list[str]) -> Mapping[str, str]:
    said = {}
    for language in languages:
        with translation.override(language):
            said[language] = _("The service goes over to a new controller: %(name)s.") % {
                "name": told.to.name
            }
    return said


@transaction.atomic
def cancel(told: Handover, because: str, *, by: str, now: datetime) -> None:
    """The service does not go over after all: people who were told are told that, too.

    Objections end with what they were about. Raises RefusedError once it was packed.
    """
    held = Handover.objects.select_for_update().get(pk=told.pk)
    if held.cancelled_at is not None:
        return
    if held.closed_at is not None:
        raise RefusedError(_("The service is closed for it. Open it again first."))
    held.cancelled_at, held.cancelled_because = now, because
    held.save(update_fields=["cancelled_at", "cancelled_because"])
    with reading_for(ENGINE):
        for person in queries.who_objected():
            if (objection := stopping(person, HANDOVER)) is not None:
                allow_again(objection, by=by, now=now)
    if (party := taker_of(held.name)) is not None:  # an archive was made: they erase it
        end(party, by=by, now=now)
    _record("handover.event.cancelled", held, by, now)
    jobs.enqueue(TELL_CANCELLED, key=str(held.pk), handover=held.pk)
    transaction.on_commit(queries.forget_remembered)
    queries.forget_remembered()


@transaction.atomic
def object_to(person_id: UUID, *, by: str, now: datetime) -> None:
    """Somebody does not want to go over: nothing of theirs will. Twice changes nothing.

    Raises RefusedError where nothing is announced, or the time has passed.
    """
    _demand_open(now)
    stop_handover(person_id, by=by, now=now)


@transaction.atomic
def take_back(person_id: UUID, *, by: str, now: datetime) -> None:
    """Somebody wants to go over after all; nothing changes where they did not object."""
    _demand_open(now)
    objection = stopping(person_id, HANDOVER)
    if objection is not None:
        allow_again(objection, by=by, now=now)


def _demand_open(now: datetime) -> None:
    told = queries.current()
    if told is None:
        raise RefusedError(_("No hand-over is announced, so there is nothing to object to."))
    if queries.stage_of(told, now) is not Stage.ANNOUNCED:
        raise RefusedError(
            _("The time to object ended when %(day)s began. Write to %(email)s.")
            % {"day": formats.day(queries.goes_on(told, now)), "email": told.email}
        )


@reading_for(ENGINE)
def tell_everybody(*, now: datetime) -> int:
    """Write to everybody who was not written to yet, and return to how many.

    Each has an entry in the audit, so nobody is told twice, whenever this runs; who comes later is
    told later. Source: learnifier-15, ema-7.3.2.
    """
    told = queries.current()
    if told is None or queries.stage_of(told, now) is not Stage.ANNOUNCED:
        return 0
    entries = audit.Entry.objects.filter(kind=queries.TOLD, detail__handover=str(told.pk))
    known = set(entries.values_list("subject", flat=True))
    written_to, digest = 0, policy_hash(_read(told.policy))
    addresses = dict(Account.objects.values_list("person_id", "email"))
    for person in queries.addressed().order_by("pk").iterator(chunk_size=BATCH):
        if audit.pseudonym_of(person.pk) not in known:
            _tell(person, addresses.get(person.pk, person.email), told, digest, now)
            written_to += 1
    return written_to


@transaction.atomic
def _tell(person: Person, address: str, told: Handover, digest: str, now: datetime) -> None:
    policy = in_force(now).policy
    service = policy.service.name
    with translation.override(language_of(person)):
        subject = _("%(service)s goes over to %(name)s on %(day)s") % {
            "service": service,
            "name": told.name,
            "day": formats.day(queries.goes_on(told, now)),
        }
        text = "\n\n".join(sentences(told, person, now))
    post(
        person_id=person.pk,
        address=address,
        sender=f"{service} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{text}\n\n{policy.controller.name}, {policy.controller.address}\n",
        now=now,
        about=queries.about(told),
    )
    audit.record(
        queries.TOLD,
        by="system",
        at=now,
        subject=person.pk,
        clause=CLAUSES,
        detail={"handover": str(told.pk)},
    )
    # the version of the new controller is told with it: nobody hears of it once more
    note_told(person.pk, told.version, digest, clause=CLAUSES, now=now)


def sentences(told: Handover, person: Person, now: datetime) -> list[str]:
    """Return what the mail says, in the active language."""
    policy = in_force(now).policy
    day = formats.day(queries.goes_on(told, now))
    kind = {
        Handover.Kind.SALE: _("The business that runs %(service)s is sold."),
        Handover.Kind.MERGER: _("The business that runs %(service)s merges with another one."),
    }[Handover.Kind(told.kind)] % {"service": policy.service.name}
    return [
        kind,
        _(
            "From %(day)s on %(name)s (%(code)s), %(address)s, %(email)s, decides about your data"
            " in the place of %(old)s. The service, your account and your data go over to them,"
            " and the rules of the privacy policy stay as they are."
        )
        % {
            "day": day,
            "name": told.name,
            "code": told.reg_no,
            "address": told.address,
            "email": told.email,
            "old": policy.controller.name,
        },
        _(
            "You may object until the day before. Then your data do not go over: they are erased"
            " here, but for what a law obliges us to keep, and your account ends. You need not say"
            " why. Object here: %(link)s"
        )
        % {"link": links.address_for(person)},
        _("Everything about it: %(link)s") % {"link": site() + reverse("handover:notice")},
    ]


@reading_for(ENGINE)
def tell_cancelled(handover_id: UUID, *, now: datetime) -> int:
    """Write to everybody who was told that it does not happen; return to how many. Once each."""
    told = Handover.objects.filter(pk=handover_id).exclude(cancelled_at=None).first()
    if told is None:
        return 0
    entries = audit.Entry.objects.filter(detail__handover=str(told.pk)).exclude(subject="")
    heard = set(entries.filter(kind=queries.TOLD).values_list("subject", flat=True))
    known = set(entries.filter(kind=CANCELLED).values_list("subject", flat=True))
    addresses = dict(Account.objects.values_list("person_id", "email"))
    written_to = 0
    for person in queries.addressed().order_by("pk").iterator(chunk_size=BATCH):
        if audit.pseudonym_of(person.pk) in heard - known:
            _tell_cancelled(person, addresses.get(person.pk, person.email), told, now)
            written_to += 1
    return written_to


@transaction.atomic
def _tell_cancelled(person: Person, address: str, told: Handover, now: datetime) -> None:
    policy = in_force(now).policy
    service, controller = policy.service.name, policy.controller
    with translation.override(language_of(person)):
        subject = _("%(service)s does not go over to %(name)s") % {
            "service": service,
            "name": told.name,
        }
        text = _(
            "We wrote to you that %(service)s goes over to %(name)s. That does not happen:"
            " %(controller)s goes on deciding about your data, and nothing changes for you."
        ) % {"service": service, "name": told.name, "controller": controller.name}
    post(
        person_id=person.pk,
        address=address,
        sender=f"{service} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{text}\n\n{controller.name}, {controller.address}\n",
        now=now,
    )
    audit.record(
        CANCELLED,
        by="system",
        at=now,
        subject=person.pk,
        clause=CLAUSES,
        detail={"handover": str(told.pk)},
    )


def _record(kind: str, told: Handover, by: str, now: datetime) -> None:
    audit.record(
        kind,
        target=told,
        by=by,
        at=now,
        clause=CLAUSES,
        detail={
            "event": told.kind,
            "agreed_on": told.agreed_on.isoformat(),
            "document": told.document,
            "goes_on": told.goes_at.isoformat(),
            "version": told.version,
        },
    )
