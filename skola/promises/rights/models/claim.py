from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.models import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Claim(TenantModel):
    """A legal claim or dispute with one person, from its opening to its end."""

    class Side(models.TextChoices):
        OURS = "ours", _("we demand something of them")
        THEIRS = "theirs", _("they demand something of us")

    class Outcome(models.TextChoices):
        SETTLED = "settled", _("settled")
        WON = "won", _("decided for us")
        LOST = "lost", _("decided against us")
        DROPPED = "dropped", _("dropped")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="claims")
    number = models.PositiveIntegerField(editable=False)
    side = models.CharField(max_length=6, choices=Side.choices)
    about = models.TextField(max_length=2_000)
    """What is demanded, and why."""
    categories = models.JSONField(default=list)
    """The kinds of data that are kept for it."""
    holds = models.JSONField(default=list)
    """The legal holds that keep them."""
    reviewer = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """Who looks at it again on ``review_on``."""
    review_on = models.DateField()
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        relations = {"reviewer_id": "staff"}
        fields = dict.fromkeys(
            (
                "person",
                "side",
                "about",
                "categories",
                "reviewer",
                "review_on",
                "opened_at",
                "outcome",
                "closed_at",
            ),
            "support",
        )
        not_personal = {
            **_KEY,
            "number": "a running number",
            "holds": "identifiers of holds",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "opened_at", "claim.closed": "closed_at"}
        states = {"request.open": "closed_at", "claim.open": "closed_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "person", "-opened_at"], name="claims_by_person"),
            models.Index(
                fields=["tenant", "review_on"], name="claims_open", condition=Q(closed_at=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="claim_number_once"),
            models.CheckConstraint(
                name="claim_closed_with_outcome",
                condition=Q(closed_at=None, outcome="")
                | (Q(closed_at__gte=F("opened_at")) & ~Q(outcome="")),
            ),
        ]

    @property
    def label(self) -> str:
        """The number as it is said to people."""
        return f"C-{self.number:05d}"

    def __str__(self) -> str:
        return f"claim {self.pk}"


class Filing(TenantModel):
    """Something that was handed in for a claim: to a court, an authority, the other side."""

    class Place(models.TextChoices):
        COURT = "court", _("court")
        AUTHORITY = "authority", _("authority")
        POLICE = "police", _("police or prosecutor")
        BAILIFF = "bailiff", _("bailiff")
        OTHER_SIDE = "other-side", _("the other side")

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="filings")
    place = models.CharField(max_length=10, choices=Place.choices)
    name = models.CharField(max_length=200)
    """Which court or authority."""
    what = models.CharField(max_length=500)
    """Which papers and records went there."""
    filed_on = models.DateField()
    filed_at = models.DateTimeField()
    """When it was written down."""

    class PersonalData:
        subject = "claim__person_id"
        fields = dict.fromkeys(
            ("claim", "place", "name", "what", "filed_on", "filed_at"), "support"
        )
        not_personal = _KEY
        anchors = {"record.created": "filed_at"}
        goes_with = "claim"

    class Meta:
        indexes = [models.Index(fields=["tenant", "claim", "filed_on"], name="filings_by_claim")]

    def __str__(self) -> str:
        return f"filing {self.pk}"
