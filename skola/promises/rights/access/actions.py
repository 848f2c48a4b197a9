"""Asking for a copy, making it, fetching it, deleting it."""

import tempfile
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F

from skola.ground.audit import api as audit
from skola.ground.files import api as files
from skola.ground.jobs import api as jobs
from skola.promises.policy.api import in_force
from skola.promises.retention.api import clock_missing
from skola.promises.rights.access.archive import EXPORT_KIND, Written, write_archive
from skola.promises.rights.access.told import right_of
from skola.promises.rights.models import Export

KEPT = timedelta(days=7)
"""How long a copy can be fetched once it is ready."""
WAITS = timedelta(days=93)
"""How long a request waits to be answered, where all workers stand still: three months are the
longest time that the law leaves for it (GDPR Art. 12(3))."""
WRITE = "rights.write_export"
LARGEST = 1 << 40


class NoSuchRightError(Exception):
    """The policy in force does not give this right."""


def ask_for_export(person_id: UUID, *, kind: str, language: str, by: str, now: datetime) -> Export:
    """Ask for a copy and return it; where one is being made already, that one.

    One that failed is tried anew at once. Raises NoSuchRightError.
    """
    clauses = right_of(in_force(now), kind)
    if clauses is None:
        raise NoSuchRightError(f"The policy in force does not give the right “{kind}”.")
    with transaction.atomic():
        made = _begin(person_id, kind, language, now)
        if made is None:
            running = Export.objects.get(person_id=person_id, ready_at=None)
            _enqueue(running)
            return running
        audit.record(
            "rights.copy.asked",
            target=made,
            subject=person_id,
            clause=", ".join(clauses)[:200],
            by=by,
            at=now,
            detail={"kind": kind},
        )
        _enqueue(made)
    return made


def _begin(person_id: UUID, kind: str, language: str, now: datetime) -> Export | None:
    """Make the row; None where one of this person is not ready yet."""
    try:
        with transaction.atomic():
            return Export.objects.create(
                person_id=person_id,
                kind=kind,
                language=language,
                asked_at=now,
                expires_at=now + WAITS,
            )
    except IntegrityError:
        if Export.objects.filter(person_id=person_id, ready_at=None).exists():
            return None
        raise


def _enqueue(export: Export) -> None:
    jobs.enqueue(WRITE, key=str(export.pk), export=export.pk)


def write_export(export_id: UUID, *, now: datetime) -> None:
    """Make the copy, unless it is made already or not wanted any more.

    May run twice, and after a worker that died half-way: nothing counts before the end. When it
    fails, that is written down, and the queue tries again.
    """
    export = Export.objects.filter(pk=export_id, ready_at=None, expires_at__gt=now).first()
    if export is None:
        return
    try:
        clock_missing(now=now)
        _write(export, now)
    except Exception:
        Export.objects.filter(pk=export_id, ready_at=None).update(failed_at=now)
        raise


def _write(export: Export, now: datetime) -> None:
    with tempfile.TemporaryFile() as whole:
        written = write_archive(
            export.person_id,
            whole,
            language=export.language,
            now=now,
            portability=export.kind == Export.Kind.PORTABILITY,
        )
        size = whole.tell()
        whole.seek(0)
        name = f"{export.kind}-{now:%Y-%m-%d}.zip"
        upload = UploadedFile(whole, name, "application/zip", size)
        with transaction.atomic():
            _keep(export, upload, written, now)


def _keep(export: Export, upload: "UploadedFile[bytes]", written: Written, now: datetime) -> None:
    """Store the archive, unless somebody else was quicker, or the person has changed their mind."""
    waiting = Export.objects.select_for_update().filter(pk=export.pk, ready_at=None).first()
    if waiting is None:
        return
    waiting.file = files.store(
        upload, kind=EXPORT_KIND, person_id=export.person_id, by="system", now=now
    )
    waiting.ready_at, waiting.failed_at = now, None
    waiting.records, waiting.unreadable = written.records, written.unreadable
    waiting.expires_at = now + KEPT
    waiting.save()
    audit.record(
        "rights.copy.made",
        target=waiting,
        subject=export.person_id,
        by="system",
        at=now,
        detail={"records": written.records, "files": written.files},
    )


@transaction.atomic
def record_download(export: Export, *, by: str, now: datetime) -> None:
    """Count a download and write it down."""
    Export.objects.filter(pk=export.pk).update(downloads=F("downloads") + 1)
    audit.record("rights.copy.downloaded", target=export, subject=export.person_id, by=by, at=now)


@transaction.atomic
def give_up_file(export: Export, *, now: datetime) -> None:
    """Let go of a file that is damaged in the storage; the person sees that and asks anew."""
    audit.record(
        "rights.copy.damaged", target=export, subject=export.person_id, by="system", at=now
    )
    Export.objects.filter(pk=export.pk).update(file=None)


@transaction.atomic
def delete_export(export: Export, *, by: str, now: datetime) -> None:
    """Delete a copy before its end; its file goes with it, and nobody can read it any more."""
    audit.record("rights.copy.deleted", target=export, subject=export.person_id, by=by, at=now)
    Export.objects.filter(pk=export.pk).delete()
    jobs.enqueue("files.erase_objects", key="all")
