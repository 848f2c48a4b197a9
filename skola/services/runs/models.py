"""Tables of runs. A run is nobody's; who takes part in it, and what they were sent, is."""

import secrets
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.runs.rules import open_link

_KEY = {"id": "surrogate key", "tenant": "organisation"}
_NOBODY: dict[str, str] = {}


def _link_key() -> str:
    return secrets.token_urlsafe(12)


class Run(TenantModel):
    """One course for one group of people."""

    title = models.CharField(_("title"), max_length=120)
    course: Any = models.ForeignKey(
        "courses.Course", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    """None when its author has deleted the course."""
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    site = models.CharField(max_length=300)
    """Where the pages are, as mails say it: ``https://HOST``."""
    created_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "title": "name of a group",
            "course": "a course",
            "starts_on": "a term",
            "ends_on": "a term",
            "site": "address of the service",
            "created_at": "about a group",
        }

    class Meta:
        ordering = ("-starts_on", "title")
        constraints = [
            models.CheckConstraint(
                name="run_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))
            )
        ]

    def __str__(self) -> str:
        return self.title


class RunLink(TenantModel):
    """The link by which people put themselves down for a run."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="link")
    key = models.CharField(max_length=24, default=_link_key, editable=False)
    password = models.CharField(max_length=128, blank=True)
    """Hashed."""
    limit = models.PositiveIntegerField(_("at most so many people"), default=30)
    ends_on = models.DateField(_("open until"), null=True, blank=True)
    is_open = models.BooleanField(default=False)

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "run": "a group",
            "key": "part of an address",
            "password": "shared by a group",
            "limit": "a number",
            "ends_on": "a term",
            "is_open": "a setting",
        }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="run_link_once")]

    def __str__(self) -> str:
        return f"link {self.pk}"

    def lets_in(self, came: int, today: date) -> bool:
        """Whether one more may put themselves down."""
        return open_link(
            is_open=self.is_open, limit=self.limit, came=came, ends_on=self.ends_on, today=today
        )


class RunList(TenantModel):
    """A list of participants that was applied; it holds numbers, the lines are not kept."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="lists")
    applied_at = models.DateTimeField()
    added = models.PositiveIntegerField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "run": "a group",
            "applied_at": "about a list",
            "added": "a number",
            "taken_back_at": "about a list",
        }

    class Meta:
        ordering = ("-applied_at",)

    def __str__(self) -> str:
        return f"list {self.pk}"


class Participant(TenantModel):
    """Somebody takes part in a run."""

    class Way(models.TextChoices):
        HAND = "hand", _("by hand")
        LIST = "list", _("by a list")
        LINK = "link", _("by the link")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="runs")
    way = models.CharField(max_length=4, choices=Way.choices)
    list = models.ForeignKey(
        RunList, on_delete=models.SET_NULL, null=True, related_name="participants"
    )
    is_new = models.BooleanField(default=False)
    """Whether nobody of that address was known here before."""
    added_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("run", "person", "way", "is_new", "added_at"), "learning")
        not_personal = {**_KEY, "list": "by which list", "due_at": "retention clock"}
        anchors = {"record.created": "added_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "run", "person"], name="in_a_run_once")
        ]

    def __str__(self) -> str:
        return f"participant {self.pk}"


class MailRule(TenantModel):
    """A mail that goes out by itself: at once, or so many days before the end."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("invitation")
        REMINDER = "reminder", _("reminder")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="rules")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    days = models.PositiveSmallIntegerField(_("days before the end"), default=0)
    words = models.TextField(_("your own words"), max_length=2_000, blank=True)
    """Stand above the facts of the mail; may be empty."""
    since_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "run": "a group",
            "kind": "closed list",
            "days": "a term",
            "words": "to a whole group",
            "since_at": "about a rule",
        }

    class Meta:
        ordering = ("kind", "-days")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "run", "kind", "days"], name="rule_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.days}"


class RunMail(TenantModel):
    """What somebody was sent by which rule, and when: once, whatever becomes of the rule."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=10, choices=MailRule.Kind.choices)
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    app_may = "select, insert, delete"

    class PersonalData:
        subject = "participant__person_id"
        fields = dict.fromkeys(("kind", "days", "at"), "learning")
        not_personal = {**_KEY, "participant": "goes with the participant"}
        goes_with = "participant"

    class Meta:
        ordering = ("-at",)
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "participant", "kind", "days"], name="mailed_once"
            )
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}"
