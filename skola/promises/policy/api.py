"""The door of ``policy``: what binds the tenant, and what the language itself offers.

The language (everything but what stands under "at work") needs neither Django nor a database; code
that must run without them imports its modules directly.
"""

# at work
from skola.promises.policy.actions import publish

# the language
from skola.promises.policy.canonical import part_hash, policy_hash
from skola.promises.policy.catalogue import InForce, NoPolicyError, Version, enabled, versions
from skola.promises.policy.changes import LONGER, Change, Turn, changes
from skola.promises.policy.diff import (
    Diff,
    Difference,
    Kind,
    consented_to,
    diff,
    ended_consents,
    stale_consents,
)
from skola.promises.policy.dpv import as_jsonld
from skola.promises.policy.forms import in_words, unit_in_words
from skola.promises.policy.lints import lint
from skola.promises.policy.lints.versions import earliest_effect
from skola.promises.policy.live import (
    before,
    has,
    in_force,
    is_there,
    needs,
    purposes_for,
    reading_for_room,
    under_law,
)
from skola.promises.policy.load import load, parse
from skola.promises.policy.notice_tables import (
    Row,
    Shown,
    place_in_words,
    table,
    terms_in_words,
)
from skola.promises.policy.overlays import Effective, Overlay, Tightened, apply, load_overlays
from skola.promises.policy.periods import (
    Deadline,
    OutsideCalendarError,
    Period,
    Term,
    Unit,
    Word,
    compare,
    deadline,
    due,
    is_working_day,
    next_working_day,
    parse_term,
)
from skola.promises.policy.periods import parse as parse_period
from skola.promises.policy.placeholders import fill, spoken
from skola.promises.policy.problems import PolicyError, Problem, Severity
from skola.promises.policy.prose import Notice, NoticeParagraph, NoticeSection, notice
from skola.promises.policy.ropa import record_of_processing
from skola.promises.policy.schema import Latest, Policy
from skola.promises.policy.wording import Wording, wording

__all__ = [
    "LONGER",
    "Change",
    "Deadline",
    "Diff",
    "Difference",
    "Effective",
    "InForce",
    "Kind",
    "Latest",
    "NoPolicyError",
    "Notice",
    "NoticeParagraph",
    "NoticeSection",
    "OutsideCalendarError",
    "Overlay",
    "Period",
    "Policy",
    "PolicyError",
    "Problem",
    "Row",
    "Severity",
    "Shown",
    "Term",
    "Tightened",
    "Turn",
    "Unit",
    "Version",
    "Word",
    "Wording",
    "apply",
    "as_jsonld",
    "before",
    "changes",
    "compare",
    "consented_to",
    "deadline",
    "diff",
    "due",
    "earliest_effect",
    "enabled",
    "ended_consents",
    "fill",
    "has",
    "in_force",
    "in_words",
    "is_there",
    "is_working_day",
    "lint",
    "load",
    "load_overlays",
    "needs",
    "next_working_day",
    "notice",
    "parse",
    "parse_period",
    "parse_term",
    "part_hash",
    "place_in_words",
    "policy_hash",
    "publish",
    "purposes_for",
    "reading_for_room",
    "record_of_processing",
    "spoken",
    "stale_consents",
    "table",
    "terms_in_words",
    "under_law",
    "unit_in_words",
    "versions",
    "wording",
]
