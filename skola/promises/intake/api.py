"""The door of ``intake``."""

from skola.promises.intake.actions import Fate, deliver, tenant_at
from skola.promises.intake.bounces import Failure, failures_in, returned
from skola.promises.intake.offices import Arriving, office
from skola.promises.intake.rules import LARGEST, Attached, Letter, addresses_in
from skola.promises.intake.server import serving

__all__ = [
    "LARGEST",
    "Arriving",
    "Attached",
    "Failure",
    "Fate",
    "Letter",
    "addresses_in",
    "deliver",
    "failures_in",
    "office",
    "returned",
    "serving",
    "tenant_at",
]
