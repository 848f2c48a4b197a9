"""Tables of academies: the first two at the operator, the others in the academy itself."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.academies.policy import ZONES

_KEY = {"id": "surrogate key", "tenant": "organisation"}
_NOBODY: dict[str, str] = {}


class Academy(TenantModel):
    """What the operator knows of an academy: an organisation, and numbers without names."""

    client = models.UUIDField(unique=True, editable=False)
    """The tenant that the academy is."""
    word = models.SlugField(max_length=24)
    """What stands before the operator's host."""
    name = models.CharField(max_length=120)
    reference = models.CharField(max_length=60)
    """The number of the agreement."""
    founded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    """When the agreement ended: from then on people sign in to fetch their data, and no more."""
    closes_at = models.DateTimeField(null=True, blank=True)
    """When everything in it is to be gone."""
    closed_at = models.DateTimeField(null=True, blank=True)
    people = models.PositiveIntegerField(default=0)
    courses = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(null=True, blank=True)

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "client": "organisation",
            "word": "part of a host name",
            "name": "organisation",
            "reference": "number of an agreement",
            "founded_at": "about an organisation",
            "ended_at": "about an organisation",
            "closes_at": "about an organisation",
            "closed_at": "about an organisation",
            "people": "a number",
            "courses": "a number",
            "counted_at": "about numbers",
        }

    class Meta:
        verbose_name_plural = "academies"
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["tenant", "word"], name="academy_word_once"),
            models.CheckConstraint(
                name="academy_ends_with_a_term",
                condition=Q(ended_at=None, closes_at=None)
                | Q(ended_at__isnull=False, closes_at__gte=F("ended_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Subscription(TenantModel):
    """Who agreed with the operator for a client, and to what (learnifier-12.c)."""

    academy = models.ForeignKey(Academy, on_delete=models.CASCADE, related_name="subscriptions")
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="subscriptions"
    )
    version = models.CharField(max_length=20)
    """Which wording of the agreement."""
    days = models.PositiveSmallIntegerField()
    agreed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("academy", "person", "version", "days", "agreed_at"), "contract")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "agreed_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person", "academy"], name="subscribed_once_an_academy"
            )
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk}"


class Handed(TenantModel):
    """A participant's request that came to the operator: it is in the client's queue now.

    The operator keeps that there was one, and asks the academy how it stands (learnifier-12.d).
    """

    academy = models.ForeignKey(Academy, on_delete=models.CASCADE, related_name="handed")
    request = models.UUIDField(editable=False)
    """The request, in the academy."""
    handed_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "academy": "organisation",
            "request": "a key that opens nothing here",
            "handed_at": "about a request",
        }

    class Meta:
        verbose_name_plural = "handed"
        ordering = ("-handed_at",)
        constraints = [
            models.UniqueConstraint(fields=["tenant", "request"], name="handed_over_once")
        ]

    def __str__(self) -> str:
        return f"handed over {self.pk}"


class Assist(TenantModel):
    """A client asks its processor for what it cannot do itself (learnifier-12.e)."""

    academy = models.ForeignKey(Academy, on_delete=models.CASCADE, related_name="assists")
    person = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    """Who signed the academy up, as the operator knows them."""
    words = models.TextField(max_length=4_000)
    asked_at = models.DateTimeField()
    due_at_latest = models.DateTimeField()
    """When the acknowledgement is overdue: the end of the term of the policy."""
    plan = models.TextField(_("what will be done, and when"), max_length=4_000, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            ("person", "words", "asked_at", "plan", "acknowledged_at", "done_at"), "support"
        )
        not_personal = {
            **_KEY,
            "academy": "organisation",
            "due_at_latest": "a term",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "asked_at"}

    class Meta:
        ordering = ("asked_at",)
        constraints = [
            models.CheckConstraint(
                name="assist_done_after_acknowledged",
                condition=Q(done_at=None) | Q(acknowledged_at__isnull=False),
            ),
            models.CheckConstraint(
                name="assist_acknowledged_with_a_plan",
                condition=Q(acknowledged_at=None) | ~Q(plan=""),
            ),
        ]

    def is_overdue(self, now: Any) -> bool:
        """Whether nobody has acknowledged it within the term."""
        return self.acknowledged_at is None and self.due_at_latest <= now

    def __str__(self) -> str:
        return f"assist {self.pk}"


class Brand(TenantModel):
    """What an academy's policy and pages say of its organisation. One row an academy."""

    COUNTRIES = (
        ("SE", _("Sweden")),
        ("LV", _("Latvia")),
        ("LT", _("Lithuania")),
        ("EE", _("Estonia")),
    )

    name = models.CharField(_("name of the academy"), max_length=60)
    tagline = models.CharField(_("what it is for, in one line"), max_length=120)
    accent = models.CharField(_("colour"), max_length=7)
    logo: Any = models.ForeignKey(
        "files.StoredFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organisation = models.CharField(_("organisation"), max_length=120)
    number = models.CharField(_("registration number"), max_length=30, blank=True)
    address = models.CharField(_("postal address"), max_length=200)
    email = models.EmailField(_("e-mail for questions about personal data"))
    country = models.CharField(
        _("country"),
        max_length=2,
        choices=COUNTRIES,
    )
    languages = models.JSONField(default=list)
    """The first is the one whose words bind."""
    sells = models.BooleanField(default=False)
    """Whether it sells courses to others; the policy says so from its effective day on."""

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "name": "organisation",
            "tagline": "organisation",
            "accent": "a colour",
            "logo": "picture of an organisation",
            "organisation": "organisation",
            "number": "organisation",
            "address": "organisation",
            "email": "organisation",
            "country": "organisation",
            "languages": "a setting",
            "sells": "a setting",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="one_brand"),
            models.CheckConstraint(name="brand_country", condition=Q(country__in=list(ZONES))),
        ]

    def __str__(self) -> str:
        return self.name


