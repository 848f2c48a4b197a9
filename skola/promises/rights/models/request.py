from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from skola.ground.people.api import wards_with
from skola.ground.tenants.models import TenantModel
from skola.promises.rights.requests.rules import ANYBODY, Ground, Proof, Step, step_of

ASKS = "request"
"""The power of a guardian to ask for a child."""
_KEY = {"id": "surrogate key", "tenant": "organisation"}


class RequestNumbers(TenantModel):
    """The last number given to a request. A number is never given twice, also after erasure."""

    last = models.PositiveIntegerField(default=0)

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {**_KEY, "last": "a count"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="request_numbers_once")]

    def __str__(self) -> str:
        return f"{self.last} requests"


class RequestQuerySet(models.QuerySet["RightsRequest"]):
    """Requests as their readers need them."""

    def open(self) -> Self:
        """Those that are not answered yet."""
        return self.filter(closed_at=None)

    def of(self, person: Any) -> Self:
        """Those of this person: what is not theirs does not exist for them."""
        return self.filter(person=person)

    def open_to(self, person: Any, *, now: datetime) -> Self:
        """Those of this person, and those that they asked for a child whose guardian they are now.

        When the link ends, or its power to ask does, they are gone at once (ilearn-11.d).
        """
        wards = wards_with(person, ASKS, now=now)
        return self.filter(Q(person=person) | Q(guardian=person, person__in=wards))


