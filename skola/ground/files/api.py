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
    Brought,
    KeyLostError,
    forget_keys,
    key_for,
    keys_along,
    open_text,
    rotate,
    seal_text,
    take_keys,
    text_digest,
)
from skola.ground.files.kinds import Kind, register
from skola.ground.files.models import StoredFile
from skola.ground.files.moving import (
    Moving,
    drop_moved,
    keep_moved,
    keys_of_files,
    objects_of_files,
    put_moved,
)
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
    "Brought",
    "DifferentPartError",
    "Family",
    "KeyLostError",
    "Kind",
    "Moving",
    "Orphans",
    "OutOfTurnError",
    "RefusedError",
    "StoredFile",
    "append",
    "at_home",
    "begin",
    "drop_moved",
    "erase_objects",
    "fetch_home",
    "files_go_with",
    "forget",
    "forget_keys",
    "has_bucket",
    "keep_moved",
    "key_for",
    "keys_along",
    "keys_of_files",
    "next_seal",
    "object_exists",
    "object_names",
    "objects_of_files",
    "open_file",
    "open_text",
    "opened",
    "orphans",
    "pieces_of",
    "put_moved",
    "put_object",
    "register",
    "remove_orphans",
    "rewrap",
    "rotate",
    "seal_text",
    "sealed_object",
    "serve",
    "store",
    "take_keys",
    "text_digest",
]
