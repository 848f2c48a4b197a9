"""Who sat: the attempt with its protocol, the check of who it was, the answers."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.exams.models.asked import KEY, Question, Sitting

if TYPE_CHECKING:
    from skola.ground.people.api import Person


class AttemptQuerySet(QuerySet["Attempt"]):
    """Attempts as their readers need them."""

    def of(self, person: "Person") -> Self:
        """This person's own; what is not theirs does not exist for them."""
        return self.filter(person=person)

    def whole(self) -> Self:
        """Fetch exam, sitting, identity, film, contest and receipt at once."""
        return self.select_related(
            "sitting__exam", "person", "identity", "recording", "contest", "receipt"
        )

    def flagged(self) -> Self:
        """Those that were begun though it was not confirmed who sits there, and not reviewed."""
        return self.filter(
            begun_at__isnull=False, identity__outcome="refused", identity__reviewed_at=None
        )

    def writing(self, sitting: Sitting, now: datetime) -> Self:
        """Those of a date that run at this moment."""
        return self.filter(
            sitting=sitting, begun_at__isnull=False, finished_at=None, ends_at__gt=now
        )

    def to_mark(self) -> Self:
        """Those that are finished and have no result yet."""
        return self.filter(finished_at__isnull=False, released_at=None)


class Attempt(TenantModel):
    """A person's place in a sitting, then their one attempt and its protocol."""

    class Way(models.TextChoices):
        CAMERA = "camera", _("at home, filmed by camera and screen")
        ROOM = "room", _("without a camera, in our room, supervised by a person")

    class Ending(models.TextChoices):
        HANDED_IN = "handed-in", _("handed in")
        TIME = "time", _("the time was up")
        STOPPED = "stopped", _("stopped by the invigilator")

    class Outcome(models.TextChoices):
        PASSED = "passed", _("passed")
        FAILED = "failed", _("not passed")

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="attempts")
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="exam_attempts"
    )
    way = models.CharField(_("how"), max_length=10, choices=Way.choices)
    registered_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    """When the candidate said that they read what is recorded and for how long (ilearn-40.c)."""
    told_days = models.PositiveSmallIntegerField(null=True, blank=True)
    """The term of the exam's own that they were told; None where the policy's holds."""
    notice_version = models.CharField(max_length=40, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    later = models.JSONField(default=list, blank=True)
    """Ids of the questions that the candidate marked for later, as text."""
    window_ends_at = models.DateTimeField(null=True, blank=True)
    """Until when it may be contested, and the film is kept if it is not."""
    marker = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    points = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)
    seal_at = models.DateTimeField(null=True, editable=False)
    sealed_for = models.JSONField(null=True, editable=False)

    objects = AttemptQuerySet.as_manager()

    identity: "IdentityCheck"

    class PersonalData:
        subject = "person_id"
        relations = {"marker_id": "staff"}
        fields = dict.fromkeys(
            (
                "sitting",
                "person",
                "way",
                "registered_at",
                "told_at",
                "told_days",
                "notice_version",
                "begun_at",
                "ends_at",
                "finished_at",
                "ending",
                "later",
                "window_ends_at",
                "marker",
                "points",
                "outcome",
                "released_at",
            ),
            "learning",
        )
        not_personal = {
            **KEY,
            "due_at": "retention clock",
            "seal_at": "retention clock",
            "sealed_for": "purposes",
        }
        anchors = {"record.created": "registered_at", "exam.finished": "finished_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "person"], name="exams_by_person"),
            models.Index(
                fields=["tenant", "finished_at"],
                name="exams_to_mark",
                condition=Q(released_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "sitting", "person"], name="one_attempt_a_sitting"
            ),
            models.CheckConstraint(
                name="attempt_begins_told_and_ends",
                condition=Q(begun_at=None, ends_at=None)
                | Q(begun_at__isnull=False, ends_at__isnull=False, told_at__isnull=False),
            ),
            models.CheckConstraint(
                name="attempt_finished_has_window",
                condition=Q(finished_at=None, window_ends_at=None, ending="")
                | (Q(finished_at__isnull=False, window_ends_at__isnull=False) & ~Q(ending="")),
            ),
            models.CheckConstraint(
                name="attempt_result_is_whole",
                condition=Q(released_at=None, outcome="")
                | (Q(released_at__isnull=False, points__isnull=False) & ~Q(outcome="")),
            ),
        ]

    @property
    def is_filmed(self) -> bool:
        """Whether this attempt is recorded."""
        return self.way == self.Way.CAMERA

    def __str__(self) -> str:
        return f"attempt {self.pk}"


class IdentityCheck(TenantModel):
    """Whether a person saw that the candidate is who they are. Of the papers nothing stays.

    Who could not be confirmed may sit all the same: the exam is flagged, and a person decides
    before anything follows from it (ilearn-11.p).
    """

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("not confirmed")

    class Finding(models.TextChoices):
        CANDIDATE = "candidate", _("it was the candidate")
        SOMEBODY_ELSE = "somebody-else", _("somebody else sat there")

    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, related_name="identity")
    papers = models.OneToOneField(
        "files.StoredFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """The picture that waits for somebody to look at it; its key goes with their decision."""
    shown_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    checked_by = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    finding = models.CharField(
        _("who sat there"), max_length=14, choices=Finding.choices, blank=True
    )
    """What a person found who looked at an exam begun without a confirmed identity."""
    reasons = models.TextField(_("reasons"), max_length=2_000, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class PersonalData:
        subject = "attempt__person_id"
        relations = {"checked_by_id": "staff"}
        fields = dict.fromkeys(
            (
                "attempt",
                "papers",
                "shown_at",
                "outcome",
                "checked_by",
                "checked_at",
                "finding",
                "reasons",
                "reviewed_at",
            ),
            "identity",
        )
        not_personal = KEY
        goes_with = "attempt"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="papers_go_with_the_decision",
                condition=Q(outcome="", checked_at=None)
                | (Q(checked_at__isnull=False, papers=None) & ~Q(outcome="")),
            )
        ]

    def __str__(self) -> str:
        return f"identity for {self.attempt_id}"


class Answer(TenantModel):
    """What a candidate answered to one question, as it was saved last."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+")
    given = models.JSONField(default=list)
    """Numbers of the choices, or one text."""
    saved_at = models.DateTimeField()
    is_late = models.BooleanField(default=False)
    """It arrived after the end; the marker sees it and decides."""
    points = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    remark = models.CharField(max_length=400, blank=True)

    class PersonalData:
        subject = "attempt__person_id"
        fields = dict.fromkeys(
            ("attempt", "question", "given", "saved_at", "is_late", "points", "remark"), "learning"
        )
        not_personal = KEY
        anchors = {"record.created": "saved_at"}
        goes_with = "attempt"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "attempt", "question"], name="answer_once")
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
