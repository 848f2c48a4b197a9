"""Tables of campaigns: what was sent, to whom on which ground, and who refused."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.campaigns import rules

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Partner(TenantModel):
    """An organisation whose offers the controller sends; it gets no data (ekool-6.1.3, 6.2)."""

    name = models.CharField(_("name"), max_length=120)
    website = models.URLField(_("address on the web"), max_length=200)
    findings = models.TextField(_("what was looked at"), max_length=2_000, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "name": "an organisation",
            "website": "an organisation",
            "findings": "about an organisation",
            "approved_at": "about an organisation",
            "created_at": "about an organisation",
        }

    def __str__(self) -> str:
        return self.name


class Campaign(TenantModel):
    """One message to many: its kind, its words, by which channel and to whom."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        RUNNING = "running", _("being sent")
        ENDED = "ended", _("sent")

    kind = models.CharField(_("kind of message"), max_length=60)
    """A ``[[message]]`` of the policy."""
    channel = models.CharField(_("channel"), max_length=20)
    subject = models.CharField(_("subject"), max_length=120)
    text = models.TextField(
        _("text"),
        max_length=10_000,
        help_text=_("Write {name} where the first name of the reader is to stand."),
    )
    offer = models.TextField(
        _("what is advertised"),
        max_length=4_000,
        blank=True,
        help_text=_("Stands in a frame of its own below the text."),
    )
    link = models.URLField(_("link"), max_length=300, blank=True)
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="campaigns"
    )
    similar_to = models.CharField(
        _("similar to"),
        max_length=300,
        blank=True,
        help_text=_(
            "Titles of what clients bought before, separated by semicolons. Without consent an"
            " offer by e-mail reaches only who bought one of these."
        ),
    )
    segment = models.JSONField(default=list, blank=True)
    """Conditions, each ``{"field": "people.person.address", "op": "contains", "value": "…"}``."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    left_out = models.JSONField(default=dict, blank=True)
    """How many were left out when it was sent, by reason."""
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            **dict.fromkeys(
                (
                    "kind",
                    "channel",
                    "subject",
                    "text",
                    "offer",
                    "link",
                    "partner",
                    "similar_to",
                    "segment",
                    "state",
                    "left_out",
                    "created_at",
                    "started_at",
                    "ended_at",
                ),
                "the same for everybody who gets it",
            ),
        }

    class Meta:
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                name="campaign_states_whole",
                condition=Q(state="draft", started_at=None)
                | (~Q(state="draft") & Q(started_at__isnull=False)),
            ),
        ]

    @property
    def bought(self) -> list[str]:
        """The titles that count as similar."""
        return [one.strip() for one in self.similar_to.split(";") if one.strip()]

    def __str__(self) -> str:
        return f"campaign {self.pk}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries as their readers need them."""

    def waiting(self) -> Self:
        """Those that have not been sent yet."""
        return self.filter(state=Delivery.State.WAITING)


class Delivery(TenantModel):
    """One message to one person: on which ground, and what became of it (ilearn-8.f)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits")
        SENT = "sent", _("sent")
        SKIPPED = "skipped", _("not sent")

    class Result(models.TextChoices):
        REACHED = "reached", _("reached")
        NO_ANSWER = "no-answer", _("no answer")
        AGAIN = "again", _("to be called again")
        INTERESTED = "interested", _("interested")
        REFUSED = "refused", _("wants no more calls")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="deliveries")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=120)
    channel = models.CharField(max_length=20)
    ground = models.CharField(max_length=60)
    """The purpose that allowed it, or the kind of message that needs none."""
    chosen_by = models.CharField(max_length=300, blank=True)
    """The conditions of its segment, in words: what the person belongs to."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    why_not = models.CharField(max_length=20, blank=True)
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    queued_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "campaign",
                "person",
                "title",
                "channel",
                "ground",
                "chosen_by",
                "state",
                "why_not",
                "result",
                "queued_at",
                "settled_at",
            ),
            "marketing",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "queued_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "person"], name="deliveries_of_person")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "campaign", "person"], name="delivered_once"),
            models.CheckConstraint(
                name="delivery_settled_whole",
                condition=Q(state="waiting", settled_at=None)
                | (~Q(state="waiting") & Q(settled_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class Reaction(TenantModel):
    """A message was opened, or its link used; measured with consent only (learnifier-5.j).

    It is of a category of its own, so that a policy says what it may be read for, and how long it
    is kept, apart from the message itself (learnifier-5.k).
    """

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened")
        CLICKED = "clicked", _("link used")

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="reactions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    first_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "delivery__person_id"
        fields = dict.fromkeys(("delivery", "kind", "first_at", "times"), "reactions")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "first_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "delivery", "kind"], name="reacted_once"),
        ]

    def __str__(self) -> str:
        return f"reaction {self.pk}"


class Subscriber(TenantModel):
    """Where offers go of somebody who agreed to them: it outlives contract and account.

    Made when a consent is given, gone when the last one is withdrawn (ilearn-34.a).
    """

    person = models.OneToOneField(
        "people.Person", on_delete=models.CASCADE, related_name="subscriber"
    )
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    source = models.CharField(max_length=30)
    """The form or page on which it began, as the policy calls it."""
    since_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "email", "phone", "source", "since_at"), "marketing")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "since_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "email"], name="subscriber_by_email")]

    def __str__(self) -> str:
        return f"subscriber {self.pk}"


