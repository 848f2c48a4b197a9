"""Days on which a service was used, opinions about it, and the register of complaints."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}
_CLOCK = {"due_at": "retention clock"}


class Service(models.TextChoices):
    """What is counted and judged; each is called as the addresses of its room are."""

    DIARY = "diary", _("Diary")
    MESSAGES = "messages", _("Messages")
    POSTS = "community", _("Posts")
    COURSES = "courses", _("Courses")
    CONTRACTS = "billing", _("Contracts and invoices")
    HELP = "desk", _("Help")


class Use(TenantModel):
    """On how many days somebody used a service since the first one."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    service = models.CharField(_("service"), max_length=12, choices=Service.choices)
    days = models.PositiveIntegerField(_("days"), default=1)
    first_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "service", "days", "first_at"), "habits")
        not_personal = {**_KEY, **_CLOCK}
        anchors = {"record.created": "first_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "service"], name="use_once")
        ]

    def __str__(self) -> str:
        return f"use {self.pk}"


class Opinion(TenantModel):
    """What somebody wishes of a service, and how content they are with it."""

    class Wish(models.TextChoices):
        MORE = "more", pgettext_lazy("of a service", "I want more of it")
        SAME = "same", pgettext_lazy("of a service", "it is right as it is")
        LESS = "less", pgettext_lazy("of a service", "I do not need it")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    service = models.CharField(_("service"), max_length=12, choices=Service.choices)
    wish = models.CharField(_("what you wish"), max_length=4, choices=Wish.choices)
    score = models.PositiveSmallIntegerField(_("how content you are"), null=True)
    told_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "service", "wish", "score", "told_at"), "habits")
        not_personal = {**_KEY, **_CLOCK}
        anchors = {"record.created": "told_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "service"], name="opinion_once"),
            models.CheckConstraint(
                name="opinion_score", condition=Q(score=None) | Q(score__range=(1, 5))
            ),
        ]

    def __str__(self) -> str:
        return f"opinion {self.pk}"


class Complaint(TenantModel):
    """Somebody is not content with a service, what they say, and what they were answered."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    service = models.CharField(_("service"), max_length=12, choices=Service.choices)
    words = models.TextField(_("what is wrong"), max_length=4_000)
    told_at = models.DateTimeField()
    answer = models.TextField(_("answer"), max_length=4_000, blank=True)
    answered_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            ("person", "service", "words", "told_at", "answer", "answered_at"), "habits"
        )
        not_personal = {**_KEY, **_CLOCK}
        anchors = {"record.created": "told_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "person"], name="complaints_of_person")]
        constraints = [
            models.CheckConstraint(
                name="complaint_answered_whole",
                condition=Q(answer="", answered_at=None)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"complaint {self.pk}"
