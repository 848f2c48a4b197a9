"""A receipt in words, for pages, for print and for a terminal."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.ui import formats
from skola.promises.policy.api import Policy, in_force
from skola.promises.rights.models import Erasure


@dataclass(frozen=True)
class Kept:
    """What stays, in words."""

    name: str
    count: int
    goes_on: date | None
    """The local day on which it goes; None while its reason has no end."""
    reasons: tuple[str, ...]
    clauses: tuple[str, ...]

    @property
    def until(self) -> str:
        """Until when, as a reader sees it."""
        if self.goes_on is None:
            return _("as long as the reason lasts")
        return formats.day(self.goes_on)


@dataclass(frozen=True)
class Shown:
    """A receipt as it is read."""

    erased: tuple[tuple[str, int], ...]
    unlinked: tuple[tuple[str, int], ...]
    kept: tuple[Kept, ...]

    @property
    def total(self) -> int:
        """How many records went."""
        return sum(count for _name, count in self.erased)


def shown(erasure: Erasure, *, now: datetime) -> Shown:
    """Return a receipt in the active language, under the names of the policy in force."""
    policy = in_force(now).policy
    names = {one.id: in_language(one.name) or one.id for one in policy.category}
    return Shown(
        erased=_counted(erasure.erased, names),
        unlinked=_counted(erasure.unlinked, names),
        kept=tuple(_kept(line, names, policy) for line in erasure.kept),
    )


def _counted(counts: dict[str, int], names: dict[str, str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((names.get(one, one), number) for one, number in counts.items()))


def _kept(line: dict[str, Any], names: dict[str, str], policy: Policy) -> Kept:
    zone = ZoneInfo(policy.policy.timezone)
    until = datetime.fromisoformat(line["until"]).astimezone(zone) if line["until"] else None
    return Kept(
        name=names.get(line["category"], line["category"]),
        count=line["count"],
        goes_on=until.date() if until else None,
        reasons=tuple(dict.fromkeys(_reason(one) for one in line["reasons"])),
        clauses=tuple(dict.fromkeys(c for one in line["reasons"] for c in one["clauses"])),
    )


def _reason(told: dict[str, Any]) -> str:
    if told["id"] == "hold":
        return _("a legal hold: a case or a claim is open")
    name = in_language(told["names"]) or told["id"]
    return f"{name} ({in_language(told['law'])})" if told["law"] else name


def in_language(text: str | dict[str, str]) -> str:
    """Return a text of the policy in the active language, else in English, else in any.

    One that is written once stands for all.
    """
    if isinstance(text, str):
        return text
    language = translation.get_language() or "en"
    return text.get(language) or text.get("en") or next(iter(text.values()), "")
