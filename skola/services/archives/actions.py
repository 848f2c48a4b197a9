"""Packing a year, handing it over, noting the receipt, restoring, and deleting at the end."""

import io
from datetime import datetime
from uuid import UUID, uuid5

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.files import api as files
from skola.ground.jobs import api as jobs
from skola.promises.disclosures.api import Ground, Party, Passing, pass_on
from skola.services.archives import packing, queries
from skola.services.archives.models import Held, Package
from skola.services.archives.rules import DamagedError, digest, same_checksum
from skola.services.school import api as school

CLAUSE = "ekool-5.2.3"
SYSTEM = "system"


class NotOverError(Exception):
    """The school year still runs, or nobody of it is kept any more."""


class NotThisError(Exception):
    """What came is not the package as it was made."""


class DeletedError(Exception):
    """The package was deleted at the end of its term."""


@transaction.atomic
def pack(year: school.Year, *, by: str, now: datetime) -> Package:
    """Make the package of a year that is over; one that was made before is replaced.

    The copy of an earlier one that the archive service has cannot be read from then on. Raises
    NotOverError.
    """
    if year.ended_at > now:
        raise NotOverError(_("The school year still runs. It is packed when it is over."))
    pupils = list(school.Pupil.objects.filter(school_class__year=year))
    if not pupils:
        raise NotOverError(_("Nothing is kept of this school year any more."))
    content, records = packing.packed(year, now=now)
    name = f"{year.starts_on}-{year.ends_on}.zip"
    upload = UploadedFile(io.BytesIO(content), name, "application/zip", len(content))
    stored = files.store(upload, kind=packing.KIND, person_id=None, by=by, now=now)
    with files.sealed_object(stored.stored_as) as sealed:
        checksum = digest(sealed.read())
    made, _new = Package.objects.update_or_create(
        year=year,
        defaults={
            "file": stored,
            "digest": checksum,
            "pupils": len(pupils),
            "records": records,
            "made_at": now,
            "party": None,
            "given_at": None,
            "receipt": "",
            "receipt_at": None,
            "deleted_at": None,
        },
    )
    Held.objects.filter(package=made).delete()
    Held.objects.bulk_create(Held(package=made, pupil=one) for one in pupils)
    jobs.enqueue("files.erase_objects", key="all")
    audit.record(
        "archives.package.made",
        target=made,
        clause=CLAUSE,
        by=by,
        at=now,
        detail={"sha256": checksum, "pupils": len(pupils), "records": records},
    )
    return made


@transaction.atomic
def give(package: Package, party: Party, *, by: str, now: datetime) -> bytes:
    """Hand the sealed package to an archive service and return it.

    Each pupil's ledger has the entry. Raises DeletedError, and RefusedError of the gate.
    """
    held = _whole(package)
    assert held.file is not None
    with files.sealed_object(held.file.stored_as) as sealed:
        content = sealed.read()
    passing = Passing(
        party,
        Ground.CONTRACT,
        reference=f"SHA-256 {held.digest}",
        scope=packing.fields(),
        digest=held.digest,
        once=uuid5(party.pk, held.digest),
    )
    pass_on(passing, queries.people_in(held), by=by, now=now)
    if held.party_id != party.pk:
        held.party, held.given_at, held.receipt, held.receipt_at = party, now, "", None
        held.save(update_fields=["party", "given_at", "receipt", "receipt_at"])
    audit.record(
        "archives.package.given",
        target=held,
        clause=CLAUSE,
        by=by,
        at=now,
        detail={"sha256": held.digest, "party": str(party.pk)},
    )
    return content


def _whole(package: Package) -> Package:
    """Return the package to act on. Raises DeletedError."""
    held = Package.objects.select_for_update(of=("self",)).select_related("file").get(pk=package.pk)
    if held.file is None:
        raise DeletedError(_("The package was deleted at the end of its term."))
    return held


@transaction.atomic
def note_receipt(package: Package, *, receipt: str, checksum: str, by: str, now: datetime) -> None:
    """Enter that the archive service has the package, by the checksum that it tells.

    Raises NotThisError where it has something else, and DeletedError.
    """
    held = _whole(package)
    if held.given_at is None:
        raise NotThisError(_("This package was not handed over yet."))
    if not same_checksum(checksum, held.digest):
        raise NotThisError(
            _("The archive service has something else: its checksum is not that of the package.")
        )
    held.receipt, held.receipt_at = receipt, now
    held.save(update_fields=["receipt", "receipt_at"])
    audit.record("archives.package.received", target=held, clause=CLAUSE, by=by, at=now)


@transaction.atomic
def restore(package: Package, sealed: bytes, *, by: str, now: datetime) -> int:
    """Put back what lacks of a year, from the package as it came back; return how many records.

    Raises NotThisError for any other bytes, and DeletedError.
    """
    held = _whole(package)
    assert held.file is not None
    if digest(sealed) != held.digest:
        raise NotThisError(_("This is not the package: its checksum is another one."))
    try:
        content = files.opened(held.file, sealed)
        count = packing.restored(packing.unpacked(content), held.year)
    except (*files.UNREADABLE, DamagedError) as problem:
        raise NotThisError(_("The package cannot be read.")) from problem
    audit.record(
        "archives.package.restored",
        target=held,
        clause=CLAUSE,
        by=by,
        at=now,
        detail={"records": count},
    )
    return count


def settle(*, now: datetime) -> None:
    """Make packages anew from which a pupil went, and delete those from which the last one did."""
    for pk in Package.objects.filter(file__isnull=False).values_list("pk", flat=True):
        _settle(pk, now)


@transaction.atomic
def _settle(pk: UUID, now: datetime) -> None:
    held = Package.objects.select_for_update(of=("self",)).select_related("year").get(pk=pk)
    left = queries.pupils_in(held).count()
    if held.file_id is None or left == held.pupils:
        return
    if left:
        pack(held.year, by=SYSTEM, now=now)
        return
    held.file, held.deleted_at = None, now
    held.save(update_fields=["file", "deleted_at"])
    jobs.enqueue("files.erase_objects", key="all")
    audit.record(
        "archives.package.deleted",
        target=held,
        clause=CLAUSE,
        by=SYSTEM,
        at=now,
        detail={"sha256": held.digest},
    )
