"""What a backup says of itself, and until when it is kept."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

MANIFEST = "manifest.json"
DATABASE = "database.dump"
FORMAT = 1


class DamagedError(Exception):
    """A backup is not what was made; the message names the file."""


@dataclass(frozen=True)
class Piece:
    """One file of a backup."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """What is in a backup, and what state it is of."""

    made_at: datetime
    release: str
    server: int
    """Major version of PostgreSQL that the dump is of."""
    migrations: tuple[str, ...]
    """``app.name`` of each that had been applied."""
    policies: dict[str, str]
    """Digest of each published version, by ``TENANT/FILE``."""
    journal: str
    """The journal that the database belongs to; empty where it had none."""
    position: int
    """The last line of the journal that the database knows."""
    files: dict[str, Piece] = field(default_factory=dict)
    """Everything in the folder, by its name in there, except the manifest."""
    keys: Piece | None = None
    """The file of the keys, which lies elsewhere."""


def as_text(manifest: Manifest, *, key: bytes) -> str:
    """Return the manifest as it stands in its file, bound by ``key``, which is in no backup."""
    said = _said(manifest)
    said["mac"] = _mac(said, key)
    return json.dumps(said, indent=1, sort_keys=True) + "\n"


def read(text: str, *, key: bytes | None) -> Manifest:
    """Read a manifest. Without ``key`` nobody can tell who wrote it. Raises DamagedError."""
    try:
        said = json.loads(text)
        mac = said.pop("mac")
        if said.pop("format") != FORMAT:
            raise DamagedError(f"{MANIFEST} is of another release; use the one that made it.")
        manifest = Manifest(
            made_at=datetime.fromisoformat(said["made_at"]),
            release=said["release"],
            server=said["server"],
            migrations=tuple(said["migrations"]),
            policies=said["policies"],
            journal=said["journal"],
            position=said["position"],
            files={name: Piece(**piece) for name, piece in said["files"].items()},
            keys=Piece(**said["keys"]) if said["keys"] else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise DamagedError(f"{MANIFEST} cannot be read: it was cut off or changed.") from problem
    for name in manifest.files:
        if name.startswith("/") or ".." in name.split("/"):
            raise DamagedError(f"{MANIFEST} names {name!r}, which leads out of the backup.")
    if key is not None and not hmac.compare_digest(mac, _mac(_said(manifest), key)):
        raise DamagedError(
            f"{MANIFEST} was changed, or is of an installation with another journal."
        )
    return manifest


def _said(manifest: Manifest) -> dict[str, Any]:
    return {
        **asdict(manifest),
        "format": FORMAT,
        "made_at": manifest.made_at.isoformat(),
        "migrations": list(manifest.migrations),
    }


def _mac(said: dict[str, Any], key: bytes) -> str:
    whole = json.dumps({k: v for k, v in said.items() if k != "mac"}, sort_keys=True)
    return hmac.new(key, b"backup" + whole.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Kept:
    """One backup of the inventory."""

    name: str
    folder: str
    keys: str
    """The file of its keys; empty when that is gone."""
    made_at: datetime
    out_of_reach: bool = False
    """Whether the disk it lies on is not there; then it counts as kept."""


@dataclass(frozen=True)
class Window:
    """How far back backups reach: what was erased is in none of them that is younger."""

    oldest_at: datetime | None
    newest_at: datetime | None
    oldest_keys_at: datetime | None
    count: int
    keep_days: int
    keep_key_days: int

    def days_back(self, now: datetime) -> int:
        """Return the age of the oldest backup in whole days, begun ones counted."""
        return 0 if self.oldest_at is None else -((self.oldest_at - now) // timedelta(days=1))

    def erased_from_backups_by(self, now: datetime) -> datetime:
        """Return when the last backup goes that can hold what is erased at ``now``.

        Where none was made there is nothing to wait for.
        """
        return now if self.newest_at is None else self.newest_at + timedelta(days=self.keep_days)


def window(kept: list[Kept], *, keep_days: int, keep_key_days: int) -> Window:
    """Return how far back these backups reach."""
    made = [one.made_at for one in kept]
    with_keys = [one.made_at for one in kept if one.keys]
    return Window(
        min(made, default=None),
        max(made, default=None),
        min(with_keys, default=None),
        len(kept),
        keep_days,
        keep_key_days,
    )


def is_over(made_at: datetime, *, days: int, now: datetime) -> bool:
    """Whether what was made then has been kept for its days."""
    return now - made_at >= timedelta(days=days)
