"""The door of ``notices``."""

from skola.promises.notices.actions import note_told
from skola.promises.notices.announce import announcements
from skola.promises.notices.collection import Collection, current_notice_version, notice_for
from skola.promises.notices.measures import (
    MEASURES,
    Installation,
    Verdict,
    look_at_installation,
    measures_of,
)
from skola.promises.notices.queries import Step, history
from skola.promises.notices.rules import Mark, State, Tally
from skola.promises.notices.truth import Truth, compare, is_it_true, look

__all__ = [
    "MEASURES",
    "Collection",
    "Installation",
    "Mark",
    "State",
    "Step",
    "Tally",
    "Truth",
    "Verdict",
    "announcements",
    "compare",
    "current_notice_version",
    "history",
    "is_it_true",
    "look",
    "look_at_installation",
    "measures_of",
    "note_told",
    "notice_for",
]
