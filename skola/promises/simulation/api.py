"""The door of ``simulation``."""

from skola.promises.simulation.change import TooFarError, checked, simulate
from skola.promises.simulation.rules import Going, Held, Months, Simulation, Stuck, Telling

__all__ = [
    "Going",
    "Held",
    "Months",
    "Simulation",
    "Stuck",
    "Telling",
    "TooFarError",
    "checked",
    "simulate",
]
