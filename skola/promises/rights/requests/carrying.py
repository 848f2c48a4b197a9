"""Doing what was asked: a copy, an erasure, a restriction; each with the answer in one act."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.files import api as files
from skola.ground.people.api import Account, Person
from skola.promises.consents.api import Question, withdraw
from skola.promises.disclosures.api import Telling, tell_receivers
from skola.promises.gate.api import Restriction, restrict
from skola.promises.rights.access.actions import ask_for_export, record_download
from skola.promises.rights.erasing.actions import erase_person
from skola.promises.rights.erasing.shown import Shown, shown
from skola.promises.rights.mailing import links
from skola.promises.rights.mailing.knowing import people_under
from skola.promises.rights.models import Erasure, Export, RightsRequest
from skola.promises.rights.requests import terms
from skola.promises.rights.requests.actions import Decision, RefusedError, decide, locked
from skola.promises.rights.requests.rules import Ground, Step

Kind, Outcome, Reply = RightsRequest.Kind, RightsRequest.Outcome, RightsRequest.Reply
COPIES = (Kind.ACCESS, Kind.PORTABILITY)


def is_mailed(asked: RightsRequest) -> bool:
    """Whether a copy can be fetched by a link: the address was confirmed by one, and answers go
    there."""
    return (
        asked.proof == RightsRequest.Shown.CODE
        and asked.confirmed_at is not None
        and asked.reply_by == Reply.EMAIL
    )


def copies_at(request: Any, asked: RightsRequest) -> str:
    """Return where a copy is fetched, with the host of this request.

    A guardian fetches a child's on the page of the request, and nowhere else.
    """
    for_child = asked.guardian_id is not None
    where = reverse("requests:one", args=[asked.pk]) if for_child else reverse("access:copies")
    address: str = request.build_absolute_uri(where)
    return address


def has_account(asked: RightsRequest) -> bool:
    """Whether the person, or the guardian who asks for them, can fetch a copy in an account."""
    return Account.objects.filter(person_id=asked.guardian_id or asked.person_id).exists()


@transaction.atomic
def give_copy(
    asked: RightsRequest,
    decision: Decision,
    *,
    link: str,
    decider: Person | None,
    by: str,
    now: datetime,
) -> None:
    """Have the copy made that is fetched in the account, and answer (GDPR Art. 15 and 20).

    The answer names the ``link`` to it, which opens for the person only, once they have signed in;
    so it may go to whatever address they named (ema-9.1.2-deadline).
    """
    with translation.override(asked.language):
        where = _("You fetch it here, once you have signed in: %(link)s") % {"link": link}
    decision = replace(decision, reasons=f"{decision.reasons}\n{where}")
    ask_for_export(asked.person_id, kind=asked.kind, language=asked.language, by=by, now=now)
    decide(asked, decision, decider=decider, by=by, now=now)


@transaction.atomic
def give_mailed_copy(
    asked: RightsRequest, decision: Decision, *, decider: Person | None, by: str, now: datetime
) -> None:
    """Have the copies made of whoever is known under an address that a link confirmed, and answer.

    The answer goes to that address, with the link that fetches them: no account is needed. Source:
    ema-intro.b.
    """
    people = dict.fromkeys([asked.person_id, *people_under(asked.email)])
    for person in people:
        ask_for_export(person, kind=asked.kind, language=asked.language, by=by, now=now)
    with translation.override(asked.language):
        where = _("You fetch it here, for a week: %(link)s") % {
            "link": links.copies(asked, now=now)
        }
    decision = replace(decision, reasons=f"{decision.reasons}\n{where}")
    decide(asked, decision, decider=decider, by=by, now=now)


@transaction.atomic
def make_copy(
    asked: RightsRequest, decision: Decision, *, decider: Person | None, by: str, now: datetime
) -> None:
    """Have the copy made of somebody without an account, and answer; staff hand it over or post it.

    Source: GDPR Art. 15(3); ilearn-4.c.
    """
    ask_for_export(asked.person_id, kind=asked.kind, language=asked.language, by=by, now=now)
    decide(asked, decision, decider=decider, by=by, now=now)


def copies_to_hand_over(asked: RightsRequest, *, now: datetime) -> list[Export]:
    """Return the copies that were made for a request of somebody who fetches none themselves."""
    waits = asked.kind not in COPIES or asked.decided_at is None
    return [] if waits or has_account(asked) else _copies(asked, now)


def copies_for_guardian(asked: RightsRequest, *, now: datetime) -> list[Export]:
    """Return the copies of a child's data that were made for the guardian who asked."""
    return _copies(asked, now) if asked.guardian_id is not None else []


def send_copy(request: Any, export: Export) -> HttpResponseBase:
    """Send a copy to who may have it, and record that it was fetched."""
    assert export.file is not None
    answer = files.serve(request, export.file)
    answer["Content-Type"] = "application/zip"
    answer["Cache-Control"] = "private, no-store"
    record_download(export, by=audit.by(request), now=clock.now())
    return answer


