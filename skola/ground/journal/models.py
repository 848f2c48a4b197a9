from typing import ClassVar

from django.db import models


class Position(models.Model):
    """A line of the journal whose transaction this database has: written in that transaction.

    What the journal has and this table lacks, the database does not know.
    """

    number = models.BigIntegerField(primary_key=True)
    mac = models.CharField(max_length=64)
    """The line's digest, so that the line of another journal is not taken for it."""

    class PersonalData:
        subject = None
        fields: ClassVar[dict[str, str]] = {}
        not_personal = {"number": "number of a line", "mac": "digest of a line"}

    def __str__(self) -> str:
        return f"line {self.number}"


class Binding(models.Model):
    """Which journal this database belongs to, and which database it was when it was last opened.

    One row. A restored copy is another database, and that shows.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    journal = models.CharField(max_length=36)
    database = models.CharField(max_length=60)
    opened_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields: ClassVar[dict[str, str]] = {}
        not_personal = {
            "id": "always 1",
            "journal": "identifier of a journal",
            "database": "identifier of a database",
            "opened_at": "moment of a command",
        }

    class Meta:
        constraints = [models.CheckConstraint(name="journal_one_binding", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"journal {self.journal}"
