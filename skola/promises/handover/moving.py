"""The day itself: the service is closed, packed, confirmed by the new controller, and erased."""

import os
from datetime import datetime
from pathlib import Path

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.journal import api as journal
from skola.ground.tenants.api import come_back, current_id, depart
from skola.promises.disclosures import api as disclosures
from skola.promises.disclosures.api import Party, Why, admit, pass_whole
from skola.promises.handover import queries
from skola.promises.handover.actions import CLAUSES, RefusedError
from skola.promises.handover.models import Handover
from skola.promises.handover.packing import pack
from skola.promises.handover.rules import Receipt, Stage, digest_of_counts, totals
from skola.promises.handover.sealing import DamagedError, Taker, said_by
from skola.promises.retention.api import granted_at
from skola.promises.rights.api import erase_person

OBJECTED = "objected"


def demand(now: datetime, *allowed: Stage) -> Handover:
    """Return the hand-over that stands. Raises RefusedError where it is at another step."""
    told = queries.current()
    if told is None:
        raise RefusedError(
            "No hand-over is recorded: the officer does that on /office/promises/handover/."
        )
    found = queries.stage_of(told, now)
    if found not in allowed:
        raise RefusedError(f"It is {found}. Next: {next_step(found, told)}.")
    return told


def next_step(found: Stage, told: Handover) -> str:
    """Return what comes next, for who works on a terminal."""
    return {
        Stage.ANNOUNCED: f"people may object until {told.goes_at:%Y-%m-%d %H:%M %Z}",
        Stage.READY: "`skola handover export`: the day has come",
        Stage.CLOSED: "`skola handover export`: nothing is packed yet",
        Stage.PACKED: "`skola handover erase --receipt FILE`, or `skola handover reopen`",
        Stage.CONFIRMED: "`skola handover erase`: the new controller has it",
        Stage.DONE: "nothing: the copy was erased here",
    }[found]


@transaction.atomic
def close(told: Handover, *, by: str, now: datetime) -> bool:
    """Close the service: from now on nobody changes anything here; whether it was open until now.

    Nothing changes where it is closed. Raises RefusedError where academies of clients are open, or
    the new controller may not receive; then it stays open.
    """
    if left := queries.open_academies():
        raise RefusedError(
            f"Academies of clients are open here: {', '.join(left)}. They are controllers of their"
            " own. The administrator of each ends it under Academy → Data and end; it closes by"
            " itself when the term of its agreement is over. Then export again."
        )
    _admitted(told, by=by, now=now)
    was_open = depart(now=now)
    if told.closed_at is None:
        told.closed_at = now
        told.stayed = max(told.stayed, len(queries.who_objected()))
        told.save(update_fields=["closed_at", "stayed"])
        _record("handover.service.closed", told, by, now, {})
    return was_open


@transaction.atomic
def reopen(told: Handover, *, by: str, now: datetime) -> None:
    """Open the service here again, for the new controller could not take it in.

    What was erased of people who objected stays erased.
    """
    come_back()
    told.closed_at = told.packed_at = None
    told.archive, told.counts, told.taker = "", {}, {}
    told.save()
    _record("handover.service.reopened", told, by, now, {})
    queries.forget_remembered()


def pack_for(told: Handover, taker: Taker, file: Path, *, by: str, now: datetime) -> dict[str, int]:
    """Erase who objected, write the archive, and return what is in it, by table.

    Everybody in it has a line in the ledger of what was passed on. The file is there whole or not
    at all. Raises FileExistsError, KeyLostError, RefusedError where the register refuses.
    """
    if file.exists():
        raise FileExistsError(f"There is a file {file} already: name another one.")
    party = _admitted(told, by=by, now=now)
    for person in sorted(queries.who_objected()):
        if granted_at(person) is None:
            erase_person(person, reason=OBJECTED, by=by, now=now)
    fresh = file.with_name(f"{file.name}.part")
    audit.sequence(now=now)
    try:
        with fresh.open("wb") as into:
            os.chmod(fresh, 0o600)
            digest, counts = pack(told, queries.who_objected(), taker, into, now=now)
            into.flush()
            os.fsync(into.fileno())
        _note_packed(told, party, taker, digest, counts, by=by, now=now)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
    return counts


