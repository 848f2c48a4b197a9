"""The door of ``backup``."""

from skola.ground.backup.inventory import (
    backup_window,
    in_backups_until,
    inventory,
    needed_from,
    oldest_backup,
    prune,
)
from skola.ground.backup.making import Made, RefusedError, back_up, measure
from skola.ground.backup.programs import ProgramError
from skola.ground.backup.restoring import (
    Checked,
    NotEmptyError,
    check,
    put_objects,
    put_policies,
    restore,
    set_aside,
    tables_in,
)
from skola.ground.backup.rules import DamagedError, Kept, Window

__all__ = [
    "Checked",
    "DamagedError",
    "Kept",
    "Made",
    "NotEmptyError",
    "ProgramError",
    "RefusedError",
    "Window",
    "back_up",
    "backup_window",
    "check",
    "in_backups_until",
    "inventory",
    "measure",
    "needed_from",
    "oldest_backup",
    "prune",
    "put_objects",
    "put_policies",
    "restore",
    "set_aside",
    "tables_in",
]
