"""What a check can find, and what a certificate says of its holder: plain Python."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

LARGEST = 25 * 2**20
"""Bytes of a file that is looked at."""
UNPACKED = 100 * 2**20
"""Bytes that the files of a container may have together when they are unpacked."""
MOST_FILES = 200


class Verdict(StrEnum):
    """What became of a check."""

    VALID = "valid"
    UNSIGNED = "unsigned"
    """There is no signature in it."""
    BROKEN = "broken"
    """The signature does not fit what is signed, or something in the file is not signed."""
    EXPIRED = "expired"
    """The certificate was not valid when it was used."""
    REVOKED = "revoked"
    FOREIGN = "foreign"
    """The certificate leads to nobody who is trusted here."""
    UNFIT = "unfit"
    """The certificate is trusted, but is none of a qualified signature."""
    UNCERTAIN = "uncertain"
    """Nobody says whether the certificate was revoked."""
    UNREADABLE = "unreadable"
    HARMFUL = "harmful"
    """It unpacks to far more than it is, or it wants to read something else."""


class FileError(Exception):
    """The file goes no further; ``verdict`` says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict


@dataclass(frozen=True)
class Signer:
    """Whom a certificate names. ``code`` is as in EN 319 412-1: ``PNOLV-010190-12345``."""

    given_name: str
    family_name: str
    code: str = ""
    issuer: str = ""

    @property
    def name(self) -> str:
        """The name as people write it."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class Checked:
    """What a file is, and who signed it; nobody where it is not valid."""

    verdict: Verdict
    signers: tuple[Signer, ...] = field(default=())
    signed_at: datetime | None = None
    """The moment that a trusted time stamp proves; None without one."""


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for case, hyphens and the way accents are stored."""
    return bool(_bare(one)) and _bare(one) == _bare(other)


def _bare(name: str) -> str:
    whole = unicodedata.normalize("NFC", name).casefold()
    return " ".join(re.sub(r"[-‐‑–,.\s]+", " ", whole).split())


def born_on(code: str) -> date | None:
    """Return the day of birth that a personal code tells; None where it tells none.

    Latvian codes before July 2017 tell it, those from then on do not; Lithuanian and Estonian
    ones always do.
    """
    country, _, number = code.removeprefix("PNO").partition("-")
    digits = re.sub(r"\D", "", number)
    if len(digits) != 11:
        return None
    if country in ("LT", "EE"):
        century = 1800 + (int(digits[0]) - 1) // 2 * 100
        return _day(century + int(digits[1:3]), int(digits[3:5]), int(digits[5:7]))
    if country == "LV" and digits[:2] < "32":
        century = 1800 + int(digits[6]) * 100
        return _day(century + int(digits[4:6]), int(digits[2:4]), int(digits[:2]))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def is_person(signer: Signer, name: str, birth: date | None) -> bool:
    """Whether a signer can be the person of this name, born on this day where it is known."""
    told = born_on(signer.code)
    agrees = birth is None or told is None or birth == told
    return agrees and same_name(signer.name, name)


ORDER = (
    Verdict.HARMFUL,
    Verdict.UNREADABLE,
    Verdict.BROKEN,
    Verdict.VALID,
    Verdict.REVOKED,
    Verdict.EXPIRED,
    Verdict.UNCERTAIN,
    Verdict.UNFIT,
    Verdict.FOREIGN,
    Verdict.UNSIGNED,
)


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """Return what a file of several signatures is: a broken one spoils it, else the best counts."""
    return min(verdicts, key=ORDER.index, default=Verdict.UNSIGNED)
