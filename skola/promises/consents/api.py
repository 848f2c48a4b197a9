"""The door of ``consents``."""

from skola.promises.consents.actions import (
    NotTheirsError,
    Shown,
    TooYoungError,
    consent_age,
    end_changed,
    give,
    given_before,
    is_too_young,
    may_consent_for,
    may_use,
    refused,
    withdraw,
)
from skola.promises.consents.models import Consent
from skola.promises.consents.queries import (
    allowed,
    allowed_among,
    consenting,
    ground_at,
    history,
    lapsing,
    standing,
)
from skola.promises.consents.rules import (
    Asking,
    NotAskedError,
    asking,
    own_channels,
    scope_of,
    shared_channels,
)

__all__ = [
    "Asking",
    "Consent",
    "NotAskedError",
    "NotTheirsError",
    "Shown",
    "TooYoungError",
    "allowed",
    "allowed_among",
    "asking",
    "consent_age",
    "consenting",
    "end_changed",
    "give",
    "given_before",
    "ground_at",
    "history",
    "is_too_young",
    "lapsing",
    "may_consent_for",
    "may_use",
    "own_channels",
    "refused",
    "scope_of",
    "shared_channels",
    "standing",
    "withdraw",
]
