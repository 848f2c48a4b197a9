"""The door of ``disclosures``."""

from skola.promises.disclosures.actions import (
    NotFitError,
    TwiceError,
    activate,
    end,
    file_paper,
    on_announcement,
    register,
    stop,
)
from skola.promises.disclosures.demands import Told
from skola.promises.disclosures.models import Demand, Disclosure, Party, Telling
from skola.promises.disclosures.passing import Passed, Passing, RefusedError, pass_on
from skola.promises.disclosures.payload import in_words
from skola.promises.disclosures.queries import (
    Entry,
    Stands,
    Tasked,
    agreement_of,
    entries,
    for_task,
    on_the_list,
    safeguard_of,
    stands,
)
from skola.promises.disclosures.queries import register as in_register
from skola.promises.disclosures.rules import Ground, Standing, Why, is_outside
from skola.promises.disclosures.tellings import Corrected, ask, of_case, tell_receivers
from skola.promises.disclosures.texting import can_text, has_texts, text
from skola.promises.disclosures.told import Given, also_told_by, passed_on
from skola.promises.disclosures.waiting import today
from skola.promises.disclosures.whole import admit, arrived_whole, pass_whole, taker_of
from skola.promises.disclosures.words import refusal

__all__ = [
    "Corrected",
    "Demand",
    "Disclosure",
    "Entry",
    "Given",
    "Ground",
    "NotFitError",
    "Party",
    "Passed",
    "Passing",
    "RefusedError",
    "Standing",
    "Stands",
    "Tasked",
    "Telling",
    "Told",
    "TwiceError",
    "Why",
    "activate",
    "admit",
    "agreement_of",
    "also_told_by",
    "arrived_whole",
    "ask",
    "can_text",
    "end",
    "entries",
    "file_paper",
    "for_task",
    "has_texts",
    "in_register",
    "in_words",
    "is_outside",
    "of_case",
    "on_announcement",
    "on_the_list",
    "pass_on",
    "pass_whole",
    "passed_on",
    "refusal",
    "register",
    "safeguard_of",
    "stands",
    "stop",
    "taker_of",
    "tell_receivers",
    "text",
    "today",
]
