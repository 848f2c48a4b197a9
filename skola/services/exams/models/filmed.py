"""The film: one recording per attempt, in takes; each take is a file with a key of its own."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.exams.models.asked import KEY
from skola.services.exams.models.sat import Attempt
from skola.services.exams.rules import Filmed


class Recording(TenantModel):
    """The film of one attempt. It goes with its term; the attempt and its protocol stay."""

    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, related_name="recording")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    window_ends_at = models.DateTimeField(null=True, blank=True)
    """Until when the exam may be contested; the film does not hang on what becomes of the rest."""
    term_ends_at = models.DateTimeField(null=True, blank=True)
    """The end of the term that the candidate was told; None where the policy's holds."""
    arrived_at = models.DateTimeField(null=True, blank=True)
    """When the last part arrived."""
    parts = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    """Bytes in the clear."""
    seal = models.CharField(max_length=64, blank=True)
    """The seal of the seals of all takes, in the order in which they began."""
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "attempt__person_id"
        fields = dict.fromkeys(
            (
                "attempt",
                "created_at",
                "finished_at",
                "window_ends_at",
                "term_ends_at",
                "arrived_at",
                "seal",
            ),
            "exam_video",
        )
        not_personal = {
            **KEY,
            "parts": "a count",
            "size": "number of bytes",
            "due_at": "retention clock",
        }
        anchors = {
            "record.created": "created_at",
            "exam.finished": "finished_at",
            "exam.setting": "term_ends_at",
        }
        states = {"exam.contestable": "window_ends_at"}
        conditions = {"exam.setting": Q(term_ends_at__isnull=False)}

    def __str__(self) -> str:
        return f"recording {self.pk}"


class Take(TenantModel):
    """One unbroken run of a recorder. After a reload another one begins, and the gap is shown."""

    class Source(models.TextChoices):
        CAMERA = "camera", _("camera")
        SCREEN = "screen", _("screen")

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="takes")
    source = models.CharField(max_length=10, choices=Source.choices)
    file = models.OneToOneField("files.StoredFile", on_delete=models.CASCADE, related_name="+")
    begun_at = models.DateTimeField()
    """By the server's clock."""
    length_ms = models.PositiveIntegerField(default=0)
    """How far the film reaches, in milliseconds from its beginning, as the recorder counts."""
    pauses = models.JSONField(default=list)
    """Pauses inside it: from and to, in milliseconds from its beginning."""

    class PersonalData:
        subject = "recording__attempt__person_id"
        fields = dict.fromkeys(
            ("recording", "source", "file", "begun_at", "length_ms", "pauses"), "exam_video"
        )
        not_personal = KEY
        anchors = {"record.created": "begun_at"}
        goes_with = "recording"

    class Meta:
        indexes = [models.Index(fields=["tenant", "recording", "begun_at"], name="exams_takes")]

    @property
    def run(self) -> Filmed:
        """The take as rules see it."""
        pauses: list[Any] = self.pauses
        return Filmed(self.begun_at, self.length_ms, tuple((int(a), int(b)) for a, b in pauses))

    def __str__(self) -> str:
        return f"take {self.pk}"


class Viewing(TenantModel):
    """Somebody of the staff looked at a film: who, when and why. The candidate sees it."""

    class Reason(models.TextChoices):
        LIVE = "live", _("to invigilate while it ran")
        MARKING = "marking", _("to mark the exam")
        INCIDENT = "incident", _("something happened during the exam")
        CONTEST = "contest", _("to decide a contest")

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="viewings")
    viewer = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("why"), max_length=10, choices=Reason.choices)
    at = models.DateTimeField()

    class PersonalData:
        subject = "recording__attempt__person_id"
        relations = {"viewer_id": "staff"}
        fields = dict.fromkeys(("recording", "viewer", "reason", "at"), "exam_video")
        not_personal = KEY
        anchors = {"record.created": "at"}
        goes_with = "recording"

    class Meta:
        indexes = [models.Index(fields=["tenant", "recording", "at"], name="exams_viewings")]

    def __str__(self) -> str:
        return f"viewing {self.pk}"
