"""What the pages of consents tell: what is asked, what stands, what goes on without consent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation

from skola.ground.people.api import Person, guarded_by
from skola.promises.consents import api as consents
from skola.promises.consents.api import Consent, Question
from skola.promises.policy.api import InForce, Policy, in_force, wording
from skola.promises.rights.held import held
from skola.web.consents import words

ACCOUNT = "account"
CONSENT = "consent"


def language_of(policy: Policy) -> str:
    """Return the language of the policy in which the page speaks of it."""
    return consents.language_of(policy, translation.get_language() or "")


@dataclass(frozen=True)
class Switches:
    """What one person may switch on and off here: their own, or those of a child of theirs."""

    person: Person
    questions: Sequence[Question]
    is_child: bool = False

    def word(self, question: Question) -> str:
        """Return what a switch is about."""
        return words.about(question.asking.name, question.by)


def switches(
    person: Person, *, now: datetime, known: Sequence[Consent] | None = None
) -> list[Switches]:
    """Return the person's own switches, and those of children for whom they may consent.

    ``known`` are the person's own consents where they have been read.
    """
    found = in_force(now)
    language = language_of(found.policy)
    own = []
    if not consents.is_too_young(person, found, now):
        own = consents.questions(person, ACCOUNT, now=now, language=language, known=known)
    shown = [Switches(person, own)] if own else []
    for link in guarded_by(person, now=now):
        if CONSENT not in link.powers or not consents.is_too_young(link.child, found, now):
            continue
        asked = consents.questions(link.child, ACCOUNT, now=now, language=language)
        if asked:
            shown.append(Switches(link.child, asked, is_child=True))
    return shown


@dataclass(frozen=True)
class Line:
    """One consent of the history, in words."""

    consent: Consent
    name: str
    scope: str
    given: str
    ended: str
    token: str


def history(known: Sequence[Consent], found: InForce) -> list[Line]:
    """Return consents with the words of the policy in force."""
    return [line(one, found.policy) for one in known]


def line(one: Consent, policy: Policy) -> Line:
    """Return one consent in words; a purpose that is gone is called as it was asked."""
    language = language_of(policy)
    names = {each.id: each.name[language] for each in policy.purpose}
    return Line(
        one,
        names.get(one.purpose, one.wording.partition(". ")[0]),
        words.scope(one),
        words.way(one.channel),
        words.way(one.ended_by) if one.ended_by else "",
        consents.token_of(one),
    )


def goes_on(person: Person, policy: Policy, language: str) -> list[tuple[str, str]]:
    """Return what is done with a person's data without their consent: purpose, and legal basis.

    Of purposes that hold something of this person only. Source: ilearn-28, GDPR Art. 7(3).
    """
    kept = {one.category for one in held(person.pk)}
    bases = wording(language)
    return [
        (each.name[language], bases.word("bases", each.basis.kind))
        for each in policy.purpose
        if each.basis.kind != CONSENT and kept.intersection(each.categories)
    ]
