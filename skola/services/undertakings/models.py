"""Undertakings that were signed."""

from django.db import models

from skola.ground.tenants.api import TenantModel


class Undertaking(TenantModel):
    """Somebody of the staff undertook to keep data confidential, without an end.

    The row holds the name as it was typed and the words as they stood, so that it proves itself
    when account and policy have changed. Source: ekool-2.5-confidential.
    """

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=170)
    """The signature: the full name, typed."""
    version = models.CharField(max_length=40)
    wording = models.TextField(max_length=4_000)
    language = models.CharField(max_length=5)
    signed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    app_may = "select, insert, update (due_at)"
    """What was signed is not written anew."""

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            ("person", "name", "version", "wording", "language", "signed_at"), "signature"
        )
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "signed_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "version"], name="undertaken_once"),
        ]

    def __str__(self) -> str:
        return f"undertaking {self.pk}"