def _copies(asked: RightsRequest, now: datetime) -> list[Export]:
    if asked.kind not in COPIES or asked.decided_at is None:
        return []
    found = Export.objects.filter(
        person_id=asked.person_id, asked_at__gte=asked.decided_at, expires_at__gt=now
    )
    return list(found.select_related("file").order_by("pk"))


def give_own_copy(asked: RightsRequest, *, link: str, by: str, now: datetime) -> bool:
    """Answer a request for a copy at once, where it came by the account and is read there.

    Return whether it was. Nobody has to decide: who asks is proven, and it is theirs.
    """
    mine = asked.kind in COPIES and asked.reply_by == Reply.ACCOUNT
    if not mine or asked.step != Step.DECIDE:
        return False
    with translation.override(asked.language):
        reasons = _("Your copy is being made.")
    give_copy(asked, Decision(Outcome.GRANTED, reasons), link=link, decider=None, by=by, now=now)
    return True


@transaction.atomic
def freeze(
    asked: RightsRequest,
    decision: Decision,
    *,
    ground: str,
    decider: Person,
    by: str,
    now: datetime,
) -> Restriction:
    """Restrict the person's data, and answer (GDPR Art. 18)."""
    made = restrict(
        asked.person_id,
        reason=asked.label,
        ground=ground,
        asked_by=Restriction.Asked.PERSON,
        asked_on=terms.local(asked.received_at, now),
        by=by,
        now=now,
    )
    tell_receivers(asked.person_id, Telling.What.RESTRICTION, case=made.pk, by=by, now=now)
    decide(asked, decision, decider=decider, by=by, now=now)
    return made


@transaction.atomic
def freeze_meanwhile(asked: RightsRequest, ground: str, *, by: str, now: datetime) -> Restriction:
    """Restrict the person's data while their request is looked into; it is lifted as any other.

    Raises RefusedError before it is known who asks, and once it is decided. Source: ekool-8.2;
    GDPR Art. 18(1).
    """
    held = locked(asked, Step.DECIDE)
    if not held.proof:
        raise RefusedError(_("First it has to be known who asks. Enter how they showed it."))
    return restrict(
        held.person_id,
        reason=held.label,
        ground=ground,
        asked_by=Restriction.Asked.PERSON,
        asked_on=terms.local(held.received_at, now),
        by=by,
        now=now,
    )


@transaction.atomic
def end_consents(
    asked: RightsRequest,
    decision: Decision,
    *,
    ends: Iterable[Question],
    decider: Person,
    by: str,
    now: datetime,
) -> None:
    """End the consents that somebody took back, by the channel they used, and answer.

    Each is ended with the request as its proof. Source: GDPR Art. 7(3); ilearn-26.a.
    """
    person = Person.objects.get(pk=asked.person_id)
    for one in ends:
        withdraw(
            person,
            one.asking.purpose,
            scope=one.scope,
            channel=asked.channel,
            proof=asked.label,
            by=by,
            now=now,
        )
    decide(asked, decision, decider=decider, by=by, now=now)


def erase(asked: RightsRequest, *, decider: Person, by: str, now: datetime) -> Erasure:
    """Erase the person, and answer with what went and what stays, why and until when.

    The request stays until the answer has left, and then goes, too. Raises what ``erase_person``
    raises. Source: GDPR Art. 17; kic-rights-erase, ilearn-23.c.
    """
    _keep_address(asked)
    receipt = erase_person(asked.person_id, reason=Erasure.Reason.ASKED, by=by, now=now)
    with translation.override(asked.language):
        told = shown(receipt, now=now)
        reasons = "\n".join(_lines(told))
    outcome = Outcome.PARTLY if told.kept else Outcome.GRANTED
    ground, duty = _why(receipt) if told.kept else ("", "")
    decision = Decision(outcome, reasons, ground, duty)
    decide(asked, decision, decider=decider, by=by, now=now)
    return receipt


def _keep_address(asked: RightsRequest) -> None:
    """An account goes with the erasure: the answer then goes to its address."""
    account = Account.objects.filter(person_id=asked.person_id).first()
    if account is not None and asked.reply_by == Reply.ACCOUNT:
        asked.reply_by, asked.email = Reply.EMAIL, account.email
        asked.save(update_fields=["reply_by", "email"])


def _why(receipt: Erasure) -> tuple[str, str]:
    """The ground of what stays: the first law that keeps it, else a claim, else a contract."""
    reasons = [reason for line in receipt.kept for reason in line["reasons"]]
    for reason in reasons:
        if reason["law"]:
            return Ground.DUTY, reason["id"]
    return (Ground.CLAIM if any(r["id"] == "hold" for r in reasons) else Ground.CONTRACT), ""


def _lines(told: Shown) -> Iterator[str]:
    if told.erased:
        yield _("Erased:")
        yield from (f"– {name}: {count}" for name, count in told.erased)
    if told.unlinked:
        yield _("Kept without anything that leads to you:")
        yield from (f"– {name}: {count}" for name, count in told.unlinked)
    if told.kept:
        yield _("Kept, because we must, and gone by itself on the day named:")
        yield from (
            f"– {one.name}: {one.count} ({'; '.join(one.reasons)}; {one.until})"
            for one in told.kept
        )
