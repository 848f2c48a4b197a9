"""The marks that the policies look at."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.promises.gate.rules import FREEZE, MAIL, REPORT


class Restriction(TenantModel):
    """A person's data, or one object of theirs, is stored and otherwise not processed.

    The table itself is behind the walls only: the policies of all others read it.
    """

    class Ground(models.TextChoices):
        """GDPR Art. 18(1)(a) to (d), the freeze of an erasure under way, a reported child."""

        ACCURACY = "accuracy", _("It is contested that the data are right; this is being checked.")
        UNLAWFUL = "unlawful", _("The processing was not lawful; the data are kept on request.")
        CLAIM = "claim", _("We need the data no longer; they are kept for a legal claim.")
        OBJECTION = "objection", _("There is an objection; it is being weighed.")
        ERASURE = FREEZE, _("The data are being erased.")
        REPORT = REPORT, _("Somebody says that it is a child below the age; this is looked at.")

    OFFERED = [pair for pair in Ground.choices if pair[0] not in (FREEZE, REPORT)]
    """Grounds that somebody may choose; the others come with what they stand for."""

    class Asked(models.TextChoices):
        """Who asked for it."""

        PERSON = "person", _("the person")
        GUARDIAN = "guardian", _("a parent or guardian")
        AUTHORITY = "authority", _("a court or an authority")
        CONTROLLER = "controller", _("we ourselves")

    class Told(models.TextChoices):
        """How the person was told that it is going to be lifted."""

        MAIL = MAIL, _("by e-mail")
        LETTER = "letter", _("by letter")
        PHONE = "phone", _("by phone")
        IN_PERSON = "in-person", _("in person")

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    """Whom it concerns; what they read themselves is not hidden from them."""
    ref = models.UUIDField()
    """What is hidden: the person, or the one object."""
    object_table = models.CharField(max_length=63, blank=True)
    """The table of the object; empty where everything about the person is hidden."""
    ground = models.CharField(max_length=10, choices=Ground.choices, blank=True)
    """Empty where the software did it, or a restore repeated what an older release wrote."""
    reason = models.CharField(max_length=200)
    """The officer's own reference; for a freeze the reason of the erasure."""
    asked_by = models.CharField(max_length=10, choices=Asked.choices, blank=True)
    asked_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    """The day on which it is to be looked at again. It ends nothing by itself."""
    owner = models.CharField(max_length=64)
    """Who answers for it: a pseudonym of the audit, or ``system``."""
    since_at = models.DateTimeField()
    told_how = models.CharField(max_length=10, choices=Told.choices, blank=True)
    told_at = models.DateTimeField(null=True)
    """When the notice was written, or it was recorded that the person had been told."""
    told_on = models.DateField(null=True)
    """The day on which they were told, where an officer did it."""
    lifted_at = models.DateTimeField(null=True)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            ("person", "ref", "ground", "reason", "asked_by", "asked_on", "told_how"), "support"
        )
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "object_table": "name of a table",
            "owner": "pseudonym of an officer",
            "until_on": "day of a decision",
            "since_at": "moment of a decision",
            "told_at": "moment of an act of ours",
            "told_on": "day of an act of ours",
            "lifted_at": "moment of a decision",
        }
        goes_with = "person"

    class Meta:
        indexes = [models.Index(fields=["tenant", "person"], name="restriction_by_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "ref"],
                name="restriction_once",
                condition=Q(lifted_at=None) & ~Q(ground=FREEZE),
            ),
            models.UniqueConstraint(
                fields=["tenant", "ref"],
                name="restriction_freeze_once",
                condition=Q(lifted_at=None, ground=FREEZE),
            ),
            models.CheckConstraint(
                name="restriction_of_person_or_object",
                condition=(Q(object_table="") & Q(ref=F("person_id"))) | ~Q(object_table=""),
            ),
            models.CheckConstraint(
                name="restriction_told_whole",
                condition=Q(told_how="", told_at=None, told_on=None)
                | (~Q(told_how="") & Q(told_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="restriction_lifted_after_start",
                condition=Q(lifted_at=None) | Q(lifted_at__gte=F("since_at")),
            ),
        ]

    @property
    def about(self) -> str:
        """What a mail about it is called in the audit."""
        return f"restriction {self.pk}"

    def __str__(self) -> str:
        return self.about