class RefusalQuerySet(models.QuerySet["Refusal"]):
    """Refusals as their readers need them."""

    def standing(self) -> Self:
        """Those that are applied and were not taken back."""
        return self.filter(applied_at__isnull=False, ended_at=None)

    def waiting(self) -> Self:
        """Those that somebody has still to read and apply."""
        return self.filter(applied_at=None, ended_at=None)


class Refusal(TenantModel):
    """Somebody wants no more of something: what, by which way, when (kic-rights-marketing)."""

    class Way(models.TextChoices):
        ACCOUNT = "account", _("in the account")
        LINK = "link", _("by the link in a message")
        EMAIL = "email", _("by e-mail")
        PHONE = "phone", _("by phone")
        CALL = "call", _("during a call")

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, null=True, related_name="+"
    )
    """Empty while nobody knows who it is."""
    address = models.CharField(max_length=254, blank=True)
    """From where it came, while it waits to be applied; then it is gone."""
    words = models.TextField(max_length=2_000, blank=True)
    """What they wrote, while it waits to be read; then it is gone."""
    what = models.CharField(max_length=90)
    """A flag, ``TYPE/CHANNEL`` or ``purpose:ID``, see ``rules.stops``."""
    way = models.CharField(max_length=10, choices=Way.choices)
    told_at = models.DateTimeField()
    apply_by = models.DateTimeField()
    """The last moment that the policy allows itself (ilearn-35)."""
    applied_at = models.DateTimeField(null=True, blank=True)
    is_late = models.BooleanField(default=False)
    """Nobody read it in time, so that the platform applied it by itself."""
    ended_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = RefusalQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "person",
                "address",
                "words",
                "what",
                "way",
                "told_at",
                "apply_by",
                "applied_at",
                "is_late",
                "ended_at",
            ),
            "preferences",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "told_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "person"], name="refusals_of_person"),
            models.Index(
                fields=["tenant", "apply_by"],
                name="refusals_to_apply",
                condition=Q(applied_at=None, ended_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="refusal_applied_after",
                condition=Q(applied_at=None) | Q(applied_at__gte=F("told_at")),
            ),
        ]

    @property
    def is_flag(self) -> bool:
        """Whether it refuses something as a whole."""
        return self.what in rules.FLAGS

    def __str__(self) -> str:
        return f"refusal {self.pk}"


class Suppression(TenantModel):
    """An address that gets no more of something, without the address: it outlives its person.

    The digest needs the installation's key, which lies in no backup. Who has an address can ask
    whether it is here; nobody can read one out (ilearn-34.a).
    """

    digest = models.CharField(max_length=64)
    what = models.CharField(max_length=90)
    since_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "digest": "keyed digest that leads to nobody without the address itself",
            "what": "goes with the digest",
            "since_at": "goes with the digest",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "digest", "what"], name="suppressed_once"),
        ]

    def __str__(self) -> str:
        return f"suppression {self.pk}"
