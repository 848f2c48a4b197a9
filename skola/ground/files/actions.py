"""Storing files, forgetting them, and clearing away what nobody can read any more."""

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.files import cipher, keys, pictures, storage
from skola.ground.files.kinds import Kind, known
from skola.ground.files.models import DoomedObject, ObjectKey, StoredFile
from skola.ground.files.queries import orphans
from skola.ground.files.rules import (
    CAPTIONS_LARGEST,
    HEAD,
    PIECE,
    Family,
    clean_name,
    object_name,
    tell_type,
)
from skola.ground.ids import uuid7
from skola.ground.jobs import api as jobs
from skola.ground.journal import api as journal
from skola.ground.tenants.api import current_id

if TYPE_CHECKING:
    Upload = UploadedFile[Any]
else:
    Upload = UploadedFile


class RefusedError(Exception):
    """A file that is not taken. The message, in the reader's language, says why and what now."""


@dataclass(frozen=True)
class _Checked:
    content: IO[bytes]
    content_type: str


def demand_key() -> None:
    """Raise KeyLostError where a new key would be made beside files that want the old one."""
    if not keys.key_file().exists() and ObjectKey.objects.exists():
        raise keys.KeyLostError(
            f"Files were stored under a key that is gone: restore {keys.key_file()} first."
        )


def keep_key(stored: StoredFile, key: bytes) -> None:
    """Keep the key of a new file, wrapped for the tenant that is speaking."""
    ObjectKey.objects.create(
        file=stored,
        wrapped=keys.wrap(key, tenant=current_id(), file=stored.pk),
        wrapped_by=keys.key_name(),
        stored_as=stored.stored_as,
    )


@transaction.atomic
def rewrap(*, by: str, now: datetime) -> int:
    """Wrap the speaking tenant's keys of objects with the installation's newest; return how many.

    What is hidden at the time (restricted, or due) stays under the key before, which opens it.
    """
    tenant, name, count = current_id(), keys.key_name(), 0
    old = ObjectKey.objects.exclude(wrapped_by=name).select_for_update()
    for one in old.iterator(chunk_size=500):
        key = keys.unwrap(bytes(one.wrapped), tenant=tenant, file=one.file_id, named=one.wrapped_by)
        one.wrapped = keys.wrap(key, tenant=tenant, file=one.file_id)
        one.wrapped_by = name
        one.save(update_fields=["wrapped", "wrapped_by"])
        count += 1
    audit.record("files.keys.rewrapped", by=by, at=now, detail={"keys": count, "under": name})
    return count


@transaction.atomic
def store(
    upload: Upload, *, kind: str, person_id: UUID | None, by: str, now: datetime
) -> StoredFile:
    """Check, encrypt and store an upload; its type is decided from its content.

    Pictures are drawn anew without metadata. Raises RefusedError when the kind does not accept it,
    KeyLostError where a new key would be made beside files that want the old one.
    """
    demand_key()
    checked = _check(upload, known(kind))
    digest, size = _measure(checked.content)
    file = uuid7()
    name, key = object_name(str(current_id()), str(file)), keys.fresh_key()
    with tempfile.TemporaryFile() as sealed:
        cipher.encrypt(checked.content, sealed, key=key, name=name)
        sealed.seek(0)
        storage.put(name, sealed)
    stored = StoredFile.objects.create(
        id=file,
        kind=kind,
        person_id=person_id,
        name=clean_name(upload.name or ""),
        content_type=checked.content_type,
        size=size,
        sha256=digest,
        stored_as=name,
        created_at=now,
    )
    keep_key(stored, key)
    audit.record("files.file.stored", target=stored, subject=person_id, by=by, at=now)
    return stored


