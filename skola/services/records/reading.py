"""Reading a file that somebody brings: everything in it is looked at before anything is believed.

It is a ZIP in the format ``skola.access/1`` of the kind ``portability``. Of it are read the
manifest, the profile, the statements and the badges, each against its checksum and its limit; what
else is in it is not opened. Nothing is fetched, so who signed a badge is not asked.
"""

import hashlib
import io
import json
import zipfile
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from skola.promises.rights.api import COPY_FORMAT, PROFILE
from skola.services.records import rules
from skola.services.records.giving import BADGES, STATEMENTS

LARGEST = 25 * 2**20
"""Bytes of the file."""
MOST_ENTRIES = 5_000
MOST_STATEMENTS = 10_000
MOST_BADGES = 500
_ENTRY_LARGEST = 16 * 2**20
"""Bytes of one entry, unpacked."""
_BADGE_LARGEST = 32 * 2**10
_LENGTHS = {"given_name": 80, "family_name": 80, "email": 254, "phone": 30, "address": 200}


class FileError(Exception):
    """The file is not taken; the message says why, and what now."""


@dataclass(frozen=True)
class Badge:
    """A signed badge, and what it says of itself."""

    key: str
    title: str
    at: datetime
    signed: str


@dataclass(frozen=True)
class Content:
    """What a file holds, checked."""

    service: str
    made_at: datetime
    digest: str
    profile: Mapping[str, str]
    born_on: date | None
    statements: tuple[dict[str, Any], ...]
    badges: tuple[Badge, ...]


def read(content: bytes, *, now: datetime) -> Content:
    """Return what a file holds. Raises FileError for anything that is not as it must be."""
    if len(content) > LARGEST:
        raise FileError(_("The file is larger than 25 MB."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive, hashlib.sha256(content).hexdigest(), now)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        RuntimeError,
    ) as problem:
        raise FileError(
            _("This is no ZIP, or it is damaged. Download the file anew at the other service.")
        ) from problem


def _read(archive: zipfile.ZipFile, digest: str, now: datetime) -> Content:
    names = [one.filename for one in archive.infolist()]
    if len(names) > MOST_ENTRIES or len(set(names)) != len(names):
        raise FileError(_("The file holds more than it may, or one thing twice."))
    manifest = _manifest(archive)
    known = {one["path"]: one["sha256"] for one in manifest["files"]}
    if set(names) != {*known, "manifest.json"}:
        raise FileError(_("The file holds other things than its list of contents says."))

    def checked(name: str) -> bytes:
        found = _bytes_of(archive, name, _ENTRY_LARGEST)
        if hashlib.sha256(found).hexdigest() != known[name]:
            raise FileError(
                _("“%(name)s” in the file was changed after it was made.") % {"name": name}
            )
        return found

    if PROFILE not in known:
        raise FileError(_no_profile())
    profile, born_on = _profile(_json(checked(PROFILE)))
    told = checked(STATEMENTS) if STATEMENTS in known else b'{"statements": [], "more": ""}'
    signed = [checked(name) for name in names if name.startswith(BADGES)]
    if len(signed) > MOST_BADGES:
        raise FileError(_too_many())
    return Content(
        manifest["service_name"],
        manifest["made_at"],
        digest,
        profile,
        born_on,
        _statements(_json(told), manifest["person"], now),
        tuple(_badge(one, profile["email"]) for one in signed),
    )


def _no_profile() -> str:
    return _(
        "The file does not say whose it is. Ask the other service for the files to take along."
    )


def _too_many() -> str:
    return _("The file holds more learning records or certificates than can be taken at once.")