def _admitted(told: Handover, *, by: str, now: datetime) -> Party:
    """The new controller, as a recipient in the register."""
    about = {"country": told.country, "number": told.reg_no, "email": told.email}
    try:
        return admit(told.name, **about, by=by, now=now)
    except disclosures.NotFitError as problem:
        raise RefusedError(disclosures.refusal(Why.NOT_ACTIVE, problem.lacks)) from problem
    except disclosures.RefusedError as problem:
        raise RefusedError(disclosures.refusal(problem.why, problem.lacks)) from problem


@transaction.atomic
def _note_packed(
    told: Handover,
    party: Party,
    taker: Taker,
    digest: str,
    counts: dict[str, int],
    *,
    by: str,
    now: datetime,
) -> None:
    told.taker = {"seals": taker.seals, "signs": taker.signs}
    told.archive, told.counts, told.packed_at = digest, counts, now
    told.save(update_fields=["taker", "archive", "counts", "packed_at"])
    pass_whole(
        party,
        without=queries.who_objected(),
        reference=told.document,
        digest=digest,
        once=told.pk,
        by=by,
        now=now,
    )
    rows, objects = totals(counts)
    detail = {"archive": digest, "rows": rows, "files": objects, "stayed": told.stayed}
    _record("handover.archive.packed", told, by, now, detail)


@transaction.atomic
def confirm(told: Handover, note: str, *, by: str, now: datetime) -> Receipt:
    """Take the receipt of the new controller, and return what it says.

    Raises DamagedError where it is not signed by the installation the archive was packed for, or is
    of another archive or other numbers; then nothing changes.
    """
    text = said_by(note, told.taker["signs"])
    try:
        receipt = Receipt.read(text)
    except ValueError as problem:
        raise DamagedError(str(problem)) from problem
    if receipt.archive != told.archive:
        raise DamagedError(
            f"The receipt is of the archive {receipt.archive[:16]}…, the last one packed here is"
            f" {told.archive[:16]}…."
        )
    numbers = (*totals(told.counts), digest_of_counts(told.counts), str(current_id()))
    if (receipt.rows, receipt.files, receipt.counts, receipt.tenant) != numbers:
        raise DamagedError("The numbers of the receipt are not those of the archive.")
    told.receipt, told.confirmed_at = note, now
    told.save(update_fields=["receipt", "confirmed_at"])
    detail = {"archive": told.archive, "rows": receipt.rows, "files": receipt.files}
    _record("handover.receipt.taken", told, by, now, detail)
    return receipt


def _record(kind: str, told: Handover, by: str, now: datetime, detail: dict[str, object]) -> None:
    said = {"event": told.kind, "agreed_on": told.agreed_on.isoformat(), "document": told.document}
    audit.record(kind, target=told, by=by, at=now, clause=CLAUSES, detail={**said, **detail})


@journal.replays("handover.erased")
def erased_again(subject: object, at: datetime, detail: dict[str, str]) -> None:
    """After a restore of an older backup: the service is closed, and waits to be erased again.

    Only the owner of the tables may erase them: `skola handover erase TENANT`. May run twice.
    """
    depart(now=at)
    known = Handover.objects.filter(pk=detail["handover"]).first()
    told = known or Handover(
        pk=detail["handover"],
        kind=Handover.Kind.SALE,
        agreed_on=at.date(),
        announced_at=at,
        goes_at=at,
    )
    if told.erased_at is None:
        told.closed_at = told.closed_at or at
        told.packed_at = told.packed_at or at
        told.confirmed_at = told.confirmed_at or at
        told.archive = detail["receipt"]
        told.cancelled_at = None
        Handover.objects.standing().exclude(pk=told.pk).delete()
        told.save()
