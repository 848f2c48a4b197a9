"""What is kept of a visit, and what suits somebody: decided without a database."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

PAGE, COME_FROM, BROWSER, LANGUAGE, SYSTEM, REGION, ERROR = (
    "page",
    "come_from",
    "browser",
    "language",
    "system",
    "region",
    "error",
)
LONGEST = 200
PLAIN = frozenset({"slug", "lesson"})
"""Parts of an address that name a course or a lesson; every other part could lead to a person."""
_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_WORD = re.compile(r"\w{5,}")
_TAG = re.compile(r"[a-z]{2,3}", re.ASCII)


def page_of(route: str, parts: Mapping[str, object]) -> str:
    """Return a page as it is kept: ``/courses/first-aid/``, ``/people/…/``.

    ``route`` is as the site map writes it. Ids, codes and tokens are left out: an address can tell
    of whom it is, and open something for whoever has it.
    """

    def part(found: "re.Match[str]") -> str:
        return str(parts.get(found[1], "…")) if found[1] in PLAIN else "…"

    plain = route.partition("(")[0].lstrip("^").rstrip("$") if "(" in route else route
    return f"/{_PART.sub(part, plain)}"[:LONGEST]


def elsewhere(referrer: str) -> str:
    """Return the host of another site that a visitor came from, and nothing more of its address."""
    try:
        return (urlsplit(referrer).hostname or "")[:LONGEST]
    except ValueError:
        return ""


def language_of(accepted: str) -> str:
    """Return the first language of an Accept-Language header: ``lv`` of ``lv-LV,lv;q=0.9``."""
    found = _TAG.match(accepted.strip().lower())
    return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class Looked:
    """Something that was looked at, and how often."""

    topic: str
    """As its room calls it: the slug of a course."""
    label: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Offered:
    """Something that may stand first."""

    topic: str
    words: str


CAMPAIGN = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)


def campaign_of(value: str) -> str:
    """Return the campaign that an address names; empty where it is none of ours."""
    return value if CAMPAIGN.fullmatch(value) else ""


def told_of_visit(account: str, page: str) -> dict[str, str]:
    """Return all that a provider that counts visits is told: the page as we would keep it."""
    return {"v": "2", "tid": account, "en": "page_view", "dl": page}


def told_of_ad(account: str, campaign: str) -> dict[str, str]:
    """Return all that an advertising network is told: that somebody came by an advertisement."""
    return {"tid": account, "en": "visit", "campaign": campaign}


MOST_SUITED = 3


def suited(looked: Sequence[Looked], offered: Iterable[Offered]) -> list[str]:
    """Return the topics that suit what was looked at, best first, at most three.

    What has most long words in common with the names of what was looked at suits best, often
    looked at counting more; what was looked at itself is known, and not among them. Equals stay in
    the order in which they are offered.
    """
    known = {one.topic for one in looked}
    wanted = [(words_of(one.label), one.times) for one in looked]
    found = []
    for one in offered:
        own = words_of(one.words)
        score = sum(len(words & own) * times for words, times in wanted)
        if score and one.topic not in known:
            found.append((score, one.topic))
    return [topic for _, topic in sorted(found, key=lambda each: -each[0])][:MOST_SUITED]


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text that say what it is about: those of five letters or more."""
    return frozenset(_WORD.findall(text.casefold()))