def _bytes_of(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Return an entry; what the archive says of its size is not believed."""
    with archive.open(name) as entry:
        found = entry.read(most + 1)
    if len(found) > most:
        raise FileError(_("“%(name)s” in the file is larger than it may be.") % {"name": name})
    return found


def _json(content: bytes) -> Any:
    try:
        return json.loads(content.decode())
    except (ValueError, RecursionError) as problem:
        raise FileError(_("Something in the file cannot be read: it is no JSON.")) from problem


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Return the list of contents with its moment read."""
    wrong = FileError(
        _("This is not a file to take along. Choose “What you gave, to take along” there.")
    )
    if "manifest.json" not in archive.namelist():
        raise wrong
    found = _json(_bytes_of(archive, "manifest.json", 2**20))
    if not isinstance(found, dict):
        raise wrong
    if (found.get("format"), found.get("kind")) != (COPY_FORMAT, "portability"):
        raise wrong
    files = found.get("files")
    whole = isinstance(files, list) and all(
        isinstance(one, dict) and all(isinstance(one.get(key), str) for key in ("path", "sha256"))
        for one in files
    )
    service = found.get("service_name")
    try:
        made_at = datetime.fromisoformat(str(found.get("made_at")))
        person = str(UUID(str(found.get("person"))))
    except ValueError as problem:
        raise wrong from problem
    if not whole or made_at.tzinfo is None or not isinstance(service, str) or not service.strip():
        raise wrong
    return {**found, "made_at": made_at, "person": person, "service_name": service.strip()[:120]}


def _profile(found: Any) -> tuple[dict[str, str], date | None]:
    if not isinstance(found, dict) or set(found) != {*_LENGTHS, "birth_on"}:
        raise FileError(_no_profile())
    for name, longest in _LENGTHS.items():
        value = found[name]
        if not isinstance(value, str) or len(value) > longest or not value.isprintable():
            raise FileError(_no_profile())
    if not found["email"]:
        raise FileError(_no_profile())
    try:
        born_on = date.fromisoformat(found["birth_on"]) if found["birth_on"] is not None else None
    except (TypeError, ValueError) as problem:
        raise FileError(_no_profile()) from problem
    return {name: found[name] for name in _LENGTHS}, born_on


def _statements(found: Any, person: str, now: datetime) -> tuple[dict[str, Any], ...]:
    if not isinstance(found, dict) or not isinstance(found.get("statements"), list):
        raise FileError(_("The learning record in the file is not in the form of xAPI."))
    every = found["statements"]
    if len(every) > MOST_STATEMENTS:
        raise FileError(_too_many())
    taken: dict[str, dict[str, Any]] = {}
    for number, one in enumerate(every, 1):
        try:
            known = rules.checked(one, person=person, now=now)
        except rules.NotTakenError as problem:
            if str(problem) == "actor":
                raise FileError(_foreign()) from problem
            words = _("Line %(number)s of the learning record cannot be taken: see “%(part)s”.")
            raise FileError(words % {"number": number, "part": problem}) from problem
        taken[known["id"]] = known
    return tuple(taken.values())


def _foreign() -> str:
    return _("The file holds records of somebody else. Nothing of it was taken.")


def _badge(signed: bytes, email: str) -> Badge:
    """Return what a badge says; it must be about the holder of the profile's address."""
    wrong = FileError(_("A certificate in the file is no Open Badge 3.0."))
    if len(signed) > _BADGE_LARGEST:
        raise wrong
    try:
        text = signed.decode("ascii").strip()
        header, payload, _signature = (_part(one) for one in text.split("."))
        head, said = json.loads(header), json.loads(payload)
        at = datetime.fromisoformat(said["validFrom"])
        holder = said["credentialSubject"]["identifier"][0]
        key, title, kinds = said["id"], said["name"], said["type"]
        salted = hashlib.sha256((email + holder["salt"]).encode()).hexdigest()
        is_theirs = holder["identityHash"] == f"sha256${salted}"
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as problem:
        raise wrong from problem
    words = all(isinstance(one, str) and one.isprintable() for one in (key, title))
    if head.get("alg") != "RS256" or "OpenBadgeCredential" not in kinds or at.tzinfo is None:
        raise wrong
    if not words or not 0 < len(key) <= 80 or not 0 < len(title) <= rules.LONGEST_TITLE:
        raise wrong
    if not is_theirs:
        raise FileError(_foreign())
    return Badge(key, title, at, text)


def _part(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
