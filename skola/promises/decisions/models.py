"""What was decided about somebody, by whom or what, and what became of it."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Decisions as their readers need them."""

    def of(self, person: Any) -> Self:
        """Those about this person: what is not theirs does not exist for them."""
        return self.filter(person=person)

    def waiting(self) -> Self:
        """Those that wait for a person: not decided yet, or contested."""
        asked = Q(review_asked_at__isnull=False, reviewed_at=None)
        return self.filter(Q(decided_at=None) | asked)


class Decision(TenantModel):
    """One decision about somebody, with all it rested on.

    The result is empty until it is decided. Where a person looked at it again and overturned it,
    ``result`` is what holds now and ``first_result`` what the software said.
    """

    class Ground(models.TextChoices):
        """GDPR Art. 22(2)."""

        CONTRACT = "contract", _("needed to conclude or carry out the contract")
        CONSENT = "consent-explicit", _("your explicit consent")
        LAW = "law", _("the law")

    class Maker(models.TextChoices):
        SOFTWARE = "software", _("the software")
        PERSON = "person", _("a person")

    class Because(models.TextChoices):
        NO_GROUND = "no-ground", _("the software may not decide this without your consent")
        OBJECTION = "objection", _("you objected to decisions by the software")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="decisions")
    point = models.SlugField(max_length=40, db_index=False)
    """Which decision: an id of ``[[automated]]`` in the policy."""
    about = models.UUIDField(null=True)
    """What it is about, such as an application."""
    rule = models.CharField(max_length=20)
    """The version of the rule."""
    inputs = models.JSONField(default=dict)
    maker = models.CharField(max_length=8, choices=Maker.choices)
    because = models.CharField(max_length=9, choices=Because.choices, blank=True)
    """Why a person decides, where the software may not."""
    ground = models.CharField(max_length=16, choices=Ground.choices, blank=True)
    ground_words = models.CharField(max_length=400, blank=True)
    """What the person agreed to, word for word."""
    asked_at = models.DateTimeField()
    decide_by = models.DateTimeField()
    """By when a person answers, where one has to; counted anew from a contest."""
    result = models.CharField(max_length=20, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=64, blank=True)
    reasons = models.TextField(max_length=2_000, blank=True)
    review_asked_at = models.DateTimeField(null=True)
    view = models.TextField(_("your own view"), max_length=2_000, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    first_result = models.CharField(max_length=20, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = DecisionQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "person",
                "point",
                "about",
                "inputs",
                "maker",
                "because",
                "ground",
                "ground_words",
                "asked_at",
                "decide_by",
                "result",
                "decided_at",
                "reasons",
                "review_asked_at",
                "view",
                "reviewed_at",
                "first_result",
            ),
            "decision",
        )
        not_personal = {
            **_KEY,
            "rule": "version of a rule",
            "decided_by": "pseudonym of who decided",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "asked_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "person", "-asked_at"], name="decisions_of_person"),
            models.Index(fields=["tenant", "decide_by"], name="decisions_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                name="decision_has_result",
                condition=Q(decided_at=None, result="")
                | (Q(decided_at__isnull=False) & ~Q(result="")),
            ),
            models.CheckConstraint(
                name="decision_reviewed_when_asked",
                condition=Q(reviewed_at=None) | Q(review_asked_at__isnull=False),
            ),
        ]

    @property
    def waits(self) -> bool:
        """Whether a person has to decide, or to look again."""
        return self.decided_at is None or self.is_contested

    @property
    def is_contested(self) -> bool:
        """Whether somebody asked for a person to look again, and nobody has."""
        return self.review_asked_at is not None and self.reviewed_at is None

    def __str__(self) -> str:
        return f"decision {self.pk}"
