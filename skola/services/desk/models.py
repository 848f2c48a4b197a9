"""Tables of the desk. What enquirers tell about themselves stays in the enquiry (ema-5.1-data)."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Left, Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from skola.ground.people.api import Account
from skola.ground.tenants.api import TenantModel

if TYPE_CHECKING:
    from skola.ground.people.api import Person

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Numbers(TenantModel):
    """The last number given to an enquiry. A number is never given twice, also after erasure."""

    last = models.PositiveIntegerField(default=0)

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {**_KEY, "last": "a count"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="desk_numbers_once")]

    def __str__(self) -> str:
        return f"{self.last} enquiries"


def _theirs(person: "Person") -> Q:
    own = Account.objects.filter(person=person).values("email")
    return Q(person=person) | Q(person__account=None, told_email__in=own)


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    """Enquiries as their readers need them."""

    def open(self) -> Self:
        """Those that wait for us or for the enquirer."""
        return self.filter(closed_at=None)

    def of(self, person: "Person") -> Self:
        """Those that this person sent: what is not theirs does not exist for them.

        What came by mail or by the form of the site, from the address of their account and
        without signing in, is theirs as well: answers go to that address (ilearn-8.g).
        """
        return self.annotate(told_email=Lower("email")).filter(_theirs(person))

    def around(self, person: "Person") -> Self:
        """Everything that this person and whoever told the same address wrote; for staff only.

        An address that somebody tells is no proof of who they are, so people see ``of`` instead.
        """
        told = Enquiry.objects.filter(person=person).exclude(email="").values(told=Lower("email"))
        return self.annotate(told_email=Lower("email")).filter(
            _theirs(person) | Q(told_email__in=told)
        )

    def saying(self, words: str) -> Self:
        """Those in which these words stand, as number, name, address or in what was written."""
        number = words.upper().removeprefix("E-").lstrip("0")
        found = Q(number=int(number)) if number.isdecimal() and len(number) < 10 else Q()
        for field in ("given_name", "family_name", "email", "profile"):
            found |= Q(**{f"{field}__icontains": words})
        said = Message.objects.filter(enquiry=OuterRef("pk"), body__icontains=words)
        return self.filter(found | Q(models.Exists(said)))

    def with_excerpt(self) -> Self:
        """Add ``excerpt``, the beginning of the first message, and ``waits``, whose turn it is."""
        first = _told().order_by("sent_at").values(start=Left("body", 160))
        return self.annotate(excerpt=Subquery(first[:1]), last_kind=_last_kind())

    def answered(self) -> Self:
        """Those in which we spoke last."""
        return self.annotate(spoke=_last_kind()).filter(spoke=Message.Kind.ANSWER)

    def unanswered(self) -> Self:
        """Those in which the enquirer spoke last."""
        return self.annotate(spoke=_last_kind()).filter(spoke=Message.Kind.QUESTION)


def _told() -> "models.QuerySet[Message]":
    return Message.objects.filter(enquiry=OuterRef("pk")).exclude(kind=Message.Kind.NOTE)


def _last_kind() -> Subquery:
    return Subquery(_told().order_by("-sent_at").values("kind")[:1])


class Enquiry(TenantModel):
    """A question or dispute, from whichever channel, until it is answered and closed.

    ``person`` is the signed-in sender, or a data subject without name and account made for this
    enquiry: what was told stands here, so that it goes when the enquiry goes (ema-5.4).
    """

    class Channel(models.TextChoices):
        WEB = "web", _("contact form")
        ACCOUNT = "account", _("account")
        CHAT = "chat", _("chat")
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("phone")
        IN_PERSON = "in-person", _("in person")
        POST = "post", _("post")
        FACEBOOK = "facebook", _("Facebook")
        OTHER = "other", _("another way")

    class Topic(models.TextChoices):
        SERVICE = "service", _("Courses and services")
        FAULT = "fault", _("Something does not work")
        PRIVACY = "privacy", _("My personal data")
        DISPUTE = "dispute", _("Terms of agreement: a concern or dispute")
        REFUND = "refund", _("Refund")
        OTHER = "other", _("Something else")

    class Ending(models.TextChoices):
        ANSWERED = "answered", _("answered")
        WITHDRAWN = "withdrawn", _("withdrawn by the enquirer")
        SPAM = "spam", _("not an enquiry")

    person = models.ForeignKey(
        "people.Person",
        on_delete=models.CASCADE,
        related_name="enquiries",
        verbose_name=_("person"),
    )
    number = models.PositiveIntegerField(editable=False)
    channel = models.CharField(_("how it came"), max_length=10, choices=Channel.choices)
    topic = models.CharField(_("topic"), max_length=10, choices=Topic.choices)
    given_name = models.CharField(_("first name"), max_length=80, blank=True)
    family_name = models.CharField(_("family name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    profile = models.CharField(max_length=120, blank=True)
    """Name or id at the social network that the message came from (ema-5.3-source)."""
    language = models.CharField(max_length=5, default="en")
    notice_version = models.CharField(max_length=40, blank=True)
    """The policy that was linked beside the form; empty where staff registered the enquiry."""
    page = models.CharField(_("page"), max_length=300, blank=True)
    """Where something did not work (ema-1.1.1-faults)."""
    browser = models.CharField(_("browser"), max_length=200, blank=True)
    order_number = models.PositiveIntegerField(_("number of the order"), null=True, blank=True)
    """Which order it is about, as the enquirer says (ilearn-disputes)."""
    received_at = models.DateTimeField()
    answer_by = models.DateField()
    last_message_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    assignee = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    due_at = models.DateTimeField(null=True, editable=False)

    objects = EnquiryQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        relations = {"assignee_id": "staff"}
        fields = dict.fromkeys(
            (
                "person",
                "channel",
                "topic",
                "given_name",
                "family_name",
                "email",
                "phone",
                "profile",
                "language",
                "notice_version",
                "page",
                "order_number",
                "browser",
                "received_at",
                "answer_by",
                "last_message_at",
                "closed_at",
                "ending",
                "assignee",
            ),
            "enquiry",
        )
        not_personal = {**_KEY, "number": "a running number", "due_at": "retention clock"}
        anchors = {
            "record.created": "received_at",
            "enquiry.received": "received_at",
            "enquiry.last_message": "last_message_at",
            "enquiry.closed": "closed_at",
        }
        states = {"enquiry.open": "closed_at", "contact.ongoing": "closed_at"}

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "answer_by"], name="desk_open", condition=Q(closed_at=None)
            ),
            models.Index(fields=["tenant", "person", "-received_at"], name="desk_by_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="enquiry_number_once"),
            models.CheckConstraint(
                name="enquiry_ends_with_a_word",
                condition=Q(closed_at=None, ending="")
                | (Q(closed_at__isnull=False) & ~Q(ending="")),
            ),
            models.CheckConstraint(
                name="enquiry_closed_after_received",
                condition=Q(closed_at=None) | Q(closed_at__gte=F("received_at")),
            ),
        ]

    @property
    def name(self) -> str:
        """The enquirer's name as told, or the profile they wrote from, or an empty text."""
        return f"{self.given_name} {self.family_name}".strip() or self.profile

    @property
    def label(self) -> str:
        """The number as it is said to people."""
        return f"E-{self.number:05d}"

    def __str__(self) -> str:
        return f"enquiry {self.pk}"


