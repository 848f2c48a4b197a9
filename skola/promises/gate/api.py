"""The door of ``gate``."""

from skola.ground.db.purposes import CLAIMS, ENGINE, SIGN_IN, acting, reading_for
from skola.promises.gate.actions import (
    NotToldError,
    lift_restriction,
    record_telling,
    restrict,
)
from skola.promises.gate.freezing import freeze, frozen, is_frozen, thaw
from skola.promises.gate.models import Restriction
from skola.promises.gate.queries import (
    delivered,
    is_restricted,
    lifted,
    restriction_of,
    running,
    to_look_at,
)
from skola.promises.gate.rules import may_be_lifted
from skola.promises.gate.telling import NoChannelError, address_of, tell

__all__ = [
    "CLAIMS",
    "ENGINE",
    "SIGN_IN",
    "NoChannelError",
    "NotToldError",
    "Restriction",
    "acting",
    "address_of",
    "delivered",
    "freeze",
    "frozen",
    "is_frozen",
    "is_restricted",
    "lift_restriction",
    "lifted",
    "may_be_lifted",
    "reading_for",
    "record_telling",
    "restrict",
    "restriction_of",
    "running",
    "tell",
    "thaw",
    "to_look_at",
]