def _check(upload: Upload, kind: Kind) -> _Checked:
    size = upload.size or 0
    if size == 0:
        raise RefusedError(_("The file is empty. Choose another one."))
    if size > kind.largest:
        raise RefusedError(
            _("The file has %(size)s MB; at most %(largest)s MB are taken. Make it smaller.")
            % {"size": _megabytes(size), "largest": _megabytes(kind.largest)}
        )
    content = upload.file
    if content is None:
        raise RefusedError(_("The file is empty. Choose another one."))
    content.seek(0)
    found = tell_type(content.read(HEAD))
    content.seek(0)
    if found.family not in kind.accepts:
        if Family.DOCUMENT in kind.accepts:
            return _Checked(content, "application/octet-stream")
        raise RefusedError(_wrong_family(kind.accepts))
    if found.family is Family.PICTURE:
        try:
            drawn, content_type = pictures.redraw(content)
        except pictures.NotAPictureError as problem:
            raise RefusedError(
                _("This picture cannot be used: it is damaged or has more than 40 million pixels.")
            ) from problem
        return _Checked(drawn, content_type)
    if found.family is Family.CAPTIONS:
        _check_captions(content, size)
    return _Checked(content, found.content_type)


def _megabytes(size: int) -> str:
    return f"{max(0.1, size / 1_000_000):.1f}".removesuffix(".0")


def _check_captions(content: IO[bytes], size: int) -> None:
    try:
        if size > CAPTIONS_LARGEST:
            raise UnicodeError
        content.read().decode()
    except UnicodeError:
        raise RefusedError(_("Captions must be a WebVTT file in UTF-8 of at most 2 MB.")) from None
    content.seek(0)


def _wrong_family(accepts: frozenset[Family]) -> str:
    if Family.VIDEO in accepts:
        return _("This is no video that browsers can play. Choose a WebM or MP4 file.")
    if Family.AUDIO in accepts:
        return _("This is no sound that browsers can play. Choose a WAV, MP3 or Ogg file.")
    if Family.CAPTIONS in accepts:
        return _("These are no captions. Choose a WebVTT file: it begins with the word WEBVTT.")
    return _("This is no picture that browsers can show. Choose a PNG, JPEG, WebP or GIF file.")


def _measure(content: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while part := content.read(PIECE):
        digest.update(part)
        size += len(part)
    content.seek(0)
    return digest.hexdigest(), size


@transaction.atomic
def forget(stored: StoredFile, *, by: str, now: datetime) -> None:
    """Destroy the key of a file in this transaction; the object goes after it, by a job."""
    audit.record("files.file.forgotten", target=stored, subject=stored.person_id, by=by, at=now)
    journal.write("key.destroyed", subject=None, at=now, detail={"objects": stored.stored_as})
    StoredFile.objects.filter(pk=stored.pk).delete()
    jobs.enqueue("files.erase_objects", key="all")


def erase_objects(*, now: datetime) -> int:
    """Delete the objects whose keys are gone, and return how many. Safe to repeat.

    The journal learns of them, so that a restored copy of the keys opens none of them again.
    """
    done = 0
    while True:
        with transaction.atomic():
            doomed = list(
                DoomedObject.objects.select_for_update(skip_locked=True).order_by("since")[:200]
            )
            if doomed:
                names = " ".join(one.stored_as for one in doomed)
                journal.write("key.destroyed", subject=None, at=now, detail={"objects": names})
            for one in doomed:
                storage.delete(one.stored_as)
            DoomedObject.objects.filter(pk__in=[one.pk for one in doomed]).delete()
        if not doomed:
            return done
        done += len(doomed)


@journal.replays("key.destroyed")
@transaction.atomic
def destroy_again(subject: UUID | None, at: datetime, detail: dict[str, str]) -> None:
    """After a restore: files whose keys were destroyed since then go, and their objects with them.

    A file that came without its key, as from an old backup, goes all the same.
    """
    names = detail["objects"].split()
    StoredFile.objects.filter(stored_as__in=names).delete()
    waiting = set(DoomedObject.objects.values_list("stored_as", flat=True))
    DoomedObject.objects.bulk_create(
        DoomedObject(stored_as=name, since=at) for name in names if name not in waiting
    )


def remove_orphans(*, now: datetime) -> int:
    """Delete the objects of this tenant that no key can open, and return how many.

    They are left by a stored file whose transaction did not end well. Files without an object are
    not touched: ``skola doctor`` names them.
    """
    lost = orphans(now=now).objects_without_key
    for name in lost:
        storage.delete(name)
    return len(lost)
