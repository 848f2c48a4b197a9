"""Asking customers about a risk of the register, as part of risk management (ilearn-9.g).

Who answers is on record, for the answer is theirs: it stands in a copy of their data. It is of a
category that the policy gives to this purpose alone.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.incidents.api import Risk
from skola.promises.policy.api import has, purposes_for
from skola.promises.retention.api import open_states
from skola.promises.rights.api import may_use, who_stopped
from skola.promises.statistics.api import Counts, Shown, shown_here
from skola.services.campaigns.api import may_be_asked
from skola.services.surveys.models import RiskAnswer, RiskSurvey

CAPABILITY = "surveys.risk"
CUSTOMER = "contract.open"
CLAUSE = "ilearn-9.g"
MOST_WORDS = 200


class AnsweredError(Exception):
    """The survey was answered before, or is over."""


@dataclass(frozen=True)
class Found:
    """A survey with what came of it. ``scores`` is None while nobody has answered."""

    survey: RiskSurvey
    is_open: bool
    scores: Shown | None
    words: tuple[str, ...]


def surveys(risk: Risk | None = None) -> QuerySet[RiskSurvey]:
    """Return the surveys about risks, or about one, the latest first."""
    found = RiskSurvey.objects.select_related("risk").order_by("-asked_at", "-pk")
    return found if risk is None else found.filter(risk=risk)


def to_answer(person: Person, *, now: datetime) -> list[RiskSurvey]:
    """Return what a customer is asked about risks and has not answered.

    A customer is who has a running contract. Nobody is asked who objected to it or refused polls.
    """
    if not has(CAPABILITY, now=now):
        return []
    found = list(surveys().filter(ends_at__gt=now).exclude(answers__person=person))
    if not found or person.pk not in open_states(CUSTOMER, before=now):
        return []
    if not may_use(person.pk, CAPABILITY, now=now) or not may_be_asked(person, now=now):
        return []
    return found


def result(survey: RiskSurvey, scores: dict[int, str], *, now: datetime) -> Found:
    """Return what came of a survey: scores counted, small numbers left out, words without names.

    The words are shown when as many have answered as a number needs. Who objected since is not
    counted, and what they said is not shown.
    """
    answers = RiskAnswer.objects.filter(survey=survey)
    for purpose in purposes_for([CAPABILITY], now=now):
        answers = answers.exclude(person__in=who_stopped(purpose))
    told = list(answers.order_by("pk").values_list("score", "words"))
    is_open = survey.ends_at > now
    if not told:
        return Found(survey, is_open, None, ())
    counted = Counter(score for score, _words in told)
    table = Counts(
        tuple(scores.values()), (_("Answers"),), tuple((counted[score],) for score in scores)
    )
    shown = shown_here(table, now=now)
    words = sorted(said for _score, said in told if said) if len(told) >= shown.least else []
    return Found(survey, is_open, shown, tuple(words[:MOST_WORDS]))


@transaction.atomic
def ask(risk: Risk, question: str, ends_at: datetime, *, by: str, now: datetime) -> RiskSurvey:
    """Ask the customers about a risk: it stands on their first page until it ends."""
    made = RiskSurvey.objects.create(risk=risk, question=question, asked_at=now, ends_at=ends_at)
    audit.record("surveys.risk.asked", target=made, by=by, at=now, clause=CLAUSE)
    return made


@transaction.atomic
def end(survey: RiskSurvey, *, by: str, now: datetime) -> None:
    """Nobody answers from now on; twice changes nothing."""
    if RiskSurvey.objects.filter(pk=survey.pk, ends_at__gt=now).update(ends_at=now):
        audit.record("surveys.risk.ended", target=survey, by=by, at=now, clause=CLAUSE)


@transaction.atomic
def answer(
    survey: RiskSurvey, person: Person, *, score: int, words: str, by: str, now: datetime
) -> RiskAnswer:
    """Keep what a customer says about a risk. Raises AnsweredError."""
    if not any(one.pk == survey.pk for one in to_answer(person, now=now)):
        raise AnsweredError(_("This survey is over, or you have answered it already."))
    try:
        with transaction.atomic():
            made = RiskAnswer.objects.create(
                survey=survey, person=person, score=score, words=words, answered_at=now
            )
    except IntegrityError as error:
        raise AnsweredError(_("You have answered already. Thank you.")) from error
    audit.record(
        "surveys.risk.answered", target=made, subject=person.pk, by=by, at=now, clause=CLAUSE
    )
    return made
