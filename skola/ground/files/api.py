"""The door of ``files``."""

from skola.ground.files.actions import (
    RefusedError,
    erase_objects,
    forget,
    remove_orphans,
    rewrap,
    store,
)
from skola.ground.files.growing import (
    Appended,
    DifferentPartError,
    OutOfTurnError,
    append,
    begin,
)
from skola.ground.files.held import files_go_with
from skola.ground.files.keys import (
    KeyLostError,
    key_for,
    open_text,
    rotate,
    seal_text,
    text_digest,
)
from skola.ground.files.kinds import Kind, register
from skola.ground.files.models import StoredFile
from skola.ground.files.queries import (
    UNREADABLE,
    Orphans,
    open_file,
    opened,
    orphans,
    pieces_of,
)
from skola.ground.files.rules import UNSEALED, Family, next_seal
from skola.ground.files.serve import serve
from skola.ground.files.storage import at_home, fetch_home, has_bucket
from skola.ground.files.storage import exists as object_exists
from skola.ground.files.storage import names_of as object_names
from skola.ground.files.storage import put as put_object
from skola.ground.files.storage import sealed as sealed_object

__all__ = [
    "UNREADABLE",
    "UNSEALED",
    "Appended",
    "DifferentPartError",
    "Family",
    "KeyLostError",
    "Kind",
    "Orphans",
    "OutOfTurnError",
    "RefusedError",
    "StoredFile",
    "append",
    "at_home",
    "begin",
    "erase_objects",
    "fetch_home",
    "files_go_with",
    "forget",
    "has_bucket",
    "key_for",
    "next_seal",
    "object_exists",
    "object_names",
    "open_file",
    "open_text",
    "opened",
    "orphans",
    "pieces_of",
    "put_object",
    "register",
    "remove_orphans",
    "rewrap",
    "rotate",
    "seal_text",
    "sealed_object",
    "serve",
    "store",
    "text_digest",
]
