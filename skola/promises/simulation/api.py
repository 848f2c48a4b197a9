"""The door of ``simulation``."""

from skola.promises.simulation.change import TooFarError, simulate
from skola.promises.simulation.rules import Going, Held, Months, Simulation, Stuck, Telling

__all__ = [
    "Going",
    "Held",
    "Months",
    "Simulation",
    "Stuck",
    "Telling",
    "TooFarError",
    "simulate",
]
