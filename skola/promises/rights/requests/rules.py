"""Decisions about requests: what comes next, which proof counts, when somebody is warned."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum


class Step(StrEnum):
    """What a request waits for. Each follows from what is on record; none can be skipped."""

    IDENTITY = "identity"
    DECIDE = "decide"
    REPLY = "reply"
    DONE = "done"


ANYBODY = frozenset({"information", "withdraw-consent", "complaint"})
"""Asked without a proof of who asks: it opens no data, or (Art. 7(3)) must be as easy as giving."""
RIGHTS_OF_LAW = (
    "access",
    "portability",
    "rectification",
    "erasure",
    "restriction",
    "objection",
    "withdraw-consent",
    "information",
    "complaint",
    "review",
    "compensation",
    "stop-disclosure",
)
"""The order in which they are offered."""


def step_of(kind: str, *, proven: bool, decided: bool, closed: bool) -> Step:
    """Return what a request waits for. Source: ilearn-24.d."""
    if closed:
        return Step.DONE
    if decided:
        return Step.REPLY
    return Step.DECIDE if proven or kind in ANYBODY else Step.IDENTITY


class Proof(StrEnum):
    """How somebody showed who they are; only this is kept, never a copy of what they showed."""

    LOGIN = "login"
    SECOND_FACTOR = "second-factor"
    CODE = "code"
    DOCUMENT = "document"
    SIGNED_FILE = "signed-file"
    SIGNATURE = "signature"


_POLICY_PROOFS = {
    "login+reauth": {Proof.LOGIN, Proof.SECOND_FACTOR},
    "email-confirmation": {Proof.CODE},
    "confirmation-link": {Proof.CODE},
    "qualified-signature": {Proof.SIGNED_FILE},
    "identity-document": {Proof.DOCUMENT},
    "signature": {Proof.SIGNATURE},
}
SEEN_BY_STAFF = (Proof.DOCUMENT, Proof.SIGNED_FILE, Proof.SIGNATURE)


def accepted(proofs: Iterable[str]) -> frozenset[Proof]:
    """Return which proofs count where the policy names these; a document always does.

    Source: ilearn-24.a to 24.c.
    """
    found = {Proof.DOCUMENT, Proof.LOGIN, Proof.SECOND_FACTOR}
    for each in proofs:
        found |= _POLICY_PROOFS.get(each, set())
    return frozenset(found)


LEVELS = ((90, 0.9), (75, 0.75), (50, 0.5))
OVERDUE = 100


def level(received_on: date, promised_on: date, today: date) -> int:
    """Return how far the time has run: 0, 50, 75, 90, or 100 once the promised day is over.

    All three are local days of the tenant.
    """
    if today > promised_on:
        return OVERDUE
    span = (promised_on - received_on).days
    passed = (today - received_on).days
    return next((mark for mark, share in LEVELS if span and passed / span >= share), 0)


def after_pause(promised_on: date, paused_on: date, resumed_on: date) -> date:
    """Return the promised day when the clock stood from one local day to another."""
    return promised_on + max(resumed_on - paused_on, timedelta())


_ITEM = re.compile(r"([A-Z]{2})(\d{8})(\d)([A-Z]{2})", re.ASCII)
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def is_misread(item: str) -> bool:
    """Whether a number has the form of an international postal item, and its check digit is wrong.

    A number of another form is one of a post that counts otherwise. Source: UPU S10.
    """
    found = _ITEM.fullmatch(item)
    if found is None:
        return False
    rest = 11 - sum(int(n) * w for n, w in zip(found[2], _WEIGHTS, strict=True)) % 11
    return int(found[3]) != {10: 0, 11: 5}.get(rest, rest)


class Ground(StrEnum):
    """Why a right is not given, or not wholly: a closed list, each with the law behind it."""

    DUTY = "duty"
    CLAIM = "claim"
    CONTRACT = "contract"
    OTHERS = "others"
    EXCESSIVE = "excessive"
    IDENTITY = "identity"
    RIGHT = "right"
    NOTHING = "nothing"


LAW = {
    Ground.CLAIM: "GDPR Art. 17(3)(e), 18(2), 21(1)",
    Ground.CONTRACT: "GDPR Art. 6(1)(b)",
    Ground.OTHERS: "GDPR Art. 15(4), 20(4)",
    Ground.EXCESSIVE: "GDPR Art. 12(5)(b)",
    Ground.IDENTITY: "GDPR Art. 11(2), 12(2)",
    Ground.RIGHT: "GDPR Art. 12(4)",
    Ground.NOTHING: "GDPR Art. 12(4)",
}
"""A duty's own law stands in the policy."""


def is_whole(*, outcome: str, ground: str, duty: str) -> bool:
    """Whether a decision says all that it must: what is withheld names its ground and its law.

    Source: ilearn-23.g; GDPR Art. 12(4).
    """
    if outcome not in ("refused", "partly"):
        return not ground and not duty
    if not ground:
        return False
    return bool(duty) == (ground == Ground.DUTY)