class Agreement(TenantModel):
    """The processing agreement under which the operator works for this academy. One row."""

    reference = models.CharField(max_length=60)
    operator = models.CharField(max_length=120)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    days = models.PositiveSmallIntegerField()
    """For how long everything stays after the end."""
    agreed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "reference": "number of an agreement",
            "operator": "organisation",
            "version": "which wording",
            "language": "language of a text",
            "days": "a term",
            "agreed_at": "about an agreement",
            "ended_at": "about an agreement",
        }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="one_agreement")]

    def __str__(self) -> str:
        return self.reference


class Instruction(TenantModel):
    """What the controller told its processor to do, by setting it in the academy."""

    class Kind(models.TextChoices):
        FOUNDED = "founded", _("founded the academy and agreed")
        BRAND = "brand", _("changed name, colour or contacts")
        FIELD = "field", _("made or ended a field of its own")
        SELLS = "sells", _("began to sell courses")
        UNSOLD = "unsold", _("stopped selling courses")
        LET_IN = "let-in", _("let the operator in")
        SHUT = "shut", _("shut the operator out")
        EXPORTED = "exported", _("took all data along")
        ENDED = "ended", _("ended the academy")

    person = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="instructions"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        relations = {"person_id": "author"}
        fields = {"person": "contract", "words": "contract"}
        not_personal = {
            **_KEY,
            "kind": "closed list",
            "at": "goes with the row",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "at"}

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"instruction {self.pk}"


class OwnField(TenantModel):
    """What an academy asks its people besides: with its purpose and term (learnifier-3.2.b)."""

    label = models.CharField(_("question"), max_length=80)
    purpose = models.CharField(_("what for"), max_length=200)
    days = models.PositiveSmallIntegerField(_("kept for"))
    """How long an answer is kept, in days from when it was given."""
    law = models.CharField(_("law that allows it"), max_length=200, blank=True)
    """What the client declared of a field that asks for a national identification number."""
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "label": "a question",
            "purpose": "a purpose",
            "days": "a term",
            "law": "a law",
            "made_at": "about a question",
            "ended_at": "about a question",
        }

    class Meta:
        ordering = ("made_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "label"], condition=Q(ended_at=None), name="own_field_once"
            )
        ]

    def __str__(self) -> str:
        return self.label


class OwnAnswer(TenantModel):
    """What somebody answered to a field of their academy; it goes with the field's term."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="answers")
    field = models.ForeignKey(OwnField, on_delete=models.CASCADE, related_name="answers")
    asked = models.CharField(max_length=80)
    """The question, as it was answered."""
    answer = models.CharField(max_length=500)
    answered_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    """When the term that stood beside the field is over."""
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "asked", "answer", "answered_at"), "own_field")
        not_personal = {
            **_KEY,
            "field": "a question",
            "ends_at": "a term",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "answered_at", "own_field.term_ended": "ends_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "field"], name="answered_once")
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class AdmissionQuerySet(models.QuerySet["Admission"]):
    def standing_at(self, moment: Any) -> Self:
        """Those under which the operator's staff may look; ``rules.Permission`` says the same."""
        begun = self.filter(starts_at__lte=moment, ends_at__gt=moment)
        return begun.filter(Q(ended_at=None) | Q(ended_at__gt=moment))


class Admission(TenantModel):
    """The client lets the operator's staff in, for a time and a reason (learnifier-12.b)."""

    person = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="admissions"
    )
    """Who let them in."""
    reason = models.CharField(_("reason"), max_length=300)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)
    seal_at = models.DateTimeField(null=True, editable=False)
    sealed_for = models.JSONField(null=True, editable=False)

    objects = AdmissionQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        relations = {"person_id": "author"}
        fields = {"person": "contract", "reason": "contract"}
        not_personal = {
            **_KEY,
            "starts_at": "a term",
            "ends_at": "a term",
            "ended_at": "a term",
            "due_at": "retention clock",
            "seal_at": "retention clock",
            "sealed_for": "purposes",
        }
        anchors = {"record.created": "starts_at"}

    class Meta:
        ordering = ("-starts_at",)
        constraints = [
            models.CheckConstraint(
                name="admission_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            )
        ]

    def __str__(self) -> str:
        return f"admission {self.pk}"


class OperatorLook(TenantModel):
    """Somebody of the operator's staff looked at somebody, or at the list of all."""

    admission = models.ForeignKey(Admission, on_delete=models.CASCADE, related_name="looks")
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, null=True, related_name="operator_looks"
    )
    """Who was looked at; empty for the list."""
    staff = models.CharField(max_length=64)
    """The pseudonym under which the operator's own audit knows who looked."""
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = {"person": "security_log", "staff": "security_log", "at": "security_log"}
        not_personal = {
            **_KEY,
            "admission": "a permission",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "at"}

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"look {self.pk}"
