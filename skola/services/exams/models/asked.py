"""What is asked, and when: nothing here is about a person."""

from datetime import datetime
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.exams.rules import LONGEST_TERM_DAYS

KEY = {"id": "surrogate key", "tenant": "organisation"}


def _between(least: int, most: int) -> list[MinValueValidator | MaxValueValidator]:
    return [MinValueValidator(least), MaxValueValidator(most)]


class Exam(TenantModel):
    """Questions with a time. From its publication on nothing of it changes."""

    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("what candidates should know before"), max_length=4_000, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), validators=_between(1, 600))
    pass_percent = models.PositiveSmallIntegerField(
        _("percent needed to pass"), default=50, validators=_between(1, 100)
    )
    term_days = models.PositiveSmallIntegerField(
        _("days for the film and for contesting"),
        null=True,
        blank=True,
        validators=_between(1, LONGEST_TERM_DAYS),
        help_text=_("Empty: as the privacy policy says. Candidates are told before they begin."),
    )
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **KEY,
            "title": "about an exam",
            "text": "about an exam",
            "minutes": "about an exam",
            "pass_percent": "about an exam",
            "term_days": "about an exam",
            "created_at": "about an exam",
            "published_at": "about an exam",
        }

    def __str__(self) -> str:
        return self.title


class Question(TenantModel):
    """One question with its key; a long answer has none, a person marks it."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("one of several")
        MULTIPLE = "multiple", _("several of several")
        NUMBER = "number", _("a number")
        SHORT = "short", _("a short answer")
        LONG = "long", _("a text that a person marks")

    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    text = models.TextField(_("question"), max_length=4_000)
    options = models.JSONField(default=list)
    """Texts of the choices, in order."""
    key = models.JSONField(default=list)
    """Numbers of the right choices as text, the number and its tolerance, or accepted answers."""
    points = models.PositiveSmallIntegerField(_("points"), default=1, validators=_between(1, 100))

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **KEY,
            "exam": "about an exam",
            "position": "about an exam",
            "kind": "about an exam",
            "text": "about an exam",
            "options": "about an exam",
            "key": "about an exam",
            "points": "about an exam",
        }

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "exam", "position"], name="question_position_once"
            )
        ]

    def __str__(self) -> str:
        return f"question {self.position}"


def _runs(now: datetime) -> Q:
    """The condition of a date that runs."""
    writing = Sitting.objects.filter(
        pk=OuterRef("pk"), attempts__begun_at__isnull=False, attempts__finished_at=None
    )
    return Q(starts_at__lte=now) & (Q(closes_at__gt=now) | Q(Exists(writing)))


class SittingQuerySet(models.QuerySet["Sitting"]):
    """Sittings as their readers need them."""

    def with_counts(self) -> Self:
        """Add ``taken``, how many places are."""
        return self.annotate(taken=Count("attempts"))

    def running(self, now: datetime) -> Self:
        """Those that run: from the start until nobody can begin and nobody writes any more."""
        return self.filter(_runs(now))

    def with_running(self, now: datetime) -> Self:
        """Add ``runs``, whether each is one of them."""
        return self.annotate(runs=ExpressionWrapper(_runs(now), output_field=models.BooleanField()))

    def open_for(self, now: datetime) -> Self:
        """Those for which a place can still be taken."""
        found = self.filter(closes_at__gt=now, exam__published_at__isnull=False)
        return found.with_counts().filter(taken__lt=F("places"))


class Sitting(TenantModel):
    """A date of an exam: from when to when one may begin, and for how many there is place."""

    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="sittings")
    starts_at = models.DateTimeField(_("one may begin from"))
    closes_at = models.DateTimeField(_("until"))
    places = models.PositiveSmallIntegerField(_("places"), validators=_between(1, 2_000))
    room = models.CharField(
        _("room for those who sit without a camera"),
        max_length=120,
        help_text=_("Nobody has to be filmed: who comes here is supervised by a person."),
    )
    created_at = models.DateTimeField()

    objects = SittingQuerySet.as_manager()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **KEY,
            "exam": "about an exam",
            "starts_at": "about an exam",
            "closes_at": "about an exam",
            "places": "a count",
            "room": "about a place",
            "created_at": "about an exam",
        }

    class Meta:
        indexes = [models.Index(fields=["tenant", "starts_at"], name="exams_by_start")]
        constraints = [
            models.CheckConstraint(
                name="sitting_closes_after_start", condition=Q(closes_at__gt=F("starts_at"))
            )
        ]

    def __str__(self) -> str:
        return f"sitting {self.pk}"
