"""Reads of exams that more than one caller needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum

from skola.ground.files.api import StoredFile
from skola.ground.people.api import Person, Role
from skola.promises.policy.api import Period, Unit, due, has, in_force, parse_period
from skola.services.exams import rules
from skola.services.exams.models import (
    Answer,
    Attempt,
    Contest,
    Exam,
    IdentityCheck,
    Invigilator,
    Note,
    Question,
    Recording,
    Sitting,
    Take,
    Viewing,
)

CAPABILITY = "exams.supervised"
SETTING = "exam.setting"
LOOKING_LASTS = timedelta(hours=1)
"""For how long a film stays open to somebody of the staff who said why they look."""


def zone(now: datetime) -> ZoneInfo:
    """Return the time zone of the speaking tenant."""
    return ZoneInfo(in_force(now).policy.policy.timezone)


# ---- the term of film and contest ----------------------------------------------------------------


def policy_term(now: datetime) -> Period:
    """Return for how long the policy keeps films and lets exams be contested (ilearn-40.a).

    Raises LookupError under a policy that has exams and no such term.
    """
    for rule in in_force(now).policy.retention:
        if rule.override is not None and rule.override.by == SETTING and rule.at_least is not None:
            return parse_period(rule.at_least.period)
    raise LookupError("The policy has no retention rule with an override by exam.setting.")


def term_days(exam: Exam, now: datetime) -> int:
    """Return the days for which an exam's films are kept: its own, else the policy's."""
    return exam.term_days or int(policy_term(now).shortest_days)


def window_end(finished_at: datetime, *, told_days: int | None, now: datetime) -> datetime:
    """Return the end of the term that the candidate was told (ilearn-40.c); else the policy's.

    It is the midnight after its last day, as the retention engine counts.
    """
    period = Period(told_days, Unit.DAY) if told_days else policy_term(now)
    return due(finished_at, period, zone(now))


# ---- who may see what ----------------------------------------------------------------------------


def is_examiner(person: Person, now: datetime) -> bool:
    """Whether somebody makes, supervises and marks exams."""
    return Role.objects.filter(person=person, kind=Role.Kind.EXAMINER).held_at(now).exists()


def invigilates(person: Person, sitting: UUID) -> bool:
    """Whether somebody watches over this date."""
    return Invigilator.objects.filter(sitting=sitting, person=person).exists()


def may_see_film(person: Person | None, stored: StoredFile, now: datetime) -> bool:
    """Whether this is the candidate, or an examiner or reviewer who said why (ilearn-40.a).

    The candidate sees it once the attempt is finished. While it runs it is for who watches over it.
    """
    if person is None or not has(CAPABILITY, now=now):
        return False
    take = Take.objects.filter(file=stored).select_related("recording__attempt").first()
    if take is None:
        return False
    attempt = take.recording.attempt
    if take.recording.finished_at is None:
        if attempt.person_id == person.pk or not invigilates(person, attempt.sitting_id):
            return False
    elif attempt.person_id == person.pk:
        return True
    wanted = (Role.Kind.EXAMINER, Role.Kind.REVIEWER)
    if not Role.objects.filter(person=person, kind__in=wanted).held_at(now).exists():
        return False
    return Viewing.objects.filter(
        recording=take.recording_id, viewer=person, at__gt=now - LOOKING_LASTS
    ).exists()


def may_see_papers(person: Person | None, stored: StoredFile, now: datetime) -> bool:
    """Whether an examiner may look at the papers that a candidate shows; nobody else may."""
    if person is None or not has(CAPABILITY, now=now) or not is_examiner(person, now):
        return False
    return IdentityCheck.objects.filter(papers=stored).exists()


# ---- the candidate -------------------------------------------------------------------------------


def open_sittings(person: Person, now: datetime) -> QuerySet[Sitting]:
    """Return the sittings in which this person can take a place, the next on top."""
    mine = Attempt.objects.of(person).values("sitting")
    found = Sitting.objects.open_for(now).exclude(pk__in=mine)
    return found.select_related("exam").order_by("starts_at")


@dataclass(frozen=True)
class Asked:
    """A question as it stands on the paper, with what was answered so far."""

    question: Question
    given: tuple[str, ...]
    answer: Answer | None = None
    is_later: bool = False
    """Whether the candidate marked it for later."""

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """Number, text, and whether it is chosen."""
        return [
            (str(number), text, str(number) in self.given)
            for number, text in enumerate(self.question.options)
        ]

    @property
    def right(self) -> list[str]:
        """The key in words, for markers and for who reads the result."""
        if self.question.kind in (rules.Kind.SINGLE, rules.Kind.MULTIPLE):
            return [self.question.options[int(one)] for one in self.question.key]
        return (
            [" ± ".join(self.question.key)]
            if self.question.kind == rules.Kind.NUMBER
            else list(self.question.key)
        )

    @property
    def words(self) -> list[str]:
        """What was answered, in words."""
        if self.question.kind in (rules.Kind.SINGLE, rules.Kind.MULTIPLE):
            return [text for _number, text, chosen in self.choices if chosen]
        return [one for one in self.given if one]


def paper(attempt: Attempt) -> list[Asked]:
    """Return the questions of an attempt with its answers; two queries."""
    answers = {one.question_id: one for one in attempt.answers.all()}
    return [
        Asked(
            one,
            tuple(answers[one.pk].given) if one.pk in answers else (),
            answers.get(one.pk),
            str(one.pk) in attempt.later,
        )
        for one in attempt.sitting.exam.questions.all()
    ]


def said_during(attempt: Attempt) -> list[Note]:
    """Return what a candidate reads while they write: what was said to them, and by them."""
    hidden = (Note.Kind.FLAG, Note.Kind.LOOK)
    return list(attempt.notes.exclude(kind__in=hidden))


def worth(exam: Exam) -> int:
    """Return the most points that an exam gives."""
    return int(exam.questions.aggregate(all=Sum("points"))["all"] or 0)


def points_so_far(answers: Sequence[Answer]) -> Decimal:
    """Return the sum of the points that were given."""
    return sum((one.points for one in answers if one.points is not None), Decimal(0))


def to_be_asked() -> QuerySet[Exam]:
    """Return the exams that are published, by title."""
    return Exam.objects.filter(published_at__isnull=False).order_by("title")


def has_passed(person: Person, exam: Exam) -> bool:
    """Whether somebody has passed an exam, on whichever date."""
    passed = Attempt.objects.of(person).filter(outcome=Attempt.Outcome.PASSED)
    return passed.filter(sitting__exam=exam).exists()


def results_of(person: Person) -> list[tuple[Attempt, int]]:
    """Return the results that somebody was told, each with the most points of its exam."""
    told = Attempt.objects.of(person).filter(released_at__isnull=False)
    found = told.select_related("sitting__exam").order_by("finished_at", "pk")
    return [(one, worth(one.sitting.exam)) for one in found]


# ---- the film ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Strip:
    """What one source filmed: its takes, and the times of the attempt of which it has nothing."""

    source: str
    takes: tuple[Take, ...]
    gaps: tuple[rules.Gap, ...]

    @property
    def entries(self) -> list[tuple[datetime, Take | None, rules.Gap | None]]:
        """Takes and gaps as they followed each other."""
        found: list[tuple[datetime, Take | None, rules.Gap | None]]
        found = [(one.begun_at, one, None) for one in self.takes]
        found += [(one.begun_at, None, one) for one in self.gaps]
        return sorted(found, key=lambda entry: entry[0])


def strips(recording: Recording, *, until: datetime) -> list[Strip]:
    """Return the film of an attempt, camera first. ``until`` is the end of the attempt."""
    attempt = recording.attempt
    takes = recording.takes.filter(length_ms__gt=0).order_by("source", "begun_at")
    found = {
        source: tuple(every) for source, every in groupby(takes, key=lambda one: str(one.source))
    }
    begun = attempt.begun_at or recording.created_at
    return [
        Strip(
            str(source.label),
            found.get(source.value, ()),
            tuple(
                rules.gaps(
                    (one.run for one in found.get(source.value, ())),
                    begun_at=begun,
                    ended_at=until,
                )
            ),
        )
        for source in Take.Source
    ]


# ---- the desk ------------------------------------------------------------------------------------


def exams_with_counts() -> QuerySet[Exam]:
    """Return all exams with the number of their questions and sittings."""
    return Exam.objects.annotate(
        asked=Count("questions", distinct=True), dates=Count("sittings", distinct=True)
    ).order_by("published_at", "-created_at")


def waiting() -> list[Attempt]:
    """Return the attempts that wait for an examiner: for a look at papers, or for a result.

    The longest waiting first, at most two hundred.
    """
    shown = Q(identity__outcome="", begun_at=None, identity__isnull=False)
    found = Attempt.objects.filter(shown | Q(finished_at__isnull=False, released_at=None))
    about = found.select_related("sitting__exam", "person", "identity", "recording")
    return list(about.order_by("finished_at", "identity__shown_at")[:200])


def waiting_for_somebody() -> tuple[int, int, int]:
    """Return how many papers wait for a look, attempts for a marker, contests for a decision."""
    return (
        IdentityCheck.objects.filter(outcome="", attempt__begun_at=None).count(),
        Attempt.objects.to_mark().count(),
        Contest.objects.filter(decided_at=None).count(),
    )


def contests() -> QuerySet[Contest]:
    """Return the contests, those that wait on top."""
    open_first = Contest.objects.select_related("attempt__sitting__exam", "attempt__person")
    return open_first.order_by("decided_at", "filed_at")


def examiners(now: datetime) -> QuerySet[Person]:
    """Return who can watch over a date, by name."""
    found = Role.objects.filter(kind=Role.Kind.EXAMINER).held_at(now).values("person")
    return Person.objects.filter(pk__in=found).order_by("family_name", "given_name")


def watched_by(person: Person, now: datetime) -> list[Sitting]:
    """Return the dates that run now and that somebody watches over, the earliest first."""
    mine = Sitting.objects.running(now).filter(invigilators__person=person)
    return list(mine.select_related("exam").order_by("starts_at"))


def held(sitting: Sitting) -> QuerySet[Attempt]:
    """Return the attempts of a sitting as an invigilator needs them: who waits for them on top."""
    return (
        Attempt.objects.filter(sitting=sitting)
        .whole()
        .annotate(answered=Count("answers", filter=~Q(answers__given=[])))
        .order_by("finished_at", "begun_at", "person__family_name", "person__given_name")
    )
