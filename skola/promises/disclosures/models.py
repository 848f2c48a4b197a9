"""The register of who receives, what is on file about them, and the ledger of what they got."""

import secrets
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}
WHOLE = "whole"
"""The form in which everything that is held about a person goes over to a new controller."""


def fresh_salt() -> str:
    """Return what makes the pseudonyms of one recipient its own: 128 random bits."""
    return secrets.token_hex(16)


class PartyQuerySet(models.QuerySet["Party"]):
    """Entries of the register as their readers need them."""

    def there(self) -> Self:
        """Those that did not end."""
        return self.filter(ended_at=None)


class Party(TenantModel):
    """Somebody outside, by name, who receives data as one entry of the policy says."""

    entry = models.CharField(_("as whom"), max_length=80)
    """The rule of the policy: ``recipient.bank``, ``processor.partners``."""
    name = models.CharField(_("name"), max_length=120)
    number = models.CharField(_("registration number"), max_length=40, blank=True)
    country = models.CharField(_("country"), max_length=2)
    """Where the data are, or the people who see them: ISO 3166-1."""
    email = models.EmailField(
        _("e-mail for privacy matters"), blank=True, help_text=_("An address of the organisation.")
    )
    registered_at = models.DateTimeField()
    changed_on = models.DateField()
    """The day from which the time to publish the entry runs, in the tenant's zone."""
    published_at = models.DateTimeField(null=True)
    """Since when it is on the public list."""
    warned_at = models.DateTimeField(null=True)
    """When the officer was warned that it is still not on the list."""
    activated_at = models.DateTimeField(null=True)
    active_from = models.DateTimeField(null=True)
    """When the notice period of the change is over."""
    ended_at = models.DateTimeField(null=True)
    salt = models.CharField(max_length=32, default=fresh_salt, editable=False)

    objects = PartyQuerySet.as_manager()

    app_may = "select, insert, update"

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "entry": "a word of the policy",
            "name": "about an organisation",
            "number": "about an organisation",
            "country": "about an organisation",
            "email": "address of an organisation",
            "registered_at": "moment of an act",
            "changed_on": "about an organisation",
            "published_at": "moment of an act",
            "warned_at": "moment of an act",
            "activated_at": "moment of an act",
            "active_from": "moment of an act",
            "ended_at": "moment of an act",
            "salt": "random",
        }

    class Meta:
        indexes = [models.Index(fields=["tenant", "entry"], name="party_by_entry")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "entry", "name"],
                condition=Q(ended_at=None),
                name="party_once",
            ),
            models.CheckConstraint(
                name="party_active_whole",
                condition=Q(activated_at=None, active_from=None)
                | Q(activated_at__isnull=False, active_from__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"party {self.pk}"


class Paper(TenantModel):
    """Something on file about a recipient, from its first day to its last."""

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", _("agreement: purpose, security, return or erasure at its end")
        RULES = "rules", _("acceptance of our rules of security and confidentiality")
        ORGANISATIONAL = "organisational", _("check of organisational measures")
        PHYSICAL = "physical", _("check of physical measures")
        TECHNICAL = "technical", _("check of technical measures")
        SECRECY = "secrecy", _("agreement of secrecy")
        APPROVAL = "approval", _("decision that names may go to them")
        ADEQUACY = "adequacy", _("safeguard: decision that the country protects enough")
        SCC = "scc", _("safeguard: standard contractual clauses")
        BCR = "bcr", _("safeguard: binding corporate rules")

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(_("what it is"), max_length=14, choices=Kind.choices)
    reference = models.CharField(_("reference, or version"), max_length=120)
    valid_from = models.DateField(_("first day"))
    valid_until = models.DateField(_("last day"), null=True, blank=True)
    recorded_at = models.DateTimeField()

    app_may = "select, insert"

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "party": "about an organisation",
            "kind": "about an organisation",
            "reference": "about an organisation",
            "valid_from": "about an organisation",
            "valid_until": "about an organisation",
            "recorded_at": "moment of an act",
        }

    class Meta:
        ordering = ("kind", "-valid_from")
        indexes = [models.Index(fields=["tenant", "party"], name="papers_of_party")]
        constraints = [
            models.CheckConstraint(
                name="paper_days_in_order",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"paper {self.pk}"


class DemandQuerySet(models.QuerySet["Demand"]):
    """Demands as their readers need them."""

    def open(self) -> Self:
        """Those that were neither released nor turned down."""
        return self.filter(released_at=None, refused_at=None)


class Demand(TenantModel):
    """Somebody demands data about a person by law; until it is whole, nothing can be released."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="demands")
    law = models.CharField(_("law that is cited"), max_length=200, blank=True)
    document = models.CharField(_("number and date of the document"), max_length=120, blank=True)
    reasoning = models.TextField(
        _("why they need it, in their words"), max_length=4_000, blank=True
    )
    scope: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    """The fields demanded."""
    received_at = models.DateTimeField()
    recorder = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    review = models.TextField(_("result of the legal review"), max_length=2_000, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    approver = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    hidden_until = models.DateTimeField(null=True)
    """Until when a law forbids to tell the person; None where nothing does."""
    hidden_because = models.CharField(_("law that forbids to tell"), max_length=200, blank=True)
    released_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = DemandQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        relations = {"recorder_id": "staff", "approver_id": "staff"}
        withheld = "hidden_until"
        fields = dict.fromkeys(
            (
                "person",
                "party",
                "law",
                "document",
                "reasoning",
                "scope",
                "received_at",
                "recorder",
                "review",
                "reviewed_at",
                "approver",
                "approved_at",
                "hidden_because",
                "released_at",
                "refused_at",
            ),
            "support",
        )
        not_personal = {
            **_KEY,
            "hidden_until": "day named by a law",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "received_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "person"], name="demands_of_person"),
            models.Index(fields=["tenant", "-received_at"], name="demands_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                name="demand_hidden_by_a_law",
                condition=Q(hidden_until=None, hidden_because="")
                | (Q(hidden_until__isnull=False) & ~Q(hidden_because="")),
            ),
            models.CheckConstraint(
                name="demand_ends_once",
                condition=Q(released_at=None) | Q(refused_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"demand {self.pk}"


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    """Entries of the ledger as their readers need them."""

    def of(self, person_id: UUID) -> Self:
        """Those about this person."""
        return self.filter(person_id=person_id)


class Disclosure(TenantModel):
    """Data of a person went to somebody outside: to whom, why, on which ground, which fields."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="disclosures")
    recipient = models.CharField(max_length=120)
    """Their name on that day."""
    country = models.CharField(max_length=2)
    safeguard = models.CharField(max_length=140, blank=True)
    """What protects the data outside the European Economic Area, with its reference."""
    third = models.BooleanField()
    """Whether it is a third party; a processor works on the controller's behalf (ekool-1.5)."""
    ground = models.CharField(max_length=10)
    purpose = models.CharField(max_length=200)
    reference = models.CharField(max_length=200, blank=True)
    """The agreement, order, law and document, claim file or consent that it follows from."""
    note = models.TextField(max_length=2_000, blank=True)
    """Why the interest outweighs those of the person, where it is the ground."""
    form = models.CharField(max_length=12)
    fields: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    records = models.PositiveIntegerField()
    """How many went; 0 where everything did, uncounted."""
    digest = models.CharField(max_length=64)
    """SHA-256 of what went out."""
    at = models.DateTimeField()
    once = models.UUIDField()
    """Which passing on it was: the same one again adds no entry."""
    hidden_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = DisclosureQuerySet.as_manager()

    app_may = "select, insert, update (due_at)"
    """What went out is never changed, and only the retention engine deletes."""

    class PersonalData:
        subject = "person_id"
        withheld = "hidden_until"
        fields = dict.fromkeys(
            (
                "person",
                "party",
                "recipient",
                "country",
                "safeguard",
                "third",
                "ground",
                "purpose",
                "reference",
                "note",
                "form",
                "fields",
                "records",
                "at",
            ),
            "support",
        )
        not_personal = {
            **_KEY,
            "digest": "digest of a file",
            "once": "random",
            "hidden_until": "day named by a law",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "person", "-at"], name="disclosures_of_person"),
            models.Index(fields=["tenant", "-at"], name="disclosures_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "once", "person"], name="disclosed_once"),
            models.CheckConstraint(
                name="disclosed_on_a_ground",
                condition=Q(ground__in=["contract", "consent", "claim", "interest"])
                | (Q(ground="law") & ~Q(reference="")),
            ),
        ]

    @property
    def label(self) -> str:
        """The word under which the recipient was given it."""
        return f"D-{self.pk.hex[-8:]}"

    def __str__(self) -> str:
        return f"disclosure {self.pk}"


class Stop(TenantModel):
    """Somebody asked that nothing more about them is passed on, and it was granted."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    since_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "since_at", "ended_at"), "support")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "since_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "person"], name="stops_of_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person"], condition=Q(ended_at=None), name="stopped_once"
            )
        ]

    def __str__(self) -> str:
        return f"stop {self.pk}"


class TellingQuerySet(models.QuerySet["Telling"]):
    """Tasks as their readers need them."""

    def open(self) -> Self:
        """Those that are not settled."""
        return self.filter(settled_at=None)


class Telling(TenantModel):
    """A recipient is to do something with what they were given, and to say that it is done.

    It names nobody: the letter did, and the recipient knows the reference (GDPR Art. 19).
    """

    class What(models.TextChoices):
        ERASURE = "erasure", _("erase what you were given about a person")
        RECTIFICATION = "rectification", _("correct what you were given about a person")
        RESTRICTION = "restriction", _("restrict what you were given about a person")
        RECALL = "recall", _("end what you were given a debt for: it is paid")
        END = "end", _("return or erase everything: our agreement has ended")

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", _("they confirmed it")
        EXCUSED = "excused", _("it cannot be done, for a reason")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="tellings")
    what = models.CharField(max_length=14, choices=What.choices)
    case = models.UUIDField(null=True)
    """The erasure, request or restriction that it belongs to."""
    reference = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    is_sent = models.BooleanField()
    """Whether it left by e-mail; else somebody tells them."""
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    words = models.CharField(max_length=400, blank=True)
    settled_at = models.DateTimeField(null=True)

    objects = TellingQuerySet.as_manager()

    app_may = "select, insert, update"

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "party": "about an organisation",
            "what": "closed list",
            "case": "identifier of a case",
            "reference": "numbers of entries",
            "opened_at": "moment of an act",
            "due_on": "a day",
            "is_sent": "closed list",
            "answer": "closed list",
            "words": "about an organisation",
            "settled_at": "moment of an act",
        }

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "due_on"], name="tellings_open", condition=Q(settled_at=None)
            ),
            models.Index(fields=["tenant", "case"], name="tellings_of_case"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "party", "what", "case"], name="told_once_a_case"
            ),
            models.CheckConstraint(
                name="telling_settled_whole",
                condition=Q(answer="", settled_at=None)
                | (~Q(answer="") & Q(settled_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"telling {self.pk}"
