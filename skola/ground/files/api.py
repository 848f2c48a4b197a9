"""The door of ``files``."""

from skola.ground.files.actions import RefusedError, erase_objects, forget, remove_orphans, store
from skola.ground.files.held import files_go_with
from skola.ground.files.keys import KeyLostError
from skola.ground.files.kinds import Kind, register
from skola.ground.files.models import StoredFile
from skola.ground.files.queries import UNREADABLE, Orphans, open_file, orphans, pieces_of
from skola.ground.files.rules import Family
from skola.ground.files.serve import serve

__all__ = [
    "UNREADABLE",
    "Family",
    "KeyLostError",
    "Kind",
    "Orphans",
    "RefusedError",
    "StoredFile",
    "erase_objects",
    "files_go_with",
    "forget",
    "open_file",
    "orphans",
    "pieces_of",
    "register",
    "remove_orphans",
    "serve",
    "store",
]
