"""What *My privacy* tells, drawn from the policy in force and from the person's records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.policy.api import Policy, wording
from skola.promises.policy.notice_tables import terms_in_words
from skola.promises.policy.schema.data import Purpose
from skola.promises.retention.api import opened_of
from skola.promises.rights.access.told import category_words, sealed_words
from skola.promises.rights.concerned import concerns, kinds_of
from skola.promises.rights.held import Held, held
from skola.promises.rights.objections.rules import pausable
from skola.web.rooms import room_doors

A_YEAR = timedelta(days=365)
LOOKS = {
    "desk.recording.played": gettext_lazy("a recorded call was listened to"),
    "exams.film.seen": gettext_lazy("the film of an exam was looked at"),
    "exams.identity.checked": gettext_lazy("papers were checked before an exam"),
    "gate.restriction.opened": gettext_lazy("it was looked up whose data are restricted"),
}
"""Entries of the audit that tell of somebody who looked."""


@dataclass(frozen=True)
class Kind:
    """One kind of data that is held, with everything the policy says of it."""

    held: Held
    name: str
    what: str
    sources: tuple[str, ...]
    purposes: tuple[tuple[str, str, str], ...]
    """Each purpose that concerns the person, its legal basis, and the purpose's id where they can
    object to it."""
    recipients: tuple[str, ...]
    terms: tuple[str, ...]
    sealed_for: tuple[tuple[str, datetime | None], ...]
    """For what alone the sealed ones of them are kept, each until when."""


def kinds(person: Person, policy: Policy, language: str) -> list[Kind]:
    """Return what is held about somebody, in a language of the policy. Source: ilearn-22.a."""
    whose = kinds_of(policy, opened_of(person.pk))
    concerned = [one for one in policy.purpose if concerns(one, whose)]
    return [_kind(one, policy, concerned, language) for one in held(person.pk)]


def _kind(one: Held, policy: Policy, concerned: Sequence[Purpose], language: str) -> Kind:
    words, objectionable = wording(language), pausable(policy)
    name, what = category_words(policy, one.category, language)
    said = next((each for each in policy.category if each.id == one.category), None)
    return Kind(
        held=one,
        name=name,
        what=what,
        sources=tuple(words.source(each) for each in (said.sources if said else ())),
        purposes=tuple(
            (
                each.name[language],
                f"{words.word('bases', each.basis.kind)},"
                f" {words.sentence('article', art=each.basis.art)}",
                each.id if each in objectionable else "",
            )
            for each in concerned
            if one.category in each.categories
        ),
        recipients=tuple(
            name
            for name, categories in _receivers(policy, language)
            if not categories or one.category in categories
        ),
        terms=tuple(
            " ".join(terms_in_words(rule, words))
            for rule in policy.retention
            if one.category in rule.categories
        ),
        sealed_for=sealed_words(one.sealed_for, policy, language),
    )


def _receivers(policy: Policy, language: str) -> Iterator[tuple[str, list[str]]]:
    """Everybody who may receive data, and which: recipients, and processors by order."""
    for recipient in policy.recipient:
        yield recipient.name[language], recipient.categories
    for processor in policy.processor:
        yield processor.name[language], processor.categories


@dataclass(frozen=True)
class Look:
    """Somebody looked: when, who, and at what."""

    at: datetime
    who: str
    what: str


def looks(person: Person, *, now: datetime) -> Sequence[Look]:
    """Return who looked at somebody's data in the last year, latest first, where a log tells it."""
    since = now - A_YEAR
    found = [
        Look(entry.at, _("somebody of our staff"), str(LOOKS[entry.kind]))
        for entry in audit.entries_about(person.pk, kinds=LOOKS, since=since)
    ]
    for api in room_doors():
        if hasattr(api, "looks_at"):
            found += [Look(*each) for each in _told(api, person, since)]
    return sorted(found, key=lambda look: look.at, reverse=True)


def _told(api: Any, person: Person, since: datetime) -> list[tuple[datetime, str, str]]:
    return list(api.looks_at(person, since=since))
