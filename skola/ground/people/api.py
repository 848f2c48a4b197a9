"""The door of ``people``."""

from skola.ground.people.actions import (
    end_guardianship,
    end_role,
    grant_role,
    open_account,
    register_person,
    security_event,
    suspend_account,
    verify_guardianship,
)
from skola.ground.people.models import Account, Guardianship, Person, Preferences, Role, SecurityEvent
from skola.ground.people.queries import holds, kinds_of

__all__ = [
    "Account",
    "Guardianship",
    "Person",
    "Preferences",
    "Role",
    "SecurityEvent",
    "end_guardianship",
    "end_role",
    "grant_role",
    "holds",
    "kinds_of",
    "open_account",
    "register_person",
    "security_event",
    "suspend_account",
    "verify_guardianship",
]
