"""Tables of the chat. What is said stands in the enquiry, so that it goes when the enquiry goes."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from skola.ground.tenants.api import TenantModel
from skola.services.chat import rules
from skola.services.desk.api import Message

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Hours(TenantModel):
    """When somebody answers on one day of the week."""

    class Day(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    weekday = models.PositiveSmallIntegerField(choices=Day.choices)
    opens = models.TimeField()
    closes = models.TimeField()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "weekday": "about the office",
            "opens": "about the office",
            "closes": "about the office",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "weekday"], name="chat_hours_once_a_day"),
            models.CheckConstraint(
                name="chat_hours_have_a_length", condition=Q(closes__gt=F("opens"))
            ),
        ]

    def __str__(self) -> str:
        return f"hours {self.pk}"


class ChatQuerySet(models.QuerySet["Chat"]):
    """Chats as those who talk need them."""

    def live(self) -> Self:
        """Those that go on."""
        return self.filter(ended_at=None)

    def readable(self, now: datetime) -> Self:
        """Those that go on, and those that ended a short while ago."""
        return self.filter(Q(ended_at=None) | Q(ended_at__gt=now - rules.READABLE))

    def with_turn(self) -> Self:
        """Add ``last_kind`` and ``words`` of the last message: whose turn it is, and about what."""
        said = Message.objects.filter(enquiry=OuterRef("enquiry")).exclude(kind=Message.Kind.NOTE)
        last = said.order_by("-sent_at")
        return self.select_related("enquiry__person", "agent").annotate(
            last_kind=Subquery(last.values("kind")[:1]), words=Subquery(last.values("body")[:1])
        )


class Chat(TenantModel):
    """That an enquiry is talked over now: by whom on our side, and how it ended."""

    class Ending(models.TextChoices):
        ENQUIRER = "enquirer", _("by the enquirer")
        AGENT = "agent", _("by us")
        SILENCE = "silence", pgettext_lazy("how a chat ended", "nobody wrote any more")

    enquiry = models.OneToOneField("desk.Enquiry", on_delete=models.CASCADE, related_name="chat")
    agent = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    begun_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    """Until when the enquirer has seen our answers."""
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    wants_transcript = models.BooleanField(default=False)
    transcript_at = models.DateTimeField(null=True, blank=True)
    """When what was said was handed over to be sent to the enquirer."""

    objects = ChatQuerySet.as_manager()

    class PersonalData:
        subject = "enquiry__person_id"
        relations = {"agent_id": "staff"}
        fields = dict.fromkeys(
            (
                "enquiry",
                "agent",
                "begun_at",
                "joined_at",
                "read_at",
                "ended_at",
                "ending",
                "wants_transcript",
                "transcript_at",
            ),
            "enquiry",
        )
        not_personal = _KEY
        anchors = {"record.created": "begun_at"}
        goes_with = "enquiry"

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "begun_at"], name="chats_live", condition=Q(ended_at=None)
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="chat_ends_with_a_word",
                condition=Q(ended_at=None, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
            )
        ]

    def __str__(self) -> str:
        return f"chat {self.pk}"
