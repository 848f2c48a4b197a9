"""Tables of reaching: what somebody was told, by which channel it went, and their devices."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}
_CLOCK = {"due_at": "retention clock"}


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    PUSH = "push", _("notice on a device")
    SMS = "sms", _("text message")
    ACCOUNT = "account", _("account")
    POST = "post", _("letter")
    PHONE = "phone", _("phone call")


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices as their readers need them."""

    def unread(self) -> Self:
        """Those that their person has not opened."""
        return self.filter(read_at=None)


class Notice(TenantModel):
    """Something that one person is told. Of the same thing nobody is told twice."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=80)
    """What it tells of: ``works …``, or a key of its own."""
    title = models.CharField(_("subject"), max_length=120)
    text = models.TextField(_("text"), max_length=4_000)
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "about", "title", "text", "read_at"), "correspondence")
        not_personal = {**_KEY, **_CLOCK, "written_at": "goes with the row"}
        anchors = {"record.created": "written_at", "message.sent": "written_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "about"], name="notice_once")
        ]
        indexes = [
            models.Index(fields=["tenant", "person", "-written_at"], name="notices_of_person"),
            models.Index(fields=["tenant", "-written_at"], name="notices_latest"),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class TryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries as their readers need them."""

    def by_hand(self) -> Self:
        """Calls to make and letters to send."""
        hands = [Channel.PHONE, Channel.POST]
        return self.filter(state=Delivery.State.WAITING, channel__in=hands)

    def followed(self) -> Self:
        """Those of which somebody else will say how they ended."""
        open_ = Q(channel=Channel.EMAIL, state=Delivery.State.WAITING) | Q(
            channel=Channel.SMS, state__in=[Delivery.State.WAITING, Delivery.State.SENT]
        )
        return self.filter(open_)


class Delivery(TenantModel):
    """One notice by one channel, and what became of it (ilearn-29)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits")
        SENT = "sent", _("on its way")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("not delivered")

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    step = models.PositiveSmallIntegerField()
    """Which try it is, from 1 on."""
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    note = models.CharField(_("what came of it"), max_length=200, blank=True)
    reference = models.UUIDField(null=True, editable=False)
    """Of the mail or text message that carries it."""
    queued_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    """When it came to its present state; empty while it waits."""

    objects = TryQuerySet.as_manager()

    class PersonalData:
        subject = "notice__person_id"
        fields = dict.fromkeys(
            ("notice", "channel", "state", "note", "settled_at"), "correspondence"
        )
        not_personal = {
            **_KEY,
            "step": "a count",
            "reference": "identifier of a record",
            "queued_at": "goes with the row",
        }
        anchors = {"record.created": "queued_at"}
        goes_with = "notice"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "notice", "channel"], name="delivery_once"),
            models.CheckConstraint(
                name="notice_delivery_settled",
                condition=Q(state="waiting", settled_at=None)
                | (~Q(state="waiting") & Q(settled_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "channel", "queued_at"],
                name="notice_deliveries_open",
                condition=Q(state__in=["waiting", "sent"]),
            )
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class Device(TenantModel):
    """A browser that shows notices, where its owner said so; gone when it wants no more of them.

    The address belongs to whoever carries notices to that browser, and the two keys to the browser:
    what is sent there, nobody on the way can read (RFC 8291).
    """

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    endpoint = models.CharField(max_length=600)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    notices = models.BooleanField(_("notices about my contracts and courses"), default=True)
    offers = models.BooleanField(_("offers that I agreed to"), default=True)
    added_at = models.DateTimeField()
    reached_at = models.DateTimeField(null=True, blank=True)
    """When somebody last took a notice for it."""
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            ("person", "name", "endpoint", "p256dh", "auth", "notices", "offers", "reached_at"),
            "contact",
        )
        secrets: ClassVar[set[str]] = {"p256dh", "auth"}
        not_personal = {**_KEY, **_CLOCK, "added_at": "goes with the row"}
        anchors = {"record.created": "added_at"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "endpoint"], name="device_once")]
        indexes = [models.Index(fields=["tenant", "person"], name="devices_of_person")]

    def __str__(self) -> str:
        return f"device {self.pk}"


class Token(TenantModel):
    """A key by which an app reads for its owner; what is kept of it opens nothing."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "name", "digest", "used_at"), "credentials")
        secrets: ClassVar[set[str]] = {"digest"}
        not_personal = {**_KEY, **_CLOCK, "made_at": "goes with the row"}
        anchors = {"record.created": "made_at"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "digest"], name="token_once")]
        indexes = [models.Index(fields=["tenant", "person"], name="tokens_of_person")]

    def __str__(self) -> str:
        return f"token {self.pk}"
