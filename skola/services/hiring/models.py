"""Tables of hiring. What candidates tell stands in the application and goes with it (ema-3.4)."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Count, Q, When
from django.utils.translation import gettext_lazy as _

from skola.ground.people.api import Role
from skola.ground.tenants.api import TenantModel
from skola.services.hiring.rules import STAGES

if TYPE_CHECKING:
    from skola.ground.people.api import Person

_KEY = {"id": "surrogate key", "tenant": "organisation"}
SCOPE = "hiring.vacancy"
"""What a recruiter's role can be held for."""


class VacancyQuerySet(models.QuerySet["Vacancy"]):
    """Vacancies as their readers need them."""

    def published(self) -> Self:
        """Those that people can see and apply for."""
        return self.filter(published_at__isnull=False, closed_at=None)

    def of_recruiter(self, person: "Person", now: datetime) -> Self:
        """Those whose selection this person makes: all, or the ones named in their roles."""
        roles = Role.objects.filter(person=person, kind=Role.Kind.RECRUITER).held_at(now)
        held = list(roles.values_list("scope", "scope_id"))
        if ("", None) in held:
            return self.all()
        return self.filter(pk__in=[about for scope, about in held if scope == SCOPE])

    def with_counts(self) -> Self:
        """Add ``count``, the number of applications there are."""
        return self.annotate(count=Count("applications"))


class Vacancy(TenantModel):
    """A job to be filled, and the selection for it. It ends, at the latest with ``latest_on``."""

    class Ending(models.TextChoices):
        FILLED = "filled", _("somebody was chosen")
        CANCELLED = "cancelled", _("nobody was chosen")
        LATEST = "latest", _("its latest date has passed")

    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("description"), max_length=20_000)
    latest_on = models.DateField(_("latest closing date"))
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    withdrawn = models.PositiveIntegerField(default=0)
    """How many withdrew; nothing else is left of them (ema-3.2)."""

    objects = VacancyQuerySet.as_manager()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "title": "about a job",
            "text": "about a job",
            "latest_on": "about a selection",
            "created_at": "about a selection",
            "published_at": "about a selection",
            "closed_at": "about a selection",
            "ending": "about a selection",
            "withdrawn": "a count",
        }

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "latest_on"], name="hiring_open", condition=Q(closed_at=None)
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="selection_ends_with_a_word",
                condition=Q(closed_at=None, ending="")
                | (Q(closed_at__isnull=False) & ~Q(ending="")),
            )
        ]

    def __str__(self) -> str:
        return self.title


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications as their readers need them."""

    def of_recruiter(self, person: "Person", now: datetime) -> Self:
        """Those of the selections this person makes; others do not exist for them."""
        return self.filter(vacancy__in=Vacancy.objects.of_recruiter(person, now))

    def in_order(self) -> Self:
        """Stage by stage as a selection goes, latest first."""
        places = [When(stage=stage, then=place) for place, stage in enumerate(STAGES)]
        return self.order_by(Case(*places, output_field=models.IntegerField()), "-received_at")


class Application(TenantModel):
    """What a candidate told for one vacancy; ``person`` has neither name nor account."""

    class Stage(models.TextChoices):
        RECEIVED = "received", _("received")
        SCREENING = "screening", _("being read")
        INTERVIEW = "interview", _("interview")
        OFFER = "offer", _("offer")
        REJECTED = "rejected", _("not chosen")

    vacancy = models.ForeignKey(Vacancy, on_delete=models.CASCADE, related_name="applications")
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="applications"
    )
    given_name = models.CharField(_("first name"), max_length=80)
    family_name = models.CharField(_("family name"), max_length=80)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    former_workplaces = models.TextField(_("former workplaces"), max_length=2_000, blank=True)
    present_workplace = models.CharField(_("present workplace"), max_length=160, blank=True)
    position = models.CharField(_("position"), max_length=120, blank=True)
    education = models.TextField(_("education"), max_length=2_000, blank=True)
    letter = models.TextField(_("letter"), max_length=10_000, blank=True)
    references = models.TextField(_("references"), max_length=2_000, blank=True)
    language = models.CharField(max_length=5, default="en")
    consent_wording = models.CharField(max_length=400)
    """What the candidate agreed to by sending the application (ema-3.2)."""
    notice_version = models.CharField(max_length=40)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.RECEIVED)
    received_at = models.DateTimeField()
    selection_closed_at = models.DateTimeField(null=True, blank=True)
    selection_latest_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "vacancy",
                "person",
                "given_name",
                "family_name",
                "email",
                "phone",
                "former_workplaces",
                "present_workplace",
                "position",
                "education",
                "letter",
                "references",
                "language",
                "consent_wording",
                "notice_version",
                "stage",
                "received_at",
            ),
            "candidate",
        )
        not_personal = {
            **_KEY,
            "selection_closed_at": "about a selection",
            "selection_latest_at": "about a selection",
            "due_at": "retention clock",
        }
        anchors = {
            "record.created": "received_at",
            "application.received": "received_at",
            "selection.closed": "selection_closed_at",
            "selection.latest": "selection_latest_at",
        }
        states = {"selection.open": "selection_closed_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "vacancy", "-received_at"], name="hiring_by_vacancy")
        ]
        constraints = [
            models.CheckConstraint(name="application_stage", condition=Q(stage__in=STAGES))
        ]

    @property
    def name(self) -> str:
        """The candidate's name."""
        return f"{self.given_name} {self.family_name}"

    def __str__(self) -> str:
        return f"application {self.pk}"


class Document(TenantModel):
    """A file that came with an application: encrypted, and gone with it (ema-3.1.9)."""

    class Kind(models.TextChoices):
        CV = "cv", _("CV")
        OTHER = "other", _("other document")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    file = models.OneToOneField("files.StoredFile", on_delete=models.CASCADE, related_name="+")

    class PersonalData:
        subject = "application__person_id"
        fields = dict.fromkeys(("application", "kind", "file"), "candidate")
        not_personal = _KEY
        goes_with = "application"

    def __str__(self) -> str:
        return f"document {self.pk}"


class Evaluation(TenantModel):
    """What a recruiter thinks; the candidate's copy of their data has it (ema-3.1.9)."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="evaluations"
    )
    author = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.TextField(_("note"), max_length=4_000)
    written_at = models.DateTimeField()

    class PersonalData:
        subject = "application__person_id"
        relations = {"author_id": "author"}
        fields = dict.fromkeys(("application", "author", "text", "written_at"), "candidate")
        not_personal = _KEY
        anchors = {"record.created": "written_at"}
        goes_with = "application"

    def __str__(self) -> str:
        return f"evaluation {self.pk}"
