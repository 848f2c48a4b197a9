"""Decisions about academies: addresses, terms, and when the operator's staff may look."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

WORD = re.compile(r"[a-z](?:[a-z0-9]|-(?=[a-z0-9])){2,23}")
"""What may stand before the operator's host name: RFC 1123 without its odder forms."""
RESERVED = frozenset(
    {
        "abuse",
        "admin",
        "administrator",
        "api",
        "autoconfig",
        "autodiscover",
        "cdn",
        "hostmaster",
        "imap",
        "mail",
        "mta-sts",
        "ns1",
        "ns2",
        "operator",
        "pop",
        "postmaster",
        "root",
        "security",
        "smtp",
        "static",
        "status",
        "support",
        "webmaster",
        "www",
    }
)
"""Words under which people expect the operator itself (RFC 2142), or a machine."""
SLUG_LONGEST = 40
DAYS_AFTER_END = (14, 30, 60, 90)
"""What an agreement may say on how long everything stays after its end, for the client to fetch."""
LONGEST_VISIT = timedelta(days=14)
"""Nobody is let in for longer: who needs more asks again (learnifier-12.b)."""
ACKNOWLEDGE_LEGALLY = timedelta(days=30)


def slug_of(operator: str, word: str) -> str:
    """Return the name of the tenant that an operator founds under this word."""
    return f"{operator}-{word}"


def hosts_of(word: str, operators: Iterable[str]) -> list[str]:
    """Return the host names of an academy: its word before each name of its operator."""
    bare = dict.fromkeys(host.lower().removeprefix("www.") for host in operators)
    return [f"{word}.{host}" for host in bare]


def is_free_word(word: str) -> bool:
    """Whether a word can stand before a host name and means nothing else there."""
    return WORD.fullmatch(word) is not None and word not in RESERVED


@dataclass(frozen=True)
class Permission:
    """For how long the client let the operator's staff in."""

    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    """When the client shut the door again, before its time."""

    def stands(self, moment: datetime) -> bool:
        """Whether staff may look at ``moment``; at its very end they may not any more."""
        end = min(self.ends_at, self.ended_at or self.ends_at)
        return self.starts_at <= moment < end


_SENSITIVE = {
    "health": r"diagnos|health|illness|disease|medic|allerg|disabilit|handicap|pregnan|sick.?leave"
    r"|vesel[īi]b|slim[īi]b|zāles|invalid|grūtniec|sveikat|lig[ao]\b|negali|nėštum|vaist"
    r"|tervis|haigus|puue|puude|rase|ravim|hälso|hälsa|sjuk|funktionshinder|funktionsned|läkemed",
    "religion": r"religi|faith|church|confession|ticīb|baznīc|tikėjim|bažnyč|usutunnist|usund"
    r"|kirik|trosbek|kyrk|samfundstillh",
    "origin": r"ethnic|race\b|racial|nationality by birth|etnisk|etnin|tautīb|tautyb|rass|rahvus"
    r"|etnil|hudfärg",
    "politics": r"politic|party member|politisk|polit|partij|erakon|partitillh",
    "union": r"trade.?union|arodbiedr|profesin\w* sąjung|ametiühing|fackför|facklig",
    "sex-life": r"sexual|sex life|orientation|seksu|sexuell|läggning",
    "biometric": r"biometri|genetic|genetisk|genetin|ģenēt|fingerprint|fingeravtryck|pirkst"
    r"|sõrmejälj|piršt",
    "crime": r"criminal|conviction|sodām|teistum|karistus|brottsreg|belastningsreg|nuteis",
}
_NUMBER = re.compile(
    r"personal (?:code|number|id)|national id|social security|identity number|\bssn\b|passport n"
    r"|personas kod|asmens kod|isikukood|personnummer|samordningsnummer",
    re.IGNORECASE,
)


def sensitive_kind(*words: str) -> str:
    """Return which kind of sensitive information a field asks for by its words; else nothing.

    By the stems of words in the five languages, so that a word of daily life may be refused, too:
    then other words help. Sources: GDPR Art. 9 and 10; learnifier-3.2.h.
    """
    told = " ".join(words).lower()
    found = (kind for kind, stems in _SENSITIVE.items() if re.search(stems, told))
    return next(found, "")


def asks_for_number(*words: str) -> bool:
    """Whether a field asks for a national identification number (GDPR Art. 87)."""
    return _NUMBER.search(" ".join(words)) is not None
