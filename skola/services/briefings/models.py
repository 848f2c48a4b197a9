"""Tables of briefings. What was published or signed is never changed: ``app_may`` says so."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.briefings.rules.signing import Side, Way, canonical, digest
from skola.services.courses.api import Question

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Edition(TenantModel):
    """A version of the text of a briefing, as it was published."""

    class Form(models.TextChoices):
        INTRODUCTORY = "introductory", _("introductory")
        WORKPLACE = "workplace", _("at the workplace")
        REPEATED = "repeated", _("repeated")
        UNPLANNED = "unplanned", _("unplanned")
        TARGET = "target", _("for one task")

    training = models.ForeignKey(
        "workforce.Training", on_delete=models.CASCADE, related_name="editions"
    )
    version = models.PositiveSmallIntegerField()
    form = models.CharField(_("kind of briefing"), max_length=12, choices=Form.choices)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=60_000)
    """Markdown."""
    questions = models.JSONField(default=list)
    change = models.CharField(_("what changed"), max_length=300, blank=True)
    published_at = models.DateTimeField()

    app_may = "select, insert"

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "training": "about a training",
            "version": "about a text",
            "form": "closed list",
            "title": "about a text",
            "text": "what everybody reads",
            "questions": "what everybody is asked",
            "change": "about a text",
            "published_at": "about a text",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "training", "version"], name="edition_once")
        ]

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions."""
        return tuple(
            Question(one["text"], tuple(one["options"]), one["right"]) for one in self.questions
        )

    @property
    def facts(self) -> dict[str, object]:
        """What a signature is bound to: everything that was read and asked."""
        return {
            "form": self.form,
            "questions": canonical(self.questions),
            "text": self.text,
            "title": self.title,
            "version": self.version,
        }

    @property
    def digest(self) -> str:
        """The SHA-256 by which signatures name this version."""
        return digest(self.facts)

    def __str__(self) -> str:
        return f"edition {self.pk}"


class Agreement(TenantModel):
    """A written agreement that somebody signs in the simple way; without it they cannot."""

    employment = models.OneToOneField(
        "workforce.Employment", on_delete=models.CASCADE, related_name="agreement"
    )
    agreed_on = models.DateField(_("signed on paper on"))
    reference = models.CharField(_("number of the document"), max_length=60)
    recorded_at = models.DateTimeField()

    class PersonalData:
        subject = "employment__person_id"
        fields = dict.fromkeys(("agreed_on", "reference", "recorded_at"), "signature")
        not_personal = {**_KEY, "employment": "goes with the employment"}
        goes_with = "employment"

    def __str__(self) -> str:
        return f"agreement {self.pk}"


class Numbers(TenantModel):
    """The last number in the journal of a company. Locked while the next one is given."""

    company = models.OneToOneField(
        "workforce.Company", on_delete=models.CASCADE, related_name="journal"
    )
    last = models.PositiveIntegerField(default=0)

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {**_KEY, "company": "organisation", "last": "a count"}

    def __str__(self) -> str:
        return f"{self.last} records"


class Ways(models.TextChoices):
    """How a record is signed."""

    SIMPLE = Way.SIMPLE, _("simple signature")
    PADES = Way.PADES, _("with a certificate")


class RecordQuerySet(models.QuerySet["Record"]):
    def with_halves(self) -> Self:
        """Add ``halves``, how many sides have signed."""
        return self.annotate(halves=Count("signatures"))

    def missing_a_half(self, today: date) -> Self:
        """Those that one side signed on a day that is over."""
        return self.with_halves().filter(halves=1, day__lt=today)


class Record(TenantModel):
    """An entry of the journal: one person, one version of a text, one day, two signatures."""

    company = models.ForeignKey(
        "workforce.Company", on_delete=models.CASCADE, related_name="records"
    )
    number = models.PositiveIntegerField()
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    """Who is briefed."""
    employment = models.ForeignKey(
        "workforce.Employment", on_delete=models.SET_NULL, null=True, related_name="records"
    )
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="records")
    day = models.DateField()
    way = models.CharField(max_length=6, choices=Ways.choices, default="simple")
    opened_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    """When both sides were told that a half is missing."""
    due_at = models.DateTimeField(null=True, editable=False)

    objects = RecordQuerySet.as_manager()

    app_may = "select, insert, update (told_at, due_at)"
    halves: int

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            ("company", "number", "person", "employment", "edition", "day", "way", "told_at"),
            "signature",
        )
        not_personal = {**_KEY, "opened_at": "goes with the row", "due_at": "retention clock"}
        anchors = {"record.created": "opened_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "company", "-number"], name="journal_by_number"),
            models.Index(fields=["tenant", "day"], name="not_told", condition=Q(told_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "company", "number"], name="number_once"),
            models.UniqueConstraint(
                fields=["tenant", "employment", "edition", "day"], name="one_record_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"record {self.pk}"


class Signature(TenantModel):
    """One side's signature. All that was signed stands in the sealed ``note``."""

    class Sides(models.TextChoices):
        INSTRUCTED = Side.INSTRUCTED, _("briefed")
        INSTRUCTOR = Side.INSTRUCTOR, _("instructor")

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="signatures")
    side = models.CharField(max_length=12, choices=Sides.choices)
    person = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    signed_at = models.DateTimeField()
    note = models.TextField()
    """A signed note (c2sp.org/signed-note); its second line is what was signed, as JSON."""
    key = models.CharField(max_length=300)
    """The key that sealed it, ``NAME+ID+BASE64``."""
    document = models.OneToOneField(
        "files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The PDF with this signature in it; None for a simple one. The note names its SHA-256."""

    app_may = "select, insert"

    class PersonalData:
        subject = "record__person_id"
        relations = {"person_id": "staff"}
        fields = dict.fromkeys(("side", "person", "signed_at", "note", "document"), "signature")
        not_personal = {
            **_KEY,
            "record": "goes with the record",
            "key": "public key of the service",
        }
        goes_with = "record"

    class Meta:
        ordering = ("signed_at",)
        constraints = [
            models.UniqueConstraint(fields=["tenant", "record", "side"], name="signed_once")
        ]

    def __str__(self) -> str:
        return f"signature {self.pk}"