class Message(TenantModel):
    """One message of an enquiry, or a note of staff that the enquirer sees in an export only."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("from the enquirer")
        ANSWER = "answer", _("answer")
        NOTE = "note", _("note")

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    author = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    body = models.TextField(_("message"), max_length=10_000)
    sent_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)
    """When the answer left by e-mail; None for what goes by other ways, or has not left yet."""

    class PersonalData:
        subject = "enquiry__person_id"
        relations = {"author_id": "author"}
        fields = dict.fromkeys(
            ("enquiry", "kind", "author", "body", "sent_at", "mailed_at"), "enquiry"
        )
        not_personal = _KEY
        anchors = {"record.created": "sent_at"}
        goes_with = "enquiry"

    class Meta:
        indexes = [models.Index(fields=["tenant", "enquiry", "sent_at"], name="desk_thread")]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Line(TenantModel):
    """A phone line of the service: who answers it, and whether callers are told of recording."""

    class Role(models.TextChoices):
        CONSULTANT = "consultant", _("consultant")
        ORDER_TAKER = "order-taker", _("order-taker")
        OTHER = "other", _("other staff")

    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=60)
    number = models.CharField(_("number"), max_length=30)
    announced = models.BooleanField(_("callers are told that it records"), default=False)
    callee_role = models.CharField(_("answered by"), max_length=12, choices=Role.choices)

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "name": "name of a line",
            "number": "number of the organisation",
            "announced": "about a line",
            "callee_role": "about a line",
        }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="desk_line_once")]

    def __str__(self) -> str:
        return self.name


class CallQuerySet(models.QuerySet["Call"]):
    """Calls as the register shows them."""

    def with_parts(self) -> Self:
        """Fetch line, person, recording and what it answers at once."""
        return self.select_related("line", "person", "recording", "answers", "agent")


class Call(TenantModel):
    """A line of the call log: which number, when, how long (ema-4.1.2). It holds no sound."""

    class Direction(models.TextChoices):
        INCOMING = "incoming", _("incoming")
        OUTGOING = "outgoing", _("call-back")
        VOICEMAIL = "voicemail", pgettext_lazy("a kind of call", "voicemail")

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, null=True, blank=True, related_name="calls"
    )
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="calls")
    direction = models.CharField(_("direction"), max_length=10, choices=Direction.choices)
    number = models.CharField(_("number of the caller"), max_length=30, db_index=False)
    agent = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(_("began"))
    seconds = models.PositiveIntegerField(_("seconds"), default=0)
    answers = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="call_backs"
    )
    """The voicemail that this call answers."""
    recording_deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = CallQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        relations = {"agent_id": "staff"}
        fields = dict.fromkeys(
            ("person", "line", "direction", "number", "agent", "started_at", "seconds", "answers"),
            "call_log",
        )
        not_personal = {
            **_KEY,
            "recording_deleted_at": "moment of an erasure",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "started_at", "call.made": "started_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-started_at"], name="desk_calls_by_time"),
            models.Index(fields=["tenant", "number", "-started_at"], name="desk_calls_by_number"),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"


class Recording(TenantModel):
    """The sound of a call. Its class decides how long: quality, or proof of an oral agreement."""

    class Kind(models.TextChoices):
        QUALITY = "quality", _("quality of service")
        ORAL = "oral-agreement", _("oral agreement")
        VOICEMAIL = "voicemail", pgettext_lazy("a kind of recording", "voicemail")

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    call = models.OneToOneField(
        Call, on_delete=models.SET_NULL, null=True, related_name="recording"
    )
    kind = models.CharField(_("class"), max_length=14, choices=Kind.choices)
    audio = models.OneToOneField("files.StoredFile", on_delete=models.CASCADE, related_name="+")
    callee_role = models.CharField(max_length=12, choices=Line.Role.choices)
    announced = models.BooleanField()
    recorded_at = models.DateTimeField()
    contract = models.ForeignKey(
        "billing.Contract", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    contract_closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When the contract it proves ended; the database copies it from there."""
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            ("person", "call", "kind", "audio", "recorded_at", "contract"), "call_recording"
        )
        not_personal = {
            **_KEY,
            "callee_role": "about a line",
            "announced": "about a line",
            "contract_closed_at": "copy of the contract's end",
            "due_at": "retention clock",
        }
        anchors = {
            "record.created": "recorded_at",
            "call.recorded": "recorded_at",
            "contract.oral_closed": "contract_closed_at",
        }
        states = {"contract.oral_open": "contract_closed_at"}
        conditions = {
            "contract.oral": Q(kind="oral-agreement"),
            "line.announced": Q(announced=True),
            "callee.consultant": Q(callee_role__in=("consultant", "order-taker")),
        }

    class Meta:
        constraints = [
            models.CheckConstraint(name="recording_was_announced", condition=Q(announced=True)),
            models.CheckConstraint(
                name="recording_contract_is_oral",
                condition=Q(contract=None) | Q(kind="oral-agreement"),
            ),
        ]

    def __str__(self) -> str:
        return f"recording {self.pk}"


class CallTask(TenantModel):
    """What is to be done after a call, in words, so that the sound may expire (ilearn-11.i)."""

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    call = models.ForeignKey(
        Call, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    recording = models.ForeignKey(
        Recording, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    recording_deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When the sound went; the database writes it as the recording goes."""
    text = models.TextField(_("what to do"), max_length=2_000)
    author = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        relations = {"author_id": "author"}
        fields = dict.fromkeys(
            ("person", "call", "recording", "text", "author", "created_at", "done_at"), "support"
        )
        not_personal = {
            **_KEY,
            "recording_deleted_at": "moment of an erasure",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "created_at"}

    def __str__(self) -> str:
        return f"task {self.pk}"
