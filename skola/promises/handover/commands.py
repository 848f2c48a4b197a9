"""``skola handover``: what a hand-over does and says on a terminal.

0 when it was done; 1 when the archive is fine and something besides is short; 2 when it was refused
and nothing changed.
"""

import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from skola.ground.audit import api as audit
from skola.ground.files.api import KeyLostError
from skola.ground.tenants.api import REMEMBER_SECONDS, Tenant, inside
from skola.promises.handover import arriving, leaving, moving, queries
from skola.promises.handover.actions import RefusedError
from skola.promises.handover.models import Arrival
from skola.promises.handover.rules import Stage, totals
from skola.promises.handover.sealing import DamagedError, Taker, own_keys
from skola.promises.policy.api import NoPolicyError, PolicyError

BY = "skola handover"
REFUSED = (
    DamagedError,
    FileExistsError,
    KeyLostError,
    NoPolicyError,
    PolicyError,
    RefusedError,
    arriving.ThereError,
    audit.LogKeyError,
    audit.NoteError,
    leaving.NotEmptyError,
)


def tried(work: Callable[[], int]) -> int:
    """Do the work and return its code; where it is refused, say why, and 2."""
    try:
        return work()
    except REFUSED as problem:
        print(f"skola handover: {problem} Nothing was changed.", file=sys.stderr)
    except OSError as problem:
        print(f"skola handover: {problem}. Nothing was changed.", file=sys.stderr)
    return 2


def key(into: Path) -> int:
    """Write the public keys of this installation, for who packs an archive for it."""

    def work() -> int:
        if into.exists():
            raise FileExistsError(f"There is a file {into} already.")
        into.write_text(own_keys().as_text())
        print(f"{into}: give it to the installation that hands over. It opens nothing by itself.")
        return 0

    return tried(work)


def status(slug: str, *, now: datetime) -> int:
    """Say how far the hand-over of a tenant is, and what comes next."""

    def work() -> int:
        with inside(_tenant(slug).pk):
            told = queries.current()
            if told is None:
                print(f"{slug}: no hand-over is recorded.")
                return 0
            found, numbers = queries.stage_of(told, now), queries.reached(told)
            print(f"{slug}: {found}, to {told.name or 'another controller'}.")
            print(f"  goes on        {told.goes_at:%Y-%m-%d %H:%M %Z}")
            print(f"  people         {numbers.people}, told {numbers.told}")
            print(f"  objected       {max(told.stayed, numbers.objected)}")
            for word, at in (
                ("closed", told.closed_at),
                ("packed", told.packed_at),
                ("confirmed", told.confirmed_at),
                ("erased", told.erased_at),
            ):
                if at is not None:
                    print(f"  {word:<14} {at:%Y-%m-%d %H:%M} UTC")
            if told.archive:
                print(f"  archive        {told.archive}")
            print(f"  next           {moving.next_step(found, told)}")
        return 0

    return tried(work)


def export(slug: str, taker: Path, to: Path, *, wait: float, now: datetime) -> int:
    """Close the service and pack it for another installation."""

    def work() -> int:
        wanted = Taker.read(_text(taker))
        with inside(_tenant(slug).pk):
            told = moving.demand(now, Stage.READY, Stage.CLOSED, Stage.PACKED)
            if to.exists():
                raise FileExistsError(f"There is a file {to} already: name another one.")
            if moving.close(told, by=BY, now=now) and wait:
                print(f"{slug}: the service is closed. Until every process knows, {wait:.0f} s …")
                time.sleep(wait)
            counts = moving.pack_for(told, wanted, to, by=BY, now=now)
            rows, objects = totals(counts)
            print(f"{to}: {rows} rows and {objects} stored files; {told.stayed} objected.")
            print(f"SHA-256 {told.archive}")
            print(f"Signed by {audit.log_signer().public}")
            print(
                "Next: give the file and this key to the new controller, each by another way; then"
                f" `skola handover erase {slug} --receipt FILE`."
            )
        return 0

    return tried(work)


WAIT = float(REMEMBER_SECONDS)


def reopen(slug: str, *, now: datetime) -> int:
    """Serve people here again: the new controller could not take it in."""

    def work() -> int:
        with inside(_tenant(slug).pk):
            told = moving.demand(now, Stage.CLOSED, Stage.PACKED)
            moving.reopen(told, by=BY, now=now)
        print(f"{slug}: the service is open here again. An archive that was given away stays good")
        print("only until something changes here: pack it anew, and have the old one destroyed.")
        return 0

    return tried(work)


def take_in(file: Path, seller: str, hosts: list[str] | None, *, now: datetime) -> int:
    """Take in an archive, and write its receipt beside it."""

    def work() -> int:
        checked = arriving.check(file, _key_of(seller))
        print(f"{file}: every file in it is what was packed.")
        arrival = arriving.take_in(checked, hosts=hosts, by=BY, now=now)
        told = checked.manifest
        print(
            f"{told['tenant']['slug']}: {told['rows']} rows and {told['objects']} stored files are"
            f" here; {told['controller']['name']} is the controller."
        )
        receipt = file.with_name(f"{file.name}.receipt")
        receipt.write_text(arrival.receipt)
        print(f"{receipt}: give it to {told['seller']}, who then erases its copy.")
        print("Next: lead the hosts here, and run `skola doctor`. Everybody signs in anew.")
        return 0

    return tried(work)


def receipt(slug: str, to: Path) -> int:
    """Write the receipt of an archive that was taken in once more."""

    def work() -> int:
        with inside(_tenant(slug).pk):
            arrival = Arrival.objects.first()
        if arrival is None:
            raise RefusedError(f"{slug} did not come from another installation.")
        if to.exists():
            raise FileExistsError(f"There is a file {to} already.")
        to.write_text(arrival.receipt)
        print(f"{to}: the receipt of {arrival.arrived_at:%Y-%m-%d %H:%M} UTC.")
        return 0

    return tried(work)


def erase(slug: str, note: Path | None, *, now: datetime) -> int:
    """Erase the seller's copy, once the new controller's receipt is there."""

    def work() -> int:
        with inside(_tenant(slug).pk):
            told = moving.demand(now, Stage.PACKED, Stage.CONFIRMED, Stage.DONE)
            found = queries.stage_of(told, now)
            if found is Stage.PACKED:
                if note is None:
                    raise RefusedError("Name the receipt of the new controller: --receipt FILE.")
                moving.confirm(told, _text(note), by=BY, now=now)
                print(f"{slug}: the receipt is of this archive, signed by the new controller.")
            leaving.erase_copy(told, by=BY, now=now)
            rows, objects = totals(told.erased)
            print(f"{slug}: {rows} rows and {objects} stored files are erased here.")
            if told.kept:
                print(f"{told.kept} rows of people who objected stay for a law's term.")
            print("Its pages tell who the new controller is; the audit tells what was done.")
            print("Backups hold the copy until they end: `skola backup --list`.")
        return 0

    return tried(work)


def _tenant(slug: str) -> Tenant:
    found = Tenant.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Tenant.objects.order_by("slug").values_list("slug", flat=True))
        raise RefusedError(f"There is no tenant {slug!r}, only {known or 'none'}.")
    return found


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise RefusedError(f"There is no file {file}.") from None
    except UnicodeDecodeError as problem:
        raise DamagedError(f"{file} is no text.") from problem


def _key_of(told: str) -> str:
    """The seller's key, as it is written, or in a file."""
    file = Path(told)
    return file.read_text().strip() if "+" not in told and file.exists() else told
