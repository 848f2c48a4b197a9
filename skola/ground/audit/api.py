"""The door of ``audit``."""

from skola.ground.audit.actions import forget_subject, pseudonym, pseudonym_of, record
from skola.ground.audit.copying import Live, copy, entry_bundle, published_tile
from skola.ground.audit.handover import Handover
from skola.ground.audit.http import by
from skola.ground.audit.keys import (
    LogKeyError,
    drop_secret,
    put_secret,
    secret,
    secrets_of,
    signer,
)
from skola.ground.audit.models import Entry
from skola.ground.audit.note import NoteError, PublicKey, Signer, read_note
from skola.ground.audit.queries import (
    Proof,
    State,
    entries_about,
    lag,
    people_touched_by,
    person_behind,
    proof_of,
    state,
)
from skola.ground.audit.sequencer import (
    PLACE,
    LogError,
    folder_of,
    key_trouble,
    log_of,
    log_signer,
    lost_keys,
    new_key,
    origin,
    replace_lost_key,
    sequence,
)
from skola.ground.audit.tiles import MissingError

__all__ = [
    "PLACE",
    "Entry",
    "Handover",
    "Live",
    "LogError",
    "LogKeyError",
    "MissingError",
    "NoteError",
    "Proof",
    "PublicKey",
    "Signer",
    "State",
    "by",
    "copy",
    "drop_secret",
    "entries_about",
    "entry_bundle",
    "folder_of",
    "forget_subject",
    "key_trouble",
    "lag",
    "log_of",
    "log_signer",
    "lost_keys",
    "new_key",
    "origin",
    "people_touched_by",
    "person_behind",
    "proof_of",
    "pseudonym",
    "pseudonym_of",
    "published_tile",
    "put_secret",
    "read_note",
    "record",
    "replace_lost_key",
    "secret",
    "secrets_of",
    "sequence",
    "signer",
    "state",
]
