"""The register of education documents. The database refuses to change what was issued."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.documents import rules

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Series(TenantModel):
    """The last number of a series. Locked while the next one is given: none is given twice."""

    name = models.CharField(max_length=20)
    last = models.PositiveIntegerField(default=0)

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {**_KEY, "name": "a year", "last": "a count"}

    class Meta:
        verbose_name_plural = "series"
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="series_once")]

    def __str__(self) -> str:
        return f"{self.last} documents of {self.name}"


class Document(TenantModel):
    """An education document as it was issued: it holds copies, and is never changed."""

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("certificate")
        DUPLICATE = "duplicate", _("duplicate")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    series = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    check_code = models.CharField(max_length=rules.LETTERS)
    holder = models.CharField(_("name on the document"), max_length=170)
    title = models.CharField(_("what was learned"), max_length=120)
    hours = models.PositiveSmallIntegerField(_("hours"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    signatory = models.CharField(_("signed by"), max_length=160)
    """Name and office, as they are printed."""
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    """The last day of its validity; None: it does not expire."""
    by_rule = models.BooleanField(default=False)
    """Whether it was issued by a rule, without anybody's hand: such a one its holder reissues."""
    issued_at = models.DateTimeField()
    replaces = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaced_by"
    )
    annulled_at = models.DateTimeField(null=True, blank=True)
    annulled_because = models.CharField(_("reason"), max_length=300, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    app_may = "select, insert, update (annulled_at, annulled_because, due_at)"

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "person",
                "kind",
                "series",
                "number",
                "check_code",
                "holder",
                "title",
                "hours",
                "starts_on",
                "ends_on",
                "signatory",
                "valid_until",
                "by_rule",
                "issued_at",
                "replaces",
                "annulled_at",
                "annulled_because",
            ),
            "education_document",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "issued_at", "document.issued": "issued_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "person"], name="documents_of_person"),
            models.Index(fields=["tenant", "-issued_at"], name="documents_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "series", "number"], name="document_once"),
            models.CheckConstraint(
                name="annulled_with_a_reason",
                condition=Q(annulled_at=None, annulled_because="")
                | (Q(annulled_at__isnull=False) & ~Q(annulled_because="")),
            ),
        ]

    @property
    def label(self) -> str:
        """The number as it is printed."""
        return rules.label(self.series, self.number)

    @property
    def code(self) -> str:
        """The check code as it is printed."""
        return rules.grouped(self.check_code)

    def __str__(self) -> str:
        return f"document {self.pk}"


class Reissue(TenantModel):
    """The holder's name was corrected: a document in the old name may be issued anew.

    Who answers for the register decides; until then it waits. Clause: kic-rights-rectify.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="reissues")
    offered_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    """When it was issued anew, or it was decided that it stays as it is."""

    class PersonalData:
        subject = "document__person_id"
        fields = dict.fromkeys(("document", "offered_at", "settled_at"), "education_document")
        not_personal = _KEY
        anchors = {"record.created": "offered_at"}
        goes_with = "document"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "document"],
                condition=Q(settled_at=None),
                name="reissue_offered_once",
            ),
        ]

    def __str__(self) -> str:
        return f"reissue {self.pk}"
