"""What was published. Nobody can be recognised in it, so nobody is its subject."""

from django.db import models

from skola.ground.tenants.api import TenantModel
from skola.promises.statistics.rules import Shown


class PublishedTable(TenantModel):
    """A table as it left the service; rows are only added."""

    title = models.CharField(max_length=120, blank=True)
    """What it is called where people read it; empty where its room knows."""
    source = models.CharField(max_length=120)
    """What was counted where, as its room names it: ``statements.pupils:SCHOOL``."""
    from_on = models.DateField()
    until_on = models.DateField()
    purpose = models.CharField(max_length=60)
    recipients = models.JSONField(default=list)
    """Identifiers of the policy's recipients of numbers without names."""
    rows = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    numbers = models.JSONField(default=list)
    """Lines with totals at their end, and a line of totals; null where a number is left out."""
    least = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    """SHA-256 of the canonical JSON of all of this; the signed audit log has it, too."""
    published_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "title": "what was counted, in words",
            "source": "what was counted",
            "from_on": "a day",
            "until_on": "a day",
            "purpose": "part of the policy",
            "recipients": "part of the policy",
            "rows": "names of classes and subjects",
            "columns": "names of bands",
            "numbers": "numbers of which small ones are left out",
            "least": "a number",
            "digest": "a check sum",
            "published_at": "a moment",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "source", "from_on", "until_on"], name="published_table_once"
            ),
            models.CheckConstraint(
                name="published_table_days", condition=models.Q(until_on__gte=models.F("from_on"))
            ),
        ]

    @property
    def shown(self) -> Shown:
        """The table as the rules made it."""
        return Shown(
            tuple(self.rows), tuple(self.columns), tuple(map(tuple, self.numbers)), self.least
        )

    def __str__(self) -> str:
        return f"published table {self.pk}"