class RightsRequest(TenantModel):
    """What somebody asks about their data, from its receipt to the answer (GDPR Art. 12 to 22).

    ``person`` is whom it concerns, or a data subject without name made for this request: what was
    told stands here and goes with it.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", _("See my data and get a copy")
        PORTABILITY = "portability", _("Take my data along")
        RECTIFICATION = "rectification", _("Correct or complete my data")
        ERASURE = "erasure", _("Erase my data")
        RESTRICTION = "restriction", _("Freeze my data: keep them, do not use them")
        OBJECTION = "objection", _("Object to a use of my data")
        WITHDRAWAL = "withdraw-consent", _("Withdraw a consent")
        INFORMATION = "information", _("Learn how my data are used")
        COMPLAINT = "complaint", _("Complain: my rights were not kept")
        REVIEW = "review", _("Have a person look at a decision again")
        COMPENSATION = "compensation", _("Claim compensation")
        STOP = "stop-disclosure", _("Stop passing my data on")

    class Channel(models.TextChoices):
        ACCOUNT = "account", _("account")
        LINK = "link", _("form on the site")
        EMAIL = "email", _("e-mail")
        SIGNED_FILE = "signed-file", _("signed file")
        IN_PERSON = "in-person", _("in person")
        POST = "post", _("letter")
        PHONE = "phone", _("phone")

    class Reply(models.TextChoices):
        ACCOUNT = "account", _("in the account")
        EMAIL = "email", _("by e-mail")
        REGISTERED = "registered", _("by registered letter")
        POST = "post", _("by letter")
        IN_PERSON = "in-person", _("handed over in person")

    class Shown(models.TextChoices):
        LOGIN = Proof.LOGIN, _("signed in, and proven again")
        SECOND_FACTOR = Proof.SECOND_FACTOR, _("signed in with a second factor")
        CODE = Proof.CODE, _("a link to the e-mail address known here")
        DOCUMENT = Proof.DOCUMENT, _("a document was shown")
        SIGNED_FILE = Proof.SIGNED_FILE, _("a qualified electronic signature was checked")
        SIGNATURE = Proof.SIGNATURE, _("the signature was compared with one on file")

    class Document(models.TextChoices):
        PASSPORT = "passport", _("passport")
        CARD = "identity-card", _("identity card")
        PERMIT = "residence-permit", _("residence permit")
        LICENCE = "driving-licence", _("driving licence")

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("done as asked")
        PARTLY = "partly", _("done in part")
        REFUSED = "refused", _("not done")
        WITHDRAWN = "withdrawn", _("withdrawn by the person")

    class Because(models.TextChoices):
        DUTY = Ground.DUTY, _("A law obliges us to keep or use these data.")
        CLAIM = Ground.CLAIM, _("The data are needed to raise or answer a legal claim.")
        CONTRACT = Ground.CONTRACT, _("The data are needed for a contract with you that runs.")
        OTHERS = Ground.OTHERS, _("It would harm the rights of other people.")
        EXCESSIVE = Ground.EXCESSIVE, _("The request is unfounded or excessive.")
        IDENTITY = Ground.IDENTITY, _("It could not be confirmed who asks.")
        RIGHT = Ground.RIGHT, _("What the request holds against us was checked and is not so.")
        NOTHING = Ground.NOTHING, _("We hold no such data.")

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="rights_requests"
    )
    guardian = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """The proven guardian who asks for a child; None where nobody asks for somebody else."""
    number = models.PositiveIntegerField(editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    language = models.CharField(max_length=5, default="en")
    words = models.TextField(max_length=4_000, blank=True)
    given_name = models.CharField(max_length=80, blank=True)
    family_name = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    """Where the answer goes when it goes by e-mail."""
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=200, blank=True)
    reply_by = models.CharField(max_length=10, choices=Reply.choices)
    about = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="followed_by"
    )
    """The answered request that this one disputes, or claims compensation for."""
    enquiry = models.UUIDField(null=True, editable=False)
    """The enquiry out of which it was made."""
    received_at = models.DateTimeField()
    at_once = models.BooleanField(default=False)
    """The policy promises it at once; ``promised_on`` is then the last day of the law."""
    promised_on = models.DateField()
    """The last day, in the tenant's zone, on which it is answered in time."""
    escalated = models.PositiveSmallIntegerField(default=0)
    """How far the time had run when somebody was last warned: 50, 75, 90 or 100 of 100."""
    proof = models.CharField(max_length=14, choices=Shown.choices, blank=True)
    document = models.CharField(max_length=18, choices=Document.choices, blank=True)
    proven_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    """When it was confirmed from the address to which a link went; only for what came by mail."""
    assignee = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    paused_at = models.DateTimeField(null=True)
    extended_at = models.DateTimeField(null=True)
    fee_cents = models.PositiveIntegerField(null=True)
    """What was proposed to be paid; None where it is free, as the first in a year always is."""
    claimed_cents = models.PositiveIntegerField(null=True)
    awarded_cents = models.PositiveIntegerField(null=True)
    paid_on = models.DateField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    ground = models.CharField(max_length=10, choices=Because.choices, blank=True)
    duty = models.CharField(max_length=80, blank=True)
    """The rule or purpose of the policy whose law is cited."""
    reasons = models.TextField(max_length=4_000, blank=True)
    decided_at = models.DateTimeField(null=True)
    decider = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    """When the answer had left; from here its term runs."""
    due_at = models.DateTimeField(null=True, editable=False)

    objects = RequestQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        relations = {"guardian_id": "counterpart", "assignee_id": "staff", "decider_id": "staff"}
        fields = dict.fromkeys(
            (
                "person",
                "guardian",
                "kind",
                "channel",
                "language",
                "words",
                "given_name",
                "family_name",
                "email",
                "phone",
                "address",
                "reply_by",
                "about",
                "received_at",
                "promised_on",
                "proof",
                "document",
                "proven_at",
                "confirmed_at",
                "assignee",
                "paused_at",
                "extended_at",
                "fee_cents",
                "claimed_cents",
                "awarded_cents",
                "paid_on",
                "outcome",
                "ground",
                "duty",
                "reasons",
                "decided_at",
                "decider",
                "closed_at",
            ),
            "support",
        )
        not_personal = {
            **_KEY,
            "number": "a running number",
            "enquiry": "identifier of an enquiry",
            "at_once": "a rule of the policy",
            "escalated": "a count of warnings to staff",
            "due_at": "retention clock",
        }
        anchors = {
            "record.created": "received_at",
            "objection.closed": "closed_at",
            "claim.closed": "closed_at",
        }
        states = {"request.open": "closed_at", "objection.open": "closed_at"}

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "promised_on"], name="requests_open", condition=Q(closed_at=None)
            ),
            models.Index(fields=["tenant", "person", "-received_at"], name="requests_by_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="request_number_once"),
            models.CheckConstraint(
                name="request_proof_whole",
                condition=Q(proof="", proven_at=None) | (~Q(proof="") & Q(proven_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="request_proven_before_decided",
                condition=Q(decided_at=None)
                | Q(proven_at__isnull=False)
                | Q(kind__in=sorted(ANYBODY))
                | Q(outcome="withdrawn")
                | Q(ground="identity"),
            ),
            models.CheckConstraint(
                name="request_decided_with_outcome",
                condition=Q(decided_at=None, outcome="")
                | (Q(decided_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="request_refused_on_a_ground",
                condition=Q(outcome__in=["", "granted", "withdrawn"], ground="", duty="")
                | (Q(outcome__in=["refused", "partly"]) & ~Q(ground="") & ~Q(reasons="")),
            ),
            models.CheckConstraint(
                name="request_duty_named",
                condition=(Q(ground="duty") & ~Q(duty="")) | (~Q(ground="duty") & Q(duty="")),
            ),
            models.CheckConstraint(
                name="request_decided_before_closed",
                condition=Q(closed_at=None) | Q(decided_at__isnull=False, paused_at=None),
            ),
            models.CheckConstraint(
                name="request_closed_after_received",
                condition=Q(closed_at=None) | Q(closed_at__gte=F("received_at")),
            ),
        ]

    @property
    def label(self) -> str:
        """The number as it is said to people."""
        return f"R-{self.number:05d}"

    @property
    def step(self) -> Step:
        """What it waits for."""
        return step_of(
            self.kind,
            proven=self.proven_at is not None,
            decided=self.decided_at is not None,
            closed=self.closed_at is not None,
        )

    @property
    def told_name(self) -> str:
        """The name as it was told, or an empty text."""
        return f"{self.given_name} {self.family_name}".strip()

    def __str__(self) -> str:
        return f"request {self.pk}"


class RequestMessage(TenantModel):
    """What was said in a request, to the person or by them, or noted by staff."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("receipt")
        QUESTION = "question", _("question to you")
        EXTENSION = "extension", _("more time is needed")
        FEE = "fee", _("a fee is proposed")
        ANSWER = "answer", _("answer")
        PAYMENT = "payment", _("payment")
        PERSON = "person", _("from you")
        NOTE = "note", _("note of staff")

    request = models.ForeignKey(RightsRequest, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    body = models.TextField(max_length=8_000)
    author = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    said_at = models.DateTimeField()

    class Fate(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("of a letter", "received")
        RETURNED = "returned", pgettext_lazy("of a letter", "came back")

    route = models.CharField(max_length=10, choices=RightsRequest.Reply.choices, blank=True)
    """By which way it goes to the person; empty for their own words and for notes."""
    sent_at = models.DateTimeField(null=True)
    """When it left: at once by account and e-mail; None while a letter is not posted."""
    printed_at = models.DateTimeField(null=True)
    """When a letter was last printed."""
    tracking = models.CharField(max_length=40, blank=True)
    """The number of a registered letter."""
    fate = models.CharField(max_length=10, choices=Fate.choices, blank=True)
    """What became of a registered letter, as the post told; empty while it is on its way."""
    fate_on = models.DateField(null=True)

    class PersonalData:
        subject = "request__person_id"
        relations = {"author_id": "author"}
        fields = dict.fromkeys(
            (
                "request",
                "kind",
                "body",
                "author",
                "said_at",
                "route",
                "sent_at",
                "printed_at",
                "tracking",
                "fate",
                "fate_on",
            ),
            "support",
        )
        not_personal = _KEY
        anchors = {"record.created": "said_at"}
        goes_with = "request"

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "request", "said_at"], name="request_thread"),
            models.Index(
                fields=["tenant", "said_at"],
                name="request_letters",
                condition=Q(sent_at=None) & ~Q(route=""),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="letter_posted_with_number",
                condition=~Q(route="registered") | Q(sent_at=None) | ~Q(tracking=""),
            ),
            models.CheckConstraint(
                name="letter_fate_on_a_day",
                condition=Q(fate="", fate_on=None)
                | (~Q(fate="") & Q(fate_on__isnull=False, sent_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"
