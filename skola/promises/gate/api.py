"""The door of ``gate``."""

from skola.ground.db.purposes import CLAIMS, ENGINE, SIGN_IN, acting, reading_for
from skola.promises.gate.actions import lift_restriction, restrict
from skola.promises.gate.models import Restriction
from skola.promises.gate.queries import is_restricted

__all__ = [
    "CLAIMS",
    "ENGINE",
    "SIGN_IN",
    "Restriction",
    "acting",
    "is_restricted",
    "lift_restriction",
    "reading_for",
    "restrict",
]
