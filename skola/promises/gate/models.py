"""The marks that the policies look at."""

from django.db import models
from django.db.models import F, Q

from skola.ground.tenants.api import TenantModel


class Restriction(TenantModel):
    """A person's data, or one object of theirs, is stored and otherwise not processed.

    The table itself is behind the walls only: the policies of all others read it.
    """

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    """Whom it concerns; what they read themselves is not hidden from them."""
    ref = models.UUIDField()
    """What is hidden: the person, or the one object."""
    object_table = models.CharField(max_length=63, blank=True)
    """The table of the object; empty where everything about the person is hidden."""
    reason = models.CharField(max_length=200)
    owner = models.CharField(max_length=64)
    """Who answers for it: a pseudonym of the audit, or ``system``."""
    since_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "ref", "reason"), "support")
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "object_table": "name of a table",
            "owner": "pseudonym of an officer",
            "since_at": "moment of a decision",
            "lifted_at": "moment of a decision",
        }
        goes_with = "person"

    class Meta:
        indexes = [models.Index(fields=["tenant", "person"], name="restriction_by_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "ref"], name="restriction_once", condition=Q(lifted_at=None)
            ),
            models.CheckConstraint(
                name="restriction_of_person_or_object",
                condition=(Q(object_table="") & Q(ref=F("person_id"))) | ~Q(object_table=""),
            ),
            models.CheckConstraint(
                name="restriction_lifted_after_start",
                condition=Q(lifted_at=None) | Q(lifted_at__gte=F("since_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"restriction {self.pk}"
